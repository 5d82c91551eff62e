import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from '../own-file.ts';
import type { Kept, KeysetRow, LeaseRow } from '../../licensing/store.ts';

/**
 * `kept/` in the home, verbatim, for the day the database is damaged: the license files of held leases, the accepted keysets,
 * and what this machine wrote and nobody has answered yet: request files, and release proofs with the license file that was
 * given up. Nothing in it is believed: what is read from it is judged again (docs/adr/0013, 0017).
 */
export type KeptFolder = {
  readonly read: () => Omit<Kept, 'newest'>;
  /**
   * Makes the folder hold what the database holds. `remove` false: nothing is taken out, because what is there is still to
   * be read. `thorough` compares contents too, so that a file the disk has spoilt is made good.
   */
  readonly hold: (held: Held, how: { readonly remove: boolean; readonly thorough: boolean }) => void;
};
export type Held = {
  readonly leases: readonly KeptLease[];
  readonly keysets: readonly KeysetRow[];
  readonly proofs: readonly { readonly lease: string; readonly proof: string; readonly text: string; readonly licenseFile: string }[];
  readonly requests: readonly { readonly id: string; readonly text: string }[];
};
export type KeptLease = Pick<LeaseRow, 'id' | 'seq' | 'file' | 'carrier' | 'text'>;

// SECURITY: the ids come out of documents. Their grammar has no separators; a name that would be too long is not kept.
const word = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const leaseName = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.(network|file)\.lklic$/;
const keysetName = /^([0-9]{1,9})\.(named|pinned|update)\.lkkeys$/;
const requestName = /^[A-Za-z0-9_-]+\.lkreq$/;
const proofName = /^([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)\.lkrel$/;
/** What was given up: the name has no carrier, so that it is not taken for a lease that is held. */
const givenUpName = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.lklic$/;
const known = [leaseName, keysetName, requestName, proofName, givenUpName];

export const createKeptFolder = (folder: string): KeptFolder => {
  const names = (): string[] => {
    try {
      return readdirSync(folder).filter((name) => known.some((pattern) => pattern.test(name))).sort();
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
      const proofs: Kept['proofs'][number][] = [];
      const requests: string[] = [];
      for (const name of names()) {
        const text = textOf(name);
        if (text === null) continue;
        const [, carrier] = leaseName.exec(name) ?? [];
        if (carrier !== undefined) licenseFiles.push({ text, carrier: carrier as LeaseRow['carrier'] });
        const [, version, source] = keysetName.exec(name) ?? [];
        if (version !== undefined) keysets.push({ version: Number(version), text, source: source as KeysetRow['source'] });
        const [, given] = proofName.exec(name) ?? [];
        const licenseFile = given === undefined ? null : textOf(`${given}.lklic`);
        if (licenseFile !== null) proofs.push({ text, licenseFile });
        if (requestName.test(name)) requests.push(text);
      }
      return { licenseFiles, keysets: keysets.sort((one, other) => one.version - other.version), proofs, requests };
    },
    hold: ({ leases, keysets, proofs, requests }, { remove, thorough }) => {
      const wanted = new Map<string, string>();
      for (const { id, file, carrier, text } of leases) if (word.test(id) && word.test(file) && text !== '') wanted.set(`${id}.${file}.${carrier}.lklic`, text);
      for (const { lease, proof, text, licenseFile } of proofs) {
        if (!word.test(lease) || !word.test(proof)) continue;
        wanted.set(`${lease}.${proof}.lklic`, licenseFile);
        wanted.set(`${lease}.${proof}.lkrel`, text);
      }
      for (const { id, text } of requests) if (word.test(id)) wanted.set(`${id}.lkreq`, text);
      for (const { version, source, text } of keysets) wanted.set(`${version}.${source}.lkkeys`, text);
      const there = names();
      const present = new Set(there);
      if (wanted.size > 0) mkdirSync(folder, { recursive: true, mode: 0o700 });
      // First what is new, then out with the old: a renewed lease is never without a file.
      for (const [name, text] of wanted) {
        if (present.has(name) && !((thorough || keysetName.test(name)) && textOf(name) !== text)) continue;
        replaceFile(join(folder, name), text, { flush: false });
      }
      if (remove) for (const name of there) if (!wanted.has(name)) rmSync(join(folder, name), { force: true });
    },
  };
};
