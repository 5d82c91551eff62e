import BetterSqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate } from '../../../src-authority/adapter/database.ts';

test('people and sessions stay as they are: nobody has a second factor, and a session was last used when it began', () => {
  const sqlite = new BetterSqlite(':memory:');
  migrate(sqlite, 2);
  sqlite.exec(`
    INSERT INTO user (id, email, name, password, created_at) VALUES ('usr_1', 'a@example.org', 'A', 'hash', 5);
    INSERT INTO session (id, token_hash, user, agent, created_at, expires_at) VALUES ('ses_1', 'h1', 'usr_1', 'portal', 10, 100), ('ses_2', 'h2', 'usr_1', NULL, 20, 200);
  `);
  migrate(sqlite, 3);
  expect(sqlite.prepare('SELECT id, token_hash, user, agent, created_at, expires_at, revoked_at, last_used_at, previous_hash, previous_until FROM session ORDER BY id').all()).toEqual([
    { id: 'ses_1', token_hash: 'h1', user: 'usr_1', agent: 'portal', created_at: 10, expires_at: 100, revoked_at: null, last_used_at: 10, previous_hash: null, previous_until: null },
    { id: 'ses_2', token_hash: 'h2', user: 'usr_1', agent: null, created_at: 20, expires_at: 200, revoked_at: null, last_used_at: 20, previous_hash: null, previous_until: null },
  ]);
  expect(sqlite.prepare('SELECT id, email, name, password, deleted_at FROM user').all()).toEqual([{ id: 'usr_1', email: 'a@example.org', name: 'A', password: 'hash', deleted_at: null }]);
  for (const table of ['second_factor', 'recovery_code', 'mail_code', 'account_link', 'preference', 'preference_change']) {
    expect(sqlite.prepare(`SELECT count(*) FROM ${table}`).pluck().get()).toBe(0);
    expect(sqlite.prepare('SELECT strict FROM pragma_table_list WHERE name = ?').pluck().get(table)).toBe(1);
  }
  sqlite.close();
});

test('a secret belongs to an authenticator app and to nothing else, an address to a change of e-mail', () => {
  const sqlite = new BetterSqlite(':memory:');
  migrate(sqlite, 3);
  sqlite.exec("INSERT INTO user (id, email, name, password, created_at) VALUES ('usr_1', 'a@example.org', 'A', 'hash', 5)");
  const factor = sqlite.prepare("INSERT INTO second_factor (user, method, secret, created_at) VALUES ('usr_1', ?, ?, 1)");
  expect(() => factor.run('app', null)).toThrow(/CHECK/);
  expect(() => factor.run('email', 'sealed')).toThrow(/CHECK/);
  const link = sqlite.prepare("INSERT INTO account_link (token_hash, user, purpose, email, created_at, expires_at) VALUES (?, 'usr_1', ?, ?, 1, 2)");
  expect(() => link.run('h1', 'email', null)).toThrow(/CHECK/);
  expect(() => link.run('h2', 'password', 'a@example.org')).toThrow(/CHECK/);
  sqlite.close();
});
