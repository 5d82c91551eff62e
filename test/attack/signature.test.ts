import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  authenticateIssued, authenticateKeyset, authenticateRequest, isSoundPublicKey, parseKind, signDocument, thumbprintOf,
} from '../../src-shared/documents/index.ts';
import type { Genuine, TrustedKeys } from '../../src-shared/documents/index.ts';
import type { Result } from '../../src-shared/result.ts';
import { forge, licenseClaims, newParty, newScene, NOW, requestClaims, unwrapJws, wrap } from '../support/documents.ts';
import { unsoundKeys } from '../support/unsound-keys.ts';

const scene = await newScene();
const claims = licenseClaims(scene);
const body = JSON.stringify(claims);
const good = await signDocument('license', claims, scene.license.key);
const header = { alg: 'Ed25519', typ: 'latchkey-license+jwt', kid: scene.license.key.kid };
const label = 'LICENSE FILE';
const b64 = (text: string): string => Buffer.from(text).toString('base64url');

const accept = async (file: string | Uint8Array, trusted: TrustedKeys = scene.trusted): Promise<Result<Genuine<'license'>>> => {
  const parsed = parseKind('license', file);
  return parsed.ok ? authenticateIssued(parsed.value, trusted) : parsed;
};
const forged = (change: object, jwk = scene.license.jwk): string => wrap(label, forge(JSON.stringify({ ...header, ...change }), body, jwk));
const refused = (code = 'FILE_NOT_GENUINE') => ({ ok: false, code });

describe('a forged license file', () => {
  test.each(['none', 'None', 'NONE', 'nOnE', '', 'EdDSA', 'ES256', 'RS256', 'HS256', 'ed25519', 'Ed448'])('algorithm "%s" is refused', async (alg) => {
    expect(await accept(forged({ alg }))).toMatchObject(refused());
    expect(await accept(wrap(label, `${b64(JSON.stringify({ ...header, alg }))}.${b64(body)}.AA`))).toMatchObject(refused());
  });

  test('HS256 with the public key as secret is refused', async () => {
    const input = `${b64(JSON.stringify({ ...header, alg: 'HS256' }))}.${b64(body)}`;
    const mac = createHmac('sha256', Buffer.from(scene.license.jwk.x, 'base64url')).update(input).digest('base64url');
    expect(await accept(wrap(label, `${input}.${mac}`))).toMatchObject(refused());
  });

  test('a header that brings a key, names an address, or wants to be understood is refused', async () => {
    const stranger = await newParty();
    const bring = [
      { jwk: stranger.key.jwk }, { jku: 'https://example.com/jwks' }, { x5u: 'https://example.com/x' }, { x5c: ['AA'] }, { x5t: 'AA' },
      { crit: ['exp'] }, { crit: ['b64'], b64: false }, { zip: 'DEF' },
    ];
    for (const change of bring) {
      expect(await accept(forged(change))).toMatchObject(refused());
      expect(await accept(forged(change, stranger.jwk))).toMatchObject(refused());
    }
  });

  test.each([['a path', '../../keys/license.json'], ['SQL', "' OR 1=1 --"], ['an address', 'https://example.com'], ['nothing', ''], ['__proto__', '__proto__']])(
    'a kid that is %s is refused',
    async (_, kid) => expect(await accept(forged({ kid }))).toMatchObject(refused()),
  );

  test('a signature by a stranger under a trusted name is refused', async () => {
    const stranger = await newParty();
    expect(await accept(forged({}, stranger.jwk))).toMatchObject({ ...refused(), details: { why: 'signature' } });
  });

  test('a valid signature by the wrong role is refused: machine, root, revoked key', async () => {
    expect(await accept(await signDocument('license', claims, scene.machine.key))).toMatchObject({ ...refused(), details: { why: 'key-unknown' } });
    expect(await accept(await signDocument('license', claims, scene.root.key))).toMatchObject({ ...refused(), details: { why: 'key-role' } });
    const revoked = { ...scene.trusted, keys: scene.trusted.keys.map((key) => (key.role === 'license' ? { ...key, revokedAt: NOW } : key)) };
    expect(await accept(good, revoked)).toMatchObject({ ...refused(), details: { why: 'key-revoked' } });
  });

  test('a file from before its key began is refused', async () => {
    expect(await accept(await signDocument('license', licenseClaims(scene, { iat: NOW - 2000 }), scene.license.key))).toMatchObject({ details: { why: 'key-not-yet' } });
  });

  test('a genuine file of another authority is refused by name', async () => {
    const other = await newScene();
    expect(await accept(await signDocument('license', licenseClaims(other), other.license.key))).toMatchObject(refused('FILE_WRONG_AUTHORITY'));
    expect(await accept(await signDocument('license', licenseClaims(scene, { iss: other.authority }), scene.license.key))).toMatchObject(refused('FILE_WRONG_AUTHORITY'));
  });

  test('a payload from one file under the signature of another is refused', async () => {
    const other = unwrapJws(await signDocument('license', licenseClaims(scene), scene.license.key)).split('.');
    const mine = unwrapJws(good).split('.');
    expect(await accept(wrap(label, `${mine[0]}.${mine[1]}.${other[2]}`))).toMatchObject(refused());
  });
});

