import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, openSync, readdirSync, readFileSync, writeSync, fsyncSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import { importSigningKey, signDocument } from '../../src-shared/documents/index.ts';
import type { ClaimsOf, PrivateJwk, PublicJwk, SigningKey } from '../../src-shared/documents/index.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';

/** Signs what the authority issues. */
export type Signer = {
  readonly licenseFile: (claims: ClaimsOf<'license'>) => Promise<string>;
  readonly receipt: (claims: ClaimsOf<'receipt'>) => Promise<string>;
  readonly timeTicket: (claims: ClaimsOf<'time'>) => Promise<string>;
};

/** A new Ed25519 key pair, the private part as a JWK. */
export const generateKey = (): PrivateJwk => {
  const { kty, crv, x, d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return { kty, crv, x, d } as PrivateJwk;
};

const keyFile = (home: string, kid: string): string => join(home, 'keys', `${kid}.jwk.json`);

/** SECURITY: a private key's file is readable by its owner only, and never replaced (`wx`). */
export const writeKey = (home: string, kid: string, jwk: PrivateJwk): void => {
  mkdirSync(join(home, 'keys'), { recursive: true, mode: 0o700 });
  const file = openSync(keyFile(home, kid), 'wx', 0o600);
  try {
    writeSync(file, `${JSON.stringify(jwk)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
};

export type PublicKeyRow = { readonly kid: string; readonly role: 'root' | 'license'; readonly jwk: PublicJwk; readonly notBefore: number; readonly revokedAt: number | null };

const readKey = async (home: string, kid: string): Promise<Result<SigningKey>> => {
  try {
    const key = await importSigningKey(JSON.parse(readFileSync(keyFile(home, kid), 'utf8')) as PrivateJwk);
    return key.kid === kid ? ok(key) : fail('STORE_UNUSABLE', { why: 'key', kid });
  } catch {
    return fail('STORE_UNUSABLE', { why: 'key', kid });
  }
};

/**
 * The signer of the newest license key that is in force. Errors: `STORE_UNUSABLE` (why: key) when its file is missing or
 * is not that key.
 */
export const openSigner = async (home: string, keys: readonly PublicKeyRow[], now: number): Promise<Result<Signer>> => {
  const current = keys
    .filter((key) => key.role === 'license' && key.revokedAt === null && key.notBefore <= now)
    .sort((a, b) => b.notBefore - a.notBefore)[0];
  if (!current) return fail('STORE_UNUSABLE', { why: 'no-license-key' });
  const key = await readKey(home, current.kid);
  if (!key.ok) return key;
  return ok({
    licenseFile: (claims) => signDocument('license', claims, key.value),
    receipt: (claims) => signDocument('receipt', claims, key.value),
    timeTicket: (claims) => signDocument('time', claims, key.value),
  });
};

/** Which private keys are on this computer. */
export const privateKeysIn = (home: string): ReadonlySet<string> => {
  try {
    return new Set(readdirSync(join(home, 'keys')).map((name) => name.replace(/\.jwk\.json$/, '')));
  } catch {
    return new Set();
  }
};
