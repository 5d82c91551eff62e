import { generateKeyPairSync } from 'node:crypto';
import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
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

export const keysFolder = (home: string): string => join(home, 'keys');
const keyFile = (home: string, kid: string): string => join(keysFolder(home), `${kid}.jwk.json`);

/** A file that is there, whole perhaps, and not to be had now: nothing to replace it for. */
export const isFailingDisk = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'EIO';

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
  mkdirSync(keysFolder(home), { recursive: true, mode: 0o700 });
  const path = keyFile(home, kid);
  const file = openSync(path, 'wx', 0o600);
  try {
    try {
      writeSync(file, `${JSON.stringify(jwk)}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    syncFolder(keysFolder(home));
  } catch (error) {
    // Nothing names it yet: half a key would only be in the way.
    rmSync(path, { force: true });
    throw error;
  }
};

/**
 * SECURITY: the files of private keys are for their owner only. What a copy or a restore has left wider open is narrowed where it
 * is this user's; the names of those that are not, or cannot be changed where they lie (a volume that is read-only), come back.
 */
export const narrowKeys = (home: string): readonly string[] => {
  if (process.platform === 'win32') return [];
  const isOpen = (name: string): boolean => {
    const path = join(keysFolder(home), name);
    try {
      const { mode, uid } = statSync(path);
      if ((mode & 0o077) === 0) return false;
      if (uid !== process.getuid?.()) return true;
      chmodSync(path, 0o600);
      return false;
    } catch {
      return true;
    }
  };
  try {
    return readdirSync(keysFolder(home)).filter((name) => name.endsWith('.key') || name.endsWith('.jwk.json')).filter(isOpen);
  } catch {
    // Whoever reads a key from it says what that means.
    return [];
  }
};

/** Errors: `STORE_UNUSABLE` (why: key when its file is missing or is not that key, disk when it cannot be read). */
export const readKey = async (home: string, kid: string): Promise<Result<SigningKey>> => {
  try {
    const key = await importSigningKey(JSON.parse(readFileSync(keyFile(home, kid), 'utf8')) as PrivateJwk);
    return key.kid === kid ? ok(key) : fail('STORE_UNUSABLE', { why: 'key', kid });
  } catch (error) {
    return fail('STORE_UNUSABLE', { why: isFailingDisk(error) ? 'disk' : 'key', kid });
  }
};

/** Which private keys are on this computer. */
export const privateKeysIn = (home: string): ReadonlySet<string> => {
  try {
    return new Set(readdirSync(keysFolder(home)).flatMap((name) => (name.endsWith('.jwk.json') ? [name.slice(0, -'.jwk.json'.length)] : [])));
  } catch (error) {
    if (isFailingDisk(error)) throw error;
    return new Set();
  }
};
