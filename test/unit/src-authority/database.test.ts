import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrate, openDatabase } from '../../../src-authority/adapter/database.ts';
import { migrations } from '../../../src-authority/adapter/migrations/index.ts';
import { unwrap } from '../../../src-shared/result.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-database-'));
  path = join(folder, 'authority.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (create = true) => unwrap(openDatabase(path, { now: 1000, create }));

test('commits are durable and references are kept, also after the database is opened again', async () => {
  await open().close();
  const database = open(false);
  expect(database.settings()).toEqual({ journal_mode: 'wal', synchronous: 2, foreign_keys: 1, trusted_schema: 0, user_version: migrations.length });
  await database.close();
});

test('a trigger that somebody planted calls none of our functions', async () => {
  await open().close();
  const sqlite = new BetterSqlite(path);
  sqlite.exec('CREATE TRIGGER planted AFTER INSERT ON organization BEGIN SELECT fold(new.name); END');
  sqlite.close();
  const database = open(false);
  await expect(database.db.insertInto('organization').values({ id: 'org_1', name: 'name', created_at: 1 }).execute()).rejects.toThrow(/unsafe use of fold/);
  await database.close();
});

test('the first migration makes strict tables from nothing, and running it again changes nothing', () => {
  const sqlite = new BetterSqlite(path);
  migrate(sqlite, 0);
  expect(sqlite.prepare("SELECT count(*) FROM sqlite_schema WHERE type = 'table'").pluck().get()).toBe(0);
  migrate(sqlite, 1);
  const tables = sqlite.prepare("SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%' ORDER BY name").all() as { name: string; strict: number }[];
  expect(tables.map((table) => table.name)).toEqual([
    'assignment', 'audit', 'authority', 'authority_key', 'keyset', 'lease', 'license', 'license_file', 'machine', 'machine_document', 'machine_fingerprint',
    'member', 'organization', 'product', 'receipt', 'seat', 'session', 'user',
  ]);
  expect(tables.every((table) => table.strict === 1)).toBe(true);
  const before = sqlite.prepare('SELECT sql FROM sqlite_schema ORDER BY name').all();
  migrate(sqlite, 1);
  expect(sqlite.prepare('SELECT sql FROM sqlite_schema ORDER BY name').all()).toEqual(before);
  sqlite.close();
});

test('a seat cannot be held twice: neither one machine two of a license, nor one lease two', () => {
  const sqlite = new BetterSqlite(path);
  migrate(sqlite);
  sqlite.pragma('foreign_keys = OFF');
  const insert = sqlite.prepare('INSERT INTO seat (license, machine, lease, busy_until) VALUES (?, ?, ?, 5)');
  insert.run('l1', 'm1', 'a');
  expect(() => insert.run('l1', 'm1', 'b')).toThrow(/UNIQUE/);
  expect(() => insert.run('l1', 'm2', 'a')).toThrow(/UNIQUE/);
  expect(() => insert.run('l1', null, null)).toThrow(/CHECK/);
  expect(() => insert.run('l2', 'm1', 'c')).not.toThrow();
  sqlite.close();
});

test('audit rows can be neither changed nor deleted', () => {
  const sqlite = new BetterSqlite(path);
  migrate(sqlite);
  sqlite.exec("INSERT INTO audit VALUES (1, 1, NULL, 'a', 'b', 'c', '{}', '0', '1')");
  expect(() => sqlite.exec("UPDATE audit SET actor = 'x'")).toThrow(/never changed/);
  expect(() => sqlite.exec('DELETE FROM audit')).toThrow(/never deleted/);
  sqlite.close();
});

test('a file that is no database is set aside with its content, and not overwritten', () => {
  writeFileSync(path, 'this is somebody’s thesis '.repeat(100));
  const result = openDatabase(path, { now: 1234 });
  expect(result).toMatchObject({ ok: false, code: 'STORE_UNUSABLE', details: { why: 'damaged', aside: `${path}.damaged-1234` } });
  expect(existsSync(path)).toBe(false);
  expect(readFileSync(`${path}.damaged-1234`, 'utf8')).toContain('thesis');
});

test('a database with damaged pages is refused and set aside', async () => {
  const database = open();
  await database.db.insertInto('organization').values(Array.from({ length: 2000 }, (_, at) => ({ id: `org_${at}`, name: `name ${at}`, created_at: 1 }))).execute();
  await database.close();
  const bytes = readFileSync(path);
  for (let at = 4096 * 20; at < 4096 * 60 && at < bytes.length; at += 1) bytes[at] = 0x5a;
  writeFileSync(path, bytes);
  expect(openDatabase(path, { now: 7 })).toMatchObject({ ok: false, code: 'STORE_UNUSABLE', details: { why: 'damaged' } });
  expect(readdirSync(folder).filter((name) => name.startsWith('authority.db.damaged-7')).length).toBeGreaterThan(0);
});

/** With a tool, as somebody would: an index that leaves out the rows that `work` writes. */
const unindexed = (index: string, work: (sqlite: BetterSqlite.Database) => void): void => {
  const schema = (change: (sqlite: BetterSqlite.Database) => void): void => {
    const sqlite = new BetterSqlite(path);
    sqlite.unsafeMode(true);
    sqlite.pragma('foreign_keys = OFF');
    change(sqlite);
    sqlite.close();
  };
  const was = (() => {
    const sqlite = new BetterSqlite(path);
    const sql = sqlite.prepare('SELECT sql FROM sqlite_schema WHERE name = ?').pluck().get(index) as string;
    sqlite.close();
    return sql;
  })();
  const set = (sql: string) => schema((sqlite) => {
    sqlite.pragma('writable_schema = ON');
    sqlite.prepare('UPDATE sqlite_schema SET sql = ? WHERE name = ?').run(sql, index);
  });
  set(was.replace(/WHERE .*$/, "WHERE license = 'none'"));
  schema(work);
  set(was);
};
const quickCheck = (): unknown => {
  const sqlite = new BetterSqlite(path);
  try {
    return sqlite.pragma('quick_check', { simple: true });
  } finally {
    sqlite.close();
  }
};
const setAsideAs = (name: string) => ({ ok: false, code: 'STORE_UNUSABLE', details: { why: 'damaged', path, aside: `${path}.damaged-${name}` } });

test('a database whose seats are not all in their index, which would give one machine two of them, is set aside', async () => {
  await open().close();
  const seat = (sqlite: BetterSqlite.Database, id: number) => sqlite.prepare("INSERT INTO seat VALUES (?, 'lic_1', 'mch_1', ?, 900)").run(id, `lse_${id}`);
  unindexed('seat_of_machine', (sqlite) => {
    seat(sqlite, 1);
    seat(sqlite, 2);
  });
  // What is usually looked at says nothing of it.
  expect(quickCheck()).toBe('ok');
  expect(openDatabase(path, { now: 7 })).toEqual(setAsideAs('7'));
});

test('a database that finds an answered document under another name is set aside', async () => {
  await open().close();
  const sqlite = new BetterSqlite(path);
  sqlite.pragma('foreign_keys = OFF');
  sqlite.exec("INSERT INTO machine_document VALUES ('mch_1', 1, 'req_one', 'request', 'digest', 'lse_1', 1)");
  sqlite.pragma('wal_checkpoint(TRUNCATE)');
  sqlite.close();
  // An index holds its own column first, then the key of the table.
  const bytes = readFileSync(path);
  const at = bytes.indexOf('req_onemch_1');
  expect(at).toBeGreaterThan(0);
  bytes.write('req_two', at);
  writeFileSync(path, bytes);
  expect(quickCheck()).toBe('ok');
  expect(openDatabase(path, { now: 8 })).toEqual(setAsideAs('8'));
});

test('a missing database and one of a later version are refused and stay as they are', async () => {
  expect(openDatabase(path, { now: 1 })).toMatchObject({ ok: false, code: 'STORE_UNUSABLE', details: { why: 'missing' } });
  await open().close();
  const sqlite = new BetterSqlite(path);
  sqlite.pragma(`user_version = ${migrations.length + 1}`);
  sqlite.close();
  expect(openDatabase(path, { now: 1 })).toMatchObject({ ok: false, code: 'STORE_UNUSABLE', details: { why: 'newer' } });
  expect(existsSync(path)).toBe(true);
});

test('a transaction that has read holds off other writers until it has written', async () => {
  const one = open();
  const other = open(false);
  const rename = (database: typeof one, from: string) =>
    database.transact(async (trx) => {
      const row = await trx.selectFrom('organization').select('name').where('id', '=', 'org').executeTakeFirst();
      await trx.updateTable('organization').set({ name: `${row?.name ?? ''}${from}` }).where('id', '=', 'org').execute();
    });
  await one.db.insertInto('organization').values({ id: 'org', name: '', created_at: 1 }).execute();
  for (let round = 0; round < 5; round += 1) {
    await rename(one, 'a');
    await rename(other, 'b');
  }
  expect((await one.db.selectFrom('organization').select('name').executeTakeFirstOrThrow()).name).toBe('ababababab');
  await one.close();
  await other.close();
});
