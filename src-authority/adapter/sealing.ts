import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import { isFailingDisk } from './signer.ts';

/**
 * Keeps what must be read again (an authenticator app's secret) and what is too short to be hashed alone (codes) from whoever
 * has the database only: the key is a file beside the signing keys. `about` says whose it is and for what; elsewhere it is
 * worth nothing.
 */
export type Sealing = {
  readonly seal: (text: string, about: string) => string;
  /** Throws when it was sealed by another key or about something else. */
  readonly open: (sealed: string, about: string) => string;
  /** A keyed hash. */
  readonly mark: (text: string, about: string) => string;
};

const BYTES = 32;
const NONCE = 12;
const TAG = 16;

export const sealingOf = (key: Uint8Array): Sealing => {
  const part = (name: string) => new Uint8Array(hkdfSync('sha256', key, new Uint8Array(), `latchkey-accounts-v1/${name}`, BYTES));
  const [sealKey, markKey] = [part('seal'), part('mark')];
  return {
    seal: (text, about) => {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv('aes-256-gcm', sealKey, nonce);
      cipher.setAAD(Buffer.from(about));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url');
    },
    open: (sealed, about) => {
      const bytes = Buffer.from(sealed, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', sealKey, bytes.subarray(0, NONCE), { authTagLength: TAG });
      decipher.setAAD(Buffer.from(about));
      decipher.setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
      return Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()]).toString('utf8');
    },
    mark: (text, about) => createHmac('sha256', markKey).update(`${about}\0${text}`).digest('base64url'),
  };
};

const fileIn = (home: string): string => join(home, 'keys', 'accounts.key');

const read = (path: string): Uint8Array | null => {
  try {
    const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64url');
    return key.length === BYTES ? key : null;
  } catch (error) {
    if (isFailingDisk(error)) throw error;
    return null;
  }
};

/** SECURITY: readable by its owner only; there whole or not at all, and never replaced, also when two processes begin at once. */
const create = (path: string): void => {
  mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 });
  const partial = `${path}.${randomBytes(6).toString('hex')}`;
  const file = openSync(partial, 'wx', 0o600);
  try {
    try {
      writeSync(file, `${randomBytes(BYTES).toString('base64url')}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    linkSync(partial, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(partial, { force: true });
  }
};

/**
 * The key of this home; made at first, but not when something has been sealed already (`inUse`): another key would lock
 * everybody out without a word. Errors: `STORE_UNUSABLE` (why: key, disk, full).
 */
export const openSealing = (home: string, inUse: boolean): Result<Sealing> => {
  const path = fileIn(home);
  try {
    const there = read(path);
    if (there) return ok(sealingOf(there));
    if (inUse) return fail('STORE_UNUSABLE', { why: 'key', path });
    create(path);
    const made = read(path);
    return made ? ok(sealingOf(made)) : fail('STORE_UNUSABLE', { why: 'key', path });
  } catch (error) {
    return fail('STORE_UNUSABLE', { why: isFailingDisk(error) ? 'disk' : (error as NodeJS.ErrnoException).code === 'ENOSPC' ? 'full' : 'key', path });
  }
};
