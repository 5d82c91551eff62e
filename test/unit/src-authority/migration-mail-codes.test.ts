import BetterSqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate } from '../../../src-authority/adapter/database.ts';
import { mailCodes } from '../../../src-authority/adapter/migrations/015-mail-codes.ts';
import { migrations } from '../../../src-authority/adapter/migrations/index.ts';

test('a code that is on its way is kept, and another one of the same purpose has room beside it', () => {
  const sqlite = new BetterSqlite(':memory:');
  const number = migrations.indexOf(mailCodes) + 1;
  migrate(sqlite, number - 1);
  sqlite.pragma('foreign_keys = ON');
  sqlite.exec(`INSERT INTO user (id, email, name, password, created_at) VALUES ('usr_1', 'a@x.example', 'A', '', 1)`);
  const insert = sqlite.prepare(`INSERT INTO mail_code (user, purpose, code_hash, sent_at, expires_at, tries, used_at) VALUES ('usr_1', ?, ?, 10, 610, 2, NULL)`);
  insert.run('sign-in', 'first');
  expect(() => insert.run('sign-in', 'second')).toThrow(/UNIQUE/);
  migrate(sqlite, number);
  insert.run('sign-in', 'second');
  insert.run('factor', 'first');
  expect(() => insert.run('sign-in', 'first')).toThrow(/UNIQUE/);
  const row = { user: 'usr_1', sent_at: 10, expires_at: 610, tries: 2, used_at: null };
  expect(sqlite.prepare('SELECT * FROM mail_code ORDER BY purpose, code_hash').all()).toEqual([
    { ...row, purpose: 'factor', code_hash: 'first' }, { ...row, purpose: 'sign-in', code_hash: 'first' }, { ...row, purpose: 'sign-in', code_hash: 'second' },
  ]);
  sqlite.exec(`DELETE FROM user WHERE id = 'usr_1'`);
  expect(sqlite.prepare('SELECT * FROM mail_code').all()).toEqual([]);
  sqlite.close();
});