describe('a forged request', () => {
  const authenticate = async (file: string) => {
    const parsed = parseKind('request', file);
    return parsed.ok ? authenticateRequest(parsed.value) : parsed;
  };

  test('a request edited after signing is refused', async () => {
    const text = await signDocument('request', requestClaims(scene), scene.machine.key);
    const [head, , signature] = unwrapJws(text).split('.');
    const edited = b64(JSON.stringify(requestClaims(scene, { want: { product: 'aurora', mode: 'offline', days: 365 } })));
    expect(await authenticate(wrap('ACTIVATION REQUEST', `${head}.${edited}.${signature}`))).toMatchObject({ ...refused(), details: { why: 'signature' } });
  });

  test('a request whose machine id is not that of its key is refused', async () => {
    const other = await newScene();
    expect(await authenticate(await signDocument('request', requestClaims(scene, { iss: other.machineId }), scene.machine.key))).toMatchObject(refused());
    expect(await authenticate(await signDocument('request', requestClaims(scene, { cnf: { jwk: other.machine.key.jwk } }), scene.machine.key))).toMatchObject(refused());
  });

  test.each(unsoundKeys)('the machine key %s is refused', (hex) => {
    expect(isSoundPublicKey({ kty: 'OKP', crv: 'Ed25519', x: Buffer.from(hex, 'hex').toString('base64url') })).toBe(false);
  });
  test('an honest machine key is sound', () => expect(isSoundPublicKey(scene.machine.key.jwk)).toBe(true));
});

describe('a forged keyset', () => {
  const unsound = async (hex: string) => {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(hex, 'hex').toString('base64url') } as const;
    return { kid: await thumbprintOf(jwk), jwk, notBefore: NOW - 1000 };
  };
  const authenticate = async (text: string, trusted?: TrustedKeys) => {
    const parsed = parseKind('keyset', text);
    if (!parsed.ok) throw new Error(parsed.code);
    return authenticateKeyset(parsed.value, trusted);
  };

  test.each(unsoundKeys)('a keyset that brings the key %s, as a license key or as a root, is refused whoever signed it', async (hex) => {
    for (const role of ['license', 'root'] as const) {
      const keyset = { ...scene.keyset, version: 2, keys: [...scene.keyset.keys, { ...(await unsound(hex)), role }] };
      const text = await signDocument('keyset', keyset, scene.root.key);
      for (const trusted of [scene.trusted, undefined]) expect(await authenticate(text, trusted)).toMatchObject({ ...refused(), details: { why: 'key-name' } });
    }
    expect((await authenticate(await signDocument('keyset', { ...scene.keyset, version: 2 }, scene.root.key), scene.trusted)).ok).toBe(true);
  });

  test('a keyset that vouches for itself with a root by which everything is signed is refused', async () => {
    const root = await unsound(unsoundKeys[1]);
    const keyset = { ...scene.keyset, keys: [...scene.keyset.keys, { ...root, role: 'root' as const }] };
    // R is the neutral element and S is zero: for a key of order one this is a signature of everything.
    const signature = Buffer.concat([Buffer.from([1]), Buffer.alloc(63)]).toString('base64url');
    const text = wrap('KEYSET', `${b64(JSON.stringify({ alg: 'Ed25519', typ: 'latchkey-keyset+jwt', kid: root.kid }))}.${b64(JSON.stringify(keyset))}.${signature}`);
    expect(await authenticate(text)).toMatchObject({ ...refused(), details: { why: 'key-name' } });
  });

  test('a keyset signed by a license key, a stranger, or a root it brings itself is refused', async () => {
    const stranger = await newParty();
    const parse = (text: string) => {
      const parsed = parseKind('keyset', text);
      if (!parsed.ok) throw new Error(parsed.code);
      return parsed.value;
    };
    const newer = { ...scene.keyset, version: 2 };
    expect(await authenticateKeyset(parse(await signDocument('keyset', newer, scene.license.key)), scene.trusted)).toMatchObject({ details: { why: 'key-role' } });
    expect(await authenticateKeyset(parse(await signDocument('keyset', newer, stranger.key)), scene.trusted)).toMatchObject({ details: { why: 'key-unknown' } });
    const own = { ...newer, keys: [...newer.keys, { kid: stranger.key.kid, jwk: stranger.key.jwk, role: 'root' as const, notBefore: NOW }] };
    expect(await authenticateKeyset(parse(await signDocument('keyset', own, stranger.key)), scene.trusted)).toMatchObject({ details: { why: 'key-unknown' } });
    const misnamed = { ...newer, keys: newer.keys.map((key) => ({ ...key, jwk: stranger.key.jwk })) };
    expect(await authenticateKeyset(parse(await signDocument('keyset', misnamed, scene.root.key)), scene.trusted)).toMatchObject({ details: { why: 'key-name' } });
    const other = await newScene();
    expect(await authenticateKeyset(parse(await signDocument('keyset', other.keyset, other.root.key)), scene.trusted)).toMatchObject({ code: 'FILE_WRONG_AUTHORITY' });
  });
});
