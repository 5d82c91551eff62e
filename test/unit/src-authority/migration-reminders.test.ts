import BetterSqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate } from '../../../src-authority/adapter/database.ts';
import { migrations } from '../../../src-authority/adapter/migrations/index.ts';
import { reminders } from '../../../src-authority/adapter/migrations/013-reminders.ts';

test('a reminder of one step to one person is kept once, and none is known at first', () => {
  const sqlite = new BetterSqlite(':memory:');
  const number = migrations.indexOf(reminders) + 1;
  migrate(sqlite, number - 1);
  expect(sqlite.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'reminder'`).all()).toEqual([]);
  migrate(sqlite, number);
  expect(sqlite.prepare('SELECT * FROM reminder').all()).toEqual([]);
  const insert = sqlite.prepare(`INSERT INTO reminder (kind, subject, until, step, user) VALUES ('lease', 'lse_1', 9, ?, 'usr_1')`);
  insert.run(14);
  insert.run(3);
  expect(() => insert.run(14)).toThrow(/UNIQUE/);
  sqlite.close();
});
