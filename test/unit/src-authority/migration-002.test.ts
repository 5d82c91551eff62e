import BetterSqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate } from '../../../src-authority/adapter/database.ts';

test('the second migration keeps people and memberships, dates them, and gives everyone a language', () => {
  const sqlite = new BetterSqlite(':memory:');
  sqlite.pragma('foreign_keys = ON');
  migrate(sqlite, 1);
  sqlite.exec(`
    INSERT INTO organization VALUES ('o1', 'Northlight', 100), ('o2', 'Harbor', 300);
    INSERT INTO user VALUES ('u1', 'a@x.example', 'Ada', 'hash', 'o1', 200);
    INSERT INTO member VALUES ('o1', 'u1', 'owner'), ('o2', 'u1', 'reader');
  `);
  migrate(sqlite, 2);
  expect(sqlite.prepare('SELECT * FROM organization ORDER BY id').all()).toEqual([
    { id: 'o1', name: 'Northlight', created_at: 100, legal: null, cluster: 'eu', created_by: null },
    { id: 'o2', name: 'Harbor', created_at: 300, legal: null, cluster: 'eu', created_by: null },
  ]);
  expect(sqlite.prepare('SELECT * FROM user').all()).toEqual([
    { id: 'u1', email: 'a@x.example', name: 'Ada', password: 'hash', default_organization: 'o1', created_at: 200, first_name: null, last_name: null, locale: 'en' },
  ]);
  expect(sqlite.prepare('SELECT * FROM member ORDER BY organization').all()).toEqual([
    { organization: 'o1', user: 'u1', role: 'owner', joined_at: 200 },
    { organization: 'o2', user: 'u1', role: 'reader', joined_at: 300 },
  ]);
  for (const table of ['acceptance', 'ownership_offer', 'invite', 'mail']) expect(sqlite.prepare(`SELECT count(*) FROM ${table}`).pluck().get()).toBe(0);
  expect(sqlite.pragma('foreign_key_check')).toEqual([]);
  sqlite.close();
});

test('one address has one open invitation of an organization, and an offer goes with the membership it rests on', () => {
  const sqlite = new BetterSqlite(':memory:');
  sqlite.pragma('foreign_keys = ON');
  migrate(sqlite, 2);
  sqlite.exec(`
    INSERT INTO organization (id, name, created_at) VALUES ('o1', 'Northlight', 1);
    INSERT INTO user (id, email, name, password, created_at) VALUES ('u1', 'a@x.example', 'Ada', 'h', 1), ('u2', 'b@x.example', 'Bo', 'h', 1);
    INSERT INTO member VALUES ('o1', 'u1', 'owner', 1), ('o1', 'u2', 'manager', 1);
    INSERT INTO ownership_offer VALUES ('o1', 'u1', 'u2', 2);
  `);
  const invite = sqlite.prepare(
    "INSERT INTO invite (id, organization, email, role, token_hash, locale, created_at, sent_at, expires_at, state, ended_at) VALUES (?, 'o1', 'c@x.example', 'editor', ?, 'en', 1, 1, 9, ?, ?)",
  );
  invite.run('i1', 't1', 'pending', null);
  expect(() => invite.run('i2', 't2', 'pending', null)).toThrow(/UNIQUE/);
  expect(() => invite.run('i3', 't3', 'cancelled', 5)).not.toThrow();
  expect(() => invite.run('i4', 't4', 'cancelled', null)).toThrow(/CHECK/);
  sqlite.exec("DELETE FROM member WHERE user = 'u2'");
  expect(sqlite.prepare('SELECT count(*) FROM ownership_offer').pluck().get()).toBe(0);
  sqlite.close();
});
