import { createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { importSigningKey, machineIdOf } from '../../src-shared/documents/index.ts';
import type { ClaimsOf, PrivateJwk, SigningKey, TrustedKeys } from '../../src-shared/documents/index.ts';

/** Time of the frozen tests: 2026-06-01T12:00:00Z. */
export const NOW = 1_780_315_200;

export const newPrivateJwk = (): PrivateJwk => {
  const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return { kty: 'OKP', crv: 'Ed25519', x: jwk.x as string, d: jwk.d as string };
};

export const newId = (prefix: string): string => `${prefix}_${randomBytes(16).toString('base64url')}`;

export type Party = { readonly jwk: PrivateJwk; readonly key: SigningKey };
export const newParty = async (): Promise<Party> => {
  const jwk = newPrivateJwk();
  return { jwk, key: await importSigningKey(jwk) };
};

export type Scene = {
  readonly authority: string;
  readonly root: Party;
  readonly license: Party;
  readonly machine: Party;
  readonly machineId: string;
  readonly keyset: ClaimsOf<'keyset'>;
  readonly trusted: TrustedKeys;
};

/** An authority with its keyset, and a machine. */
export const newScene = async (): Promise<Scene> => {
  const [root, license, machine] = await Promise.all([newParty(), newParty(), newParty()]);
  const authority = `aut_${root.key.kid}`;
  const keyset: ClaimsOf<'keyset'> = {
    iss: authority,
    version: 1,
    iat: NOW - 1000,
    exp: NOW + 400 * 86_400,
    keys: [
      { kid: root.key.kid, jwk: root.key.jwk, role: 'root', notBefore: NOW - 1000 },
      { kid: license.key.kid, jwk: license.key.jwk, role: 'license', notBefore: NOW - 1000 },
    ],
  };
  return { authority, root, license, machine, machineId: await machineIdOf(machine.key.jwk), keyset, trusted: keyset };
};

const hash = (letter: string): string => letter.repeat(43);
export const fingerprint = { v: 1, parts: { os: [hash('o')], board: [hash('b')], cpu: [hash('c')], disk: [hash('d')], net: [hash('n')] } } as const;

export const requestClaims = (scene: Scene, change: Partial<ClaimsOf<'request'>> = {}): ClaimsOf<'request'> => ({
  iss: scene.machineId,
  aud: scene.authority,
  jti: newId('req'),
  iat: NOW,
  exp: NOW + 14 * 86_400,
  seq: 1,
  cnf: { jwk: scene.machine.key.jwk },
  fp: structuredClone(fingerprint) as unknown as ClaimsOf<'request'>['fp'],
  purpose: 'checkout',
  want: { product: 'aurora', mode: 'offline', days: 30 },
  machine: { name: 'WS-042', os: 'Linux 6.1', app: 'Latchkey 0.1.0' },
  keyset: 1,
  ...change,
});

export const licenseClaims = (scene: Scene, change: Partial<ClaimsOf<'license'>> = {}): ClaimsOf<'license'> => ({
  iss: scene.authority,
  aud: scene.machineId,
  sub: newId('lse'),
  jti: newId('fil'),
  iat: NOW,
  nbf: NOW,
  exp: NOW + 30 * 86_400,
  cnf: { jkt: scene.machine.key.kid },
  fp: structuredClone(fingerprint) as unknown as ClaimsOf<'license'>['fp'],
  req: 'req_1',
  seq: 1,
  mode: 'offline',
  license: {
    id: 'lic_1',
    product: { id: 'aurora', name: 'Aurora Stage' },
    edition: 'Studio',
    features: ['tracking'],
    organization: { id: 'org_1', name: 'Northlight Studios' },
    validUntil: NOW + 300 * 86_400,
  },
  ...change,
});

export const releaseClaims = (scene: Scene, change: Partial<ClaimsOf<'release'>> = {}): ClaimsOf<'release'> => ({
  iss: scene.machineId, aud: scene.authority, sub: 'lse_1', file: 'fil_1', jti: newId('rel'), iat: NOW, seq: 2, reason: 'user', ...change,
});

const encode = (value: string | Uint8Array): string => Buffer.from(value).toString('base64url');

/** Signs any header and payload text, as an attacker with a key could. */
export const forge = (header: string, payload: string, jwk: PrivateJwk): string => {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${encode(sign(null, Buffer.from(input), createPrivateKey({ key: jwk, format: 'jwk' })))}`;
};

export const wrap = (label: string, jws: string, columns = 64): string =>
  `-----BEGIN LATCHKEY ${label}-----\n${jws.match(new RegExp(`.{1,${columns}}`, 'g'))?.join('\n') ?? ''}\n-----END LATCHKEY ${label}-----\n`;

export const unwrapJws = (text: string): string => text.split('\n').slice(1, -2).join('');
