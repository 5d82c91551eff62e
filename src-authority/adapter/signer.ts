import { generateKeyPairSync } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { importSigningKey, signDocument } from '../../src-shared/documents/index.ts';
import type { ClaimsOf, PrivateJwk, SigningKey } from '../../src-shared/documents/index.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';

/** Signs what the authority issues. */
export type Signer = {
  readonly kid: string;
  readonly licenseFile: (claims: ClaimsOf<'license'>) => Promise<string>;
  readonly receipt: (claims: ClaimsOf<'receipt'>) => Promise<string>;
  readonly timeTicket: (claims: ClaimsOf<'time'>) => Promise<string>;
};

export const signerOf = (key: SigningKey): Signer => ({
  kid: key.kid,
  licenseFile: (claims) => signDocument('license', claims, key),
  receipt: (claims) => signDocument('receipt', claims, key),
  timeTicket: (claims) => signDocument('time', claims, key),
});

/** A new Ed25519 key pair, the private part as a JWK. */
export const generateKey = (): PrivateJwk => {
  const { kty, crv, x, d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return { kty, crv, x, d } as PrivateJwk;
};

const folderOf = (home: string): string => join(home, 'keys');
const keyFile = (home: string, kid: string): string => join(folderOf(home), `${kid}.jwk.json`);

/** Makes the name of a new file as durable as what is in it. Windows knows no such thing for folders. */
const syncFolder = (folder: string): void => {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
};

/** SECURITY: a private key's file is readable by its owner only, and never replaced (`wx`). On disk when this returns. */
export const writeKey = (home: string, kid: string, jwk: PrivateJwk): void => {
  mkdirSync(folderOf(home), { recursive: true, mode: 0o700 });
  const file = openSync(keyFile(home, kid), 'wx', 0o600);
  try {
    writeSync(file, `${JSON.stringify(jwk)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  syncFolder(folderOf(home));
};

/** Errors: `STORE_UNUSABLE` (why: key) when its file is missing or is not that key. */
export const readKey = async (home: string, kid: string): Promise<Result<SigningKey>> => {
  try {
    const key = await importSigningKey(JSON.parse(readFileSync(keyFile(home, kid), 'utf8')) as PrivateJwk);
    return key.kid === kid ? ok(key) : fail('STORE_UNUSABLE', { why: 'key', kid });
  } catch {
    return fail('STORE_UNUSABLE', { why: 'key', kid });
  }
};

/** Which private keys are on this computer. */
export const privateKeysIn = (home: string): ReadonlySet<string> => {
  try {
    return new Set(readdirSync(folderOf(home)).flatMap((name) => (name.endsWith('.jwk.json') ? [name.slice(0, -'.jwk.json'.length)] : [])));
  } catch {
    return new Set();
  }
};
