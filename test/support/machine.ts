import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { importSigningKey, parseKind, signDocument, signHeartbeat } from '../../src-shared/documents/index.ts';
import type { ClaimsOf, Heartbeat, PrivateJwk, SigningKey } from '../../src-shared/documents/index.ts';
import type { Fingerprint } from '../../src-shared/fingerprint.ts';
import { REQUEST_TERM } from '../../src-shared/policy.ts';
import type { Clock } from '../../src-shared/time.ts';

/** A machine with a real key that signs real documents, without the client around it: for tests of the authority alone. */
export type TestMachine = {
  readonly id: string;
  readonly name: string;
  readonly key: SigningKey;
  readonly jwk: PrivateJwk;
  readonly fingerprint: Fingerprint;
  readonly nextSeq: () => number;
  /** An activation request; `claims` replace what would stand there. */
  readonly request: (want: ClaimsOf<'request'>['want'], claims?: Partial<ClaimsOf<'request'>>) => Promise<string>;
  /** What a machine sends to have its lease extended: the request, and a heartbeat that says so. */
  readonly renewal: (want: ClaimsOf<'request'>['want'], claims?: Partial<ClaimsOf<'request'>>) => Promise<{ readonly request: string; readonly heartbeat: string }>;
  /** The same for a request that is there already, whatever it is. */
  readonly sending: (request: string) => Promise<{ readonly request: string; readonly heartbeat: string }>;
  readonly proof: (lease: string, file: string, claims?: Partial<ClaimsOf<'release'>>) => Promise<string>;
  readonly heartbeat: (lease: string, file: string, claims?: Partial<Heartbeat>) => Promise<string>;
};

const hashed = (text: string): string => createHash('sha256').update(text).digest('base64url');
const id = (prefix: string): string => `${prefix}_${randomBytes(16).toString('base64url')}`;

export const fingerprintOf = (computer: string): Fingerprint => ({
  v: 1,
  parts: { os: [hashed(`os ${computer}`)], board: [hashed(`board ${computer}`)], cpu: [hashed(`cpu ${computer}`)], disk: [hashed(`disk ${computer}`)], net: [hashed(`net ${computer}`)] },
});

export const generatePrivateJwk = (): PrivateJwk => {
  const { kty, crv, x, d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return { kty, crv, x, d } as PrivateJwk;
};

export const createTestMachine = async (options: { readonly authority: string; readonly clock: Clock; readonly name?: string; readonly jwk?: PrivateJwk; readonly seq?: number }): Promise<TestMachine> => {
  const name = options.name ?? 'WS-001';
  const jwk = options.jwk ?? generatePrivateJwk();
  const key = await importSigningKey(jwk);
  const fingerprint = fingerprintOf(`${name} ${key.kid}`);
  const machine = `mch_${key.kid}`;
  let seq = options.seq ?? 0;
  const nextSeq = (): number => (seq += 1);
  const self: TestMachine = {
    id: machine, name, key, jwk, fingerprint, nextSeq,
    request: (want, claims = {}) => {
      const now = options.clock.now();
      return signDocument(
        'request',
        {
          iss: machine, aud: options.authority, jti: id('req'), iat: now, exp: now + REQUEST_TERM, seq: claims.seq ?? nextSeq(), cnf: { jwk: key.jwk }, fp: fingerprint as ClaimsOf<'request'>['fp'],
          purpose: claims.lease === undefined ? 'checkout' : 'renew', want, machine: { name, os: 'linux test', app: 'test 1' }, keyset: 1, ...claims,
        },
        key,
      );
    },
    renewal: async (want, claims) => self.sending(await self.request(want, claims)),
    sending: async (request) => {
      const parsed = parseKind('request', request);
      const { lease = 'lse_none', jti, aud } = parsed.ok ? parsed.value.claims : { jti: id('req'), aud: options.authority };
      return { request, heartbeat: await self.heartbeat(lease, 'fil_held', { jti, aud }) };
    },
    proof: (lease, file, claims = {}) =>
      signDocument('release', { iss: machine, aud: options.authority, sub: lease, file, jti: id('rel'), iat: options.clock.now(), seq: claims.seq ?? nextSeq(), reason: 'user', ...claims }, key),
    heartbeat: (lease, file, claims = {}) =>
      signHeartbeat({ iss: machine, aud: options.authority, sub: lease, file, jti: id('hbt'), iat: options.clock.now(), ...claims }, key),
  };
  return self;
};
