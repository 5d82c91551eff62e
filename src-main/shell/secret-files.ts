import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { chmod, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Refusal } from '../../src-shared/result.ts';

/** The operating system's sealing of text. */
export type Keychain = {
  /** What seals: a key that the system keeps, none that protects anything, or one that the system refuses. */
  readonly state: 'keychain' | 'none' | 'refused';
  /** False where its key may be gone after this run: on Windows it is kept in Electron's profile, which is then one in passing. */
  readonly lasts?: boolean;
  readonly encrypt: (text: string) => Promise<Uint8Array>;
  /** Throws `KeychainAway` where the key exists and cannot be had now. */
  readonly decrypt: (bytes: Uint8Array) => Promise<{ readonly text: string; readonly again: boolean }>;
};

export class KeychainAway extends Error {
  constructor(options?: ErrorOptions) {
    super('The keychain cannot be used now', options);
    this.name = 'KeychainAway';
  }
}

export type SecretName = 'machine-key' | 'session' | 'known';

/**
 * Secrets, each in a file of its own with mode 0600, sealed by the operating system where it can. A secret that was
 * written while there was no keychain is sealed when it is next read with one.
 */
export type SecretFiles = {
  readonly protection: 'keychain' | 'file';
  /**
   * Null when there is none. A session that its keychain does not open now, or whose file is damaged, is none: the person
   * signs in again. The machine's key is never taken for missing, or another would be made. Errors: `STORE_UNUSABLE` (why: sealed, where
   * its keychain is away; keychain-refused; keychain-changed, where another one is there; secret, for a file that cannot be read as one).
   */
  readonly read: (name: SecretName) => Promise<string | null>;
  /** Errors: `STORE_UNUSABLE` (why: keychain-refused, or what the disk says). */
  readonly write: (name: SecretName, value: string | null) => Promise<void>;
};

const content = z.strictObject({ v: z.literal(1), sealed: z.enum(['keychain', 'no']), value: z.string() });
type Content = z.infer<typeof content>;

export const createSecretFiles = (folder: string, keychain: Keychain): SecretFiles => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const fileOf = (name: SecretName): string => join(folder, `${name}.json`);
  const { lasts = true } = keychain;

  const sealed = async (value: string): Promise<string> => {
    try {
      return Buffer.from(await keychain.encrypt(value)).toString('base64');
    } catch (cause) {
      throw refused(cause);
    }
  };

  const write = async (name: SecretName, value: string): Promise<void> => {
    // A machine begins only where its key is kept as well as it can be; what was begun without a keychain goes on so.
    if (name === 'machine-key' && (keychain.state === 'refused' || !lasts)) throw refused(null);
    const file: Content = keychain.state === 'keychain' ? { v: 1, sealed: 'keychain', value: await sealed(value) } : { v: 1, sealed: 'no', value };
    await replace(fileOf(name), JSON.stringify(file));
  };

  const unseal = async (name: SecretName, value: string): Promise<string> => {
    const { text, again } = await keychain.decrypt(Buffer.from(value, 'base64')).catch((cause: unknown) => {
      throw new Refusal('STORE_UNUSABLE', { why: whyClosed(keychain.state, cause), name });
    });
    // The system has a better key by now; or what sealed it is what everyone has, and then it is not called sealed.
    if (lasts && (again || keychain.state === 'none')) await ifPossible(() => write(name, text));
    return text;
  };

  const keep = async (name: SecretName, value: string | null): Promise<void> => {
    try {
      await (value === null ? rm(fileOf(name), { force: true }) : write(name, value));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw typeof code === 'string' && /^E[A-Z]+$/.test(code) ? new Refusal('STORE_UNUSABLE', { why: code }) : error;
    }
  };

  return {
    protection: keychain.state === 'keychain' ? 'keychain' : 'file',
    async read(name) {
      const text = await readOrNull(fileOf(name));
      if (text === null) return null;
      const parsed = content.safeParse(parseJson(text));
      if (!parsed.success) {
        if (name !== 'machine-key') return null;
        throw new Refusal('STORE_UNUSABLE', { why: 'secret', name });
      }
      const file = parsed.data;
      if (file.sealed === 'keychain') return name === 'machine-key' ? unseal(name, file.value) : unseal(name, file.value).catch(() => null);
      if (lasts && keychain.state === 'keychain') await ifPossible(() => write(name, file.value));
      return file.value;
    },
    write: keep,
  };
};

const refused = (cause: unknown): Refusal => Object.assign(new Refusal('STORE_UNUSABLE', { why: 'keychain-refused' }), { cause });

const whyClosed = (state: Keychain['state'], cause: unknown) => {
  if (state === 'refused') return 'keychain-refused';
  return state === 'none' || cause instanceof KeychainAway ? 'sealed' : 'keychain-changed';
};

/** What is read is good also where it cannot be sealed anew now: on a full or read-only disk, or where the keychain refuses. */
const ifPossible = async (work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Refusal) && !/^E[A-Z]+$/.test((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

const readOrNull = async (path: string): Promise<string | null> => {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    if (code === 'EIO') throw new Refusal('STORE_UNUSABLE', { why: 'disk' });
    throw error;
  }
};

/** Whole or not at all, also when the power fails: a machine without its key is another machine. */
const replace = async (path: string, text: string): Promise<void> => {
  const next = `${path}.${randomUUID()}`;
  const file = await open(next, 'wx', 0o600);
  try {
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(next, path);
  } catch (error) {
    await rm(next, { force: true });
    throw error;
  }
  // The mode given at creation is narrowed by umask only; a file that was there before may have been wider.
  await chmod(path, 0o600);
};
