import BetterSqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate } from '../../../src-authority/adapter/database.ts';

test('sessions are as they were: bearers that are bound to nothing', () => {
  const sqlite = new BetterSqlite(':memory:');
  migrate(sqlite, 6);
  sqlite.exec(`
    INSERT INTO user (id, email, name, password, created_at) VALUES ('usr_1', 'a@example.org', 'A', 'hash', 5);
    INSERT INTO session (id, token_hash, user, agent, created_at, expires_at, last_used_at) VALUES ('ses_1', 'h', 'usr_1', 'portal', 6, 99, 7)`);
  const before = sqlite.prepare('SELECT * FROM session').all() as object[];
  migrate(sqlite, 7);
  expect(sqlite.prepare('SELECT * FROM session').all()).toEqual(before.map((row) => ({ ...row, binding_hash: null, replaced_binding: null, replaced_until: null })));
  sqlite.close();
});
