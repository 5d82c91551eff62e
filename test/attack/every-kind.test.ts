import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  authenticateIssued, authenticateKeyset, authenticateRelease, authenticateRequest, documentKinds, kindTable, parseDocument, parseKind, signDocument,
} from '../../src-shared/documents/index.ts';
import type { ClaimsOf, DocumentKind, Parsed } from '../../src-shared/documents/index.ts';
import type { Result } from '../../src-shared/result.ts';
import { startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { forge, licenseClaims, newScene, NOW, releaseClaims, requestClaims, unwrapJws, wrap } from '../support/documents.ts';
import { createTestMachine } from '../support/machine.ts';
import { unsoundKeys } from '../support/unsound-keys.ts';

/** What holds of one kind of document holds of all six: every bit of each, every cut of each, each in the place of each. */
const scene = await newScene();
const claims: { readonly [K in DocumentKind]: ClaimsOf<K> } = {
  request: requestClaims(scene), license: licenseClaims(scene), release: releaseClaims(scene), keyset: { ...scene.keyset, version: 2 },
  receipt: { iss: scene.authority, aud: scene.machineId, sub: 'lse_1', proof: 'rel_1', jti: 'rcp_1', iat: NOW },
  time: { iss: scene.authority, aud: scene.machineId, jti: 'tim_1', iat: NOW, exp: NOW + 3600, req: 'req_1' },
};
const signer = { machine: scene.machine, license: scene.license, root: scene.root } as const;
const signed = <K extends DocumentKind>(kind: K): Promise<string> => signDocument(kind, claims[kind], signer[kindTable[kind].signedBy].key);
const documents = Object.fromEntries(await Promise.all(documentKinds.map(async (kind) => [kind, await signed(kind)] as const))) as Readonly<Record<DocumentKind, string>>;

const authenticate = (document: Parsed): Promise<Result<unknown>> => {
  switch (document.kind) {
    case 'request': return authenticateRequest(document);
    case 'release': return authenticateRelease(document, scene.machine.key.jwk);
    case 'keyset': return authenticateKeyset(document, scene.trusted);
    default: return authenticateIssued(document as Parsed<'license'>, scene.trusted);
  }
};
const accept = async (kind: DocumentKind, file: string | Uint8Array): Promise<Result<unknown>> => {
  const parsed = parseKind(kind, file);
  return parsed.ok ? authenticate(parsed.value as Parsed) : parsed;
};

describe.each([...documentKinds])('a genuine %s', (kind) => {
  const bytes = Buffer.from(documents[kind]);

  test('is taken as it is', async () => expect(await accept(kind, bytes)).toMatchObject({ ok: true }));

  test('is refused with any single bit of it flipped', async () => {
    const taken: number[] = [];
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const copy = Buffer.from(bytes);
      copy[bit >> 3]! ^= 1 << (bit & 7);
      if ((await accept(kind, copy)).ok) taken.push(bit);
    }
    expect(taken).toEqual([]);
  });

  test('is refused when it is cut anywhere; only its last newline may be missing', () => {
    const taken = Array.from({ length: bytes.length }, (_, end) => end).filter((end) => parseDocument(bytes.subarray(0, end)).ok);
    expect(taken).toEqual([bytes.length - 1]);
  });
});

const pairs = documentKinds.flatMap((kind) => documentKinds.filter((other) => other !== kind).map((other) => [kind, other] as const));

describe.each(pairs)('a %s in the place of a %s', (kind, other) => {
  test('is refused by its own name, under another label, and signed again with the other type by its own key', async () => {
    expect(await accept(other, documents[kind])).toMatchObject({ ok: false, code: 'FILE_WRONG_KIND', details: { expected: other, actual: kind } });
    const relabelled = wrap(kindTable[other].label, unwrapJws(documents[kind]));
    expect(await accept(other, relabelled)).toMatchObject({ ok: false, code: 'FILE_WRONG_KIND', details: { actual: kind } });
    const party = signer[kindTable[kind].signedBy];
    const header = JSON.stringify({ alg: 'Ed25519', typ: kindTable[other].typ, kid: party.key.kid });
    expect(await accept(other, wrap(kindTable[other].label, forge(header, JSON.stringify(claims[kind]), party.jwk)))).toMatchObject({ ok: false, code: 'FILE_MALFORMED' });
  });
});

describe('a machine key that no honest machine has, at the authority\'s door', () => {
  let a: TestAuthority;
  let token: string;
  beforeAll(async () => {
    a = await startAuthority();
    token = await a.signIn('editor@northlight.example');
  });
  afterAll(() => a.close());

  const post = async (path: string, body: object): Promise<unknown> =>
    (await fetch(`${a.url}${path}`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify(body) })).json();

  const registrations = async (): Promise<readonly unknown[]> => {
    const found: unknown[] = [];
    for await (const row of a.authority().auditRows()) if ((row as unknown as { readonly action: string }).action === 'machine.registered') found.push(row);
    return found;
  };

  test.each([...unsoundKeys])('%s is refused, with a signature that such a key lets pass, and no machine becomes known', async (hex) => {
    const x = Buffer.from(hex, 'hex').toString('base64url');
    const jwk = { kty: 'OKP', crv: 'Ed25519', x } as const;
    const kid = createHash('sha256').update(JSON.stringify({ crv: jwk.crv, kty: jwk.kty, x })).digest('base64url');
    const honest = await createTestMachine({ authority: a.id, clock: a.clock });
    const [, payload = ''] = unwrapJws(await honest.request({ license: 'lic_stage', mode: 'online' })).split('.');
    const said = { ...(JSON.parse(Buffer.from(payload, 'base64url').toString()) as object), iss: `mch_${kid}`, cnf: { jwk } };
    const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    // R is the neutral element and S is zero: for a key of order one this is a signature of everything.
    const signature = Buffer.concat([Buffer.from([1]), Buffer.alloc(63)]).toString('base64url');
    const saying = (change: object): string => wrap('ACTIVATION REQUEST', `${encode({ alg: 'Ed25519', typ: 'latchkey-request+jwt', kid })}.${encode({ ...said, ...change })}.${signature}`);
    const before = (await registrations()).length;
    const refused = { ok: false, code: 'FILE_NOT_GENUINE', details: { why: 'key-unsound' } };
    expect(await post('/v1/checkouts', { request: saying({}) })).toMatchObject(refused);
    expect(await post('/v1/time-tickets', { request: saying({ purpose: 'time' }) })).toMatchObject(refused);
    // A machine that has no lease has none to renew, whatever its key.
    expect(await post('/v1/renewals', { request: saying({ purpose: 'renew', lease: 'lse_x' }), heartbeat: 'none' })).toMatchObject({ ok: false, code: 'LEASE_NOT_FOUND' });
    expect((await registrations()).length).toBe(before);
  });
});
