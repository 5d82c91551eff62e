import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseKind } from '../../src-shared/documents/index.ts';
import { contract } from '../../src-shared/http/index.ts';
import type { CallAuthority } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { DAY } from '../../src-shared/time.ts';
import { PASSWORD, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { createTestMachine } from '../support/machine.ts';
import { startSmtp } from '../support/smtp.ts';
import type { TestSmtp } from '../support/smtp.ts';

const { organizations, people } = contract;

let smtp: TestSmtp;
let a: TestAuthority;
let owner: CallAuthority;
let organization: string;
beforeEach(async () => {
  smtp = await startSmtp();
  a = await startAuthority({ smtp: smtp.url });
  const token = await a.signIn('owner@northlight.example');
  owner = a.call(token);
  organization = await a.organization(token, 'Northlight');
});
afterEach(async () => {
  await a.close();
  await smtp.close();
});

const as = async (name: string) => a.call(await a.signIn(name.includes('@') ? name : `${name}@northlight.example`));
const everybody = async (call: CallAuthority = owner) => unwrap(await call(people.list, { params: { organization }, query: {} })).people;
const idOf = async (name: string) => (await everybody()).find((each) => each.email === `${name}@northlight.example`)?.id ?? '';
const roleOf = async (name: string, call: CallAuthority = owner) => (await everybody(call)).find((each) => each.email === `${name}@northlight.example`)?.role ?? null;
const setRole = async (call: CallAuthority, name: string, role: 'owner' | 'manager' | 'editor' | 'reader') =>
  call(people.changeRole, { params: { organization, person: await idOf(name) }, body: { role } });
const owners = async (call: CallAuthority) => (await everybody(call)).filter((each) => each.role === 'owner').length;
const seats = async (call: CallAuthority, license: string) =>
  unwrap(await call(contract.licenses.entitlements, { params: { organization }, query: {} })).entitlements.find((each) => each.license === license)?.seats;
const checkout = async (call: CallAuthority, license: string, mode: 'online' | 'offline', name = 'WS-007') => {
  const machine = await createTestMachine({ authority: a.id, clock: a.clock, name });
  const issued = unwrap(await call(contract.leases.checkout, { body: { request: await machine.request({ license, mode, ...(mode === 'offline' ? { days: 30 } : {}) }) } }));
  return { machine, lease: issued.lease, file: unwrap(parseKind('license', issued.licenseFile)).claims.jti };
};

test('its creator owns a new organization, and a name that is taken is refused', async () => {
  const reader = await as('reader');
  const made = unwrap(await reader(organizations.create, { body: { name: '  Ridge Studio ', cluster: 'ap' } }));
  expect(made).toMatchObject({ name: 'Ridge Studio', role: 'owner', people: 1, licenses: 0, cluster: 'ap', legal: null, transfer: null });
  expect(await reader(organizations.create, { body: { name: 'Northlight' } })).toMatchObject({ code: 'CONFLICT', details: { why: 'name-taken' } });
  expect(unwrap(await reader(organizations.list, {})).organizations.map(({ name, role }) => [name, role])).toEqual([['Northlight', 'reader'], ['Ridge Studio', 'owner']]);
});

test('legal data is checked: the country exists, and the VAT id is one of it', async () => {
  const legal = {
    companyName: 'Northlight GmbH', street: 'Hafen 1', postalCode: '20457', city: 'Hamburg', country: 'DE', vatId: '136695976' as string | null,
    contactName: 'Olga Owner', contactEmail: 'legal@northlight.example', contactPhone: null,
  };
  const edit = (more: Partial<typeof legal>) => owner(organizations.edit, { params: { organization }, body: { name: 'Northlight', cluster: 'eu', legal: { ...legal, ...more } } });
  expect(unwrap(await edit({})).legal).toMatchObject({ vatId: 'DE136695976', companyName: 'Northlight GmbH' });
  expect(unwrap(await edit({ country: 'GR', vatId: 'EL040127797' })).legal).toMatchObject({ vatId: 'EL040127797' });
  expect(unwrap(await edit({ country: 'JP', vatId: 'T1234567890123' })).legal).toMatchObject({ vatId: 'T1234567890123' });
  expect(unwrap(await edit({ vatId: '' })).legal).toMatchObject({ vatId: null });
  const kept = unwrap(await owner(organizations.read, { params: { organization } })).legal;
  for (const [more, at] of [
    [{ country: 'XX' }, 'body.legal.country'], [{ vatId: 'DE136695977' }, 'body.legal.vatId'], [{ vatId: 'ATU62181819' }, 'body.legal.vatId'],
    [{ contactEmail: 'nobody' }, 'body.legal.contactEmail'], [{ companyName: ' ' }, 'body.legal.companyName'],
  ] as const) {
    expect({ more, ...(await edit(more)) }).toMatchObject({ code: 'INPUT_INVALID', details: { at } });
  }
  expect(unwrap(await owner(organizations.read, { params: { organization } })).legal).toEqual(kept);
});

test('the last owner can neither leave, be demoted, be removed, nor delete the account', async () => {
  const [me, manager] = [await idOf('owner'), await as('manager')];
  const lastOwner = { code: 'CONFLICT', details: { why: 'last-owner' } };
  expect(await owner(organizations.leave, { params: { organization } })).toMatchObject(lastOwner);
  expect(await setRole(owner, 'owner', 'manager')).toMatchObject(lastOwner);
  expect(await manager(people.remove, { params: { organization }, body: { people: [me], confirm: true } })).toMatchObject({ code: 'FORBIDDEN' });
  expect(await owner(people.remove, { params: { organization }, body: { people: [me], confirm: true } })).toMatchObject({ code: 'CONFLICT' });
  expect(await owner(contract.security.remove, { body: { password: PASSWORD, email: 'owner@northlight.example' } })).toMatchObject(lastOwner);
  expect(await owners(manager)).toBe(1);
});

test('of two owners who demote, remove or leave each other at once, one remains', async () => {
  for (const round of [0, 1, 2, 3]) {
    unwrap(await setRole(owner, 'second', 'owner'));
    const second = await as('second');
    const [one, two] = [await idOf('owner'), await idOf('second')];
    const demote = (call: CallAuthority, person: string) => call(people.changeRole, { params: { organization, person }, body: { role: 'manager' } });
    const atOnce = [
      () => [demote(owner, two), demote(second, one)],
      () => [demote(owner, one), demote(second, two)],
      () => [owner(organizations.leave, { params: { organization } }), demote(second, two)],
      () => [demote(owner, two), second(people.remove, { params: { organization }, body: { people: [one], confirm: true } })],
    ][round];
    const outcomes = await Promise.all<{ readonly ok: boolean }>(atOnce?.() ?? []);
    expect({ round, succeeded: outcomes.filter((each) => each.ok).length }).toEqual({ round, succeeded: 1 });
    // As it stands in the database, whoever still belongs to it.
    const database = new BetterSqlite(join(a.home, 'authority.db'));
    expect({ round, owners: database.prepare("SELECT count(*) FROM member WHERE organization = ? AND role = 'owner'").pluck().get(organization) }).toEqual({ round, owners: 1 });
    database.prepare("INSERT INTO member (organization, user, role) VALUES (?, ?, 'owner') ON CONFLICT DO UPDATE SET role = 'owner'").run(organization, one);
    database.prepare("UPDATE member SET role = 'editor' WHERE organization = ? AND user = ?").run(organization, two);
    database.close();
  }
});

test('nobody promotes themselves, and a manager gives roles only up to manager', async () => {
  const manager = await as('manager');
  expect(await setRole(manager, 'manager', 'owner')).toMatchObject({ code: 'FORBIDDEN' });
  expect(await setRole(manager, 'editor', 'owner')).toMatchObject({ code: 'FORBIDDEN' });
  expect(await setRole(await as('editor'), 'editor', 'manager')).toMatchObject({ code: 'FORBIDDEN' });
  expect(await setRole(manager, 'owner', 'reader')).toMatchObject({ code: 'FORBIDDEN' });
  expect(unwrap(await setRole(manager, 'editor', 'manager')).role).toBe('manager');
  expect([await roleOf('manager'), await roleOf('owner'), await owners(owner)]).toEqual(['manager', 'owner', 1]);
});

test('ownership passes when both confirm with their passwords, all at once', async () => {
  const [manager, to] = [await as('manager'), await idOf('manager')];
  const offer = (password: string) => owner(organizations.offerOwnership, { params: { organization }, body: { to, password } });
  expect(await offer('wrong')).toMatchObject({ code: 'CREDENTIALS_INVALID' });
  expect(unwrap(await offer(PASSWORD)).transfer).toMatchObject({ to: { id: to, name: 'Mia Manager' }, yours: false });
  expect((await smtp.next('manager@northlight.example')).subject).toContain('Olga Owner');
  expect(unwrap(await manager(organizations.read, { params: { organization } })).transfer).toMatchObject({ yours: true });
  expect(unwrap(await (await as('editor'))(organizations.read, { params: { organization } })).transfer).toBeNull();
  const accept = (call: CallAuthority, password: string) => call(organizations.acceptOwnership, { params: { organization }, body: { password } });
  expect(await accept(manager, 'wrong')).toMatchObject({ code: 'CREDENTIALS_INVALID' });
  expect([await roleOf('owner'), await roleOf('manager')]).toEqual(['owner', 'manager']);
  const outcomes = await Promise.all([accept(manager, PASSWORD), accept(manager, PASSWORD)]);
  expect(outcomes.filter((each) => each.ok)).toHaveLength(1);
  expect([await roleOf('owner'), await roleOf('manager')]).toEqual(['manager', 'owner']);
  expect(unwrap(await manager(organizations.read, { params: { organization } }))).toMatchObject({ role: 'owner', transfer: null });
  expect((await smtp.next('owner@northlight.example')).text).toContain('Mia Manager');
});

test('an offer that was withdrawn or declined, or whose owner lost the role, passes nothing on', async () => {
  const [manager, to] = [await as('manager'), await idOf('manager')];
  const offer = async () => unwrap(await owner(organizations.offerOwnership, { params: { organization }, body: { to, password: PASSWORD } }));
  const accept = () => manager(organizations.acceptOwnership, { params: { organization }, body: { password: PASSWORD } });
  const nothing = { code: 'CONFLICT', details: { why: 'no-offer' } };
  await offer();
  expect(unwrap(await owner(organizations.endOffer, { params: { organization } })).transfer).toBeNull();
  expect(await accept()).toMatchObject(nothing);
  await offer();
  expect(unwrap(await manager(organizations.endOffer, { params: { organization } })).transfer).toBeNull();
  expect(await accept()).toMatchObject(nothing);
  await offer();
  unwrap(await setRole(owner, 'second', 'owner'));
  unwrap(await setRole(await as('second'), 'owner', 'editor'));
  expect(await accept()).toMatchObject(nothing);
  expect(await roleOf('manager', manager)).toBe('manager');
});

test('removing people: online leases end, offline ones stay at risk and are told first, and the mail says it', async () => {
  const [editor, second, manager] = [await as('editor'), await as('second'), await as('manager')];
  const online = await checkout(editor, 'lic_stage', 'online');
  const offline = await checkout(second, 'lic_stage', 'offline', 'TRUCK-2');
  const users = [await idOf('editor'), await idOf('second')];
  const remove = (confirm: boolean) => manager(people.remove, { params: { organization }, body: { people: users, confirm } });

  const preview = unwrap(await remove(false));
  expect(preview.people.map(({ name }) => name)).toEqual(['Edda Editor', 'Sven Second']);
  expect(preview.ended.map(({ id }) => id)).toEqual([online.lease.id]);
  expect(preview.atRisk).toMatchObject([{ id: offline.lease.id, state: 'active', busyUntil: a.clock.now() + 30 * DAY }]);
  expect(await everybody()).toHaveLength(5);
  expect(await seats(owner, 'lic_stage')).toMatchObject({ free: 3, atRisk: 0 });

  const done = unwrap(await remove(true));
  expect(done.ended).toMatchObject([{ id: online.lease.id, state: 'released', busyUntil: online.lease.until, ended: { by: 'Mia Manager' } }]);
  expect(done.atRisk).toMatchObject([{ id: offline.lease.id, state: 'revoked', busyUntil: a.clock.now() + 30 * DAY }]);
  expect(await everybody()).toHaveLength(3);
  expect(await seats(owner, 'lic_stage')).toMatchObject({ owned: 5, free: 3, inUse: 0, inTransit: 0, atRisk: 2 });
  expect((await smtp.next('editor@northlight.example')).text).toMatch(/WS-007: until \d.* at the latest\s+Its seat is free when that machine confirms/);
  expect((await smtp.next('second@northlight.example')).text).toContain('TRUCK-2');

  // The machine of neither is renewed; the other organization of the same person goes on.
  expect(await a.call()(contract.leases.renew, { body: await online.machine.renewal({ mode: 'online' }, { lease: online.lease.id }) })).toMatchObject({ code: 'LEASE_RELEASED' });
  expect(await a.call()(contract.leases.renew, { body: await offline.machine.renewal({ mode: 'offline', days: 30 }, { lease: offline.lease.id }) })).toMatchObject({ code: 'LEASE_REVOKED' });
  expect(await editor(people.list, { params: { organization }, query: {} })).toMatchObject({ code: 'NOT_FOUND' });
  expect(unwrap(await editor(contract.accounts.me, {}))).toMatchObject({ organizations: [{ name: 'Harbor' }], defaultOrganization: null });
  expect(unwrap(await second(contract.accounts.me, {})).organizations).toEqual([]);

  // A proof frees each seat before its time.
  unwrap(await a.call()(contract.leases.giveBack, { body: { proof: await online.machine.proof(online.lease.id, online.file) } }));
  expect(await seats(owner, 'lic_stage')).toMatchObject({ free: 4, atRisk: 1 });
  const proof = await offline.machine.proof(offline.lease.id, offline.file);
  unwrap(await a.call()(contract.leases.giveBack, { body: { proof } }));
  expect(await seats(owner, 'lic_stage')).toMatchObject({ free: 5, atRisk: 0 });
  expect(await a.authority().verifyAudit()).toMatchObject({ intact: true });
});

test('of people to be removed all go or none', async () => {
  const manager = await as('manager');
  expect(await manager(people.remove, { params: { organization }, body: { people: [await idOf('editor'), await idOf('owner')], confirm: true } })).toMatchObject({ code: 'FORBIDDEN' });
  expect(await manager(people.remove, { params: { organization }, body: { people: [await idOf('editor'), 'usr_nobody'], confirm: true } })).toMatchObject({ code: 'NOT_FOUND' });
  expect(await everybody()).toHaveLength(5);
});

test('files that a manager answered for the organization’s machines go on when the manager goes', async () => {
  const machine = await createTestMachine({ authority: a.id, clock: a.clock, name: 'VAULT-1' });
  const answered = unwrap(await (await as('manager'))(contract.exchange.answer, { body: { request: await machine.request({ product: 'stage', mode: 'offline' }), license: 'lic_stage', days: 90 } }));
  const removed = unwrap(await owner(people.remove, { params: { organization }, body: { people: [await idOf('manager')], confirm: true } }));
  expect(removed).toMatchObject({ ended: [], atRisk: [] });
  expect(unwrap(await owner(organizations.leases, { params: { organization } })).leases).toMatchObject([{ id: answered.lease.id, state: 'active', holder: null }]);
});

test('the leases of a member who leaves end, and each seat is free when its machine confirms that', async () => {
  const editor = await as('editor');
  const { lease, machine, file } = await checkout(editor, 'lic_stage', 'online');
  expect(await editor(organizations.leave, { params: { organization } })).toMatchObject({ ok: true });
  expect(await seats(owner, 'lic_stage')).toMatchObject({ free: 4, inUse: 0, atRisk: 1 });
  expect(unwrap(await a.call()(contract.leases.heartbeat, { body: { heartbeat: await machine.heartbeat(lease.id, file) } })).state).toBe('released');
  unwrap(await a.call()(contract.leases.giveBack, { body: { proof: await machine.proof(lease.id, file) } }));
  expect(await seats(owner, 'lic_stage')).toMatchObject({ free: 5, inUse: 0, atRisk: 0 });
  expect(await editor(organizations.leave, { params: { organization } })).toMatchObject({ code: 'NOT_FOUND' });
});

test('an organization is not deleted while a lease is out, and the refusal lists them', async () => {
  const { lease, machine, file } = await checkout(await as('editor'), 'lic_stage', 'offline', 'TRUCK-2');
  const remove = (name: string) => owner(organizations.remove, { params: { organization }, body: { name } });
  expect(await remove('northlight')).toMatchObject({ code: 'CONFLICT', details: { why: 'name' } });
  expect(await remove('Northlight')).toMatchObject({
    code: 'CONFLICT', details: { why: 'leases', count: 1, leases: [{ lease: lease.id, product: 'Stage', machine: { name: 'TRUCK-2' }, person: 'Edda Editor', mode: 'offline', until: lease.until }] },
  });
  // At risk is out as well: the machine may still use its file.
  unwrap(await owner(people.remove, { params: { organization }, body: { people: [await idOf('editor')], confirm: true } }));
  expect(await remove('Northlight')).toMatchObject({ code: 'CONFLICT', details: { why: 'leases' } });
  unwrap(await a.call()(contract.leases.giveBack, { body: { proof: await machine.proof(lease.id, file) } }));
  expect(await remove('Northlight')).toMatchObject({ ok: true });
});

test('what was kept of a deleted organization is gone, its people stay, and the audit can still be verified', async () => {
  const harbor = a.call(await a.signIn('boss@harbor.example'));
  const machine = await createTestMachine({ authority: a.id, clock: a.clock });
  const editor = await as('editor');
  const issued = unwrap(await editor(contract.leases.checkout, { body: { request: await machine.request({ license: 'lic_stage', mode: 'online' }) } }));
  const jti = unwrap(parseKind('license', issued.licenseFile)).claims.jti;
  unwrap(await a.call()(contract.leases.giveBack, { body: { proof: await machine.proof(issued.lease.id, jti) } }));
  unwrap(await owner(people.invite, { params: { organization }, body: { addresses: ['late@x.example'], role: 'reader' } }));
  const late = (await smtp.next('late@x.example')).token();
  unwrap(await owner(organizations.remove, { params: { organization }, body: { name: 'Northlight' } }));

  expect(await owner(organizations.read, { params: { organization } })).toMatchObject({ code: 'NOT_FOUND' });
  expect(await a.call()(people.readInvitation, { body: { token: late } })).toMatchObject({ code: 'NOT_FOUND' });
  expect((await smtp.next('reader@northlight.example')).subject).toContain('Northlight');
  expect(unwrap(await editor(contract.accounts.me, {}))).toMatchObject({ organizations: [{ name: 'Harbor' }] });
  expect(unwrap(await editor(contract.accounts.me, {})).defaultOrganization).toBe(unwrap(await harbor(organizations.list, {})).organizations[0]?.id);
  expect(await a.authority().verifyAudit()).toMatchObject({ intact: true });

  const database = new BetterSqlite(join(a.home, 'authority.db'), { readonly: true });
  expect(database.pragma('foreign_key_check')).toEqual([]);
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'audit'").pluck().all() as string[];
  for (const table of tables) {
    const text = JSON.stringify(database.prepare(`SELECT * FROM "${table}"`).all());
    expect({ table, kept: [organization, 'lic_stage', machine.id].filter((id) => text.includes(id)) }).toEqual({ table, kept: [] });
  }
  database.close();
});
