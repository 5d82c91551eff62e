import BetterSqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate } from '../../../src-authority/adapter/database.ts';

test('leases are as they were: none of their seats was freed early', () => {
  const sqlite = new BetterSqlite(':memory:');
  migrate(sqlite, 7);
  sqlite.exec(`
    INSERT INTO organization (id, name, created_at) VALUES ('org_1', 'A', 1);
    INSERT INTO product (id, name, kind) VALUES ('stage', 'Stage', 'desktop');
    INSERT INTO license (id, organization, product, features, access, modes, policy, seats, created_at) VALUES ('lic_1', 'org_1', 'stage', '[]', 'everyone', '["online"]', '{}', 1, 1);
    INSERT INTO machine (id, jwk, name, os, app, fingerprint, last_seq, first_seen, last_contact) VALUES ('mch_1', '{}', 'WS', 'Linux', 'app', '{}', 1, 1, 1);
    INSERT INTO lease (id, license, machine, seat, holder, counted, carrier, mode, state, issued_at, until, busy_until, file, file_seq, confirmed, fingerprint, ended_at, ended_by, ended_why)
      VALUES ('lse_1', 'lic_1', 'mch_1', NULL, NULL, 1, 'network', 'online', 'released', 1, 9, 0, 'fil_1', 1, 1, '{}', 5, 'Mia', 'person')`);
  const before = sqlite.prepare('SELECT * FROM lease').all() as object[];
  migrate(sqlite, 8);
  expect(sqlite.prepare('SELECT * FROM lease').all()).toEqual(before.map((row) => ({ ...row, freed_at: null })));
  sqlite.close();
});
