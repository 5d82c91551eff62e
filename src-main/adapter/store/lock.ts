import { accessSync, closeSync, constants, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import SQLite from 'better-sqlite3';
import { Refusal } from '../../../src-shared/result.ts';

/** Who has the database of a home open, between processes. A database that holds nothing is the lock, because the operating system lets go of it when its holder dies. */
export type Hold = { readonly release: () => void };

const WAIT_MS = 10_000;
const SHARED = 'BEGIN; SELECT count(*) FROM sqlite_schema';

/** For the owner only, from the first byte. A file that is there is only asked for: a close by hand takes the locks of this whole process from it. */
export const makeOwnFile = (path: string): void => {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    accessSync(path, constants.R_OK | constants.W_OK);
  }
};

const take = (path: string, how: string): SQLite.Database => {
  const file = join(dirname(path), 'set-aside.lock');
  makeOwnFile(file);
  const lock = new SQLite(file, { timeout: WAIT_MS });
  try {
    lock.exec(how);
    return lock;
  } catch (error) {
    lock.close();
    throw error;
  }
};

const holdOn = (lock: SQLite.Database): Hold => ({ release: () => void lock.close() });

/** Held by everybody who has the database open. Null where the disk does not let it be taken: nothing can be set aside there either. */
export const holdOpen = (path: string): Hold | null => {
  try {
    return holdOn(take(path, SHARED));
  } catch {
    return null;
  }
};

/**
 * Runs `work` while nobody has the database open, and holds it open afterwards. Throws `STORE_UNUSABLE` (why: damaged-in-use)
 * when somebody goes on having it.
 */
export const whileNobodyHasItOpen = <T>(path: string, work: () => T): { readonly value: T; readonly hold: Hold } => {
  let lock: SQLite.Database;
  try {
    lock = take(path, 'BEGIN EXCLUSIVE');
  } catch (error) {
    const isTaken = error instanceof SQLite.SqliteError && /^SQLITE_(BUSY|LOCKED)/.test(error.code);
    throw isTaken ? new Refusal('STORE_UNUSABLE', { why: 'damaged-in-use', path }) : error;
  }
  try {
    const value = work();
    lock.exec(`COMMIT; ${SHARED}`);
    return { value, hold: holdOn(lock) };
  } catch (error) {
    lock.close();
    throw error;
  }
};
