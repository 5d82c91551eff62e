/**
 * The context bridge: values are copied, functions and promises proxied, prototypes dropped, the API frozen.
 * The page gets this function's own text, so it may use nothing from outside itself.
 */
export function createContextBridge() {
  const originals = new WeakMap<object, unknown>();
  const isPlain = (value: object) => { const prototype: unknown = Object.getPrototypeOf(value); return prototype === Object.prototype || prototype === null; };
  const crossing = <T>(run: () => T): T => { try { return run(); } catch (error) { throw cross(error); } };
  const cross = (value: unknown, frozen = false, seen = new Map<unknown, unknown>()): unknown => {
    if (typeof value === 'symbol') return undefined;
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return value;
    if (originals.has(value)) return originals.get(value);
    if (seen.has(value)) return seen.get(value);
    if (typeof value === 'function') {
      const original = value as (...args: unknown[]) => unknown;
      const proxy = (...args: unknown[]) => crossing(() => cross(original(...args.map((arg) => cross(arg)))));
      originals.set(proxy, original);
      seen.set(value, proxy);
      return frozen ? Object.freeze(proxy) : proxy;
    }
    if (value instanceof Promise) return value.then((result) => cross(result), (error: unknown) => { throw cross(error); });
    if (value instanceof Error) return Object.defineProperty(new Error(value.message), 'stack', { value: value.stack, configurable: true });
    if (value instanceof Node) return value;
    if (!Array.isArray(value) && !isPlain(value)) return structuredClone(value);
    const copy: unknown[] | Record<string, unknown> = Array.isArray(value) ? [] : {};
    seen.set(value, copy);
    for (const [name, member] of Object.entries(value)) {
      if (typeof member !== 'symbol') Object.defineProperty(copy, name, { value: cross(member, frozen, seen), enumerable: true, writable: true, configurable: true });
    }
    return frozen ? Object.freeze(copy) : copy;
  };
  return {
    exposeInMainWorld(name: string, api: unknown) {
      if (Object.hasOwn(window, name)) throw new Error('Cannot bind an API on top of an existing property on the window object');
      Object.defineProperty(window, name, { value: cross(api, true), enumerable: true });
    },
  };
}
