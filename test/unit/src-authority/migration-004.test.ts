import BetterSqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate } from '../../../src-authority/adapter/database.ts';

const migrated = (): BetterSqlite.Database => {
  const sqlite = new BetterSqlite(':memory:');
  sqlite.pragma('foreign_keys = ON');
  migrate(sqlite, 3);
  sqlite.exec(`
    INSERT INTO organization (id, name, created_at) VALUES ('o1', 'Northlight', 1), ('o2', 'Harbor', 1);
    INSERT INTO user (id, email, name, password, created_at) VALUES ('u1', 'a@x.example', 'Ada', 'h', 1);
    INSERT INTO product VALUES ('p', 'P', 'desktop');
    INSERT INTO license VALUES ('l1', 'o1', 'p', NULL, '[]', 'everyone', '["online"]', NULL, NULL, NULL, '{}', 2, 1), ('l2', 'o2', 'p', NULL, '[]', 'everyone', '["online"]', NULL, NULL, NULL, '{}', 2, 1);
    INSERT INTO machine VALUES ('m1', '{}', 'WS', 'linux', 'app', '{}', 1, 1, 1), ('m2', '{}', 'WS2', 'linux', 'app', '{}', 1, 1, 1);
  `);
  const lease = sqlite.prepare("INSERT INTO lease VALUES (?, ?, ?, NULL, NULL, 1, 'network', 'online', 'expired', 1, 2, 2, 'f', 1, 1, '{}', NULL, NULL, NULL, NULL)");
  lease.run('a', 'l1', 'm1');
  lease.run('b', 'l1', 'm1');
  lease.run('c', 'l2', 'm1');
  lease.run('d', 'l2', 'm2');
  migrate(sqlite, 4);
  return sqlite;
};

test('the fourth migration knows the machines that have held leases, once for each organization', () => {
  const sqlite = migrated();
  expect(sqlite.prepare('SELECT * FROM organization_machine').all()).toEqual([
    { organization: 'o1', machine: 'm1' }, { organization: 'o2', machine: 'm1' }, { organization: 'o2', machine: 'm2' },
  ]);
  expect(sqlite.prepare('SELECT count(*) FROM lease').pluck().get()).toBe(4);
  expect(sqlite.pragma('foreign_key_check')).toEqual([]);
  sqlite.close();
});

test('the same wish is open once, and again after it was answered', () => {
  const sqlite = migrated();
  const ask = sqlite.prepare("INSERT INTO task (id, organization, kind, license, lease, asked_by, note, created_at) VALUES (?, 'o1', ?, 'l1', ?, 'u1', '', 5)");
  ask.run('t1', 'assignment', null);
  ask.run('t2', 'release', 'a');
  ask.run('t3', 'release', 'b');
  expect(() => ask.run('t4', 'assignment', null)).toThrow(/UNIQUE/);
  expect(() => ask.run('t5', 'release', 'a')).toThrow(/UNIQUE/);
  expect(() => ask.run('t6', 'release', null)).toThrow(/CHECK/);
  sqlite.exec("UPDATE task SET state = 'declined', answered_at = 6 WHERE id = 't1'");
  expect(() => ask.run('t7', 'assignment', null)).not.toThrow();
  expect(() => sqlite.exec("UPDATE task SET state = 'granted' WHERE id = 't2'")).toThrow(/CHECK/);
  sqlite.close();
});
