import { EventEmitter } from 'node:events';
import { describe, expect, test } from 'vitest';
import { createCodec } from '../../support/electron-preview/codec.ts';

/** Node's `structuredClone` is the same serializer of V8 that Electron sends with, so it says what is right. */
const codec = createCodec();
const roundTrip = (value: unknown) => codec.decode(codec.encode(value));

class Point {
  readonly x = 1;
  get sum() { return this.x; }
  move() { return this; }
}
class Failure extends RangeError {
  override readonly name = 'Failure';
  readonly detail = 7;
}
const sparse = Object.assign(Array.from<number>({ length: 0 }), { length: 3, 0: 1, 2: 3 });
const cycle: Record<string, unknown> = { name: 'cycle' };
cycle['self'] = cycle;
cycle['list'] = [cycle];
const shared = { a: 1 };

describe('what V8 clones', () => {
  test.each<[string, unknown]>([
    ['primitives', [null, undefined, true, '', 'ü\ud83d\ude00', 1.5, NaN, -0, Infinity, -Infinity, 12345678901234567890n]],
    ['dates, also an invalid one', [new Date(5), new Date(NaN)]],
    ['expressions', [/a+/giu]],
    ['maps and sets within each other', new Map<unknown, unknown>([[{ key: 1 }, new Set([new Map([[1, 'a']])])]])],
    ['bytes of every kind', [new Uint8Array([0, 127, 255]), new Uint16Array([1, 2]).buffer, new Float64Array([0.5]), new BigInt64Array([-1n]), new DataView(new ArrayBuffer(4), 1, 2)]],
    ['boxed values', [Object(true), Object('text'), Object(7), Object(7n)]],
    ['holes and names of a list', Object.assign(sparse, { name: 'list' })],
    ['an instance as its own members', [new Point(), Object.create({ inherited: 1 }), Object.create(null)]],
    ['an object with a tag of its own', { [Symbol.toStringTag]: 'Mine', a: 1 }],
    ['members with names of the wire', { at: ['at', 0], root: [], $: 1, 'undefined': ['undefined'] }],
    ['an object that listens', new EventEmitter().setMaxListeners(3)],
  ])('%s', (_what, value) => {
    expect(roundTrip(value)).toStrictEqual(structuredClone(value));
  });

  test('a cycle stays a cycle, and what is shared stays shared', () => {
    const copy = roundTrip(cycle) as { self: unknown; list: unknown[] };
    expect(copy.self).toBe(copy);
    expect(copy.list[0]).toBe(copy);
    const [one, two, bytes, view] = roundTrip([shared, shared, new Uint8Array(new Uint8Array([1, 2, 3]).buffer, 1), 0]) as [object, object, Uint8Array, number];
    expect(one).toBe(two);
    expect([bytes.byteOffset, bytes.buffer.byteLength, view]).toEqual([1, 3, 0]);
  });

  test('a part of a buffer brings the whole buffer along, and a Buffer arrives as a Uint8Array', () => {
    const part = Buffer.from(new Uint8Array([120, 97, 98, 99, 120]).buffer, 1, 3);
    const copy = roundTrip(part) as Uint8Array;
    expect([copy.constructor, [...copy], copy.buffer.byteLength]).toEqual([Uint8Array, [97, 98, 99], 5]);
  });

  test('a large array of bytes crosses whole', () => {
    const bytes = new Uint8Array(300_000).map((_, at) => at % 251);
    expect(roundTrip(bytes)).toStrictEqual(bytes);
  });

  test.each([new TypeError('far', { cause: { code: 7 } }), new Failure('near'), new Error(), new AggregateError([1], 'several')])('an error as V8 keeps it: %s', (error) => {
    const [mine, right] = [roundTrip(error) as Error, structuredClone(error) as Error];
    const facts = (one: Error) => [Object.getPrototypeOf(one), one.name, one.message, one.stack, one.cause, Object.keys(one), Object.hasOwn(one, 'message'), Object.hasOwn(one, 'cause')];
    expect(facts(mine)).toStrictEqual(facts(right));
  });

  test('a member named __proto__ stays a member', () => {
    const value = roundTrip(JSON.parse('{"__proto__":{"polluted":true}}')) as object;
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(Object.hasOwn(value, '__proto__')).toBe(true);
  });
});

test.each<[string, unknown]>([
  ['a function', () => 1], ['a class', Point], ['a symbol', Symbol('s')], ['a boxed symbol', Object(Symbol('s'))], ['a promise', Promise.resolve()], ['a weak map', new WeakMap()], ['a weak reference', new WeakRef({})],
  ['an iterator', new Map().entries()], ['a generator', (function* nothing() { yield 1; })()], ['a method within', { deep: [{ run() { return 1; } }] }], ['a message port', new MessageChannel().port1], ['shared memory', new SharedArrayBuffer(1)],
])('%s is refused', (_what, value) => {
  expect(() => codec.encode(value)).toThrow(new Error('An object could not be cloned.'));
});
