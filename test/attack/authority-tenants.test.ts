import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { parseKind } from '../../src-shared/documents/index.ts';
import { contract, pathOf } from '../../src-shared/http/index.ts';
import type { Route } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { DAY } from '../../src-shared/time.ts';
import { PASSWORD, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { createTestMachine } from '../support/machine.ts';

/**
 * Another organization's ids in every route that takes ids. The routes come from the contract's table: a new one is attacked by
 * itself, and fails the test until it is known what stands in its input.
 */

let a: TestAuthority;
/** Of Harbor, where the attacker (the owner of Northlight) is nobody. */
let theirs: { readonly [name: string]: string };
let own: { readonly organization: string; readonly license: string; readonly person: string };
let attacker: string;
/** The attacker's and the victims' tables, to see that nothing changed. */
const state = async (): Promise<string> => {
  const boss = a.call(await a.signIn('boss@harbor.example'));
  const organization = theirs['organization'] ?? '';
  const params = { organization };
  return JSON.stringify([
    unwrap(await boss(contract.organizations.read, { params })),
    unwrap(await boss(contract.people.list, { params, query: {} })).people.map(({ id, role, assignments }) => [id, role, assignments]),
    unwrap(await boss(contract.people.invites, { params, query: { status: 'all' } })),
    unwrap(await boss(contract.holdings.tasks, { params, query: { state: 'all' } })),
    unwrap(await boss(contract.holdings.machine, { params: { organization, machine: theirs['machine'] ?? '' } })),
    unwrap(await boss(contract.security.sessions, {})).sessions.some(({ id }) => id === theirs['session']),
  ]);
};

beforeAll(async () => {
  a = await startAuthority();
  const token = await a.signIn('boss@harbor.example');
  const boss = a.call(token);
  const organization = await a.organization(token, 'Harbor');
  const { user } = unwrap(await boss(contract.accounts.me, {}));
  const { invites } = unwrap(await boss(contract.people.invite, { params: { organization }, body: { addresses: ['new@harbor.example'], role: 'editor' } }));
  const machine = await createTestMachine({ authority: a.id, clock: a.clock, name: 'HB-001' });
  const want = { license: 'lic_harbor', mode: 'online' } as const;
  const { lease } = unwrap(await boss(contract.leases.checkout, { body: { request: await machine.request(want) } }));
  const editor = a.call(await a.signIn('editor@northlight.example'));
  const task = unwrap(await editor(contract.holdings.ask, { params: { organization }, body: { kind: 'release', lease: lease.id } }));
  const { sessions } = unwrap(await boss(contract.security.sessions, {}));
  // Marked, so that a decision about it would be taken.
  await boss(contract.leases.checkout, { body: { request: await machine.request(want, { seq: 1 }) } });
  const carried = await createTestMachine({ authority: a.id, clock: a.clock, name: 'NL-001' });
  const request = await carried.request({ mode: 'offline' });
  theirs = { request, organization, person: user.id, invite: invites[0]?.id ?? '', license: 'lic_harbor', machine: machine.id, lease: lease.id, task: task.id, session: sessions[0]?.id ?? '' };
  attacker = await a.signIn('owner@northlight.example');
  const northlight = await a.organization(attacker, 'Northlight');
  own = { organization: northlight, license: 'lic_stage', person: unwrap(await a.call(attacker)(contract.accounts.me, {})).user.id };
});
afterAll(() => a.close());

/** What stands in a body where ids are named, or has to stand there so that the body is one. */
const bodies: { readonly [route: string]: (ids: { readonly [name: string]: string }) => readonly unknown[] } = {
  'accounts.setDefaultOrganization': (ids) => [{ organization: ids['organization'] }],
  'exchange.answer': (ids) => [{ request: ids['request'], license: ids['license'], days: 5 }],
  'holdings.ask': (ids) => [{ kind: 'assignment', license: ids['license'], note: '' }, { kind: 'release', lease: ids['lease'], note: '' }],
  'holdings.answer': () => [{ grant: true }, { grant: false }],
  'holdings.assign': (ids) => [{ person: ids['person'], licenses: [ids['license']] }],
  'holdings.unassign': (ids) => [{ person: ids['person'], licenses: [ids['license']] }],
  'holdings.release': (ids) => [{ leases: [ids['lease']] }],
  'leases.free': () => [{ reason: 'not mine' }],
  'holdings.resolve': () => [{ decision: 'retire', reason: 'mine now' }, { decision: 'same-machine', reason: 'mine now' }],
  'organizations.edit': () => [{ name: 'Taken over', legal: null, cluster: 'us' }],
  'organizations.remove': () => [{ name: 'Harbor' }],
  'organizations.offerOwnership': (ids) => [{ to: ids['person'], password: PASSWORD }],
  'organizations.acceptOwnership': () => [{ password: PASSWORD }],
  'people.changeRole': () => [{ role: 'reader' }],
  'people.remove': (ids) => [{ people: [ids['person']], confirm: true }],
  'people.invite': () => [{ addresses: ['mole@northlight.example'], role: 'manager' }],
  'people.editInvite': () => [{ role: 'reader' }],
};
/** Where a body names ids. */
const idNames = ['organization', 'person', 'people', 'invite', 'license', 'licenses', 'lease', 'leases', 'machine', 'task', 'session', 'to'];

const paramsOf = ({ path }: Route): readonly string[] => [...path.matchAll(/:([a-zA-Z]+)/g)].map(([, name = '']) => name);
const bodyNames = ({ body }: Route): readonly string[] => {
  if (!body) return [];
  const { properties = {}, oneOf = [], anyOf = [] } = z.toJSONSchema(body, { io: 'input', unrepresentable: 'any' }) as { readonly properties?: object; readonly oneOf?: readonly { readonly properties?: object }[]; readonly anyOf?: readonly { readonly properties?: object }[] };
  return [...Object.keys(properties), ...[...oneOf, ...anyOf].flatMap((each) => Object.keys(each.properties ?? {}))];
};
const named = Object.entries(contract).flatMap(([group, routes]) => Object.entries(routes as Record<string, Route>).map(([name, route]) => [`${group}.${name}`, route] as const));
const withIds = named.filter(([, route]) => route.auth !== 'none' && (paramsOf(route).length > 0 || bodyNames(route).some((name) => idNames.includes(name))));

const send = async (route: Route, params: Readonly<Record<string, string>>, body: unknown): Promise<{ readonly ok: boolean; readonly code?: string; readonly value?: unknown }> => {
  const response = await fetch(`${a.url}${pathOf(route, { params, query: {} })}`, {
    method: route.method,
    headers: { authorization: `Bearer ${attacker}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return (await response.json()) as never;
};
const refusals = ['NOT_FOUND', 'FORBIDDEN', 'LICENSE_NOT_FOUND', 'LEASE_NOT_FOUND'];
/** Each lease has its own outcome there, and this one's is that there is no such lease. */
const refusedInside = (reply: { readonly ok: boolean; readonly value?: unknown }): boolean =>
  reply.ok && JSON.stringify((reply.value as { readonly refused?: readonly { readonly code: string }[] }).refused?.map(({ code }) => code)) === '["LEASE_NOT_FOUND"]';

test('the contract is known: every route that takes ids is attacked', () => {
  expect(withIds.length).toBeGreaterThan(30);
  const unknown = withIds.flatMap(([name, route]) => [
    ...paramsOf(route).filter((param) => theirs[param] === undefined).map((param) => `${name}: what is :${param}?`),
    ...(route.body && bodies[name] === undefined ? [`${name}: what stands in its body?`] : []),
  ]);
  expect(unknown).toEqual([]);
});

test('with all ids of another organization, every route says that there is no such thing, and nothing has changed', async () => {
  const before = await state();
  for (const [name, route] of withIds) {
    const wishes = bodies[name]?.(theirs) ?? [undefined];
    for (const body of wishes) {
      const reply = await send(route, theirs, body);
      expect([name, body, reply.ok || !refusals.includes(reply.code ?? '') ? reply : 'refused']).toEqual([name, body, 'refused']);
    }
  }
  expect(await state()).toBe(before);
});

test('with the attacker’s own organization around one foreign id, every route refuses it too, and nothing has changed', async () => {
  const before = await state();
  const mine: Readonly<Record<string, string>> = { ...theirs, ...own };
  let attacks = 0;
  for (const [name, route] of withIds) {
    const inPath = paramsOf(route);
    const foreign = [...inPath, ...bodyNames(route)].filter((each) => idNames.includes(each) && each !== 'organization');
    if (!inPath.includes('organization') || foreign.length === 0) continue;
    // One id of theirs at a time, the rest the attacker's own.
    for (const id of new Set(foreign.map((each) => ({ people: 'person', licenses: 'license', leases: 'lease', to: 'person' })[each] ?? each))) {
      const ids = { ...mine, [id]: theirs[id] ?? '' };
      for (const body of bodies[name]?.(ids) ?? [undefined]) {
        if (body !== undefined && !inPath.includes(id) && !JSON.stringify(body).includes(theirs[id] ?? '?')) continue;
        attacks += 1;
        const reply = await send(route, ids, body);
        const isRefused = (!reply.ok && refusals.includes(reply.code ?? '')) || refusedInside(reply);
        expect([name, id, isRefused ? 'refused' : reply]).toEqual([name, id, 'refused']);
      }
    }
  }
  expect(attacks).toBeGreaterThan(15);
  expect(await state()).toBe(before);
});

test('whoever found a request file has neither its answer nor the names in it by the door that asks nobody to sign in', async () => {
  const machine = await createTestMachine({ authority: a.id, clock: a.clock });
  const editor = a.call(await a.signIn('editor@northlight.example'));
  const request = await machine.request({ license: 'lic_stage', mode: 'offline' });
  unwrap(await editor(contract.exchange.answer, { body: { request, license: 'lic_stage', days: 5 } }));
  expect(await a.call()(contract.leases.renew, { body: await machine.sending(request) })).toMatchObject({ ok: false, code: 'CONFLICT', details: { why: 'purpose', wanted: 'checkout', chosen: 'renew' } });
});

test('whoever found the request file of a renewal, or a heartbeat of its machine, extends nothing with it and uses nothing up', async () => {
  const machine = await createTestMachine({ authority: a.id, clock: a.clock });
  const manager = a.call(await a.signIn('manager@northlight.example'));
  const ledger = async () => unwrap(await manager(contract.leases.mine, {})).leases;
  const first = unwrap(await manager(contract.exchange.answer, { body: { request: await machine.request({ license: 'lic_stage', mode: 'offline' }), license: 'lic_stage', days: 1 } }));
  const lease = first.lease.id;
  const held = unwrap(parseKind('license', first.licenseFile)).claims.jti;
  const request = await machine.request({ mode: 'offline', days: 60 }, { lease });
  const { jti } = unwrap(parseKind('request', request)).claims;
  const stranger = await createTestMachine({ authority: a.id, clock: a.clock });
  const before = await ledger();
  const attempt = (heartbeat: string) => a.call()(contract.leases.renew, { body: { request, heartbeat } });
  expect(await attempt('')).toMatchObject({ code: 'FILE_MALFORMED' });
  expect(await attempt(await machine.heartbeat(lease, held))).toMatchObject({ code: 'CONFLICT', details: { why: 'not-sent' } });
  expect(await attempt(await machine.heartbeat('lse_other', held, { jti }))).toMatchObject({ code: 'CONFLICT', details: { why: 'not-sent' } });
  expect(await attempt(await machine.heartbeat(lease, held, { jti, aud: 'aut_other' }))).toMatchObject({ code: 'CONFLICT', details: { why: 'not-sent' } });
  expect(await attempt(await stranger.heartbeat(lease, held, { jti }))).toMatchObject({ code: 'FILE_NOT_GENUINE', details: { why: 'key-name' } });
  expect(await attempt(await stranger.heartbeat(lease, held, { jti, iss: machine.id }))).toMatchObject({ code: 'FILE_NOT_GENUINE' });
  expect(await ledger()).toEqual(before);
  // It is still there for whoever may answer it, and for the machine itself.
  expect(unwrap(await manager(contract.exchange.answer, { body: { request, license: 'lic_stage', days: 2 } })).lease.until).toBe(a.clock.now() + 2 * DAY);
  const again = unwrap(await a.call()(contract.leases.renew, { body: await machine.renewal({ mode: 'offline', days: 3 }, { lease }) }));
  expect(again.lease.until).toBe(a.clock.now() + 3 * DAY);
});

test('whoever found a release proof brings it, and learns no name by it', async () => {
  const machine = await createTestMachine({ authority: a.id, clock: a.clock, name: 'EDIT-7' });
  const second = a.call(await a.signIn('second@northlight.example'));
  const { lease, licenseFile } = unwrap(await second(contract.leases.checkout, { body: { request: await machine.request({ license: 'lic_assigned', mode: 'online' }) } }));
  const proof = await machine.proof(lease.id, unwrap(parseKind('license', licenseFile)).claims.jti);
  const reply = await fetch(`${a.url}/v1/releases`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ proof }) });
  const { value } = (await reply.json()) as { readonly value: Readonly<Record<string, string>> };
  expect(Object.keys(value)).toEqual(['receipt']);
  const said = JSON.stringify(unwrap(parseKind('receipt', value['receipt'] ?? '')).claims);
  for (const name of ['Sven', 'Northlight', 'EDIT-7', 'linux']) expect(said).not.toContain(name);
});

test('a machine reports no lease but its own: another’s stays as long as it was', async () => {
  const [mine, theirsToo] = [await createTestMachine({ authority: a.id, clock: a.clock }), await createTestMachine({ authority: a.id, clock: a.clock })];
  const second = a.call(await a.signIn('second@northlight.example'));
  const take = async (machine: typeof mine, license: string) => unwrap(await second(contract.leases.checkout, { body: { request: await machine.request({ license, mode: 'online' }) } }));
  await take(mine, 'lic_online');
  const { lease, licenseFile } = await take(theirsToo, 'lic_assigned');
  const ledger = async () => unwrap(await second(contract.leases.mine, {})).leases;
  unwrap(await a.call()(contract.leases.renew, { body: await theirsToo.renewal({ mode: 'offline', days: 30 }, { lease: lease.id }) }));
  // The first file ends tomorrow: whoever could say that it is the one in use would free the seat then.
  const early = unwrap(parseKind('license', licenseFile)).claims.jti;
  const before = await ledger();
  expect(await a.call()(contract.leases.heartbeat, { body: { heartbeat: await mine.heartbeat(lease.id, early) } })).toMatchObject({ ok: false, code: 'LEASE_NOT_FOUND' });
  expect(await ledger()).toEqual(before);
});
