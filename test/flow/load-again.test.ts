import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LoadOptions, Loaded } from '../../src-authority/index.ts';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { PASSWORD, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { createTestMachine } from '../support/machine.ts';

/** A file that is loaded again sets what the file owns, and undoes nothing that people did. */

let a: TestAuthority;
beforeEach(async () => void (a = await startAuthority({ data: null })));
afterEach(() => a.close());

type User = { readonly email: string; readonly name: string; readonly password?: string; readonly role: string };
type License = { readonly id?: string; readonly product: string; readonly edition?: string; readonly seats: number; readonly access?: string; readonly assigned?: readonly string[]; readonly validUntil?: string; readonly policy?: object };
type Organization = { readonly id?: string; readonly name: string; readonly users: readonly User[]; readonly licenses: readonly License[] };

const person = (name: string, role: string): User => ({ email: `${name}@o.example`, name: name.toUpperCase(), password: PASSWORD, role });
const people = [person('owner', 'owner'), person('manager', 'manager'), person('editor', 'editor'), person('reader', 'reader')];
const stage: License = { id: 'lic_stage', product: 'stage', seats: 3, validUntil: '2027-12-31' };
const closed: License = { id: 'lic_closed', product: 'stage', edition: 'Closed', seats: 1, access: 'assigned', assigned: ['editor@o.example', 'reader@o.example'] };
const fileOf = (organization: Partial<Organization> = {}, more: readonly Organization[] = []) => ({
  products: [{ id: 'stage', name: 'Stage', kind: 'desktop' }, { id: 'grade', name: 'Grade', kind: 'desktop' }],
  organizations: [{ name: 'O', users: people, licenses: [stage, closed], ...organization }, ...more],
});
const load = async (data: object = fileOf(), options: LoadOptions = {}): Promise<Loaded> => unwrap(await a.authority().load(data, options));
const refusedLoad = async (data: object, options: LoadOptions = {}) => {
  const before = await everything();
  const result = await a.authority().load(data, options);
  expect(await everything()).toEqual(before);
  return result;
};

const as = async (name: string, password = PASSWORD) => {
  const token = await a.signIn(`${name}@o.example`, password);
  return { token, call: a.call(token), organization: await a.organization(token, 'O').catch(() => '') };
};
const rolesNow = async () => {
  const { call, organization } = await as('owner');
  const { people: rows } = unwrap(await call(contract.people.list, { params: { organization }, query: {} }));
  return Object.fromEntries(rows.map(({ email, role }) => [email.split('@')[0], role]));
};
const idOf = async (name: string): Promise<string> => {
  const { call, organization } = await as('owner');
  return unwrap(await call(contract.people.list, { params: { organization }, query: {} })).people.find(({ email }) => email === `${name}@o.example`)?.id ?? '';
};
/** Everything that loading could change, as the audit and an owner see it. */
const everything = async () => {
  const rows = [];
  for await (const row of a.authority().auditRows()) if (row.action !== 'user.signed-in') rows.push(row.action);
  return { rows, mails: (await a.authority().outbox(true)).length };
};
const mailsTo = async (name: string) => (await a.authority().outbox(true)).filter(({ to }) => to === `${name}@o.example`);

describe('what people did stays when their file is loaded again', () => {
  test('a password that a person has changed, and the name they gave themselves', async () => {
    await load();
    const { call } = await as('editor');
    unwrap(await call(contract.security.changePassword, { body: { old: PASSWORD, new: 'another horse entirely 77' } }));
    const again = await as('editor', 'another horse entirely 77');
    unwrap(await again.call(contract.security.rename, { body: { firstName: 'Edda', lastName: 'Editor' } }));
    const loaded = await load();
    await as('editor', 'another horse entirely 77');
    expect(unwrap(await again.call(contract.accounts.me, {})).user.name).toBe('Edda Editor');
    expect(await a.call()(contract.accounts.signIn, { body: { email: 'editor@o.example', password: PASSWORD } })).toMatchObject({ ok: false, code: 'CREDENTIALS_INVALID' });
    expect(loaded).toMatchObject({ changes: [], kept: [{ name: 'editor@o.example', why: 'name', is: 'Edda Editor', file: 'EDITOR' }], leftOut: [] });
  });

  test('a role that somebody gave, a manager who was removed, and assignments that people made or took back', async () => {
    await load();
    const { call, organization } = await as('owner');
    const params = { organization };
    unwrap(await call(contract.people.changeRole, { params: { organization, person: await idOf('reader') }, body: { role: 'editor' } }));
    unwrap(await call(contract.people.remove, { params, body: { people: [await idOf('manager')], confirm: true } }));
    unwrap(await call(contract.holdings.unassign, { params, body: { person: await idOf('editor'), licenses: ['lic_closed'] } }));
    unwrap(await call(contract.holdings.assign, { params, body: { person: await idOf('owner'), licenses: ['lic_closed'] } }));
    const mails = (await a.authority().outbox(true)).length;
    const loaded = await load();
    expect(await rolesNow()).toEqual({ owner: 'owner', editor: 'editor', reader: 'editor' });
    const { assigned } = unwrap(await call(contract.holdings.read, { params: { organization, license: 'lic_closed' } }));
    expect(assigned.map(({ email }) => email).toSorted()).toEqual(['owner@o.example', 'reader@o.example']);
    expect(loaded.changes).toEqual([]);
    expect(loaded.kept.map(({ name, why }) => [name, why])).toEqual([['manager@o.example', 'removed'], ['reader@o.example', 'role'], ['Stage Closed', 'unassigned']]);
    expect((await a.authority().outbox(true)).length).toBe(mails);
  });

  test('an account that its person has deleted, also for a file with its address', async () => {
    await load();
    const { call } = await as('reader');
    unwrap(await call(contract.security.remove, { body: { password: PASSWORD, email: 'reader@o.example' } }));
    const loaded = await load();
    expect(loaded.kept).toMatchObject([{ name: 'reader@o.example', why: 'deleted' }]);
    expect(Object.keys(await rolesNow()).toSorted()).toEqual(['editor', 'manager', 'owner']);
    expect(await a.call()(contract.accounts.signIn, { body: { email: 'reader@o.example', password: PASSWORD } })).toMatchObject({ ok: false, code: 'CREDENTIALS_INVALID' });
  });

  test('an organization that was deleted: neither it nor its seats come back', async () => {
    await load(fileOf({ licenses: [stage] }));
    const { call, organization } = await as('owner');
    unwrap(await call(contract.organizations.remove, { params: { organization }, body: { name: 'O' } }));
    expect((await load(fileOf({ licenses: [stage] }))).kept).toMatchObject([{ kind: 'organization', name: 'O', why: 'deleted' }]);
    expect((await load(fileOf({ id: organization, licenses: [stage] }))).kept).toMatchObject([{ kind: 'organization', id: organization, why: 'deleted' }]);
    const { token } = await as('owner');
    expect(unwrap(await a.call(token)(contract.accounts.me, {})).organizations).toEqual([]);
  });
});

describe('a file that has changed does its work', () => {
  test('on seats, validity, features and policy, and on nothing else', async () => {
    await load();
    const loaded = await load(fileOf({ licenses: [{ ...stage, seats: 8, validUntil: '2028-12-31' }, closed] }));
    expect(loaded.changes).toEqual([
      { kind: 'license', id: 'lic_stage', organization: 'O', name: 'Stage', how: 'changed', fields: { seats: { from: 3, to: 8 }, validUntil: { from: Date.UTC(2028, 0, 1) / 1000 - 1, to: Date.UTC(2029, 0, 1) / 1000 - 1 } } },
    ]);
    const { call, organization } = await as('owner');
    expect(unwrap(await call(contract.holdings.read, { params: { organization, license: 'lic_stage' } })).license.seats.owned).toBe(8);
  });

  test('on the role of somebody whom people have left as the file made them', async () => {
    await load();
    const loaded = await load(fileOf({ users: people.map((each) => (each.email.startsWith('reader') ? { ...each, role: 'editor' } : each)) }));
    expect(loaded.changes).toMatchObject([{ kind: 'person', name: 'reader@o.example', fields: { role: { from: 'reader', to: 'editor' } } }]);
    expect(await rolesNow()).toMatchObject({ reader: 'editor' });
  });

  test('but not on a role that people have changed meanwhile', async () => {
    await load();
    const { call, organization } = await as('owner');
    unwrap(await call(contract.people.changeRole, { params: { organization, person: await idOf('reader') }, body: { role: 'manager' } }));
    const loaded = await load(fileOf({ users: people.map((each) => (each.email.startsWith('reader') ? { ...each, role: 'editor' } : each)) }));
    expect(loaded).toMatchObject({ changes: [], kept: [{ name: 'reader@o.example', why: 'role', is: 'manager', file: 'editor' }] });
    expect(await rolesNow()).toMatchObject({ reader: 'manager' });
  });

  test('on assignments that it made, and whoever gets or loses one is written to as from the portal', async () => {
    await load();
    await load(fileOf({ licenses: [stage, { ...closed, assigned: ['manager@o.example', 'reader@o.example'] }] }));
    const { call, organization } = await as('owner');
    const { assigned } = unwrap(await call(contract.holdings.read, { params: { organization, license: 'lic_closed' } }));
    expect(assigned.map(({ email }) => email).toSorted()).toEqual(['manager@o.example', 'reader@o.example']);
    expect((await mailsTo('manager')).map(({ subject }) => subject)).toEqual(['Stage Closed is assigned to you']);
    expect((await mailsTo('editor')).map(({ subject }) => subject)).toEqual(['Stage Closed is no longer assigned to you']);
    expect(await mailsTo('reader')).toEqual([]);
  });

  test('on a person with an account whom it names for the first time, who gets a mail of it', async () => {
    await load();
    const other: Organization = { name: 'Second', users: [person('boss', 'owner'), { email: 'editor@o.example', name: 'E', role: 'reader' }], licenses: [] };
    await load(fileOf({}, [other]));
    expect((await mailsTo('editor')).map(({ subject }) => subject)).toEqual(['You are now a member of Second']);
    expect(await mailsTo('boss')).toEqual([]);
  });

  test('but never so that an organization has no owner', async () => {
    await load();
    const data = fileOf({ users: people.map((each) => (each.role === 'owner' ? { ...each, role: 'reader' } : each)) });
    expect(await refusedLoad(data)).toMatchObject({ ok: false, code: 'CONFLICT', details: { why: 'last-owner' } });
    expect(await refusedLoad(data, { resetPeople: true })).toMatchObject({ ok: false, code: 'CONFLICT', details: { why: 'last-owner' } });
    expect(await rolesNow()).toMatchObject({ owner: 'owner' });
  });
});

describe('organizations and licenses are found again, or refused in words', () => {
  const rename = async (name: string) => {
    const { call, organization } = await as('owner');
    unwrap(await call(contract.organizations.edit, { params: { organization }, body: { name, legal: null, cluster: 'eu' } }));
    return organization;
  };
  const seatsOf = async (organization: string) => {
    const { token } = await as('owner');
    return unwrap(await a.call(token)(contract.holdings.list, { params: { organization }, query: {} })).licenses.map(({ license, seats }) => [license, seats.owned]);
  };

  test('one that its owner renamed, by the name it was loaded under', async () => {
    await load();
    const organization = await rename('Renamed');
    expect((await load(fileOf({ licenses: [{ ...stage, seats: 4 }, closed] }))).kept).toMatchObject([{ kind: 'organization', id: organization, why: 'name', is: 'Renamed', file: 'O' }]);
    expect(await seatsOf(organization)).toEqual([['lic_stage', 4], ['lic_closed', 1]]);
  });

  test('one with an id, whatever it is called in the file and by its people', async () => {
    await load(fileOf({ id: 'org_o' }));
    expect((await load(fileOf({ id: 'org_o', name: 'New name' }))).changes).toMatchObject([{ kind: 'organization', fields: { name: { from: 'O', to: 'New name' } } }]);
    const { token } = await as('owner');
    expect(unwrap(await a.call(token)(contract.accounts.me, {})).organizations.map(({ id, name }) => [id, name])).toEqual([['org_o', 'New name']]);
    expect(await refusedLoad(fileOf({ id: 'org_other', name: 'New name' }))).toMatchObject({ ok: false, code: 'CONFLICT', details: { why: 'organization-id', organization: 'org_o' } });
  });

  test('one whose name was changed in the file: not a second one with the same owner and all seats once more', async () => {
    const anonymous = [{ product: 'stage', seats: 3 }];
    await load(fileOf({ licenses: anonymous }));
    expect(await refusedLoad(fileOf({ name: 'O Ltd', licenses: anonymous }))).toMatchObject({ ok: false, code: 'CONFLICT', details: { why: 'organization-unclear', called: 'O' } });
    expect((await load(fileOf({ name: 'O Ltd', id: 'org_second', licenses: anonymous }))).changes).toContainEqual(expect.objectContaining({ kind: 'organization', id: 'org_second', how: 'created' }));
  });

  test('a name that somebody took in the portal brings them no license', async () => {
    await load();
    const { call } = await as('editor');
    unwrap(await call(contract.organizations.create, { body: { name: 'Big Studio', cluster: 'eu' } }));
    expect(await refusedLoad(fileOf({}, [{ name: 'Big Studio', users: [], licenses: [{ product: 'stage', seats: 100 }] }]))).toMatchObject({ ok: false, code: 'CONFLICT', details: { why: 'organization-unclear', name: 'Big Studio' } });
  });

  test('the same organization twice in a file, and a license without an id whose edition was changed', async () => {
    await load(fileOf({ licenses: [{ product: 'stage', edition: 'Solo', seats: 3 }] }));
    const twice = fileOf();
    expect(await refusedLoad({ ...twice, organizations: [...twice.organizations, ...twice.organizations] })).toMatchObject({ ok: false, code: 'CONFLICT', details: { why: 'organization-twice' } });
    expect(await refusedLoad(fileOf({ licenses: [{ product: 'stage', edition: 'Duo', seats: 3 }] }))).toMatchObject({ ok: false, code: 'CONFLICT', details: { why: 'license-unclear', edition: 'Duo' } });
    await load(fileOf({ licenses: [{ product: 'stage', edition: 'Solo', seats: 3 }, { product: 'stage', edition: 'Duo', seats: 3 }] }));
  });

  test('another product under a lease that is in use is refused, and granted once it has come back', async () => {
    await load();
    const { token, organization } = await as('owner');
    const machine = await createTestMachine({ authority: a.id, clock: a.clock, name: 'A' });
    const { lease } = unwrap(await a.call(token)(contract.leases.checkout, { body: { request: await machine.request({ license: 'lic_stage', mode: 'online' }) } }));
    const changed = fileOf({ licenses: [{ ...stage, product: 'grade' }, closed] });
    expect(await refusedLoad(changed)).toMatchObject({ ok: false, code: 'CONFLICT', details: { why: 'product-leased', license: 'lic_stage', product: 'stage', wanted: 'grade', held: 1 } });
    a.clock.set(lease.until + 1);
    const fresh = await a.signIn('owner@o.example');
    expect((await load(changed)).changes).toMatchObject([{ id: 'lic_stage', fields: { product: { from: 'stage', to: 'grade' } } }]);
    expect(unwrap(await a.call(fresh)(contract.holdings.read, { params: { organization, license: 'lic_stage' } })).license.product.id).toBe('grade');
  });
});

describe('a dry run', () => {
  test('says what would change and changes nothing, also where a person is new or reset', async () => {
    await load();
    const { call } = await as('editor');
    unwrap(await call(contract.security.changePassword, { body: { old: PASSWORD, new: 'another horse entirely 77' } }));
    const before = await everything();
    const data = fileOf({ users: [...people, person('novice', 'reader')], licenses: [{ ...stage, seats: 9 }, closed] });
    const would = await load(data, { dryRun: true, resetPeople: true });
    expect(would).toMatchObject({ dryRun: true, changes: [{ name: 'editor@o.example', how: 'reset', fields: { password: {} } }, { name: 'novice@o.example', how: 'created' }, { id: 'lic_stage', fields: { seats: { from: 3, to: 9 } } }] });
    expect(await everything()).toEqual(before);
    expect(await rolesNow()).not.toHaveProperty('novice');
    await as('editor', 'another horse entirely 77');
  });
});

describe('--reset-people', () => {
  test('sets back what people changed, says so, signs out whose password it was, and is in the audit', async () => {
    await load();
    const { call, organization } = await as('owner');
    const params = { organization };
    unwrap(await call(contract.people.changeRole, { params: { organization, person: await idOf('reader') }, body: { role: 'editor' } }));
    unwrap(await call(contract.people.remove, { params, body: { people: [await idOf('manager')], confirm: true } }));
    unwrap(await call(contract.holdings.assign, { params, body: { person: await idOf('owner'), licenses: ['lic_closed'] } }));
    const editor = await as('editor');
    unwrap(await editor.call(contract.security.changePassword, { body: { old: PASSWORD, new: 'another horse entirely 77' } }));
    const open = await as('editor', 'another horse entirely 77');
    const loaded = await load(fileOf(), { resetPeople: true });
    expect(loaded.kept).toEqual([]);
    expect(loaded.changes.map(({ name, how, fields }) => [name, how, Object.keys(fields)])).toEqual([
      ['manager@o.example', 'reset', ['role']], ['editor@o.example', 'reset', ['password']], ['reader@o.example', 'reset', ['role']], ['Stage Closed', 'changed', ['assigned']],
    ]);
    expect(await rolesNow()).toEqual({ owner: 'owner', manager: 'manager', editor: 'editor', reader: 'reader' });
    expect(await open.call(contract.accounts.me, {})).toMatchObject({ ok: false, code: 'NOT_SIGNED_IN' });
    await as('editor');
    const { rows } = await everything();
    expect(rows).toEqual(expect.arrayContaining(['user.password-reset', 'member.role-changed', 'member.joined', 'license.unassigned']));
    expect(await a.authority().verifyAudit()).toMatchObject({ intact: true });
  });
});

describe('what is left out of a file that was in it', () => {
  test('is said: licenses and people of an organization, and whole organizations and products of the same file', async () => {
    const other: Organization = { name: 'Other', users: [person('boss', 'owner')], licenses: [] };
    await load(fileOf({}, [other]), { source: '/srv/o.json' });
    const { products, organizations } = fileOf({ users: people.slice(0, 3), licenses: [closed] });
    const loaded = await load({ products: products.slice(0, 1), organizations }, { source: '/srv/o.json' });
    expect(loaded.leftOut).toEqual([
      expect.objectContaining({ kind: 'person', name: 'reader@o.example', organization: 'O' }),
      { kind: 'license', id: 'lic_stage', organization: 'O', name: 'Stage', seats: 3, validUntil: Date.UTC(2028, 0, 1) / 1000 - 1 },
      expect.objectContaining({ kind: 'organization', name: 'Other' }),
      expect.objectContaining({ kind: 'product', id: 'grade' }),
    ]);
    expect((await load({ organizations: [other] }, { source: '/srv/other.json' })).leftOut).toEqual([]);
    expect(await rolesNow()).toHaveProperty('reader');
  });
});
