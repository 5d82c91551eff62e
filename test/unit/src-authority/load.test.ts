import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadFormat } from '../../../src-authority/load/format.ts';
import { contract } from '../../../src-shared/http/index.ts';
import { unwrap } from '../../../src-shared/result.ts';
import { PASSWORD, startAuthority } from '../../support/authority.ts';
import type { TestAuthority } from '../../support/authority.ts';
import { createTestMachine } from '../../support/machine.ts';

let a: TestAuthority;
beforeAll(async () => void (a = await startAuthority({ data: null })));
afterAll(() => a.close());

const file = (license: object, user: object = {}) => ({
  products: [{ id: 'p', name: 'P', kind: 'desktop' }],
  organizations: [{ name: 'O', users: [{ email: 'o@o.example', name: 'O', password: PASSWORD, role: 'owner', ...user }], licenses: [{ id: 'lic_o', product: 'p', seats: 2, ...license }] }],
});

const timesOf = (license: object) => loadFormat.parse(file(license)).organizations[0]?.licenses[0];

test('a plain date begins with its day and ends with the last second of its day, in UTC', () => {
  expect(timesOf({ validFrom: '2027-01-01', validUntil: '2027-01-31' })).toMatchObject({ validFrom: Date.UTC(2027, 0, 1) / 1000, validUntil: Date.UTC(2027, 1, 1) / 1000 - 1 });
  expect(timesOf({ validUntil: '2027-01-31T10:00:00Z' })).toMatchObject({ validUntil: Date.UTC(2027, 0, 31, 10) / 1000 });
  expect(timesOf({ validUntil: '2027-01-31T10:00:00+02:00' })).toMatchObject({ validUntil: Date.UTC(2027, 0, 31, 8) / 1000 });
  expect(timesOf({ validUntil: 1_800_000_000 })).toMatchObject({ validUntil: 1_800_000_000 });
});

test.each([
  ['a date that is none', file({ validUntil: '2027-02-30' }), 'organizations.0.licenses.0.validUntil'],
  ['a date without a century', file({ validUntil: '27-02-01' }), 'organizations.0.licenses.0.validUntil'],
  ['an unknown member', file({ seat: 3 }), 'organizations.0.licenses.0.seat'],
  ['an unknown policy', file({ policy: { grace: 1 } }), 'organizations.0.licenses.0.policy.grace'],
  ['an unknown role', file({}, { role: 'admin' }), 'organizations.0.users.0.role'],
  ['an id that documents cannot carry', file({ id: 'lic o' }), 'organizations.0.licenses.0.id'],
  ['seats that are no number', file({ seats: -1 }), 'organizations.0.licenses.0.seats'],
])('%s is refused with its path', async (_, data, at) => {
  expect(await a.authority().load(data)).toMatchObject({ ok: false, code: 'INPUT_INVALID', details: { at } });
});

test('a file with one thing wrong at its end changes nothing', async () => {
  const data = file({ assigned: ['nobody@o.example'], access: 'assigned' });
  expect(await a.authority().load(data)).toMatchObject({ ok: false, code: 'INPUT_INVALID', details: { at: 'nobody@o.example' } });
  expect(await a.call()(contract.accounts.signIn, { body: { email: 'o@o.example', password: PASSWORD } })).toMatchObject({ ok: false, code: 'CREDENTIALS_INVALID' });
});

test('the same file again changes nothing; a changed one brings what is there up to date', async () => {
  unwrap(await a.authority().load(file({})));
  unwrap(await a.authority().load(file({})));
  const token = await a.signIn('o@o.example');
  const list = async () => unwrap(await a.call(token)(contract.licenses.entitlements, { params: { organization: await a.organization(token, 'O') }, query: {} })).entitlements;
  expect((await list()).map((each) => [each.license, each.seats.owned])).toEqual([['lic_o', 2]]);
  unwrap(await a.authority().load(file({ seats: 5, edition: 'Big' })));
  expect((await list()).map((each) => [each.license, each.seats.owned, each.edition])).toEqual([['lic_o', 5, 'Big']]);
  unwrap(await a.authority().load(file({ seats: 3 })));
  expect((await list())[0]?.seats).toEqual({ owned: 3, free: 3, inUse: 0, inTransit: 0, atRisk: 0 });
});

test('seats that are held are not taken away', async () => {
  unwrap(await a.authority().load(file({ seats: 3, policy: { leasesPerUser: 9 } })));
  const token = await a.signIn('o@o.example');
  for (const name of ['A', 'B']) {
    const machine = await createTestMachine({ authority: a.id, clock: a.clock, name });
    unwrap(await a.call(token)(contract.leases.checkout, { body: { request: await machine.request({ license: 'lic_o', mode: 'online' }) } }));
  }
  expect(await a.authority().load(file({ seats: 1 }))).toMatchObject({ ok: false, code: 'CONFLICT', details: { license: 'lic_o', held: 2 } });
  unwrap(await a.authority().load(file({ seats: 2, policy: { leasesPerUser: 9 } })));
});

test('a license of one organization cannot be taken over by another', async () => {
  const other = { organizations: [{ name: 'Other', users: [], licenses: [{ id: 'lic_o', product: 'p', seats: 9 }] }] };
  expect(await a.authority().load(other)).toMatchObject({ ok: false, code: 'CONFLICT', details: { license: 'lic_o' } });
});

test('the demo organizations can be loaded, and every person in them can sign in', async () => {
  const demo = JSON.parse(readFileSync(new URL('../../../assets/demo.json', import.meta.url), 'utf8')) as { organizations: { name: string; users: { email: string; password: string }[] }[] };
  expect(unwrap(await a.authority().load(demo))).toMatchObject({ organizations: 3, licenses: 14 });
  for (const { name, users } of demo.organizations) {
    for (const { email, password } of users) expect(await a.organization(await a.signIn(email, password), name)).toMatch(/^org_/);
  }
});
