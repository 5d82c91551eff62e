import { randomInt } from 'node:crypto';
import { closeSync, fsyncSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import type { Database as Sqlite } from 'better-sqlite3';
import { Refusal } from '../../src-shared/result.ts';

/**
 * Whether the database at a path is still the file that was opened. SQLite does not look: after a backup is put in its place,
 * a process goes on in a file without a name, while the next one begins in the new file.
 */
export type SameFile = {
  /** Throws `STORE_UNUSABLE` (why: replaced), from then on always. */
  readonly check: () => void;
  readonly isReplaced: () => boolean;
  /** Puts a number into the database, so that one that is copied over it, into the same file, is noticed too. For the process that serves. */
  readonly mark: () => void;
  readonly close: () => void;
};

const identityOf = (path: string): string => {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat ? `${stat.dev}:${stat.ino}` : '';
};

/** `application_id`, four bytes of the header (https://sqlite.org/fileformat2.html#application_id). */
const MARK = { at: 68, length: 4 } as const;

const markIn = (handle: number): number => {
  const bytes = Buffer.alloc(MARK.length);
  return readSync(handle, bytes, 0, MARK.length, MARK.at) === MARK.length ? bytes.readInt32BE() : 0;
};

export const watchSameFile = (path: string, sqlite: Sqlite): SameFile => {
  const file = identityOf(path);
  // There from the first statement on, until the last process closes the database.
  let log = '';
  const isOther = (): boolean => {
    const now = identityOf(`${path}-wal`);
    log ||= now;
    return now !== log || identityOf(path) !== file;
  };
  isOther();
  let replaced = false;
  // Kept open until SQLite has closed its own: a close by hand would take the locks of this process from the file.
  let marked: { readonly handle: number; readonly mark: number | null } | null = null;
  return {
    check: () => {
      replaced ||= isOther() || (marked !== null && marked.mark !== null && markIn(marked.handle) !== marked.mark);
      if (replaced) throw new Refusal('STORE_UNUSABLE', { why: 'replaced', path });
    },
    isReplaced: () => replaced,
    mark: () => {
      const mark = randomInt(1, 0x7fff_ffff);
      sqlite.pragma(`application_id = ${mark}`);
      sqlite.pragma('wal_checkpoint(TRUNCATE)');
      const handle = openSync(path, 'r');
      // A reader may keep the mark from the file; it gets there later, and there is nothing to compare with.
      marked = { handle, mark: markIn(handle) === mark ? mark : null };
    },
    close: () => {
      if (marked) closeSync(marked.handle);
    },
  };
};

/** A backup carries no mark: put in the place of the database, it shows. */
export const removeMark = (path: string): void => {
  const file = openSync(path, 'r+');
  try {
    writeSync(file, Buffer.alloc(MARK.length), 0, MARK.length, MARK.at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
};
