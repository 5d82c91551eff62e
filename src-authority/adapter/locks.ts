import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { fail, ok, Refusal } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';

/**
 * Locks between the processes that work on one home. Each is a database that holds nothing: the operating system lets go of its
 * lock when the process dies.
 */
export type Lock = { readonly release: () => void };

const SHARED = 'BEGIN; SELECT count(*) FROM sqlite_schema';
const EXCLUSIVE = 'BEGIN EXCLUSIVE';

/** For the owner only, from the first byte. A file that is there is not touched: a close by hand takes the locks of this whole process from it. */
const makeOwnFile = (path: string): void => {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
};

const take = (home: string, name: 'serve.lock' | 'set-aside.lock', how: string, timeout: number): Lock => {
  makeOwnFile(join(home, name));
  const file = new BetterSqlite(join(home, name), { timeout });
  try {
    file.exec(how);
    return { release: () => void file.close() };
  } catch (error) {
    file.close();
    throw error;
  }
};

const isTaken = (error: unknown): boolean => error instanceof BetterSqlite.SqliteError && /^SQLITE_(BUSY|LOCKED)/.test(error.code);

/** One `serve` on a home. Throws `CONFLICT` (why: serving) while another one holds it, and what the disk says. */
export const lockServing = (home: string): Lock => {
  try {
    return take(home, 'serve.lock', EXCLUSIVE, 0);
  } catch (error) {
    throw isTaken(error) ? new Refusal('CONFLICT', { why: 'serving', path: home }) : error;
  }
};

const WAIT_MS = 10_000;

/** Held by everybody who has the database open. Null where the disk has no room for it, or cannot be written: nothing can be set aside there either. */
export const holdOpen = (home: string): Lock | null => {
  try {
    return take(home, 'set-aside.lock', SHARED, WAIT_MS);
  } catch {
    return null;
  }
};

/** Runs `work` while nobody has the database open. Errors: `STORE_UNUSABLE` (why: damaged-in-use). Throws what the disk says. */
export const whileNobodyHasItOpen = <T>(home: string, work: () => T): Result<T> => {
  let lock: Lock;
  try {
    lock = take(home, 'set-aside.lock', EXCLUSIVE, WAIT_MS);
  } catch (error) {
    if (isTaken(error)) return fail('STORE_UNUSABLE', { why: 'damaged-in-use', path: home });
    throw error;
  }
  try {
    return ok(work());
  } finally {
    lock.release();
  }
};
