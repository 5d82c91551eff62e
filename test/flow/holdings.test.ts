import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseKind } from '../../src-shared/documents/index.ts';
import type { ClaimsOf } from '../../src-shared/documents/index.ts';
import { contract } from '../../src-shared/http/index.ts';
import type { CallAuthority } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { DAY, HOUR, MINUTE } from '../../src-shared/time.ts';
import { PASSWORD, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { codeOf, eventually, startClient } from '../support/client.ts';
import type { TestClient } from '../support/client.ts';
import { createTestMachine, fingerprintOf } from '../support/machine.ts';
import type { TestMachine } from '../support/machine.ts';
import { startSmtp } from '../support/smtp.ts';
import type { TestSmtp } from '../support/smtp.ts';

const { holdings } = contract;
let a: TestAuthority;
let smtp: TestSmtp;
let organization: string;
let harbor: string;
let ids: Record<string, string>;
const clients: TestClient[] = [];

const callers = new Map<string, Promise<CallAuthority>>();
const as = (name: string): Promise<CallAuthority> => {
  const email = name.includes('@') ? name : `${name}@northlight.example`;
  const known = callers.get(email) ?? a.signIn(email).then((token) => a.call(token));
  callers.set(email, known);
  return known;
};
const address = (name: string): string => `${name}@northlight.example`;

beforeEach(async () => {
  smtp = await startSmtp();
  a = await startAuthority({ smtp: smtp.url });
  callers.clear();
  organization = await a.organization(await a.signIn('owner@northlight.example'), 'Northlight');
  harbor = await a.organization(await a.signIn('boss@harbor.example'), 'Harbor');
  ids = {};
  for (const name of ['owner', 'manager', 'editor', 'second', 'reader']) {
    ids[name] = unwrap(await (await as(name))(contract.accounts.me, {})).user.id;
  }
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  await a.close();
  await smtp.close();
});

const who = (name: string): string => ids[name] ?? '';
const machineOf = (name: string): Promise<TestMachine> => createTestMachine({ authority: a.id, clock: a.clock, name });
const take = async (person: string, license: string, on?: TestMachine, want: Partial<ClaimsOf<'request'>['want']> = {}) => {
  const machine = on ?? (await machineOf('WS-001'));
  const issued = unwrap(await (await as(person))(contract.leases.checkout, { body: { request: await machine.request({ license, mode: 'online', ...want }) } }));
  return { ...issued, machine, file: unwrap(parseKind('license', issued.licenseFile)).claims.jti };
};
const read = async (license: string, by = 'reader') => unwrap(await (await as(by))(holdings.read, { params: { organization, license } }));
const assign = async (by: string, person: string, ...licenses: string[]) => (await as(by))(holdings.assign, { params: { organization }, body: { person: who(person), licenses } });
const unassign = async (by: string, person: string, ...licenses: string[]) => (await as(by))(holdings.unassign, { params: { organization }, body: { person: who(person), licenses } });
const tasks = async (by: string, state: 'open' | 'all' = 'open') => unwrap(await (await as(by))(holdings.tasks, { params: { organization }, query: { state } })).tasks;
const ask = async (by: string, body: { kind: 'assignment'; license: string; note?: string } | { kind: 'release'; lease: string; note?: string }) =>
  (await as(by))(holdings.ask, { params: { organization }, body });
const answer = async (by: string, task: string, grant: boolean) => (await as(by))(holdings.answer, { params: { organization, task }, body: { grant } });

const newClient = async (name: string, person: string): Promise<TestClient> => {
  const client = await startClient({ clock: a.clock, authority: a.url, keyset: a.keyset(), name });
  clients.push(client);
  unwrap(await client.licensing().account.signIn({ email: address(person), password: PASSWORD }));
  return client;
};
const listening = async (client: TestClient): Promise<void> => {
  await client.licensing().start();
  await eventually('the stream stands', () => client.wire.answered.includes('GET /v1/events') && client.licensing().state().connection.state === 'online');
};

describe('licenses', () => {
  test('are listed with their status, seats, and who asks, by name, page by page and by search', async () => {
    await take('editor', 'lic_stage');
    unwrap(await ask('editor', { kind: 'assignment', license: 'lic_assigned' }));
    const call = await as('reader');
    const all = unwrap(await call(holdings.list, { params: { organization }, query: {} }));
    expect(all.total).toBe(8);
    const one = (license: string) => all.licenses.find((each) => each.license === license);
    expect(one('lic_stage')).toMatchObject({ status: 'active', edition: 'Studio', features: ['tracking', 'render'], seats: { owned: 5, free: 4, inUse: 1, inTransit: 0, atRisk: 0 }, assigned: 0, requests: 0 });
    expect(one('lic_assigned')).toMatchObject({ access: 'assigned', assigned: 1, requests: 1 });
    expect([one('lic_expired')?.status, one('lic_future')?.status]).toEqual(['expired', 'not-started']);
    expect(all.licenses.map(({ product }) => product.name)).toEqual(['Board', 'Grade', 'Grade', 'Grade', 'Grade', 'Stage', 'Stage', 'Stage']);
    const page = unwrap(await call(holdings.list, { params: { organization }, query: { offset: 6, limit: 5 } }));
    expect([page.total, page.licenses.map(({ license }) => license)]).toEqual([8, all.licenses.slice(6).map(({ license }) => license)]);
    expect(unwrap(await call(holdings.list, { params: { organization }, query: { search: 'stage stu' } })).licenses.map(({ license }) => license)).toEqual(['lic_stage']);
    expect(unwrap(await call(holdings.list, { params: { organization }, query: { search: '%' } })).total).toBe(0);
  });

  test('tell people of one name apart by their e-mail addresses, among the seats and in the picker', async () => {
    const namesakes = ['sam.lee@northlight.example', 'lee.sam@northlight.example'];
    unwrap(await a.authority().load({
      products: [], organizations: [{ name: 'Northlight', users: namesakes.map((email) => ({ email, name: 'Sam Lee', password: PASSWORD, role: 'editor' })), licenses: [] }],
    }));
    const leases: string[] = [];
    for (const [at, email] of namesakes.entries()) leases.push((await take(email, 'lic_stage', await machineOf(`TWIN-${at}`))).lease.id);
    const told = namesakes.map((email, at) => ({ lease: leases[at], person: 'Sam Lee', email }));
    const { ledger } = await read('lic_stage', 'reader');
    const entitlements = unwrap(await (await as('reader'))(contract.licenses.entitlements, { params: { organization }, query: {} })).entitlements;
    for (const holders of [ledger.flatMap(({ holder }) => holder ?? []), entitlements.find(({ license }) => license === 'lic_stage')?.holders ?? []]) {
      expect(holders.filter(({ person }) => person === 'Sam Lee').map(({ lease, person, email }) => ({ lease, person, email })).toSorted((one, other) => namesakes.indexOf(one.email ?? '') - namesakes.indexOf(other.email ?? ''))).toEqual(told);
    }
  });

  test('show each seat as free, in use, in transit or at risk, with who holds it until when', async () => {
    const online = await take('editor', 'lic_stage', await machineOf('WS-001'));
    const away = await take('second', 'lic_stage', await machineOf('WS-002'), { mode: 'offline', days: 30 });
    const risk = await take('manager', 'lic_stage', await machineOf('WS-003'));
    // A lease switched to a shorter file keeps the seat for as long as the earlier one may be used.
    const { license, ledger, assigned } = await read('lic_stage', 'editor');
    expect(ledger.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
    expect(ledger.find(({ holder }) => holder?.lease === online.lease.id)).toMatchObject({ state: 'in-use', until: online.lease.busyUntil, holder: { person: 'Edda Editor', machine: { name: 'WS-001' }, yours: true } });
    expect(ledger.find(({ holder }) => holder?.lease === away.lease.id)).toMatchObject({ state: 'in-transit', until: a.clock.now() + 30 * DAY, holder: { mode: 'offline', yours: false } });
    expect(ledger.filter(({ state }) => state === 'free')).toEqual([4, 5].map((number) => ({ number, state: 'free', until: null, holder: null })));
    expect([license.seats, assigned]).toEqual([{ owned: 5, free: 2, inUse: 2, inTransit: 1, atRisk: 0 }, []]);
    // Back online, and the machine has not said so: past the online file's end the seat is at risk.
    unwrap(await a.call()(contract.leases.renew, { body: await away.machine.renewal({ mode: 'online' }, { lease: away.lease.id }) }));
    a.clock.advance(2 * DAY);
    expect((await read('lic_stage')).ledger.filter(({ state }) => state !== 'free')).toMatchObject([{ state: 'at-risk', holder: { lease: away.lease.id } }]);
    expect(risk.lease.busyUntil).toBeLessThan(a.clock.now());
    expect((await read('lic_assigned')).assigned).toEqual([{ id: who('second'), name: 'Sven Second', email: 'second@northlight.example' }]);
  });
});

describe('assignments', () => {
  test('several at once open the licenses to a person, who is told by mail; doing it again changes nothing', async () => {
    expect(unwrap(await assign('manager', 'reader', 'lic_stage', 'lic_assigned', 'lic_stage'))).toEqual({ assigned: 2 });
    expect(unwrap(await assign('owner', 'reader', 'lic_stage', 'lic_assigned'))).toEqual({ assigned: 0 });
    expect(unwrap(await (await as('editor'))(holdings.assignments, { params: { organization, person: who('reader') } }))).toEqual({ licenses: ['lic_assigned', 'lic_stage'] });
    const mail = await smtp.next(address('reader'));
    expect(mail.text).toContain('Mia Manager');
    expect(mail.text).toMatch(/- Grade Finish\n- Stage Studio/);
    expect(mail.link().pathname).toBe(`/organizations/${organization}/products`);
    expect(smtp.mails().filter(({ to }) => to === address('reader'))).toHaveLength(1);
    await take('reader', 'lic_assigned');
  });

  test('one license of another organization assigns none', async () => {
    expect(codeOf(await assign('owner', 'reader', 'lic_stage', 'lic_harbor'))).toBe('LICENSE_NOT_FOUND');
    expect((await read('lic_stage')).license.assigned).toBe(0);
    const boss = unwrap(await (await as('boss@harbor.example'))(contract.accounts.me, {})).user.id;
    expect(await (await as('owner'))(holdings.assign, { params: { organization }, body: { person: boss, licenses: ['lic_stage'] } })).toMatchObject({ ok: false, code: 'NOT_FOUND' });
  });

  test('taken back, an online lease that rested on it ends at once; the machine notices, and its seat is free', async () => {
    const client = await newClient('WS-042', 'second');
    const { lease } = unwrap(await client.licensing().checkout({ license: 'lic_assigned' }));
    await listening(client);
    const result = unwrap(await unassign('manager', 'second', 'lic_assigned'));
    expect(result).toMatchObject({ unassigned: 1, ended: [{ id: lease, state: 'released', busyUntil: a.clock.now() + DAY, ended: { by: 'Mia Manager' } }] });
    await eventually('the seat is free', async () => (await read('lic_assigned')).license.seats.free === 2, 30_000);
    await eventually('the lease is gone', () => client.licensing().current().length === 0, 2000);
    expect(client.licensing().state().notices.at(-1)).toMatchObject({ kind: 'released-elsewhere', lease, details: { endedBy: 'Mia Manager' } });
    expect((await smtp.next(address('second'))).text).toMatch(/Grade Finish[\s\S]*WS-042: until \d.* at the latest\s+Its seat is free when that machine confirms/);
    expect(unwrap(await unassign('manager', 'second', 'lic_assigned'))).toEqual({ unassigned: 0, ended: [] });
    expect(codeOf(await client.licensing().checkout({ license: 'lic_assigned' }))).toBe('LICENSE_NOT_ASSIGNED');
  });

  test('taken back, an online lease that the role allows anyway goes on', async () => {
    unwrap(await assign('owner', 'editor', 'lic_stage'));
    const { lease } = await take('editor', 'lic_stage');
    expect(unwrap(await unassign('owner', 'editor', 'lic_stage'))).toEqual({ unassigned: 1, ended: [] });
    expect((await read('lic_stage')).ledger.filter(({ holder }) => holder !== null)).toMatchObject([{ state: 'in-use', holder: { lease: lease.id } }]);
  });

  test('in offline mode nothing is taken back, also not the others that were named; once its proof is there, it is', async () => {
    unwrap(await assign('owner', 'second', 'lic_online'));
    const away = await take('second', 'lic_assigned', undefined, { mode: 'offline', days: 20 });
    const refused = await unassign('owner', 'second', 'lic_online', 'lic_assigned');
    const until = a.clock.now() + 20 * DAY;
    expect(refused).toMatchObject({ ok: false, code: 'LEASE_OFFLINE', details: { lease: away.lease.id, license: 'lic_assigned', until, leases: [{ lease: away.lease.id, machine: { name: 'WS-001' }, until }] } });
    expect(unwrap(await (await as('owner'))(holdings.assignments, { params: { organization, person: who('second') } })).licenses).toEqual(['lic_assigned', 'lic_online']);
    // Switched back online, it is offline until the machine says that it holds the online file.
    const back = unwrap(await a.call()(contract.leases.renew, { body: await away.machine.renewal({ mode: 'online' }, { lease: away.lease.id }) }));
    expect(codeOf(await unassign('owner', 'second', 'lic_assigned'))).toBe('LEASE_OFFLINE');
    const { jti } = unwrap(parseKind('license', back.licenseFile)).claims;
    unwrap(await a.call()(contract.leases.heartbeat, { body: { heartbeat: await away.machine.heartbeat(away.lease.id, jti) } }));
    expect(unwrap(await unassign('owner', 'second', 'lic_online', 'lic_assigned'))).toMatchObject({ unassigned: 2, ended: [{ id: away.lease.id }] });
  });
});

describe('tasks', () => {
  test('a request for an assignment reaches owners and managers by mail, and one click grants it', async () => {
    const asked = unwrap(await ask('editor', { kind: 'assignment', license: 'lic_assigned', note: 'For the Lindner job <b>tomorrow</b>' }));
    expect(asked).toMatchObject({ kind: 'assignment', state: 'open', to: null, lease: null, yours: false, from: { name: 'Edda Editor' } });
    for (const name of ['owner', 'manager']) {
      const mail = await smtp.next(address(name));
      expect(mail.subject).toBe('Edda Editor asks for Grade Finish');
      expect(mail.html).toContain('&lt;b&gt;tomorrow');
      expect(mail.link().pathname).toBe(`/organizations/${organization}/tasks`);
    }
    expect(await tasks('manager')).toMatchObject([{ id: asked.id, yours: true }]);
    expect(await tasks('second')).toEqual([]);
    expect(await tasks('editor')).toMatchObject([{ id: asked.id, yours: false }]);
    expect(await ask('editor', { kind: 'assignment', license: 'lic_assigned' })).toMatchObject({ ok: false, code: 'CONFLICT', details: { why: 'asked', task: asked.id } });
    expect(codeOf(await answer('editor', asked.id, true))).toBe('FORBIDDEN');
    expect(codeOf(await answer('second', asked.id, true))).toBe('NOT_FOUND');
    const granted = unwrap(await answer('manager', asked.id, true));
    expect(granted).toMatchObject({ state: 'granted', answeredBy: 'Mia Manager', answeredAt: a.clock.now(), yours: false });
    expect(unwrap(await answer('manager', asked.id, true))).toEqual(granted);
    expect(await answer('owner', asked.id, false)).toMatchObject({ ok: false, code: 'CONFLICT', details: { why: 'answered', state: 'granted' } });
    expect((await smtp.next(address('editor'))).subject).toBe('Mia Manager has granted your request for Grade Finish');
    await take('editor', 'lic_assigned');
    expect([await tasks('owner'), (await tasks('owner', 'all')).length]).toEqual([[], 1]);
    expect(await ask('editor', { kind: 'assignment', license: 'lic_assigned' })).toMatchObject({ ok: false, code: 'CONFLICT', details: { why: 'usable' } });
  });

  test('count as waiting for each person who may answer them, and for nobody else', async () => {
    const { lease } = await take('editor', 'lic_single', await machineOf('WS-001'));
    expect(unwrap(await ask('second', { kind: 'release', lease: lease.id }))).toMatchObject({ machine: { name: 'WS-001' } });
    const assignment = unwrap(await ask('reader', { kind: 'assignment', license: 'lic_stage' }));
    expect(assignment.machine).toBeNull();
    const waiting = async () => Object.fromEntries(await Promise.all(['owner', 'manager', 'editor', 'second', 'reader'].map(async (name) => {
      const call = await as(name);
      return [name, unwrap(await call(holdings.tasks, { params: { organization }, query: { limit: 1, search: 'nothing of that name' } })).waiting];
    })));
    expect(await waiting()).toEqual({ owner: 2, manager: 2, editor: 1, second: 0, reader: 0 });
    unwrap(await answer('owner', assignment.id, false));
    expect(await waiting()).toEqual({ owner: 1, manager: 1, editor: 1, second: 0, reader: 0 });
  });

  test('a request is declined, withdrawn, or granted by assigning; then it can be made again', async () => {
    const first = unwrap(await ask('reader', { kind: 'assignment', license: 'lic_stage' }));
    expect(unwrap(await answer('owner', first.id, false))).toMatchObject({ state: 'declined', answeredBy: 'Olga Owner' });
    expect((await smtp.next(address('reader'))).text).toContain('declined to assign Stage Studio');
    const second = unwrap(await ask('reader', { kind: 'assignment', license: 'lic_stage' }));
    expect(unwrap(await answer('reader', second.id, false))).toMatchObject({ state: 'withdrawn' });
    const third = unwrap(await ask('reader', { kind: 'assignment', license: 'lic_stage' }));
    unwrap(await assign('manager', 'reader', 'lic_stage'));
    expect((await tasks('reader', 'all')).find(({ id }) => id === third.id)).toMatchObject({ state: 'granted', answeredBy: 'Mia Manager' });
  });

  test('asking to release reaches the holder, who grants it with one click: the seat is free and the machine notices', async () => {
    const client = await newClient('WS-042', 'editor');
    const { lease } = unwrap(await client.licensing().checkout({ license: 'lic_single' }));
    await listening(client);
    const asked = unwrap(await ask('second', { kind: 'release', lease, note: 'Can you let me have it?' }));
    expect(asked).toMatchObject({ kind: 'release', lease, license: 'lic_single', to: { id: who('editor'), name: 'Edda Editor' } });
    const mail = await smtp.next(address('editor'));
    expect(mail.text).toMatch(/Sven Second[\s\S]*Grade Solo[\s\S]*WS-042[\s\S]*Can you let me have it\?/);
    expect(await tasks('editor')).toMatchObject([{ id: asked.id, yours: true }]);
    expect(await tasks('manager')).toMatchObject([{ id: asked.id, yours: true }]);
    expect(codeOf(await ask('editor', { kind: 'release', lease }))).toBe('CONFLICT');
    expect(unwrap(await answer('editor', asked.id, true))).toMatchObject({ state: 'granted' });
    await eventually('the lease is gone', () => client.licensing().current().length === 0, 2000);
    const told = await smtp.next(address('second'));
    expect(told.subject).toBe('Edda Editor has granted your request for Grade Solo');
    expect(told.text).toMatch(/The seat is free when WS-\S+ confirms the release, at the latest on \d/);
    await take('second', 'lic_single');
  });

  test('an offline lease cannot be ended by a click: it says until when and what can be done, and the task stays open', async () => {
    const { lease } = await take('editor', 'lic_single', undefined, { mode: 'offline', days: 10 });
    const asked = unwrap(await ask('second', { kind: 'release', lease: lease.id }));
    expect(await answer('manager', asked.id, true)).toMatchObject({
      ok: false, code: 'LEASE_OFFLINE', details: { lease: lease.id, until: a.clock.now() + 10 * DAY, machine: { name: 'WS-001' }, next: ['switch-online', 'release-proof'] },
    });
    expect(await tasks('editor')).toMatchObject([{ id: asked.id, state: 'open' }]);
    a.clock.advance(10 * DAY);
    expect(await tasks('editor')).toEqual([]);
    expect(await tasks('second', 'all')).toMatchObject([{ state: 'granted', answeredBy: null, answeredAt: a.clock.now() }]);
    expect(codeOf(await ask('second', { kind: 'release', lease: lease.id }))).toBe('LEASE_NOT_FOUND');
  });

  test('of a lease that nobody holds owners and managers are asked', async () => {
    const machine = await machineOf('FIELD-7');
    const { lease } = unwrap(await a.authority().answer({ request: await machine.request({ mode: 'offline' }), license: 'lic_single', days: 5 }));
    expect(unwrap(await ask('second', { kind: 'release', lease: lease.id })).to).toBeNull();
    expect((await smtp.next(address('manager'))).subject).toBe('Sven Second asks for the seat of Grade Solo on FIELD-7');
  });

  test('a person can ask ten times an hour', async () => {
    for (let times = 0; times < 10; times += 1) {
      const { id } = unwrap(await ask('reader', { kind: 'assignment', license: 'lic_stage' }));
      unwrap(await answer('reader', id, false));
      a.clock.advance(MINUTE);
    }
    expect(await ask('reader', { kind: 'assignment', license: 'lic_stage' })).toMatchObject({ ok: false, code: 'RATE_LIMITED', details: { retryAfter: HOUR - 10 * MINUTE } });
    a.clock.advance(HOUR - 10 * MINUTE);
    unwrap(await ask('reader', { kind: 'assignment', license: 'lic_stage' }));
  });

  test('letters come in the language of their reader, and not to those who want none about licenses', async () => {
    unwrap(await (await as('manager'))(contract.security.setLocale, { body: { locale: 'de' } }));
    const { preferences } = unwrap(await (await as('owner'))(contract.security.preferences, {}));
    unwrap(await (await as('owner'))(contract.security.setPreferences, { body: { ...preferences, licenseMails: false } }));
    unwrap(await ask('reader', { kind: 'assignment', license: 'lic_stage' }));
    expect((await smtp.next(address('manager'))).subject).toBe('Rita Reader bittet um Stage Studio');
    expect(smtp.mails().some(({ to }) => to === address('owner'))).toBe(false);
    expect(await tasks('owner')).toHaveLength(1);
  });

  test('answered twice at once, one answer counts', async () => {
    const asked = unwrap(await ask('reader', { kind: 'assignment', license: 'lic_stage' }));
    const answers = await Promise.all([answer('owner', asked.id, true), answer('manager', asked.id, false), answer('owner', asked.id, true), answer('manager', asked.id, false)]);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(2);
    expect(answers.filter((each) => !each.ok).map(codeOf)).toEqual(['CONFLICT', 'CONFLICT']);
    const [{ state } = { state: 'open' }] = await tasks('owner', 'all');
    expect((await read('lic_stage')).license.assigned).toBe(state === 'granted' ? 1 : 0);
    const asks = await Promise.all(Array.from({ length: 5 }, () => ask('reader', { kind: 'assignment', license: 'lic_assigned' })));
    expect(asks.filter(({ ok }) => ok)).toHaveLength(1);
  });

  test('end with the membership of who asked; and all that is kept of an organization goes with it', async () => {
    const asked = unwrap(await ask('reader', { kind: 'assignment', license: 'lic_stage' }));
    const owner = await as('owner');
    unwrap(await owner(contract.people.remove, { params: { organization }, body: { people: [who('reader')], confirm: true } }));
    expect(await tasks('owner')).toEqual([]);
    expect(await tasks('owner', 'all')).toMatchObject([{ id: asked.id, state: 'withdrawn', yours: false }]);
    expect(codeOf(await answer('owner', asked.id, true))).toBe('CONFLICT');
    expect((await read('lic_stage', 'owner')).license.assigned).toBe(0);
    const { lease, machine, file } = await take('editor', 'lic_single');
    unwrap(await ask('second', { kind: 'release', lease: lease.id }));
    unwrap(await a.call()(contract.leases.giveBack, { body: { proof: await machine.proof(lease.id, file) } }));
    a.clock.advance(2 * DAY);
    const again = await take('editor', 'lic_single', machine);
    unwrap(await a.call()(contract.leases.giveBack, { body: { proof: await machine.proof(again.lease.id, again.file) } }));
    unwrap(await owner(contract.organizations.remove, { params: { organization }, body: { name: 'Northlight' } }));
    expect(codeOf(await owner(holdings.usage, { params: { organization }, query: {} }))).toBe('NOT_FOUND');
  });

  test('of another organization are not there, neither to see, nor to answer, nor to ask for', async () => {
    const asked = unwrap(await ask('reader', { kind: 'assignment', license: 'lic_stage' }));
    const boss = await as('boss@harbor.example');
    expect(unwrap(await boss(holdings.tasks, { params: { organization: harbor }, query: { state: 'all' } })).total).toBe(0);
    expect(codeOf(await boss(holdings.answer, { params: { organization: harbor, task: asked.id }, body: { grant: true } }))).toBe('NOT_FOUND');
    expect(codeOf(await boss(holdings.ask, { params: { organization: harbor }, body: { kind: 'assignment', license: 'lic_stage' } }))).toBe('LICENSE_NOT_FOUND');
    const { lease } = await take('editor', 'lic_stage');
    expect(codeOf(await boss(holdings.ask, { params: { organization: harbor }, body: { kind: 'release', lease: lease.id } }))).toBe('LEASE_NOT_FOUND');
  });
});

describe('machines', () => {
  test('are listed with their leases of this organization, the last heard of first, and found by name', async () => {
    const first = await take('editor', 'lic_stage', await machineOf('WS-001'));
    a.clock.advance(MINUTE);
    const second = await take('second', 'lic_stage', await machineOf('GRÄDING 1'));
    a.clock.advance(MINUTE);
    await take('editor', 'lic_harbor', first.machine);
    const call = await as('reader');
    const { total, machines } = unwrap(await call(holdings.machines, { params: { organization }, query: {} }));
    expect(total).toBe(2);
    // That WS-001 took a license of another organization since is no matter of this one.
    expect(machines.map(({ name }) => name)).toEqual(['GRÄDING 1', 'WS-001']);
    expect(machines.find(({ name }) => name === 'WS-001')).toMatchObject({ id: first.machine.id, os: 'linux test', app: 'test 1', fingerprintChanges: 0, leases: [{ id: first.lease.id, mode: 'online' }] });
    expect(unwrap(await call(holdings.machines, { params: { organization }, query: { search: 'gräd' } })).machines.map(({ id }) => id)).toEqual([second.machine.id]);
    expect(unwrap(await call(holdings.machines, { params: { organization }, query: { offset: 1, limit: 1 } }))).toMatchObject({ total: 2, machines: [{}] });
    unwrap(await a.call()(contract.leases.giveBack, { body: { proof: await second.machine.proof(second.lease.id, second.file) } }));
    expect(unwrap(await call(holdings.machine, { params: { organization, machine: second.machine.id } })).machine.leases).toEqual([]);
    const boss = await as('boss@harbor.example');
    expect(unwrap(await boss(holdings.machines, { params: { organization: harbor }, query: {} })).machines).toMatchObject([{ id: first.machine.id, leases: [{ license: 'lic_harbor' }] }]);
    expect(codeOf(await boss(holdings.machine, { params: { organization: harbor, machine: second.machine.id } }))).toBe('NOT_FOUND');
  });

  test('that only ever worked by files were never in contact, though they were heard of', async () => {
    const connected = await take('editor', 'lic_stage', await machineOf('WS-001'));
    const at = a.clock.now();
    const alone = await machineOf('Render box');
    const [request, call] = [await alone.request({ license: 'lic_stage', mode: 'offline', days: 5 }), await as('manager')];
    unwrap(await call(contract.exchange.answer, { body: { request, license: 'lic_stage', days: 5 } }));
    unwrap(await a.call()(contract.leases.giveBack, { body: { proof: await connected.machine.proof(connected.lease.id, connected.file) } }));
    a.clock.advance(MINUTE);
    const { machines } = unwrap(await call(holdings.machines, { params: { organization }, query: {} }));
    expect(Object.fromEntries(machines.map(({ name, lastContact }) => [name, lastContact]))).toEqual({ 'WS-001': at, 'Render box': null });
  });

  test('show how their fingerprint changed, part by part against the reading before', async () => {
    const machine = await machineOf('WS-001');
    const known = machine.fingerprint as ClaimsOf<'request'>['fp'];
    const other = fingerprintOf('another') as ClaimsOf<'request'>['fp'];
    const call = await as('editor');
    const { board: _, ...withoutBoard } = known.parts;
    for (const parts of [withoutBoard, known.parts, { ...known.parts, disk: other.parts.disk }, { ...withoutBoard, disk: other.parts.disk }]) {
      a.clock.advance(DAY);
      unwrap(await call(contract.leases.checkout, { body: { request: await machine.request({ license: 'lic_stage', mode: 'online' }, { fp: { v: 1, parts } as ClaimsOf<'request'>['fp'] }) } }));
    }
    const shown = unwrap(await call(holdings.machine, { params: { organization, machine: machine.id } }));
    const same = { os: 'same', board: 'same', cpu: 'same', disk: 'same', net: 'same' };
    expect(shown.machine.fingerprintChanges).toBe(3);
    expect(shown.history.map(({ parts }) => parts)).toEqual([
      { os: 'first', board: 'absent', cpu: 'first', disk: 'first', net: 'first' }, { ...same, board: 'first' }, { ...same, disk: 'changed' }, { ...same, board: 'absent' },
    ]);
    expect(shown.history.map(({ at }) => at)).toEqual([3, 2, 1, 0].map((days) => a.clock.now() - days * DAY));
  });

  test('are released one or many at once, each with its own outcome; holders are told and their machines notice', async () => {
    const client = await newClient('WS-042', 'editor');
    const { lease } = unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
    await listening(client);
    const other = await take('second', 'lic_stage', await machineOf('WS-002'));
    const away = await take('manager', 'lic_stage', await machineOf('WS-003'), { mode: 'offline', days: 9 });
    const foreign = unwrap(await (await as('boss@harbor.example'))(contract.leases.checkout, { body: { request: await (await machineOf('H-1')).request({ license: 'lic_harbor', mode: 'online' }) } })).lease;
    const leases = [lease, away.lease.id, other.lease.id, foreign.id, 'lse_nothing', lease];
    const outcome = unwrap(await (await as('owner'))(holdings.release, { params: { organization }, body: { leases } }));
    expect(outcome.released.map(({ id }) => id)).toEqual([lease, other.lease.id]);
    expect(outcome.refused).toEqual([
      { lease: away.lease.id, code: 'LEASE_OFFLINE', until: a.clock.now() + 9 * DAY }, { lease: foreign.id, code: 'LEASE_NOT_FOUND', until: null }, { lease: 'lse_nothing', code: 'LEASE_NOT_FOUND', until: null },
    ]);
    await eventually('the lease is gone', () => client.licensing().current().length === 0, 30_000);
    // The client has confirmed it; the other machine is silent, and its seat stays at risk.
    await eventually('one seat is free', async () => (await read('lic_stage')).license.seats.free === 3, 30_000);
    expect((await read('lic_stage')).license.seats).toMatchObject({ inTransit: 1, atRisk: 1, inUse: 0 });
    expect((await read('lic_stage')).ledger.filter(({ state }) => state === 'at-risk')).toMatchObject([{ until: a.clock.now() + DAY, holder: { lease: other.lease.id, ended: true } }]);
    expect((await smtp.next(address('editor'))).subject).toBe('Stage Studio was released on WS-042');
    expect((await smtp.next(address('second'))).text).toMatch(/- Stage Studio on WS-002: until \d.* at the latest\s+Its seat is free when that machine confirms/);
    expect(unwrap(await (await as('owner'))(holdings.release, { params: { organization }, body: { leases: [other.lease.id] } })).refused).toMatchObject([{ code: 'LEASE_RELEASED' }]);
    expect((await a.authority().verifyAudit()).intact).toBe(true);
  });
});
