const gone = (): TypeError => new TypeError('Object has been destroyed');

/**
 * Makes the methods and properties of a prototype, or of one object, throw once it is destroyed, except for those named: they
 * are JavaScript's own in Electron and ask nothing native. Listeners can still be added and taken away.
 * electron/shell/common/gin_helper/function_template.h and destroyable.cc: `isDestroyed` answers, `destroy` does nothing.
 */
export function throwWhenDestroyed<T extends { isDestroyed(): boolean }>(target: T, except: readonly (keyof T)[]): void {
  for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(target))) {
    if (name === 'constructor' || name === 'isDestroyed' || name === 'destroy' || (except as readonly string[]).includes(name)) continue;
    Object.defineProperty(target, name, guarded(property));
  }
}

function guarded({ get, set, value, ...rest }: PropertyDescriptor): PropertyDescriptor {
  const guard = (run: unknown) => typeof run !== 'function' ? undefined : function guardedRun(this: { isDestroyed(): boolean }, ...args: unknown[]): unknown {
    if (this.isDestroyed()) throw gone();
    return Reflect.apply(run, this, args);
  };
  if (typeof value === 'function') return { ...rest, value: guard(value) };
  if (get !== undefined || set !== undefined) return { configurable: rest.configurable, enumerable: rest.enumerable, get: guard(get) as () => unknown, set: guard(set) as (value: unknown) => void } as PropertyDescriptor;
  return { configurable: true, enumerable: true, get: guard(() => value) as () => unknown };
}
