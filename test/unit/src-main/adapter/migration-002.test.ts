import SQLite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate } from '../../../../src-main/adapter/store/migrations.ts';

const tables = ['setting', 'document', 'lease', 'request', 'release', 'keyset', 'entitlement'] as const;

const migrated = () => {
  const sqlite = new SQLite(':memory:');
  sqlite.pragma('foreign_keys = ON');
  migrate(sqlite, 1);
  sqlite.exec(`
    INSERT INTO machine VALUES (1, 'mch_1', 'WS-042', 7, 1780315200);
    INSERT INTO setting VALUES ('authority-url', 'https://x.example');
    INSERT INTO document VALUES ('fil_1', 'lse_1', 'file', 5);
    INSERT INTO lease VALUES ('lse_1', 'lic_1', 'stage', 'fil_1', 1, 'file', 5, NULL, 30);
    INSERT INTO request VALUES
      ('req_1', 'checkout', 'file', 'pending', NULL, 'stage', NULL, 'offline', 30, 3, 9, 'WS-042', 'a.lkreq', 'one'),
      ('req_2', 'renew', 'network', 'answered', 'lic_1', NULL, 'lse_1', 'online', NULL, 4, 9, 'WS-042', 'b.lkreq', 'two'),
      ('req_3', 'checkout', 'file', 'discarded', 'lic_1', NULL, NULL, 'offline', NULL, 4, 9, 'WS-042', 'c.lkreq', 'three');
    INSERT INTO release VALUES ('lse_0', 'lic_1', 'stage', 'Stage', 'org_1', 'Northlight', 'offline', 'user', 1, 2, 'rel_1', 'proof', 'a.lkrel', NULL, NULL, NULL);
    INSERT INTO keyset VALUES (1, 'keys', 'named', 1);
    INSERT INTO entitlement VALUES ('usr_1', 'org_1', 1, '[]');
  `);
  const all = () => Object.fromEntries(tables.map((table) => [table, sqlite.prepare(`SELECT * FROM ${table} ORDER BY 1`).all()]));
  const before = all();
  const machine = sqlite.prepare('SELECT * FROM machine').get() as object;
  migrate(sqlite, 2);
  return { sqlite, before, machine, after: all() };
};

test('the second migration keeps every row; no signed time is known yet, and no document has been refused', () => {
  const { sqlite, before, machine, after } = migrated();
  expect(after).toEqual(before);
  expect(sqlite.prepare('SELECT * FROM machine').all()).toEqual([{ ...machine, signed: 0 }]);
  expect(sqlite.prepare('SELECT * FROM refusal').all()).toEqual([]);
  expect(sqlite.pragma('foreign_key_check')).toEqual([]);
  expect(sqlite.prepare("SELECT sql FROM sqlite_master WHERE name = 'request_pending'").pluck().get()).toContain('request (state, created_at)');
  sqlite.close();
});

test('a request may ask for the time from then on, and for nothing that is not known', () => {
  const { sqlite } = migrated();
  const insert = sqlite.prepare("INSERT INTO request VALUES (?, ?, 'file', 'pending', NULL, NULL, NULL, 'offline', NULL, 3, 9, 'WS-042', 'a.lkreq', 'x')");
  insert.run('req_4', 'time');
  expect(() => insert.run('req_5', 'other')).toThrow(/CHECK/);
  expect(() => insert.run('req_1', 'time')).toThrow(/UNIQUE/);
  sqlite.close();
});
