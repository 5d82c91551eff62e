import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { MachineState } from '../../src-shared/desktop.ts';
import { Refusal } from '../../src-shared/result.ts';
import { replaceFile } from './own-file.ts';
import { storeRefusal } from './store/refusal.ts';

export type SecretName = 'machine-key' | 'session' | 'known';

/** Where secrets are kept. The app seals them with the operating system's keychain; the command line has files only. */
export type Vault = {
  readonly protection: MachineState['protection'];
  readonly read: (name: SecretName) => Promise<string | null>;
  readonly write: (name: SecretName, value: string | null) => Promise<void>;
};

const content = z.strictObject({ v: z.literal(1), sealed: z.enum(['keychain', 'no']), value: z.string() });

/**
 * Secrets as files with mode 0600, in the form that the app writes where there is no keychain, so that both can share a
 * home. One that the app has sealed cannot be opened here: `STORE_UNUSABLE` (why: sealed); one that cannot be read as a
 * secret at all is never replaced: `STORE_UNUSABLE` (why: secret).
 */
export const createFileVault = (folder: string): Vault => {
  const fileOf = (name: SecretName): string => join(folder, `${name}.json`);
  return {
    protection: 'file',
    read: async (name) => {
      let text: string;
      try {
        text = readFileSync(fileOf(name), 'utf8');
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'ENOENT') return null;
        if (code === 'EIO') throw new Refusal('STORE_UNUSABLE', { why: 'disk', name, path: fileOf(name) });
        if (code === 'EACCES' || code === 'EPERM') throw storeRefusal(error);
        throw new Refusal('STORE_UNUSABLE', { why: 'secret', name, path: fileOf(name) });
      }
      const parsed = content.safeParse(parseJson(text));
      if (!parsed.success) throw new Refusal('STORE_UNUSABLE', { why: 'secret', name, path: fileOf(name) });
      if (parsed.data.sealed !== 'no') throw new Refusal('STORE_UNUSABLE', { why: 'sealed', name, path: fileOf(name) });
      return parsed.data.value;
    },
    write: async (name, value) => {
      try {
        if (value === null) rmSync(fileOf(name), { force: true });
        else replaceFile(fileOf(name), JSON.stringify({ v: 1, sealed: 'no', value }));
      } catch (error) {
        throw storeRefusal(error);
      }
    },
  };
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
