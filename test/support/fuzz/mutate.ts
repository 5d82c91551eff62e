import type { Chance } from '../random.ts';

/** Changes an input a little, or by its structure: bytes, JSON members, the parts of a document, its armor. */
export const LONGEST = 96 * 1024;

const text = (input: Uint8Array): string => Buffer.from(input).toString('utf8');
const bytes = (value: string): Uint8Array => Buffer.from(value, 'utf8');

const tokens = [
  '"__proto__"', '"constructor"', '"prototype"', '__proto__', '{', '}', '[', ']', ',', ':', '"', '\\u0000', '\\', '\n', '\r\n', '\r', '\u2028', '\ufeff', '\u202e', '-----BEGIN LATCHKEY LICENSE FILE-----\n', '-----END LATCHKEY RECEIPT-----\n',
  '1e999', '-0', '0.1', '9007199254740993', 'NaN', 'null', 'true', '.', '..', '../', '%2e%2e', '=', '-', '_', '@', '<', '>', ';', '\t', 'data: ', 'event: ', 'id: ', 'retry: 1\n', '\n\n', ' ', 'http://', 'https://', 'app://latchkey/', '127.0.0.1', '[::1]', '"alg"', '"none"', '"jwk"', '"crit"', '\u0130', 'ß', '\ud83d\ude00',
] as const;

const odd: readonly (() => unknown)[] = [
  () => null, () => true, () => -1, () => 0, () => 1.5, () => 2 ** 53, () => 1e308, () => -0, () => '', () => ' ', () => 'x'.repeat(300), () => 'é'.repeat(130), () => '\u0000', () => '\u202e', () => '__proto__', () => [], () => ({}), () => [[]],
  () => ({ __proto__: null, constructor: { prototype: {} } }), () => Array.from({ length: 300 }, () => 'a'), () => '../../etc/passwd', () => 'a@b.example', () => '2027-02-30', () => 253_402_300_800,
];

export const mutateBytes = (input: Uint8Array, chance: Chance, others: readonly Uint8Array[]): Uint8Array => {
  const at = chance.below(input.length + 1);
  const end = Math.min(input.length, at + 1 + chance.below(chance.next() < 0.5 ? 4 : 200));
  const join = (...parts: readonly Uint8Array[]): Uint8Array => Buffer.concat(parts);
  switch (chance.below(9)) {
    case 0: {
      const copy = Uint8Array.from(input);
      if (copy.length > 0) copy[at % copy.length]! ^= 1 << chance.below(8);
      return copy;
    }
    case 1: {
      const copy = Uint8Array.from(input);
      if (copy.length > 0) copy[at % copy.length] = chance.pick([0, 9, 10, 13, 32, 34, 45, 46, 47, 92, 127, 128, 192, 255, chance.below(256)]);
      return copy;
    }
    case 2: return join(input.subarray(0, at), input.subarray(end));
    case 3: return join(input.subarray(0, end), input.subarray(at));
    case 4: return join(input.subarray(0, at), Uint8Array.from({ length: 1 + chance.below(8) }, () => chance.below(256)), input.subarray(at));
    case 5: return join(input.subarray(0, at), bytes(chance.pick(tokens)), input.subarray(at));
    // Work that grows faster than the input shows only when a part of it stands there very often.
    case 6: {
      const part = input.subarray(at, Math.min(end, at + 1 + chance.below(12)));
      const unit = part.length === 0 || chance.next() < 0.4 ? bytes(chance.pick(tokens)) : part;
      // Mostly a little more, so that most of the time goes into other things than length.
      const times = Math.floor((chance.next() < 0.9 ? 40 : LONGEST - input.length) / unit.length);
      return join(input.subarray(0, at), ...Array.from({ length: Math.max(2, times) }, () => unit), input.subarray(at));
    }
    case 7: {
      const other = chance.pick(others.length > 0 ? others : [input]);
      return join(input.subarray(0, at), other.subarray(chance.below(other.length + 1)));
    }
    default: return input.subarray(0, at);
  }
};

type Place = { readonly holder: Record<string, unknown> | unknown[]; readonly key: string | number };
const placesOf = (value: unknown, found: Place[] = []): readonly Place[] => {
  if (typeof value !== 'object' || value === null || found.length > 500) return found;
  const entries = Array.isArray(value) ? value.map((each: unknown, key) => [key, each] as const) : Object.entries(value);
  for (const [key, inner] of entries) {
    found.push({ holder: value as Record<string, unknown>, key });
    placesOf(inner, found);
  }
  return found;
};

const define = (holder: Place['holder'], key: string | number, value: unknown): void => void Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });

