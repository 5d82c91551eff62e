/** An event as Electron hands it to listeners: plain data and `preventDefault`. */
export type PreviewEvent<T extends object = object> = T & { readonly defaultPrevented: boolean; preventDefault(): void };

export function createEvent<T extends object = object>(data: T = {} as T): PreviewEvent<T> {
  let prevented = false;
  const event = Object.create(null, Object.getOwnPropertyDescriptors(data)) as T;
  return Object.defineProperties(event, {
    defaultPrevented: { get: () => prevented, enumerable: true },
    preventDefault: { value: () => { prevented = true; } },
  }) as PreviewEvent<T>;
}
