/**
 * What structured clone does between Electron's processes, as JSON text. Cycles are refused, which Electron would allow.
 * Runs on both sides: the page gets this function's own text, so it may use nothing from outside itself.
 */
export function createCodec() {
  type Tagged = { readonly $: string; readonly v?: unknown };
  const numeric = ['Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array', 'Int32Array', 'Uint32Array', 'Float32Array', 'Float64Array', 'BigInt64Array', 'BigUint64Array', 'DataView'];
  const refuse = (): never => { throw new Error('An object could not be cloned.'); };

  const toBase64 = (bytes: Uint8Array): string => {
    let text = '';
    for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
    return btoa(text);
  };
  const fromBase64 = (text: string) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

  const packObject = (value: object, inside: Set<object>): unknown => {
    const tag = Object.prototype.toString.call(value).slice(8, -1);
    if (Array.isArray(value)) return Array.from(value, (item) => pack(item, inside));
    if (value instanceof Error) return { $: 'Error', v: [value.name, value.message, value.stack ?? ''] };
    if (tag === 'Date') return { $: tag, v: (value as Date).getTime() };
    if (tag === 'ArrayBuffer') return { $: tag, v: toBase64(new Uint8Array(value as ArrayBuffer)) };
    if (tag === 'Map' || tag === 'Set') return { $: tag, v: pack([...(value as Set<unknown>)], inside) };
    if (numeric.includes(tag)) {
      const view = value as Uint8Array;
      return { $: tag, v: toBase64(new Uint8Array(view.buffer, view.byteOffset, view.byteLength)) };
    }
    if (tag !== 'Object') return refuse();
    const members = Object.entries(value).map(([name, member]) => [name, pack(member, inside)] as const);
    return Object.hasOwn(value, '$') ? { $: 'Object', v: members } : Object.fromEntries(members);
  };

  const pack = (value: unknown, inside: Set<object>): unknown => {
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (value === undefined) return { $: 'undefined' };
    if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0) ? value : { $: 'number', v: Object.is(value, -0) ? '-0' : String(value) };
    if (typeof value === 'bigint') return { $: 'bigint', v: String(value) };
    if (typeof value !== 'object' || inside.has(value)) return refuse();
    inside.add(value);
    const packed = packObject(value, inside);
    inside.delete(value);
    return packed;
  };

  const unpackTagged = ({ $, v }: Tagged): unknown => {
    switch ($) {
      case 'undefined': return undefined;
      case 'number': return Number(v);
      case 'bigint': return BigInt(v as string);
      case 'Date': return new Date(v as number);
      case 'Map': return new Map(unpack(v) as [unknown, unknown][]);
      case 'Set': return new Set(unpack(v) as unknown[]);
      case 'ArrayBuffer': return fromBase64(v as string).buffer;
      case 'Object': return Object.fromEntries((v as [string, unknown][]).map(([name, member]) => [name, unpack(member)]));
      case 'Error': {
        const [name, message, stack] = v as [string, string, string];
        const error = new Error(message);
        Object.defineProperties(error, { name: { value: name, writable: true, configurable: true }, stack: { value: stack, writable: true, configurable: true } });
        return error;
      }
      default: {
        if (!numeric.includes($)) return refuse();
        const View = (globalThis as unknown as Record<string, new (buffer: ArrayBuffer) => unknown>)[$] ?? refuse();
        return new View(fromBase64(v as string).buffer);
      }
    }
  };

  const unpack = (value: unknown): unknown => {
    if (value === null || typeof value !== 'object') return value;
    if (Array.isArray(value)) return value.map(unpack);
    if (Object.hasOwn(value, '$')) return unpackTagged(value as Tagged);
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, unpack(member)]));
  };

  return {
    encode: (value: unknown): string => JSON.stringify(pack(value, new Set())),
    decode: (text: string): unknown => unpack(JSON.parse(text)),
  };
}
