import BetterSqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { databaseFile } from '../../src-authority/init.ts';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { codeOf } from '../support/client.ts';
import { createTestMachine } from '../support/machine.ts';

/** A license is suspended by whoever runs the authority, in its database: there is no command for it yet. */
let authority: TestAuthority;
beforeEach(async () => {
  authority = await startAuthority();
});
afterEach(() => authority.close());

const suspend = (license: string, at: number | null): void => {
  const sqlite = new BetterSqlite(databaseFile(authority.home));
  sqlite.prepare('UPDATE license SET suspended_at = ? WHERE id = ?').run(at, license);
  sqlite.close();
};

test('a suspended license is given to nobody, says so in the picker, and is given again when it is not suspended any more', async () => {
  const token = await authority.signIn('manager@northlight.example');
  const call = authority.call(token);
  const organization = await authority.organization(token, 'Northlight');
  const at = authority.clock.now();
  suspend('lic_stage', at);
  const machine = await createTestMachine({ authority: authority.id, clock: authority.clock });
  const request = await machine.request({ license: 'lic_stage', mode: 'offline', days: 30 });
  const answer = () => call(contract.exchange.answer, { body: { request, license: 'lic_stage', days: 30 } });
  expect(await answer()).toEqual({ ok: false, code: 'LICENSE_SUSPENDED', details: { license: 'lic_stage', at } });
  expect(codeOf(await call(contract.leases.checkout, { body: { request: await machine.request({ license: 'lic_stage', mode: 'online' }) } }))).toBe('LICENSE_SUSPENDED');
  const { entitlements } = unwrap(await call(contract.licenses.entitlements, { params: { organization }, query: {} }));
  expect(entitlements.find(({ license }) => license === 'lic_stage')).toMatchObject({ available: false, reasons: [{ code: 'LICENSE_SUSPENDED' }], seats: { free: 5 } });
  suspend('lic_stage', null);
  expect(unwrap(await answer()).lease.license).toBe('lic_stage');
});
