import BetterSqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate } from '../../../src-authority/adapter/database.ts';

test('each organization keeps what it knew of a machine since its own first lease; only a lease the machine spoke of confirms it', () => {
  const sqlite = new BetterSqlite(':memory:');
  migrate(sqlite, 13);
  sqlite.exec(`
    INSERT INTO organization (id, name, created_at) VALUES ('org_1', 'A', 1), ('org_2', 'B', 1);
    INSERT INTO product (id, name, kind) VALUES ('stage', 'Stage', 'desktop');
    INSERT INTO license (id, organization, product, features, access, modes, policy, seats, created_at) VALUES
      ('lic_1', 'org_1', 'stage', '[]', 'everyone', '["online"]', '{}', 1, 1), ('lic_2', 'org_2', 'stage', '[]', 'everyone', '["offline"]', '{}', 1, 1);
    INSERT INTO machine (id, jwk, name, os, app, fingerprint, last_seq, first_seen, last_contact) VALUES ('mch_1', '{}', 'WS', 'Linux', 'app 1', '{"v":1}', 9, 10, 50);
    INSERT INTO machine_fingerprint (machine, at, fingerprint) VALUES ('mch_1', 10, 'one'), ('mch_1', 20, 'two'), ('mch_1', 40, 'three');
    INSERT INTO lease (id, license, machine, seat, holder, counted, carrier, mode, state, issued_at, until, busy_until, file, file_seq, confirmed, fingerprint, last_contact) VALUES
      ('lse_1', 'lic_1', 'mch_1', NULL, NULL, 1, 'network', 'online', 'active', 10, 99, 99, 'fil_1', 1, 1, '{}', 45),
      ('lse_2', 'lic_2', 'mch_1', NULL, NULL, 1, 'file', 'offline', 'active', 30, 99, 99, 'fil_2', 1, 0, '{}', NULL);
    INSERT INTO machine_document (machine, seq, jti, kind, digest, lease, received_at) VALUES ('mch_1', 1, 'req_1', 'request', 'd1', 'lse_1', 10), ('mch_1', 2, 'req_2', 'request', 'd2', 'lse_2', 30);
    INSERT INTO organization_machine (organization, machine) VALUES ('org_1', 'mch_1'), ('org_2', 'mch_1')`);
  migrate(sqlite, 14);
  const own = { machine: 'mch_1', name: 'WS', os: 'Linux', app: 'app 1', fingerprint: '{"v":1}', last_seen: 50 };
  expect(sqlite.prepare('SELECT * FROM organization_machine ORDER BY organization').all()).toEqual([
    { ...own, organization: 'org_1', first_seen: 10, confirmed_at: 45 }, { ...own, organization: 'org_2', first_seen: 30, confirmed_at: null },
  ]);
  expect(sqlite.prepare('SELECT organization, at, fingerprint FROM organization_fingerprint ORDER BY organization, at').all()).toEqual([
    { organization: 'org_1', at: 10, fingerprint: 'one' }, { organization: 'org_1', at: 20, fingerprint: 'two' }, { organization: 'org_1', at: 40, fingerprint: 'three' },
    { organization: 'org_2', at: 30, fingerprint: 'two' }, { organization: 'org_2', at: 40, fingerprint: 'three' },
  ]);
  expect(sqlite.prepare('SELECT * FROM request_answer').all()).toEqual([]);
  sqlite.close();
});
