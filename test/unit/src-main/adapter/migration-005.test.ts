import SQLite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate } from '../../../../src-main/adapter/store/migrations.ts';

test('the fifth migration keeps every row, and no lease is one of a run only', () => {
  const sqlite = new SQLite(':memory:');
  sqlite.pragma('foreign_keys = ON');
  migrate(sqlite, 4);
  sqlite.exec(`
    INSERT INTO machine VALUES (1, 'mch_1', 'WS-042', 7, 1780315200, 0);
    INSERT INTO document VALUES ('fil_1', 'lse_1', 'file', 5);
    INSERT INTO lease VALUES ('lse_1', 'lic_1', 'stage', 'fil_1', 1, 'network', 5, NULL, 30, NULL, NULL);
    INSERT INTO request VALUES ('req_1', 'checkout', 'network', 'answered', 'lic_1', NULL, NULL, 'online', NULL, 3, 9, 'WS-042', 'a.lkreq', 'one');
    INSERT INTO tombstone VALUES ('lse_0', 9);
  `);
  const all = () => Object.fromEntries(['machine', 'document', 'lease', 'request', 'tombstone'].map((table) => [table, sqlite.prepare(`SELECT * FROM ${table}`).all()]));
  const before = all();
  migrate(sqlite, 5);
  expect(all()).toEqual(before);
  expect(sqlite.prepare('SELECT * FROM run').all()).toEqual([]);
  sqlite.close();
});
