import { readFileSync } from 'node:fs';
import writeFileAtomic from 'write-file-atomic';

/**
 * The second copy of the machine's counter, beside the database. A database that was restored from a backup is older than
 * it, and by that is noticed before a number is used twice.
 */
export type CounterCopy = { readonly read: () => number | null; readonly write: (seq: number) => void };

export const createCounterCopy = (path: string): CounterCopy => ({
  read: () => {
    try {
      const text = readFileSync(path, 'utf8').trim();
      return /^[0-9]{1,15}$/.test(text) ? Number(text) : null;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  },
  // Not flushed: what a power failure takes from the copy is made good from the database at the next start.
  write: (seq) => writeFileAtomic.sync(path, `${seq}\n`, { mode: 0o600, fsync: false }),
});
