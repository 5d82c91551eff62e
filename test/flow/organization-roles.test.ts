import { expect, test } from 'vitest';
import { contract } from '../../src-shared/http/index.ts';
import type { CallAuthority } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import { PASSWORD, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';

/** Every operation on an organization and its people, for every role, a member of another organization, and nobody. */
type Who = 'owner' | 'manager' | 'editor' | 'reader' | 'stranger' | 'nobody';
type Facts = { readonly organization: string; readonly second: string; readonly owner: string; readonly invite: string; readonly token: string };
type Operation = { readonly name: string; readonly ask: (call: CallAuthority, facts: Facts) => Promise<Result<unknown>>; readonly expected: readonly [string, string, string, string, string] };

const { organizations, people } = contract;
const params = ({ organization }: Facts) => ({ organization });
const FORBIDDEN = 'FORBIDDEN';
const NOT_FOUND = 'NOT_FOUND';
const managers = ['ok', 'ok', FORBIDDEN, FORBIDDEN, NOT_FOUND] as const;
const owners = ['ok', FORBIDDEN, FORBIDDEN, FORBIDDEN, NOT_FOUND] as const;
const members = ['ok', 'ok', 'ok', 'ok', NOT_FOUND] as const;
const legal = { companyName: 'Northlight GmbH', street: 'Hafen 1', postalCode: '20457', city: 'Hamburg', country: 'DE', vatId: null, contactName: 'Olga', contactEmail: 'o@northlight.example', contactPhone: null };

/** What changes least comes first; owner, manager, editor, reader, stranger. */
const operations: readonly Operation[] = [
  { name: 'organizations.list', expected: ['ok', 'ok', 'ok', 'ok', 'ok'], ask: (call) => call(organizations.list, {}) },
  { name: 'organizations.create', expected: ['ok', 'ok', 'ok', 'ok', 'ok'], ask: (call) => call(organizations.create, { body: { name: 'Another one' } }) },
  { name: 'organizations.read', expected: members, ask: (call, facts) => call(organizations.read, { params: params(facts) }) },
  { name: 'organizations.leases', expected: owners, ask: (call, facts) => call(organizations.leases, { params: params(facts) }) },
  { name: 'organizations.edit', expected: owners, ask: (call, facts) => call(organizations.edit, { params: params(facts), body: { name: 'Northlight', legal, cluster: 'us' } }) },
  {
    name: 'organizations.remove', expected: ['CONFLICT', FORBIDDEN, FORBIDDEN, FORBIDDEN, NOT_FOUND],
    ask: (call, facts) => call(organizations.remove, { params: params(facts), body: { name: 'not its name' } }),
  },
  { name: 'organizations.acceptOwnership', expected: [FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, NOT_FOUND], ask: (call, facts) => call(organizations.acceptOwnership, { params: params(facts), body: { password: PASSWORD } }) },
  { name: 'organizations.offerOwnership', expected: owners, ask: (call, facts) => call(organizations.offerOwnership, { params: params(facts), body: { to: facts.second, password: PASSWORD } }) },
  { name: 'organizations.endOffer', expected: owners, ask: (call, facts) => call(organizations.endOffer, { params: params(facts) }) },
  { name: 'people.list', expected: members, ask: (call, facts) => call(people.list, { params: params(facts), query: {} }) },
  { name: 'people.invites', expected: managers, ask: (call, facts) => call(people.invites, { params: params(facts), query: {} }) },
  { name: 'people.invite', expected: managers, ask: (call, facts) => call(people.invite, { params: params(facts), body: { addresses: ['more@x.example'], role: 'reader' } }) },
  { name: 'people.invite as owner', expected: owners, ask: (call, facts) => call(people.invite, { params: params(facts), body: { addresses: ['boss@x.example'], role: 'owner' } }) },
  { name: 'people.editInvite', expected: managers, ask: (call, facts) => call(people.editInvite, { params: { ...params(facts), invite: facts.invite }, body: { role: 'editor' } }) },
  { name: 'people.editInvite to owner', expected: owners, ask: (call, facts) => call(people.editInvite, { params: { ...params(facts), invite: facts.invite }, body: { role: 'owner' } }) },
  // The owner has just made it an owner's invitation, which is nothing to a manager; to the manager it is still an editor's.
  { name: 'people.resend', expected: managers, ask: (call, facts) => call(people.resend, { params: { ...params(facts), invite: facts.invite } }) },
  { name: 'people.acceptInvitation', expected: [FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN], ask: (call, facts) => call(people.acceptInvitation, { body: { token: facts.token } }) },
  { name: 'people.cancelInvite', expected: managers, ask: (call, facts) => call(people.cancelInvite, { params: { ...params(facts), invite: facts.invite } }) },
  { name: 'people.changeRole', expected: managers, ask: (call, facts) => call(people.changeRole, { params: { ...params(facts), person: facts.second }, body: { role: 'manager' } }) },
  { name: 'people.changeRole to owner', expected: owners, ask: (call, facts) => call(people.changeRole, { params: { ...params(facts), person: facts.second }, body: { role: 'owner' } }) },
  { name: 'people.changeRole of the owner', expected: ['ok', FORBIDDEN, FORBIDDEN, FORBIDDEN, NOT_FOUND], ask: (call, facts) => call(people.changeRole, { params: { ...params(facts), person: facts.owner }, body: { role: 'owner' } }) },
  { name: 'people.remove the owner', expected: ['CONFLICT', FORBIDDEN, FORBIDDEN, FORBIDDEN, NOT_FOUND], ask: (call, facts) => call(people.remove, { params: params(facts), body: { people: [facts.owner], confirm: true } }) },
  { name: 'people.remove', expected: managers, ask: (call, facts) => call(people.remove, { params: params(facts), body: { people: [facts.second], confirm: true } }) },
  { name: 'organizations.leave', expected: ['CONFLICT', 'ok', 'ok', 'ok', NOT_FOUND], ask: (call, facts) => call(organizations.leave, { params: params(facts) }) },
];

const emails: Readonly<Record<Exclude<Who, 'nobody'>, string>> = {
  owner: 'owner@northlight.example', manager: 'manager@northlight.example', editor: 'editor@northlight.example', reader: 'reader@northlight.example', stranger: 'boss@harbor.example',
};

const prepare = async (a: TestAuthority): Promise<Facts> => {
  const owner = a.call(await a.signIn(emails.owner));
  const organization = await a.organization(await a.signIn(emails.owner), 'Northlight');
  const { people: all } = unwrap(await owner(people.list, { params: { organization }, query: {} }));
  const idOf = (email: string) => all.find((each) => each.email === email)?.id ?? '';
  const second = idOf('second@northlight.example');
  unwrap(await owner(organizations.offerOwnership, { params: { organization }, body: { to: second, password: PASSWORD } }));
  const invite = async (address: string) => unwrap(await owner(people.invite, { params: { organization }, body: { addresses: [address], role: 'reader' } })).invites[0]?.id ?? '';
  const facts = { organization, second, owner: idOf(emails.owner), invite: await invite('guest@x.example') };
  await invite('other@x.example');
  const token = /#(\S+)/.exec((await a.authority().outbox()).find((mail) => mail.to === 'other@x.example')?.text ?? '')?.[1] ?? '';
  a.clock.advance(60);
  return { ...facts, token };
};

test('the table has every operation of the contract that asks for a person', () => {
  const asked = new Set(operations.map(({ name }) => name.split(' ')[0]));
  const known = Object.entries({ organizations, people }).flatMap(([group, routes]) =>
    Object.entries(routes).flatMap(([name, { auth }]) => (auth === 'person' ? [`${group}.${name}`] : [])),
  );
  expect([...asked].toSorted()).toEqual(known.toSorted());
});

const roles = ['owner', 'manager', 'editor', 'reader', 'stranger'] as const;
test.each(roles.map((role, index) => ({ role, index })))('what $role may do, and nothing else', async ({ role, index }) => {
  const a = await startAuthority();
  try {
    const facts = await prepare(a);
    const call = a.call(await a.signIn(emails[role]));
    const outcome: Record<string, string> = {};
    for (const { name, ask } of operations) {
      const result = await ask(call, facts);
      outcome[name] = result.ok ? 'ok' : result.code;
    }
    expect(outcome).toEqual(Object.fromEntries(operations.map(({ name, expected }) => [name, expected[index]])));
  } finally {
    await a.close();
  }
});

test('who has no second factor is told to owners and managers alone', async () => {
  const a = await startAuthority();
  try {
    const told: Record<string, readonly unknown[]> = {};
    for (const role of ['owner', 'manager', 'editor', 'reader'] as const) {
      const token = await a.signIn(emails[role]);
      const { people: rows } = unwrap(await a.call(token)(people.list, { params: { organization: await a.organization(token, 'Northlight') }, query: {} }));
      told[role] = [...new Set(rows.map(({ secondFactor }) => secondFactor))];
    }
    expect(told).toEqual({ owner: [false], manager: [false], editor: [null], reader: [null] });
  } finally {
    await a.close();
  }
});

test('who is not signed in may do nothing, and a stranger’s attempts change nothing', async () => {
  const a = await startAuthority();
  try {
    const facts = await prepare(a);
    const rowsBefore = unwrap(await a.call(await a.signIn(emails.owner))(people.list, { params: params(facts), query: {} }));
    for (const { name, ask } of operations) expect({ name, ...(await ask(a.call(), facts)) }).toMatchObject({ ok: false, code: 'NOT_SIGNED_IN' });
    const stranger = a.call(await a.signIn(emails.stranger));
    for (const { ask } of operations) await ask(stranger, facts);
    const owner = a.call(await a.signIn(emails.owner));
    expect(unwrap(await owner(people.list, { params: params(facts), query: {} }))).toEqual(rowsBefore);
    expect(unwrap(await owner(organizations.read, { params: params(facts) }))).toMatchObject({ name: 'Northlight', legal: null, cluster: 'eu', transfer: { to: { id: facts.second } } });
    expect(await a.authority().verifyAudit()).toMatchObject({ intact: true });
  } finally {
    await a.close();
  }
});

test('an id of one organization opens nothing in another', async () => {
  const a = await startAuthority();
  try {
    const facts = await prepare(a);
    const token = await a.signIn(emails.stranger);
    const boss = a.call(token);
    const harbor = await a.organization(token, 'Harbor');
    const attempts = [
      boss(people.changeRole, { params: { organization: harbor, person: facts.second }, body: { role: 'reader' } }),
      boss(people.remove, { params: { organization: harbor }, body: { people: [facts.second], confirm: true } }),
      boss(people.resend, { params: { organization: harbor, invite: facts.invite } }),
      boss(people.editInvite, { params: { organization: harbor, invite: facts.invite }, body: { role: 'owner' } }),
      boss(people.cancelInvite, { params: { organization: harbor, invite: facts.invite } }),
      boss(organizations.offerOwnership, { params: { organization: harbor }, body: { to: facts.second, password: PASSWORD } }),
    ];
    for (const attempt of await Promise.all(attempts)) expect(attempt).toMatchObject({ ok: false, code: 'NOT_FOUND' });
  } finally {
    await a.close();
  }
});
