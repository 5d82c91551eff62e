import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { contract } from '../../src-shared/http/index.ts';
import type { CallAuthority } from '../../src-shared/http/index.ts';
import { freedEarlyAtMost } from '../../src-shared/policy.ts';
import { unwrap } from '../../src-shared/result.ts';
import { DAY, HOUR } from '../../src-shared/time.ts';
import { PASSWORD, startAuthority, testData } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { eventually, startClient } from '../support/client.ts';
import type { TestClient } from '../support/client.ts';

/**
 * Machines with the unmodified program take a license one after another; each is cut off from the network, and its lease is ended
 * from elsewhere, so that the next one can have the seat.
 */
let authority: TestAuthority;
let editor: CallAuthority;
let owner: CallAuthority;
const clients: TestClient[] = [];

const cutOff = async (name: string): Promise<TestClient> => {
  const client = await startClient({ clock: authority.clock, authority: authority.url, keyset: authority.keyset(), name });
  clients.push(client);
  return client;
};
const signIn = async (on: TestClient, who = 'editor'): Promise<void> => void unwrap(await on.licensing().account.signIn({ email: `${who}@northlight.example`, password: PASSWORD }));
const end = (call: CallAuthority, lease: string) => call(contract.leases.release, { params: { lease } });
const free = (call: CallAuthority, lease: string, reason = '') => call(contract.leases.free, { params: { lease }, body: { reason } });
const usable = (license: string) => clients.filter((client) => client.licensing().current().some((lease) => lease.license === license && lease.standing.usable)).length;

beforeEach(async () => {
  const [northlight, ...others] = testData.organizations;
  authority = await startAuthority({ data: { ...testData, organizations: [{ ...northlight, licenses: [...northlight.licenses, { id: 'lic_twenty', product: 'stage', edition: 'Twenty', seats: 20 }] }, ...others] } });
  editor = authority.call(await authority.signIn('editor@northlight.example'));
  owner = authority.call(await authority.signIn('owner@northlight.example'));
});
afterEach(async () => {
  for (const each of clients.splice(0)) await each.close();
  await authority.close();
});

describe('one seat and six machines that are cut off one after another', () => {
  test('an editor who ends their own lease from elsewhere does not get its seat: one of six works', async () => {
    const outcomes: unknown[] = [];
    for (let at = 1; at <= 6; at += 1) {
      const client = await cutOff(`WS-00${at}`);
      await signIn(client);
      const taken = await client.licensing().checkout({ license: 'lic_single' });
      client.wire.set('cut');
      outcomes.push(taken.ok ? [await end(editor, taken.value.lease), await free(editor, taken.value.lease)] : taken.code);
    }
    const ended = { ok: true, value: { state: 'released', busyUntil: authority.clock.now() + 24 * HOUR, ended: { by: 'Edda Editor', freedAt: null } } };
    expect(outcomes).toMatchObject([[ended, { ok: false, code: 'FORBIDDEN' }], ...Array.from({ length: 5 }, () => 'SEAT_LIMIT_EXCEEDED')]);
    expect(usable('lic_single')).toBe(1);
  });

  test('with the help of an owner who frees the seat early each time, two of six work until the first file ends', async () => {
    const ends: number[] = [];
    const [taking, freeing]: [unknown[], unknown[]] = [[], []];
    for (let at = 1; at <= 6; at += 1) {
      const client = await cutOff(`WS-00${at}`);
      await signIn(client);
      const taken = await client.licensing().checkout({ license: 'lic_single' });
      client.wire.set('cut');
      authority.clock.advance(HOUR);
      if (taken.ok) {
        ends.push(unwrap(await end(editor, taken.value.lease)).busyUntil);
        freeing.push(await free(owner, taken.value.lease, 'it is broken'));
      } else {
        taking.push(taken);
      }
    }
    expect(freeing).toMatchObject([{ ok: true }, { ok: false, code: 'CONFLICT', details: { why: 'freed-early', license: 'lic_single', most: 1, at: ends[0] } }]);
    expect(taking).toMatchObject(Array.from({ length: 4 }, () => ({ code: 'SEAT_LIMIT_EXCEEDED', details: { unconfirmed: 1 } })));
    expect(usable('lic_single')).toBe(2);
    // At the time that the refusal names, the next one is possible: again never more than two.
    authority.clock.set(ends[0] ?? 0);
    expect(usable('lic_single')).toBe(1);
    owner = authority.call(await authority.signIn('owner@northlight.example'));
    const [second] = unwrap(await authority.call(await authority.signIn('editor@northlight.example'))(contract.leases.mine, {})).unconfirmed;
    unwrap(await free(owner, second?.id ?? ''));
    const seventh = await cutOff('WS-007');
    await signIn(seventh);
    unwrap(await seventh.licensing().checkout({ license: 'lic_single' }));
    expect(usable('lic_single')).toBe(2);
  });

  test('removing the member, taking the assignment back, answering a task or releasing the machine frees no seat either', async () => {
    const organization = await authority.organization(await authority.signIn('owner@northlight.example'), 'Northlight');
    const people = unwrap(await owner(contract.people.list, { params: { organization }, query: {} })).people;
    const second = people.find(({ email }) => email === 'second@northlight.example')?.id ?? '';
    const client = await cutOff('WS-001');
    await signIn(client, 'second');
    const leases: string[] = [];
    for (const license of ['lic_single', 'lic_assigned', 'lic_online', 'lic_stage']) leases.push(unwrap(await client.licensing().checkout({ license })).lease);
    client.wire.set('cut');
    const [single, assigned, online, stage] = leases;
    const asked = unwrap(await editor(contract.holdings.ask, { params: { organization }, body: { kind: 'release', lease: single ?? '' } }));
    unwrap(await owner(contract.holdings.answer, { params: { organization, task: asked.id }, body: { grant: true } }));
    unwrap(await owner(contract.holdings.unassign, { params: { organization }, body: { person: second, licenses: ['lic_assigned'] } }));
    unwrap(await owner(contract.holdings.release, { params: { organization }, body: { leases: [online ?? ''] } }));
    unwrap(await owner(contract.people.remove, { params: { organization }, body: { people: [second], confirm: true } }));
    const { entitlements } = unwrap(await owner(contract.licenses.entitlements, { params: { organization }, query: {} }));
    for (const [license, lease] of [['lic_single', single], ['lic_assigned', assigned], ['lic_online', online], ['lic_stage', stage]]) {
      const shown = entitlements.find((each) => each.license === license);
      expect(shown?.seats).toMatchObject({ inUse: 0, atRisk: 1 });
      expect(shown?.holders).toMatchObject([{ lease, ended: true, until: authority.clock.now() + 24 * HOUR }]);
    }
    expect(usable('lic_single')).toBe(1);
  });

  test('a machine that hears of it before it is cut off has given its lease up: its seat is free for the next one', async () => {
    const first = await cutOff('WS-001');
    await signIn(first);
    const { lease } = unwrap(await first.licensing().checkout({ license: 'lic_single' }));
    await first.licensing().start();
    await eventually('the stream is open', () => first.wire.answered.includes('GET /v1/events') && first.licensing().state().connection.state === 'online', 30_000);
    unwrap(await end(editor, lease));
    const second = await cutOff('WS-002');
    await signIn(second, 'second');
    await eventually('the seat is free', async () => {
      const { seats } = unwrap(await second.licensing().entitlements()).entitlements.find(({ license }) => license === 'lic_single') ?? { seats: null };
      return seats?.free === 1;
    }, 30_000);
    unwrap(await second.licensing().checkout({ license: 'lic_single' }));
    expect(usable('lic_single')).toBe(1);
  });
});

