import BetterSqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate } from '../../../src-authority/adapter/database.ts';
import { migrations } from '../../../src-authority/adapter/migrations/index.ts';
import { authorityTime } from '../../../src-authority/adapter/migrations/010-authority-time.ts';

test('the highest time that was signed is found in what was issued', () => {
  const sqlite = new BetterSqlite(':memory:');
  const number = migrations.indexOf(authorityTime) + 1;
  migrate(sqlite, number - 1);
  sqlite.exec(`INSERT INTO keyset (version, document, issued_at) VALUES (1, 'a', 500), (2, 'b', 900)`);
  migrate(sqlite, number);
  expect(sqlite.prepare('SELECT * FROM authority_time').all()).toEqual([{ one: 1, highest: 900, wall: null, boot: null, uptime: null, accepted: 0 }]);
  sqlite.close();
});