/** JSON with one member changed, left out, renamed, doubled or added; null when it is no JSON. */
export const mutateJson = (json: string, chance: Chance): string | null => {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return null;
  }
  const places = placesOf(value);
  if (places.length === 0) return JSON.stringify(chance.pick(odd)());
  const { holder, key } = chance.pick(places);
  const current = (holder as Record<string | number, unknown>)[key];
  switch (chance.below(8)) {
    case 0: case 1: define(holder, key, chance.pick(odd)()); break;
    case 2: if (Array.isArray(holder)) holder.splice(Number(key), 1); else Reflect.deleteProperty(holder, key); break;
    case 3: {
      if (Array.isArray(holder)) holder.push(current);
      else {
        Reflect.deleteProperty(holder, key);
        define(holder, chance.pick(['__proto__', 'constructor', 'toString', `${key} `, String(key).toUpperCase(), 'jwk', 'crit', 'x']), current);
      }
      break;
    }
    case 4: {
      const other = chance.pick(places);
      define(holder, key, (other.holder as Record<string | number, unknown>)[other.key] === holder ? null : structuredClone((other.holder as Record<string | number, unknown>)[other.key]));
      break;
    }
    case 5: define(holder, Array.isArray(holder) ? holder.length : chance.pick(['__proto__', 'constructor', 'x', 'alg', 'exp']), chance.pick(odd)()); break;
    case 6: {
      if (typeof current === 'string') define(holder, key, text(mutateBytes(bytes(current), chance, [])).slice(0, 4000));
      else if (typeof current === 'number') define(holder, key, current + chance.pick([1, -1, 0.5, -current * 2, 1e9]));
      else define(holder, key, [current]);
      break;
    }
    default: {
      // Twice in one object, which only text can say.
      const name = JSON.stringify(String(key));
      const said = JSON.stringify(value);
      return Array.isArray(holder) ? said : said.replace(`${name}:`, `${name}:1,${name}:`);
    }
  }
  return JSON.stringify(value);
};

const encode = (value: string): string => Buffer.from(value).toString('base64url');
const decode = (value: string): string => Buffer.from(value, 'base64url').toString();

/** A compact JWS with its header, its payload or its signature changed. */
const mutateCompact = (jws: string, chance: Chance): string => {
  const [header = '', payload = '', signature = ''] = jws.split('.');
  switch (chance.below(4)) {
    case 0: return `${encode(mutateJson(decode(header), chance) ?? header)}.${payload}.${signature}`;
    case 1: case 2: return `${header}.${encode(mutateJson(decode(payload), chance) ?? payload)}.${signature}`;
    default: return text(mutateBytes(bytes(jws), chance, []));
  }
};

const armored = /^-----BEGIN LATCHKEY ([A-Z ]*)-----\r?\n([\s\S]*?)\r?\n-----END/;
const mutateDocument = (document: string, chance: Chance): string | null => {
  const match = armored.exec(document);
  if (!match) return null;
  const [, label = '', body = ''] = match;
  const jws = mutateCompact(body.replaceAll(/\s/g, ''), chance);
  const columns = chance.next() < 0.9 ? 64 : chance.pick([63, 65, 1, 100_000]);
  const end = chance.next() < 0.85 ? '\n' : '\r\n';
  const name = chance.next() < 0.9 ? label : chance.pick(['KEYSET', 'RECEIPT', 'TIME TICKET', 'LICENSE FILE', 'RELEASE PROOF', 'ACTIVATION REQUEST', 'X']);
  const lines = jws.match(new RegExp(`[\\s\\S]{1,${columns}}`, 'g')) ?? [];
  return [`-----BEGIN LATCHKEY ${name}-----`, ...lines, `-----END LATCHKEY ${name}-----`, ''].join(end);
};

/**
 * The nearest inputs: an end cut off or added, the other line ends, twice. Chance meets each of them too seldom to rely on,
 * so every run begins with them.
 */
export const neighbours = (input: Uint8Array): readonly Uint8Array[] => {
  const said = text(input);
  return [
    input.subarray(1), input.subarray(0, -1), input.subarray(0, -2), Buffer.concat([input, input]), bytes(`\ufeff${said}`),
    ...['\n', '\r\n', '\0', ' '].flatMap((end) => [bytes(`${said}${end}`), bytes(`${end}${said}`)]),
    bytes(said.replaceAll('\n', '\r\n')), bytes(said.replaceAll('\n', '\r\n').slice(0, -2)), bytes(said.replaceAll('\n', '\r')), bytes(said.replace('\n', '\r\n')),
  ];
};

export const mutate = (input: Uint8Array, chance: Chance, others: readonly Uint8Array[]): Uint8Array => {
  let current = input;
  const rounds = chance.next() < 0.6 ? 1 : 2 + chance.below(3);
  for (let round = 0; round < rounds; round += 1) {
    const said = chance.next() < 0.7 ? text(current) : null;
    const structured = said === null ? null : said.startsWith('-----BEGIN') ? mutateDocument(said, chance) : /^[\w-]+\.[\w-]+\.[\w-]+$/.test(said) ? mutateCompact(said, chance) : mutateJson(said, chance);
    current = structured === null ? mutateBytes(current, chance, others) : bytes(structured);
  }
  return current.length > LONGEST ? current.subarray(0, LONGEST) : current;
};
