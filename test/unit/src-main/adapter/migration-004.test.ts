import SQLite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate } from '../../../../src-main/adapter/store/migrations.ts';

test('the fourth migration keeps every lease; nothing is known yet of refusals, and nothing was told of missing renewals', () => {
  const sqlite = new SQLite(':memory:');
  sqlite.pragma('foreign_keys = ON');
  migrate(sqlite, 3);
  sqlite.exec(`
    INSERT INTO document VALUES ('fil_1', 'lse_1', 'file', 5);
    INSERT INTO lease VALUES ('lse_1', 'lic_1', 'stage', 'fil_1', 1, 'file', 5, NULL, 30);
  `);
  const before = sqlite.prepare('SELECT * FROM lease').get() as object;
  migrate(sqlite, 4);
  expect(sqlite.prepare('SELECT * FROM lease').all()).toEqual([{ ...before, unrenewed: null, refusal: null }]);
  expect(sqlite.pragma('foreign_key_check')).toEqual([]);
  sqlite.close();
});
