import BetterSqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate } from '../../../src-authority/adapter/database.ts';
import { migrations } from '../../../src-authority/adapter/migrations/index.ts';
import { loaded } from '../../../src-authority/adapter/migrations/009-loaded.ts';

test('what was loaded before the memory began is read from the audit', () => {
  const sqlite = new BetterSqlite(':memory:');
  const number = migrations.indexOf(loaded) + 1;
  migrate(sqlite, number - 1);
  sqlite.exec(`
    INSERT INTO organization (id, name, created_at) VALUES ('org_1', 'Renamed', 5);
    INSERT INTO user (id, email, name, password, created_at) VALUES ('usr_1', 'a@example.org', 'A', 'h', 5), ('usr_2', 'b@example.org', 'B', 'h', 5), ('usr_3', 'c@example.org', 'C', 'h', 5);
    INSERT INTO member (organization, user, role, joined_at) VALUES ('org_1', 'usr_1', 'owner', 5), ('org_1', 'usr_3', 'editor', 5);
    INSERT INTO product (id, name, kind) VALUES ('p', 'P', 'desktop');
    INSERT INTO license (id, organization, product, features, access, modes, policy, seats, created_at) VALUES ('lic_p', 'org_1', 'p', '[]', 'assigned', '["online"]', '{}', 1, 5);
    INSERT INTO assignment (license, user) VALUES ('lic_p', 'usr_1'), ('lic_p', 'usr_3');`);
  const audit = sqlite.prepare(`INSERT INTO audit (seq, at, organization, actor, action, subject, details, previous, hash) VALUES (?, 5, 'org_1', 'operator', ?, ?, ?, '', '')`);
  const rows: readonly (readonly [string, string, object])[] = [
    ['organization.loaded', 'org_1', { name: 'First' }], ['organization.loaded', 'org_1', { name: 'Second' }], ['organization.loaded', 'org_gone', { name: 'Gone' }],
    ['user.loaded', 'usr_1', { role: 'owner' }], ['user.loaded', 'usr_2', { role: 'manager' }], ['license.loaded', 'lic_p', {}],
    ['license.unassigned', 'lic_p', { person: 'usr_2' }], ['license.assigned', 'lic_p', { person: 'usr_3' }],
  ];
  for (const [index, [action, subject, details]] of rows.entries()) audit.run(index + 1, action, subject, JSON.stringify(details));
  migrate(sqlite, number);
  const read = sqlite.prepare('SELECT kind, organization, subject, content, source FROM loaded ORDER BY kind, subject').all() as { content: string }[];
  expect(read.map((row) => ({ ...row, content: JSON.parse(row.content) as object }))).toEqual([
    { kind: 'license', organization: 'org_1', subject: 'lic_p', source: null, content: { named: true, assigned: ['usr_1', 'usr_2', 'usr_3'], made: ['usr_1'] } },
    { kind: 'organization', organization: 'org_1', subject: 'Second', source: null, content: {} },
    { kind: 'person', organization: 'org_1', subject: 'a@example.org', source: null, content: { user: 'usr_1', role: 'owner' } },
    { kind: 'person', organization: 'org_1', subject: 'b@example.org', source: null, content: { user: 'usr_2', role: 'manager' } },
  ]);
  sqlite.close();
});
