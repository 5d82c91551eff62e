import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { armor, unarmor } from '../../../src-shared/documents/armor.ts';
import { heartbeatClaims } from '../../../src-shared/documents/claims.ts';
import {
  authenticateHeartbeat, authenticateIssued, authenticateKeyset, authenticateRelease, authenticateRequest, describeDocument, documentKinds, kindTable, parseDocument, parseKind,
} from '../../../src-shared/documents/index.ts';
import type { ClaimsOf, DocumentKind, Parsed, PublicJwk } from '../../../src-shared/documents/index.ts';
import { parseStrictObject } from '../../../src-shared/documents/json.ts';
import { parseCompact } from '../../../src-shared/documents/parse.ts';
import { openTrust } from '../../../src-main/adapter/trust.ts';
import { generatePrivateJwk } from '../machine.ts';
import { importSigningKey, signHeartbeat } from '../../../src-shared/documents/index.ts';
import { must } from './engine.ts';
import type { Target } from './engine.ts';

/** What came from outside as a document: every parser of it, from the text to the signature. */
const fixtures = resolve(import.meta.dirname, '../../fixture');
const bytes = (text: string): Uint8Array => Buffer.from(text);
const text = (input: Uint8Array): string => Buffer.from(input).toString('utf8');

const frozen = ['v1', 'v2'].flatMap((version) => readdirSync(join(fixtures, version)).filter((name) => !name.endsWith('.json')).map((name) => readFileSync(join(fixtures, version, name), 'utf8')));
const parsed = frozen.map((each) => {
  const read = parseDocument(each);
  if (!read.ok) throw new Error(`a frozen document is refused: ${read.code}`);
  return read.value;
});
const all = frozen.map(bytes);
const jwsOf = ({ jws }: Parsed): string => jws;
const signed = new Set(parsed.map(jwsOf));
/** What stands between the lines of an armor, however they end: the last one need not. */
const unwrapped = (document: string): string => document.split(/\r?\n/).filter((line) => !line.startsWith('-----')).join('');
const keysets = parsed.filter((each): each is Parsed<'keyset'> => each.kind === 'keyset').map(({ claims }) => claims);
const machineKey = parsed.find((each): each is Parsed<'request'> => each.kind === 'request')?.claims.cnf.jwk as PublicJwk;

/** What every accepted document holds to, whatever it says. */
const isSound = (document: Parsed, input: Uint8Array): void => {
  const { label, claims } = kindTable[document.kind];
  must(document.text === text(input), 'the text that is kept is not the text that came');
  const written = armor(label, document.jws);
  const came = document.text.replaceAll('\r\n', '\n');
  must(came === written || `${came}\n` === written, 'an accepted document is not what would be written');
  must(claims.safeParse(document.claims).success, 'accepted claims do not satisfy their own schema');
  const said: unknown = JSON.parse(Buffer.from(document.jws.split('.')[1] ?? '', 'base64url').toString());
  must(isDeepStrictEqual(structuredClone(document.claims), said), 'claims are not what the payload says');
  const facts = describeDocument(document);
  must(facts.kind === document.kind && typeof facts.id === 'string', 'a description is of another document');
};

const genuine = async (document: Parsed): Promise<boolean> => {
  for (const keyset of keysets) {
    const result = document.kind === 'request'
      ? await authenticateRequest(document)
      : document.kind === 'release'
        ? await authenticateRelease(document, machineKey)
        : document.kind === 'keyset'
          ? await authenticateKeyset(document, keyset)
          : await authenticateIssued(document as Parsed<'license'>, keyset);
    if (result.ok) return true;
  }
  return false;
};

const jsonSeeds = parsed.flatMap(({ jws }) => jws.split('.').slice(0, 2).map((segment) => Buffer.from(segment, 'base64url').toString()));