describe('the number of seats that are free early', () => {
  test('is a tenth of the seats, one at least; many owners at once do not free more', async () => {
    expect([0, 1, 9, 10, 19, 20, 300].map(freedEarlyAtMost)).toEqual([1, 1, 1, 1, 1, 2, 30]);
    const leases: string[] = [];
    for (const [at, who] of ['owner', 'manager', 'editor', 'second'].entries()) {
      const client = await cutOff(`WS-00${at}`);
      await signIn(client, who);
      leases.push(unwrap(await client.licensing().checkout({ license: 'lic_twenty' })).lease);
      client.wire.set('cut');
      unwrap(await end(owner, leases.at(-1) ?? ''));
    }
    const outcomes = await Promise.all(leases.map((lease) => free(owner, lease)));
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(2);
    expect(outcomes.filter((outcome) => !outcome.ok && outcome.code === 'CONFLICT')).toHaveLength(2);
  });

  test('another one is possible when a machine confirms, not only when its file ends', async () => {
    const first = await cutOff('WS-001');
    await signIn(first);
    const { lease } = unwrap(await first.licensing().checkout({ license: 'lic_single' }));
    first.wire.set('cut');
    unwrap(await end(editor, lease));
    unwrap(await free(owner, lease));
    const second = await cutOff('WS-002');
    await signIn(second, 'second');
    const next = unwrap(await second.licensing().checkout({ license: 'lic_single' })).lease;
    second.wire.set('cut');
    unwrap(await end(owner, next));
    expect(await free(owner, next)).toMatchObject({ code: 'CONFLICT', details: { why: 'freed-early' } });
    first.wire.set('up');
    unwrap(await first.licensing().heartbeat());
    expect(first.licensing().current()).toEqual([]);
    expect(unwrap(await free(owner, next))).toMatchObject({ ended: { freedAt: authority.clock.now() } });
  });
});

describe('freeing a seat early', () => {
  test('is for a lease that was ended from elsewhere: not for one in use, offline, or of another organization', async () => {
    const client = await cutOff('WS-001');
    await signIn(client);
    const { lease } = unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
    expect(await free(owner, lease)).toMatchObject({ code: 'CONFLICT', details: { why: 'not-ended', lease } });
    const boss = authority.call(await authority.signIn('boss@harbor.example'));
    expect(await free(boss, lease)).toMatchObject({ code: 'LEASE_NOT_FOUND' });
    expect(await free(owner, 'lse_nothing')).toMatchObject({ code: 'LEASE_NOT_FOUND' });
    unwrap(await client.licensing().renew({ lease, mode: 'offline', days: 5 }));
    expect(await free(owner, lease)).toMatchObject({ code: 'LEASE_OFFLINE', details: { until: authority.clock.now() + 5 * DAY } });
  });

  test('is recorded with who, why and until when the file runs; the same decision again changes nothing', async () => {
    const client = await cutOff('WS-001');
    await signIn(client);
    const { lease } = unwrap(await client.licensing().checkout({ license: 'lic_single' }));
    client.wire.set('cut');
    const { busyUntil } = unwrap(await end(editor, lease));
    unwrap(await free(owner, lease, ' it fell into the harbor '));
    unwrap(await free(owner, lease));
    const rows: { action: string; actor: string; subject: string; details: string }[] = [];
    for await (const row of authority.authority().auditRows()) rows.push(row as (typeof rows)[number]);
    const freed = rows.filter(({ action }) => action === 'lease.freed-early');
    const { user } = unwrap(await owner(contract.accounts.me, {}));
    expect(freed).toMatchObject([{ actor: user.id, subject: lease }]);
    expect(JSON.parse(freed[0]?.details ?? '{}')).toMatchObject({ license: 'lic_single', machine: client.ports().machine.id, fileEnds: busyUntil, reason: 'it fell into the harbor' });
  });
});
