import { readFileSync } from 'node:fs';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import type { Seconds } from '../../../src-shared/time.ts';

/**
 * The second copy of what must never go backwards, beside the database: the machine's counter, the highest times seen, and
 * the leases given up whose files have not ended. A database that was restored from a backup is older than it, and by that
 * is noticed before a number is used twice; one that is damaged is begun again without undoing a release.
 */
export type SecondCopy = { readonly seq: number; readonly highest: Seconds; readonly signed: Seconds; readonly released: ReadonlyMap<string, Seconds> };

/** `counter`: the number stands alone on the first line, as it did when there was nothing else; the rest is one line of JSON. */
export type CounterCopy = { readonly read: () => SecondCopy | null; readonly write: (copy: SecondCopy) => void };

const rest = z.strictObject({ v: z.literal(1), highest: z.int().min(0), signed: z.int().min(0), released: z.record(z.string().max(128), z.int()) });

const parseRest = (line: string | undefined): Omit<SecondCopy, 'seq'> => {
  try {
    const { highest, signed, released } = rest.parse(JSON.parse(line ?? ''));
    return { highest, signed, released: new Map(Object.entries(released)) };
  } catch {
    return { highest: 0, signed: 0, released: new Map() };
  }
};

export const createCounterCopy = (path: string): CounterCopy => ({
  read: () => {
    try {
      const [seq = '', line] = readFileSync(path, 'utf8').split('\n');
      return /^[0-9]{1,15}$/.test(seq.trim()) ? { seq: Number(seq), ...parseRest(line) } : null;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  },
  // Not flushed: what a power failure takes from the copy is made good from the database at the next start.
  write: ({ seq, highest, signed, released }) =>
    writeFileAtomic.sync(path, `${seq}\n${JSON.stringify({ v: 1, highest, signed, released: Object.fromEntries(released) })}\n`, { mode: 0o600, fsync: false }),
});
