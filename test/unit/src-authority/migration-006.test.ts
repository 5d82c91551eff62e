import BetterSqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate } from '../../../src-authority/adapter/database.ts';

const tables = ['machine', 'machine_fingerprint', 'machine_document', 'lease', 'license_file', 'receipt'] as const;

const migrated = () => {
  const sqlite = new BetterSqlite(':memory:');
  sqlite.pragma('foreign_keys = ON');
  migrate(sqlite, 5);
  sqlite.exec(`
    INSERT INTO organization (id, name, created_at) VALUES ('o1', 'Northlight', 1);
    INSERT INTO product VALUES ('p', 'P', 'desktop');
    INSERT INTO license VALUES ('l1', 'o1', 'p', NULL, '[]', 'everyone', '["online"]', NULL, NULL, NULL, '{}', 2, 1);
    INSERT INTO machine VALUES ('m1', '{}', 'WS', 'linux', 'app', '{}', 4, 1, 9), ('m2', '{}', 'WS2', 'linux', 'app', '{}', 1, 1, 1);
    INSERT INTO machine_fingerprint (machine, at, fingerprint) VALUES ('m1', 1, '{}');
    INSERT INTO lease VALUES ('a', 'l1', 'm1', NULL, NULL, 1, 'network', 'online', 'expired', 1, 2, 2, 'f', 1, 1, '{}', NULL, NULL, NULL, NULL);
    INSERT INTO license_file (lease, seq, jti, request, request_seq, issued_at, exp, text) VALUES ('a', 1, 'f', 'r', 3, 1, 2, 'file');
    INSERT INTO machine_document (machine, seq, jti, kind, digest, lease, received_at) VALUES ('m1', 3, 'r', 'request', 'd', 'a', 1);
  `);
  const all = (): Record<string, unknown[]> => Object.fromEntries(tables.map((table) => [table, sqlite.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).all()]));
  const before = all();
  migrate(sqlite, 6);
  return { sqlite, before, after: all() };
};

test('the sixth migration keeps every machine and document as it was; nobody is a copy or retired', () => {
  const { sqlite, before, after } = migrated();
  expect(after).toEqual({ ...before, machine: before['machine']?.map((row) => ({ ...(row as object), cloned_at: null, retired_at: null })) });
  expect(sqlite.prepare('SELECT * FROM time_ticket').all()).toEqual([]);
  expect(sqlite.pragma('foreign_key_check')).toEqual([]);
  sqlite.close();
});

test('a number of a machine and a request have one ticket each', () => {
  const { sqlite } = migrated();
  const insert = sqlite.prepare("INSERT INTO time_ticket VALUES (?, ?, ?, 'd', 1, 't')");
  insert.run('m1', 5, 'r1');
  expect(() => insert.run('m1', 5, 'r2')).toThrow(/UNIQUE/);
  expect(() => insert.run('m2', 5, 'r1')).toThrow(/UNIQUE/);
  expect(() => insert.run('m3', 1, 'r3')).toThrow(/FOREIGN KEY/);
  insert.run('m2', 5, 'r2');
  sqlite.close();
});
