import { closeSync, existsSync, openSync, readSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import type { Database as Sqlite, Statement } from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { fail, ok, Refusal } from '../../src-shared/result.ts';
import type { Failure, Result } from '../../src-shared/result.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { teachFold } from './fold.ts';
import { answersInPlace } from './prepared.ts';
import { holdOpen, whileNobodyHasItOpen } from './locks.ts';
import type { Lock } from './locks.ts';
import { migrations } from './migrations/index.ts';
import { removeMark, watchSameFile } from './same-file.ts';
import type { Db, Schema, Trx } from './schema.ts';
import { BUSY_TIMEOUT_MS, workTogether } from './together.ts';

export type Database = {
  readonly db: Db;
  /**
   * Runs `work` in a transaction that holds the write lock from its first statement; work that waits at the same time shares
   * the commit. Answers after the commit. What it throws undoes it.
   */
  readonly transact: <T>(work: (trx: Trx) => Promise<T>) => Promise<T>;
  /** Changes whenever another connection, in this process or not, has committed. */
  readonly dataVersion: () => number;
  /**
   * Whether the file at its path is still the one that was opened; a transaction looks by itself, before it begins and before it
   * answers. Throws `STORE_UNUSABLE` (why: replaced).
   */
  readonly checkFile: () => void;
  /** For the process that serves: a database that is copied over this one, into the same file, is noticed from now on. */
  readonly markFile: () => void;
  /** The disk has no room for what processes share: this is the only one, and nothing should be served. */
  readonly isAlone: () => boolean;
  /** A consistent copy, taken while others go on. */
  readonly backup: (path: string) => Promise<void>;
  readonly settings: () => Readonly<Record<'journal_mode' | 'synchronous' | 'foreign_keys' | 'trusted_schema' | 'user_version', string | number>>;
  readonly close: () => Promise<void>;
};

const FULL = 2;

const configure = (sqlite: Sqlite): void => {
  sqlite.pragma('journal_mode = WAL');
  // better-sqlite3 is built so that a WAL database opens with synchronous=NORMAL, which can lose a commit when the power fails.
  sqlite.pragma('synchronous = FULL');
  sqlite.pragma('foreign_keys = ON');
  // SECURITY: a schema that somebody else wrote calls none of our functions.
  sqlite.pragma('trusted_schema = OFF');
  // While it is opened and migrated; then `workTogether` waits.
  sqlite.pragma('busy_timeout = 10000');
  sqlite.pragma('cache_size = -65536');
  // What one piece of work may have to undo is kept beside the transaction (together.ts). In a file of the system's it would be
  // written page by page for every piece, and a full /var/tmp would refuse checkouts. It is never what makes a commit durable.
  sqlite.pragma('temp_store = MEMORY');
  // A page that many commits change is then written to the database once, not once in every few of them.
  sqlite.pragma('wal_autocheckpoint = 4000');
  if (process.platform === 'darwin') sqlite.pragma('fullfsync = ON');
  if (sqlite.pragma('synchronous', { simple: true }) !== FULL || sqlite.pragma('journal_mode', { simple: true }) !== 'wal') {
    throw new Error('SQLite did not take the settings that make a commit durable');
  }
};

/** Brings the schema to `to`, a migration in a transaction each. Exported for the tests of single migrations. */
export const migrate = (sqlite: Sqlite, to: number = migrations.length): void => {
  for (;;) {
    const step = sqlite.transaction((): boolean => {
      // Read inside the transaction: another process may have migrated meanwhile.
      const version = sqlite.pragma('user_version', { simple: true }) as number;
      const next = migrations[version];
      if (version >= to || next === undefined) return false;
      sqlite.exec(next);
      sqlite.pragma(`user_version = ${version + 1}`);
      return true;
    });
    if (!step.immediate()) return;
  }
};

/**
 * The tables that "a seat is free only when ..." rests on: one seat for one machine, one answer for one document. Their indexes
 * are held against their rows, which `quick_check` does not do. Of all tables that takes three times as long as `quick_check`,
 * 10 s of a processor with a million leases; of these, it is 3 s more.
 */
const restsOn = ['seat', 'machine_document', 'receipt'] as const;

const isSound = (sqlite: Sqlite): boolean => {
  const there = new Set(sqlite.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).pluck().all());
  return ['quick_check(1)', ...restsOn.filter((name) => there.has(name)).map((name) => `integrity_check(${name})`)].every((check) => sqlite.pragma(check, { simple: true }) === 'ok');
};