/** Levels, a value in the innermost object being one of them. */
const deepest = (value: unknown): number => (typeof value !== 'object' || value === null ? 1 : 1 + Math.max(0, ...Object.values(value).map(deepest)));
const hasProto = (value: unknown): boolean => typeof value === 'object' && value !== null && (Object.hasOwn(value, '__proto__') || Object.values(value).some(hasProto));
const asJson = (input: string): unknown => {
  try {
    return JSON.parse(input) as unknown;
  } catch {
    return undefined;
  }
};
/** Objects without a prototype become ones with it, so that they compare. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;

const kindTarget = (kind: DocumentKind): Target => ({
  name: `parse-${kind}`, weight: 2, seeds: parsed.filter((each) => each.kind === kind).map((each) => bytes(each.text)),
  run: (input) => {
    const read = parseKind(kind, input);
    if (!read.ok) return 'refused';
    must(read.value.kind === kind, 'another kind was taken');
    isSound(read.value as Parsed, input);
    return 'taken';
  },
});

export const documentTargets = async (): Promise<readonly Target[]> => {
  const machine = await importSigningKey(generatePrivateJwk());
  const beat: ClaimsOf<'release'> | Parameters<typeof signHeartbeat>[0] = { iss: `mch_${machine.kid}`, aud: 'aut_1', sub: 'lse_1', file: 'fil_1', jti: 'hbt_1', iat: 1_780_315_200 };
  const heartbeat = await signHeartbeat(beat, machine);
  return [
    {
      name: 'parse-document', weight: 6, seeds: all,
      run: (input) => {
        const read = parseDocument(input);
        if (!read.ok) return 'refused';
        isSound(read.value, input);
        return 'taken';
      },
    },
    ...documentKinds.map(kindTarget),
    {
      // Nobody has a key here: what is genuine was signed when the fixtures were frozen.
      name: 'genuine', weight: 3, seeds: all,
      run: async (input) => {
        const read = parseDocument(input);
        if (!read.ok || !(await genuine(read.value))) return 'refused';
        must(signed.has(read.value.jws), 'a document that nobody signed is genuine');
        return 'taken';
      },
    },
    {
      name: 'unarmor', weight: 2, seeds: all,
      run: (input) => {
        const given = text(input);
        const back = unarmor(armor('RECEIPT', Buffer.from(input).toString('base64url') || 'A'));
        must(back.ok && back.value.jws === (Buffer.from(input).toString('base64url') || 'A') && back.value.label === 'RECEIPT', 'what was armored does not come back');
        const read = unarmor(given);
        if (!read.ok) return 'refused';
        const came = given.replaceAll('\r\n', '\n');
        const written = armor(read.value.label, read.value.jws);
        must(came === written || `${came}\n` === written, 'an accepted armor is not what would be written');
        return 'taken';
      },
    },
    {
      name: 'parse-compact', weight: 2, seeds: [...parsed.map(({ jws }) => bytes(jws)), bytes(heartbeat)],
      run: (input) => {
        const given = text(input);
        const row = kindTable[documentKinds[given.length % documentKinds.length] ?? 'request'];
        for (const [typ, claims] of [['latchkey-heartbeat+jwt', heartbeatClaims], [row.typ, row.claims]] as const) {
          const read = parseCompact(given, typ, claims as typeof heartbeatClaims);
          if (!read.ok) continue;
          must(claims.safeParse(read.value.claims).success, 'accepted claims do not satisfy their own schema');
          must(given.split('.').every((segment) => Buffer.from(segment, 'base64url').toString('base64url') === segment), 'a segment that is not canonical was taken');
          return 'taken';
        }
        return 'refused';
      },
    },
    {
      name: 'heartbeat', weight: 2, seeds: [bytes(heartbeat)],
      run: async (input) => {
        const given = text(input);
        const read = await authenticateHeartbeat(given, async () => machine.jwk);
        if (!read.ok) return 'refused';
        must(given === heartbeat, 'a heartbeat that nobody signed is genuine');
        return 'taken';
      },
    },
    {
      name: 'strict-json', weight: 5, seeds: [...jsonSeeds, '{"a":[1,-0.5e3,true,null,"\\u00e9\\n",{"b":{}}]}', ' { } ', `${'{"a":'.repeat(15)}{}${'}'.repeat(15)}`].map(bytes),
      run: (input) => {
        const given = text(input);
        const strict = parseStrictObject(given);
        const loose = asJson(given);
        if (strict !== null) {
          must(loose !== undefined && isDeepStrictEqual(plain(strict), plain(loose)), 'two parsers read different things');
          must(Object.getPrototypeOf(strict) === null, 'an object has a prototype');
          return 'taken';
        }
        // What JSON.parse takes is taken here too once it is written plainly, unless it is one of the three things refused.
        if (typeof loose === 'object' && loose !== null && !Array.isArray(loose) && given.length < 4000 && deepest(loose) <= 16 && !hasProto(loose)) {
          must(parseStrictObject(JSON.stringify(loose)) !== null, 'plain JSON is refused');
        }
        return 'refused';
      },
    },
    {
      name: 'open-trust', weight: 2, seeds: parsed.filter(({ kind }) => kind === 'keyset').map((each) => bytes(each.text)),
      run: async (input) => {
        const opened = await openTrust({ keyset: text(input), packaged: true, authority: null });
        if (!opened.ok) return 'refused';
        must(opened.value.anchor !== null && !opened.value.stored && !opened.value.pinOnFirstUse, 'a packaged app trusts more than its keyset');
        must(signed.has(unwrapped(opened.value.anchor?.text ?? '')), 'a keyset that no root signed is trusted');
        return 'taken';
      },
    },
  ];
};
