import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { label } from '../../../src-shared/documents/index.ts';
import type { Seconds } from '../../../src-shared/time.ts';
import { replaceFile } from '../own-file.ts';

/**
 * The second copy of what must never go backwards, beside the database: the machine's counter, the highest times seen, the
 * leases given up with the end of the file that was held, and of every other lease the `seq` of the newest file accepted. A
 * database that was restored from a backup is older than it, and by that is noticed before a number is used twice; one that
 * is damaged is begun again without undoing a release or a shorter file, and under the name that the machine had.
 */
export type SecondCopy = {
  readonly seq: number;
  /** The machine's name; empty in a copy written before it stood there, and where it cannot be one. */
  readonly name: string;
  readonly highest: Seconds;
  readonly signed: Seconds;
  readonly released: ReadonlyMap<string, Seconds>;
  readonly held: ReadonlyMap<string, number>;
};

/** `counter`: the number stands alone on the first line, as it did when there was nothing else; the rest is one line of JSON. */
export type CounterCopy = { readonly read: () => SecondCopy | null; readonly write: (copy: SecondCopy) => void };

const byLease = z.record(z.string().max(128), z.int());
/** Version 1 knew nothing of `held`, version 2 nothing of `name`. */
const rest = z.strictObject({ v: z.union([z.literal(1), z.literal(2), z.literal(3)]), name: label.catch(''), highest: z.int().min(0), signed: z.int().min(0), released: byLease, held: byLease.default({}) });

const parseRest = (line: string | undefined): Omit<SecondCopy, 'seq'> => {
  try {
    const { name, highest, signed, released, held } = rest.parse(JSON.parse(line ?? ''));
    return { name, highest, signed, released: new Map(Object.entries(released)), held: new Map(Object.entries(held)) };
  } catch {
    return { name: '', highest: 0, signed: 0, released: new Map(), held: new Map() };
  }
};

export const createCounterCopy = (path: string): CounterCopy => ({
  read: () => {
    try {
      const [seq = '', line] = readFileSync(path, 'utf8').split('\n');
      return /^[0-9]{1,15}$/.test(seq.trim()) ? { seq: Number(seq), ...parseRest(line) } : null;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      // What fails while it is read names no path.
      throw Object.assign(error as NodeJS.ErrnoException, { path });
    }
  },
  // Not flushed: what a power failure takes from the copy is made good from the database at the next start.
  write: ({ seq, name, highest, signed, released, held }) =>
    replaceFile(path, `${seq}\n${JSON.stringify({ v: 3, name, highest, signed, released: Object.fromEntries(released), held: Object.fromEntries(held) })}\n`, { flush: false }),
});
