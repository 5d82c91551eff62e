import { closeSync, existsSync, openSync, readSync, renameSync } from 'node:fs';
import SQLite from 'better-sqlite3';
import type { Database } from 'better-sqlite3';
import { Refusal } from '../../../src-shared/result.ts';
import type { Failure } from '../../../src-shared/result.ts';
import { whyOf } from '../../../src-shared/whys.ts';
import { holdOpen, makeOwnFile, whileNobodyHasItOpen } from './lock.ts';
import type { Hold } from './lock.ts';
import { migrate, migrations } from './migrations.ts';
import { refuseLink } from '../own-file.ts';
import { openInMemory } from './memory.ts';
import { isFull, storeRefusal } from './refusal.ts';

const BUSY_TIMEOUT_MS = 10_000;

/**
 * Opens a database as design.md section 8 says, on every open: better-sqlite3 reopens a WAL database with
 * `synchronous=NORMAL`, which can lose a commit when the power fails.
 */
export const openDatabase = (path: string): Database => {
  // SQLite gives its -wal and -shm files the mode of the database.
  refuseLink(path);
  makeOwnFile(path);
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

/** SQLITE_ERROR: what it was asked first cannot be answered, so its schema or its format is not ours. */
const isDamage = (error: unknown): boolean =>
  error instanceof SQLite.SqliteError && (['SQLITE_NOTADB', 'SQLITE_ERROR'].includes(error.code) || error.code.startsWith('SQLITE_CORRUPT'));

/** Byte 18 of the header, the format that is written: one above 2 is opened for reading only, and nothing more is said. */
const isSealed = (path: string): boolean => {
  const header = new Uint8Array(20);
  const file = openSync(path, 'r');
  try {
    return readSync(file, header, 0, 20, 0) === 20 && (header[18] ?? 0) > 2;
  } finally {
    closeSync(file);
  }
};

/** A disk without room is asked for a commit now: it would refuse the first one that is needed. */
const cannotWrite = (database: Database, path: string): Refusal | null => {
  if (!isFull(path)) return null;
  try {
    database.transaction(() => database.prepare('UPDATE machine SET highest = highest').run()).immediate();
    return null;
  } catch (error) {
    const refusal = storeRefusal(error, path);
    return refusal instanceof Refusal ? refusal : null;
  }
};

const readOnly = (path: string, { failure }: Refusal, prepare: (database: Database) => void): Opened | null => {
  if (!['full', 'read-only', 'foreign-file'].includes(whyOf(failure.code, failure.details) ?? '')) return null;
  let database: Database;
  try {
    database = openInMemory(path);
  } catch {
    return null;
  }
  try {
    if (database.pragma('integrity_check(1)', { simple: true }) !== 'ok' || versionOf(database) > migrations.length) throw damage('memory');
    migrate(database);
    prepare(database);
    return { database, setAside: null, unsaved: failure, close: () => void database.close() };
  } catch {
    database.close();
    return null;
  }
};

const parts = ['', '-wal', '-shm'] as const;

export type Opened = {
  readonly database: Database;
  /** Where a damaged one was put, if there was one. */
  readonly setAside: string | null;
  /** Why nothing that is written lasts, where the database is a copy in memory. */
  readonly unsaved: Failure | null;
  /** Closes it, and tells other processes so. */
  readonly close: () => void;
};

const opened = (database: Database, setAside: string | null, hold: Hold | null): Opened => ({
  database, setAside, unsaved: null,
  close: () => {
    database.close();
    hold?.release();
  },
});

/** A database that can be used. A damaged one is set aside, but not while another process has it open: `STORE_UNUSABLE` (why: damaged-in-use). */
export const openOrSetAside = (
  path: string,
  stamp: () => string,
  /** Prepares what will be asked of it: a schema that cannot answer is not ours, and so is damage. */
  prepare: (database: Database) => void,
  /** Whether one that can be read and not written is used from memory. */
  fromMemory: boolean,
): Opened => {
  const first = holdOpen(path);
  try {
    const database = openChecked(path, prepare);
    const problem = fromMemory ? cannotWrite(database, path) : null;
    if (problem === null) return opened(database, null, first);
    database.close();
    throw problem;
  } catch (error) {
    first?.release();
    const refusal = error instanceof Refusal ? error : storeRefusal(error, path);
    const copy = fromMemory && refusal instanceof Refusal ? readOnly(path, refusal, prepare) : null;
    if (copy) return copy;
    if (!isDamage(error)) throw refusal;
  }
  try {
    const { value, hold } = whileNobodyHasItOpen(path, () => {
      // Another process that started at the same time may have done it already.
      try {
        return { database: openChecked(path, prepare), setAside: null };
      } catch (error) {
        if (!isDamage(error)) throw error;
        readThrough(path);
        const setAside = moveAside(path, stamp());
        return { database: openChecked(path, prepare), setAside };
      }
    });
    return opened(value.database, value.setAside, hold);
  } catch (error) {
    throw storeRefusal(error, path);
  }
};

/** SQLite calls a page corrupt that the disk does not give, in its checks and in any statement: such a database is not damaged. Throws what the disk says. */
const readThrough = (path: string): void => {
  const buffer = new Uint8Array(1024 * 1024);
  for (const part of ['', '-wal'].filter((each) => existsSync(`${path}${each}`))) {
    const file = openSync(`${path}${part}`, 'r');
    try {
      for (let at = 0, read = -1; read !== 0; at += read) read = readSync(file, buffer, 0, buffer.length, at);
    } finally {
      closeSync(file);
    }
  }
};

/** Several may have been set aside, also within one second: none takes another's place. */
const moveAside = (path: string, stamp: string): string => {
  const isFree = (name: string): boolean => parts.every((part) => !existsSync(`${name}${part}`));
  const aside = Array.from({ length: 1000 }, (_, index) => `${path}.damaged-${stamp}${index === 0 ? '' : `-${index}`}`).find(isFree) ?? `${path}.damaged-${stamp}-${process.pid}`;
  for (const part of parts) if (existsSync(`${path}${part}`)) renameSync(`${path}${part}`, `${aside}${part}`);
  return aside;
};

const openChecked = (path: string, prepare: (database: Database) => void): Database => {
  const existed = existsSync(path);
  // Before SQLite opens it: what is opened and closed by hand takes the locks of this process from the file.
  if (existed && isSealed(path)) throw damage('format');
  const database = openDatabase(path);
  try {
    // Not `quick_check`: an index that has lost a row would hide a release.
    if (existed && database.pragma('integrity_check(1)', { simple: true }) !== 'ok') throw damage('integrity_check');
    const version = versionOf(database);
    if (version > migrations.length) throw new Refusal('STORE_UNUSABLE', { why: 'newer', schema: version, known: migrations.length });
    migrate(database);
    prepare(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
};

const damage = (message: string): unknown => new SQLite.SqliteError(message, 'SQLITE_CORRUPT');

/** The version stands twice in the header, so that a flipped bit is not taken for a newer program. */
const versionOf = (database: Database): number => {
  const version = database.pragma('user_version', { simple: true }) as number;
  const again = database.pragma('application_id', { simple: true }) as number;
  if (again !== 0 && again !== version) throw damage('version');
  return version;
};
