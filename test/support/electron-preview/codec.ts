/**
 * What crosses between Electron's processes, as JSON text: V8's own serializer without the browser's objects, so a DOM node or a
 * file is refused as a function is. electron/shell/common/v8_util.cc; docs/api/ipc-renderer.md.
 * Runs on both sides: the page gets this function's own text, so it may use nothing from outside itself.
 */
export function createCodec() {
  // A value is JSON's own, or a list that begins with what it is; an object is written once, and named by its place after that.
  type Packed = string | number | boolean | null | readonly unknown[];
  type Parcel = { readonly root: Packed; readonly objects: readonly (readonly unknown[])[] };
  const views = ['Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array', 'Int32Array', 'Uint32Array', 'Float16Array', 'Float32Array', 'Float64Array', 'BigInt64Array', 'BigUint64Array', 'DataView'];
  // V8 keeps the kind of these and takes any other for a plain Error.
  const errorKinds: Readonly<Record<string, ErrorConstructor>> = { EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };
  const refuse = (): never => { throw new Error('An object could not be cloned.'); };

  const toBase64 = (bytes: Uint8Array): string => {
    let text = '';
    for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
    return btoa(text);
  };
  const fromBase64 = (text: string) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

  /** A class that is written in JavaScript leaves a plain object; one of the engine or the browser cannot cross. */
  const isPlain = (value: object): boolean => {
    for (let prototype: unknown = Object.getPrototypeOf(value); typeof prototype === 'object' && prototype !== null && prototype !== Object.prototype; prototype = Object.getPrototypeOf(prototype)) {
      const made: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
      const isNative = typeof made === 'function' && made !== Object && /\{\s*\[native code\]\s*\}$/.test(Function.prototype.toString.call(made));
      if (isNative || (made === undefined && Object.hasOwn(prototype, Symbol.toStringTag))) return false;
    }
    return true;
  };

  function encode(value: unknown): string {
    const objects: (readonly unknown[])[] = [];
    const places = new Map<object, number>();
    const members = (of: object): readonly unknown[] => Object.keys(of).map((name) => [name, pack(Reflect.get(of, name))]);

    const describe = (one: object): readonly unknown[] => {
      const tag = Object.prototype.toString.call(one).slice(8, -1);
      if (Array.isArray(one)) return ['Array', one.length, members(one)];
      if (one instanceof Error) {
        const own = (name: string): unknown => Object.getOwnPropertyDescriptor(one, name)?.value;
        return ['Error', String(one.name), pack(own('message')), pack(typeof one.stack === 'string' ? one.stack : undefined), ...(Object.hasOwn(one, 'cause') ? [pack(own('cause'))] : [])];
      }
      if (one instanceof Date) return ['Date', pack(one.getTime())];
      if (one instanceof RegExp) return ['RegExp', one.source, one.flags];
      if (one instanceof Map) return ['Map', [...one].map(([key, item]) => [pack(key), pack(item)])];
      if (one instanceof Set) return ['Set', [...one].map((item) => pack(item))];
      if (one instanceof Boolean || one instanceof Number || one instanceof String || one instanceof BigInt) return ['Boxed', pack(one.valueOf())];
      if (one instanceof ArrayBuffer) return one.detached ? refuse() : ['ArrayBuffer', toBase64(new Uint8Array(one))];
      // A view brings the whole of its buffer along, also a Buffer that is a part of Node's pool.
      if (ArrayBuffer.isView(one)) return views.includes(tag) ? [tag, pack(one.buffer), one.byteOffset, one instanceof DataView ? one.byteLength : Reflect.get(one, 'length')] : refuse();
      return isPlain(one) ? ['Object', members(one)] : refuse();
    };

    const pack = (one: unknown): Packed => {
      if (one === null || typeof one === 'string' || typeof one === 'boolean') return one;
      if (one === undefined) return ['undefined'];
      if (typeof one === 'number') return Number.isFinite(one) && !Object.is(one, -0) ? one : ['number', Object.is(one, -0) ? '-0' : String(one)];
      if (typeof one === 'bigint') return ['bigint', String(one)];
      if (typeof one !== 'object') return refuse();
      const known = places.get(one);
      if (known !== undefined) return ['at', known];
      const place = objects.push([]) - 1;
      places.set(one, place);
      objects[place] = describe(one);
      return ['at', place];
    };

    const root = pack(value);
    return JSON.stringify({ root, objects } satisfies Parcel);
  }

  function decode(text: string): unknown {
    const { root, objects } = JSON.parse(text) as Parcel;
    const made = new Map<number, unknown>();
    const fill = <T extends object>(target: T, members: readonly (readonly [string, Packed])[]): T => {
      for (const [name, member] of members) Object.defineProperty(target, name, { value: unpack(member), enumerable: true, writable: true, configurable: true });
      return target;
    };
    const readError = ([name, message, stack, ...cause]: readonly unknown[]): Error => {
      const error = new (errorKinds[name as string] ?? Error)(unpack(message as Packed) as string | undefined);
      Object.defineProperty(error, 'stack', { value: unpack(stack as Packed), writable: true, configurable: true });
      if (cause.length > 0) Object.defineProperty(error, 'cause', { value: unpack(cause[0] as Packed), writable: true, configurable: true });
      return error;
    };

    /** What may hold itself is remembered before its members are read. */
    const make = (place: number): unknown => {
      const [kind, ...rest] = objects[place] ?? refuse();
      const keep = <T>(one: T): T => { made.set(place, one); return one; };
      const [first, second, third] = rest;
      switch (kind) {
        case 'Array': return fill(keep(Object.assign([], { length: first as number })), second as [string, Packed][]);
        case 'Object': return fill(keep({}), first as [string, Packed][]);
        case 'Map': {
          const map = keep(new Map<unknown, unknown>());
          for (const [key, item] of first as [Packed, Packed][]) map.set(unpack(key), unpack(item));
          return map;
        }
        case 'Set': {
          const set = keep(new Set<unknown>());
          for (const item of first as Packed[]) set.add(unpack(item));
          return set;
        }
        case 'Error': return keep(readError(rest));
        case 'Date': return keep(new Date(unpack(first as Packed) as number));
        case 'RegExp': return keep(new RegExp(first as string, second as string));
        case 'Boxed': return keep(Object(unpack(first as Packed)) as object);
        case 'ArrayBuffer': return keep(fromBase64(first as string).buffer);
        default: {
          if (!views.includes(String(kind))) return refuse();
          const View = (globalThis as unknown as Record<string, new (buffer: unknown, offset: unknown, length: unknown) => object>)[String(kind)] ?? refuse();
          return keep(new View(unpack(first as Packed), second, third));
        }
      }
    };

    const unpack = (one: Packed): unknown => {
      if (!Array.isArray(one)) return one;
      const [kind, detail] = one as readonly unknown[];
      switch (kind) {
        case 'undefined': return undefined;
        case 'number': return Number(detail);
        case 'bigint': return BigInt(detail as string);
        case 'at': return made.has(detail as number) ? made.get(detail as number) : make(detail as number);
        default: return refuse();
      }
    };
    return unpack(root);
  }

  return { encode, decode };
}