const isDamage = (error: unknown): boolean =>
  error instanceof BetterSqlite.SqliteError && (error.code === 'SQLITE_NOTADB' || error.code.startsWith('SQLITE_CORRUPT'));

/**
 * What the disk or another process kept the database from doing: a full disk, one that fails, a folder that is read-only.
 * Null for what is a defect of ours. Nothing was half done: a transaction that could not be written is undone.
 */
export const storeFailure = (error: unknown, path?: string): Failure | null => {
  if (error instanceof Refusal && error.failure.code === 'STORE_UNUSABLE') return error.failure;
  const { code } = error as { readonly code?: unknown };
  const isStorage = error instanceof BetterSqlite.SqliteError
    ? /^SQLITE_(FULL|IOERR|READONLY|CANTOPEN|BUSY|LOCKED|CORRUPT|NOTADB|PERM|AUTH)/.test(error.code)
    : ['ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'EACCES', 'EPERM'].includes(String(code));
  return isStorage ? fail('STORE_UNUSABLE', { why: String(code), ...(path === undefined ? {} : { path }) }) : null;
};

/** SQLite calls a page corrupt that the disk does not give, in its checks and in any statement. What the disk says when all is read; null: nothing. */
const diskError = (path: string): unknown => {
  const buffer = new Uint8Array(1024 * 1024);
  for (const part of ['', '-wal'].filter((each) => existsSync(path + each))) {
    const file = openSync(path + part, 'r');
    try {
      for (let at = 0, read = -1; read !== 0; at += read) read = readSync(file, buffer, 0, buffer.length, at);
    } catch (error) {
      return error;
    } finally {
      closeSync(file);
    }
  }
  return null;
};

/** Several may have been set aside, also within one second: none takes another's place. */
const moveAside = (path: string, now: Seconds): string => {
  const parts = ['', '-wal', '-shm'];
  const names = Array.from({ length: 1000 }, (_, index) => `${path}.damaged-${now}${index === 0 ? '' : `-${index}`}`);
  const aside = names.find((name) => parts.every((part) => !existsSync(name + part))) ?? `${path}.damaged-${now}-${process.pid}`;
  for (const part of parts) if (existsSync(path + part)) renameSync(path + part, aside + part);
  return aside;
};

/** Keeps each statement that was prepared: Kysely would prepare anew for every query. */
const keepStatements = (sqlite: Sqlite) => {
  const kept = new Map<string, Statement>();
  return {
    prepare: (sql: string): Statement => {
      // A full disk ends a transaction by itself. A rollback that finds none would hide why, so there is nothing to be done then.
      if (sql === 'rollback' && !sqlite.inTransaction) return sqlite.prepare('SELECT 1');
      // A deferred transaction that reads before it writes fails as soon as another process has written in between.
      const text = sql === 'begin' ? 'begin immediate' : sql;
      let statement = kept.get(text);
      if (!statement) {
        if (kept.size >= 500) kept.clear();
        statement = sqlite.prepare(text);
        kept.set(text, statement);
      }
      return statement;
    },
    close: () => sqlite.close(),
  };
};

/**
 * Opens the authority's database and brings it up to date. A damaged one is set aside under another name, never
 * overwritten, and never while another process has it open. Errors: `STORE_UNUSABLE` (why: missing, damaged, damaged-in-use, newer, or what the disk said).
 */
export const openDatabase = (path: string, options: OpenOptions): Result<Database> => {
  const hold = holdOpen(dirname(path));
  let opened: Opened;
  try {
    opened = openSound(path, options);
    // What the disk did not give once, but does now, is not damage.
    if (opened === 'damaged') opened = openSound(path, options);
  } catch (error) {
    hold?.release();
    throw error;
  }
  if (opened === 'damaged') {
    hold?.release();
    return setAside(path, options);
  }
  if (opened.ok) return ok(databaseOn(path, opened.value, hold));
  hold?.release();
  return opened;
};

type OpenOptions = { readonly now: Seconds; readonly create?: boolean };

/** `damaged`: what is there can be read, and is not sound. */
type Opened = Result<Sqlite> | 'damaged';

/** Throws what is a defect of ours. */
const openSound = (path: string, options: OpenOptions): Opened => {
  const opened = openAs(path, options, 'shared');
  return opened !== 'damaged' && !opened.ok && hasNoRoomToShare(opened) ? openAs(path, options, 'alone') : opened;
};

/** SQLite shares its index of the log between processes in a file beside the database, for which a full disk has no room. */
const hasNoRoomToShare = ({ details: { why } }: Failure): boolean => why === 'SQLITE_IOERR_SHMSIZE';

/** `alone`: without that file, and so as the only process: what is only read (a backup to another disk, the audit) works on a full disk, too. */
const openAs = (path: string, options: OpenOptions, how: 'shared' | 'alone'): Opened => {
  if (!options.create && !existsSync(path)) return fail('STORE_UNUSABLE', { why: 'missing', path });
  let sqlite: Sqlite;
  try {
    sqlite = new BetterSqlite(path, { fileMustExist: !options.create });
  } catch (error) {
    const failure = storeFailure(error, path);
    if (failure) return failure;
    throw error;
  }
  try {
    if (how === 'alone') sqlite.pragma('locking_mode = EXCLUSIVE');
    configure(sqlite);
    teachFold(sqlite);
    if (!isSound(sqlite)) throw new BetterSqlite.SqliteError('integrity_check', 'SQLITE_CORRUPT');
    if ((sqlite.pragma('user_version', { simple: true }) as number) > migrations.length) {
      sqlite.close();
      return fail('STORE_UNUSABLE', { why: 'newer', path });
    }
    migrate(sqlite);
    return ok(sqlite);
  } catch (error) {
    sqlite.close();
    const cause = isDamage(error) ? diskError(path) : error;
    if (cause === null) return 'damaged';
    const failure = storeFailure(cause, path);
    if (failure) return failure;
    throw error;
  }
};

/** Another process that found the damage too may have been first; what is there then is looked at again. */
const setAside = (path: string, options: OpenOptions): Result<never> => {
  try {
    const done = whileNobodyHasItOpen(dirname(path), (): Result<never> => {
      const again = openSound(path, options);
      if (again === 'damaged') return fail('STORE_UNUSABLE', { why: 'damaged', path, aside: moveAside(path, options.now) });
      if (!again.ok) return again;
      again.value.close();
      return fail('STORE_UNUSABLE', { why: 'busy', path });
    });
    return done.ok ? done.value : done;
  } catch (error) {
    const failure = storeFailure(error, path);
    if (failure) return failure;
    throw error;
  }
};

const databaseOn = (path: string, sqlite: Sqlite, hold: Lock | null): Database => {
  const sameFile = watchSameFile(path, sqlite);
  sqlite.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
  const statements = keepStatements(sqlite);
  const db = new Kysely<Schema>({ dialect: new SqliteDialect({ database: statements }) });
  const run = (text: string, values: readonly unknown[]): readonly unknown[] => {
    const statement = statements.prepare(text);
    if (statement.reader) return statement.all(values);
    statement.run(values);
    return [];
  };
  const simple = (name: string) => sqlite.pragma(name, { simple: true }) as string | number;
  return {
    db,
    transact: workTogether(db, sqlite, sameFile.check, (trx) => answersInPlace(trx, run)),
    dataVersion: () => simple('data_version') as number,
    checkFile: sameFile.check,
    markFile: sameFile.mark,
    isAlone: () => simple('locking_mode') === 'exclusive',
    backup: async (to) => {
      sameFile.check();
      await sqlite.backup(to);
      removeMark(to);
      sameFile.check();
    },
    settings: () => ({
      journal_mode: simple('journal_mode'),
      synchronous: simple('synchronous'),
      foreign_keys: simple('foreign_keys'),
      trusted_schema: simple('trusted_schema'),
      user_version: simple('user_version'),
    }),
    close: async () => {
      // SQLite would write its log into the file that took the place: what is lost stays lost, and harms nothing.
      if (sameFile.isReplaced()) return;
      await db.destroy();
      if (sqlite.open) sqlite.close();
      sameFile.close();
      hold?.release();
    },
  };
};
