import BetterSqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate } from '../../../src-authority/adapter/database.ts';
import { migrations } from '../../../src-authority/adapter/migrations/index.ts';
import { restored } from '../../../src-authority/adapter/migrations/011-restored.ts';

test('a database from before was not restored, and keeps its audit', () => {
  const sqlite = new BetterSqlite(':memory:');
  const at = migrations.indexOf(restored);
  migrate(sqlite, at);
  sqlite.exec(`INSERT INTO audit VALUES (1, 5, NULL, 'operator', 'authority.created', 'aut_1', '{}', 'p', 'h')`);
  const before = sqlite.prepare('SELECT * FROM audit').all();
  migrate(sqlite, at + 1);
  expect(sqlite.prepare('SELECT * FROM audit').all()).toEqual(before);
  expect(sqlite.prepare('SELECT * FROM restoration').all()).toEqual([]);
  sqlite.close();
});
