import { expect, test } from 'vitest';
import { createCodec } from '../../support/electron-preview/codec.ts';

const codec = createCodec();
const roundTrip = (value: unknown) => codec.decode(codec.encode(value));

test('what structured clone keeps, the codec keeps', () => {
  const value = { bytes: new Uint8Array([0, 127, 255]), buffer: new Uint16Array([1, 2]).buffer, floats: new Float64Array([0.5]), gone: undefined, when: new Date(5), map: new Map([[1, new Set(['a'])]]), odd: [NaN, -0, Infinity, 3n], $: 'a plain member' };
  expect(roundTrip(value)).toStrictEqual(value);
});

test('a view on part of a buffer crosses as that part, and a Buffer as a Uint8Array', () => {
  expect(roundTrip(Buffer.from('xabcx').subarray(1, 4))).toStrictEqual(new Uint8Array([97, 98, 99]));
});

test('a large array of bytes crosses whole', () => {
  const bytes = new Uint8Array(300_000).map((_, at) => at % 251);
  expect(roundTrip(bytes)).toStrictEqual(bytes);
});

test('an error crosses with its name and message', () => {
  const error = roundTrip(new RangeError('far')) as Error;
  expect([error instanceof Error, error.name, error.message]).toEqual([true, 'RangeError', 'far']);
});

test('functions, symbols, promises and cycles are refused', () => {
  const cycle: Record<string, unknown> = {};
  cycle['self'] = cycle;
  for (const value of [() => 1, Symbol('s'), Promise.resolve(), cycle, { deep: [new WeakMap()] }]) expect(() => codec.encode(value)).toThrow('An object could not be cloned.');
});

test('a member named __proto__ stays a member', () => {
  const value = roundTrip(JSON.parse('{"__proto__":{"polluted":true}}')) as object;
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  expect(Object.hasOwn(value, '__proto__')).toBe(true);
});
