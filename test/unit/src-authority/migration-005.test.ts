import BetterSqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate } from '../../../src-authority/adapter/database.ts';

test('people are as they were, and their cloud data is in the European Union until they say otherwise', () => {
  const sqlite = new BetterSqlite(':memory:');
  migrate(sqlite, 4);
  sqlite.exec("INSERT INTO user (id, email, name, password, created_at, locale) VALUES ('usr_1', 'a@example.org', 'A', 'hash', 5, 'de')");
  const before = sqlite.prepare('SELECT * FROM user').get() as object;
  migrate(sqlite, 5);
  expect(sqlite.prepare('SELECT * FROM user').all()).toEqual([{ ...before, cluster: 'eu' }]);
  expect(() => sqlite.exec("UPDATE user SET cluster = 'moon'")).toThrow(/CHECK/);
  sqlite.close();
});
