import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Kept, KeysetRow, LeaseRow } from '../../licensing/store.ts';

/**
 * `kept/` in the home: the license files of held leases and the accepted keysets, verbatim, for the day the database is
 * damaged. Nothing in it is believed: what is read from it goes through the same door as any file (docs/adr/0013).
 */
export type KeptFolder = {
  readonly read: () => Omit<Kept, 'newest'>;
  /**
   * Makes the folder hold what the database holds. `remove` false: nothing is taken out, because what is there is still to
   * be read. `thorough` compares contents too, so that a file the disk has spoilt is made good.
   */
  readonly hold: (held: { readonly leases: readonly KeptLease[]; readonly keysets: readonly KeysetRow[] }, how: { readonly remove: boolean; readonly thorough: boolean }) => void;
};
export type KeptLease = Pick<LeaseRow, 'id' | 'seq' | 'file' | 'carrier' | 'text'>;

// SECURITY: the ids come out of documents. Their grammar has no separators; a name that would be too long is not kept.
const word = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const leaseName = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.(network|file)\.lklic$/;
const keysetName = /^([0-9]{1,9})\.(named|pinned|update)\.lkkeys$/;

export const createKeptFolder = (folder: string): KeptFolder => {
  const names = (): string[] => {
    try {
      return readdirSync(folder).filter((name) => leaseName.test(name) || keysetName.test(name)).sort();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  };
  const textOf = (name: string): string | null => {
    try {
      return readFileSync(join(folder, name), 'utf8');
    } catch {
      return null;
    }
  };
  return {
    read: () => {
      const licenseFiles: Kept['licenseFiles'][number][] = [];
      const keysets: Kept['keysets'][number][] = [];
      for (const name of names()) {
        const text = textOf(name);
        if (text === null) continue;
        const [, carrier] = leaseName.exec(name) ?? [];
        if (carrier !== undefined) licenseFiles.push({ text, carrier: carrier as LeaseRow['carrier'] });
        const [, version, source] = keysetName.exec(name) ?? [];
        if (version !== undefined) keysets.push({ version: Number(version), text, source: source as KeysetRow['source'] });
      }
      return { licenseFiles, keysets: keysets.sort((one, other) => one.version - other.version) };
    },
    hold: ({ leases, keysets }, { remove, thorough }) => {
      const wanted = new Map<string, string>();
      for (const { id, file, carrier, text } of leases) if (word.test(id) && word.test(file) && text !== '') wanted.set(`${id}.${file}.${carrier}.lklic`, text);
      for (const { version, source, text } of keysets) wanted.set(`${version}.${source}.lkkeys`, text);
      const there = names();
      const present = new Set(there);
      if (wanted.size > 0) mkdirSync(folder, { recursive: true, mode: 0o700 });
      // First what is new, then out with the old: a renewed lease is never without a file.
      for (const [name, text] of wanted) {
        if (present.has(name) && !((thorough || keysetName.test(name)) && textOf(name) !== text)) continue;
        writeFileAtomic.sync(join(folder, name), text, { mode: 0o600, fsync: false });
      }
      if (remove) for (const name of there) if (!wanted.has(name)) rmSync(join(folder, name), { force: true });
    },
  };
};
