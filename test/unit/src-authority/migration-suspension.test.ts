import BetterSqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { migrate } from '../../../src-authority/adapter/database.ts';
import { migrations } from '../../../src-authority/adapter/migrations/index.ts';
import { suspension } from '../../../src-authority/adapter/migrations/012-suspension.ts';

test('a license that was suspended before stays so, without a reason', () => {
  const sqlite = new BetterSqlite(':memory:');
  const number = migrations.indexOf(suspension) + 1;
  migrate(sqlite, number - 1);
  sqlite.exec(`
    INSERT INTO organization (id, name, created_at) VALUES ('org_1', 'O', 5);
    INSERT INTO product (id, name, kind) VALUES ('p', 'P', 'desktop');
    INSERT INTO license (id, organization, product, features, access, modes, suspended_at, policy, seats, created_at) VALUES ('lic_p', 'org_1', 'p', '[]', 'everyone', '["online"]', 7, '{}', 1, 5);`);
  const before = sqlite.prepare('SELECT * FROM license').all() as object[];
  migrate(sqlite, number);
  expect(sqlite.prepare('SELECT * FROM license').all()).toEqual(before.map((row) => ({ ...row, suspended_reason: null })));
  sqlite.close();
});
