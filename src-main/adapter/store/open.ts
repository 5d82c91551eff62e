import { closeSync, existsSync, openSync, renameSync } from 'node:fs';
import SQLite from 'better-sqlite3';
import type { Database } from 'better-sqlite3';
import { Refusal } from '../../../src-shared/result.ts';
import { migrate, migrations } from './migrations.ts';

const BUSY_TIMEOUT_MS = 10_000;

/**
 * Opens a database as design.md section 8 says, on every open: better-sqlite3 reopens a WAL database with
 * `synchronous=NORMAL`, which can lose a commit when the power fails.
 */
export const openDatabase = (path: string): Database => {
  // SQLite gives its -wal and -shm files the mode of the database: for the owner only, from the first byte.
  closeSync(openSync(path, 'a', 0o600));
  const database = new SQLite(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.pragma('foreign_keys = ON');
    database.pragma('trusted_schema = OFF');
    if (process.platform === 'darwin') database.pragma('fullfsync = ON');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
};

const isDamage = (error: unknown): boolean =>
  error instanceof SQLite.SqliteError && (error.code === 'SQLITE_NOTADB' || error.code.startsWith('SQLITE_CORRUPT'));

/** A database that can be used, and where a damaged one was put, if there was one. */
export const openOrSetAside = (path: string, stamp: () => string): { readonly database: Database; readonly setAside: string | null } => {
  try {
    return { database: openChecked(path), setAside: null };
  } catch (error) {
    if (!isDamage(error)) throw storeRefusal(error);
    const aside = `${path}.damaged-${stamp()}`;
    for (const suffix of ['', '-wal', '-shm']) {
      if (existsSync(`${path}${suffix}`)) renameSync(`${path}${suffix}`, `${aside}${suffix}`);
    }
    return { database: openChecked(path), setAside: aside };
  }
};

const openChecked = (path: string): Database => {
  const existed = existsSync(path);
  const database = openDatabase(path);
  try {
    if (existed && database.pragma('quick_check(1)', { simple: true }) !== 'ok') throw new SQLite.SqliteError('quick_check', 'SQLITE_CORRUPT');
    const version = database.pragma('user_version', { simple: true }) as number;
    if (version > migrations.length) throw new Refusal('STORE_UNUSABLE', { why: 'newer', schema: version, known: migrations.length });
    migrate(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
};

/** What the database cannot do becomes a code; what is not the database's is thrown on. */
export const storeRefusal = (error: unknown): unknown => {
  if (error instanceof SQLite.SqliteError) return new Refusal('STORE_UNUSABLE', { why: error.code });
  const code = (error as NodeJS.ErrnoException).code;
  return typeof code === 'string' && /^E[A-Z]+$/.test(code) ? new Refusal('STORE_UNUSABLE', { why: code }) : error;
};
