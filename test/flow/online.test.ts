import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { DAY, HOUR, MINUTE } from '../../src-shared/time.ts';
import { PASSWORD, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { codeOf, startClient } from '../support/client.ts';
import type { TestClient } from '../support/client.ts';

let authority: TestAuthority;
let client: TestClient;

beforeEach(async () => {
  authority = await startAuthority();
  client = await startClient({ clock: authority.clock, authority: authority.url, keyset: authority.keyset(), name: 'WS-042' });
});
afterEach(async () => {
  await client.close();
  await authority.close();
});

const signIn = async (who = 'editor', on = client): Promise<void> =>
  void unwrap(await on.licensing().account.signIn({ email: `${who}@northlight.example`, password: PASSWORD }));

const seatsOf = async (license: string, who = 'manager@northlight.example') => {
  const token = await authority.signIn(who);
  const organization = await authority.organization(token, 'Northlight');
  const { entitlements } = unwrap(await authority.call(token)(contract.licenses.entitlements, { params: { organization }, query: {} }));
  return entitlements.find((each) => each.license === license)?.seats;
};

const busyUntil = async (lease: string, who = 'editor@northlight.example'): Promise<number | undefined> => {
  const token = await authority.signIn(who);
  return unwrap(await authority.call(token)(contract.leases.mine, {})).leases.find(({ id }) => id === lease)?.busyUntil;
};

describe('picking a license', () => {
  test('signing in shows the default organization, and choosing takes a lease whose file licensed applications find', async () => {
    await signIn();
    const { account, picker } = client.licensing().state();
    expect(account?.user.email).toBe('editor@northlight.example');
    expect(picker.organization?.name).toBe('Northlight');
    expect(picker.entitlements.find(({ license }) => license === 'lic_stage')).toMatchObject({ available: true, seats: { owned: 5, free: 5 } });

    const { lease } = unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
    const [held] = client.licensing().current();
    expect(held).toMatchObject({
      id: lease, license: 'lic_stage', mode: 'online', carrier: 'network', standing: { usable: true }, until: authority.clock.now() + DAY,
      lastContact: authority.clock.now(),
    });
    expect(held?.file).toBe(join(client.home, 'licenses', 'stage.lklic'));
    expect(readFileSync(held?.file ?? '', 'utf8')).toContain('BEGIN LATCHKEY LICENSE FILE');
    expect(await seatsOf('lic_stage')).toMatchObject({ owned: 5, free: 4, inUse: 1, inTransit: 0 });
  });

  test('choosing what is held already takes no second seat', async () => {
    await signIn();
    const first = unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
    const second = unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
    expect(second).toEqual(first);
    expect(client.wire.sent.filter((each) => each === 'POST /v1/checkouts')).toHaveLength(1);
  });

  test('every reason not to get a license is its own code, and changes nothing', async () => {
    await signIn();
    const refusals = {
      lic_assigned: 'LICENSE_NOT_ASSIGNED', lic_expired: 'LICENSE_EXPIRED', lic_future: 'LICENSE_NOT_STARTED', lic_offline: 'MODE_NOT_ALLOWED', lic_none: 'LICENSE_NOT_FOUND',
    };
    for (const [license, code] of Object.entries(refusals)) {
      expect([license, codeOf(await client.licensing().checkout({ license }))]).toEqual([license, code]);
    }
    expect(codeOf(await client.licensing().checkout({ license: 'lic_stage', mode: 'offline', days: 61 }))).toBe('PERIOD_NOT_ALLOWED');
    expect(client.licensing().current()).toEqual([]);
    expect(client.ports().store.pendingRequests()).toEqual([]);
    expect(existsSync(join(client.home, 'licenses'))).toBe(false);

    const other = await startClient({ clock: authority.clock, authority: authority.url, keyset: authority.keyset(), name: 'WS-043' });
    await signIn('second', other);
    unwrap(await other.licensing().checkout({ license: 'lic_single' }));
    expect(codeOf(await client.licensing().checkout({ license: 'lic_single' }))).toBe('SEAT_LIMIT_EXCEEDED');
    await other.close();
  });

  test('a license held on the own other machine is refused with where, and can be released there', async () => {
    const other = await startClient({ clock: authority.clock, authority: authority.url, keyset: authority.keyset(), name: 'WS-043' });
    await signIn('editor', other);
    const { lease } = unwrap(await other.licensing().checkout({ license: 'lic_stage' }));
    await signIn();
    const refused = await client.licensing().checkout({ license: 'lic_stage' });
    expect(refused).toMatchObject({ ok: false, code: 'LEASE_LIMIT_EXCEEDED', details: { leases: [{ lease, machine: { name: 'WS-043' }, mode: 'online' }] } });
    unwrap(await client.licensing().releaseElsewhere(lease));
    expect((await client.licensing().checkout({ license: 'lic_stage' })).ok).toBe(true);
    await other.close();
  });

  test('nobody is asked for a license without a sign-in, and a wrong password is refused', async () => {
    expect(codeOf(await client.licensing().checkout({ license: 'lic_stage' }))).toBe('NOT_SIGNED_IN');
    expect(codeOf(await client.licensing().account.signIn({ email: 'editor@northlight.example', password: 'wrong' }))).toBe('CREDENTIALS_INVALID');
    expect(client.licensing().state().account).toBeNull();
  });
});

describe('keeping a license', () => {
  test('renewing extends the same lease with a newer file, and the older file is stale', async () => {
    await signIn();
    const { lease } = unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
    const before = client.ports().store.lease(lease);
    authority.clock.advance(13 * HOUR);
    unwrap(await client.licensing().renew({ lease }));
    const after = client.ports().store.lease(lease);
    expect(after).toMatchObject({ id: lease, seq: (before?.seq ?? 0) + 1 });
    expect(client.licensing().current()[0]).toMatchObject({ id: lease, until: authority.clock.now() + DAY });
    expect(codeOf(await client.licensing().accept(before?.text ?? ''))).toBe('FILE_STALE');
    expect(unwrap(await client.licensing().accept(after?.text ?? ''))).toEqual({ kind: 'license', lease, again: true });
    expect(client.ports().store.lease(lease)).toEqual(after);
  });

  test('while it runs, a lease is renewed by itself when less than half of its term is left', async () => {
    await signIn();
    const { lease } = unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
    await client.licensing().start();
    authority.clock.advance(11 * HOUR);
    client.schedule.advance(10 * MINUTE);
    await client.licensing().heartbeat();
    expect(client.licensing().current()[0]?.until).toBe(authority.clock.now() + 13 * HOUR);
    authority.clock.advance(2 * HOUR);
    client.schedule.advance(10 * MINUTE);
    await vi.waitFor(() => expect(client.licensing().current()[0]).toMatchObject({ id: lease, until: authority.clock.now() + DAY }), 30_000);
  });

  test('a lost reply to a checkout is repeated with the same request: one lease, one seat', async () => {
    await signIn();
    client.wire.set('deaf', /checkouts/);
    expect(codeOf(await client.licensing().checkout({ license: 'lic_stage' }))).toBe('AUTHORITY_UNREACHABLE');
    expect(client.licensing().current()).toEqual([]);
    expect(await seatsOf('lic_stage')).toMatchObject({ free: 4 });

    client.wire.set('up');
    await client.restart();
    const { lease } = unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
    const sent = client.wire.bodies.filter(({ path }) => path === '/v1/checkouts').map(({ body }) => body);
    expect(sent).toHaveLength(2);
    expect(sent[1]).toBe(sent[0]);
    expect(client.licensing().current()).toMatchObject([{ id: lease, standing: { usable: true } }]);
    expect(await seatsOf('lic_stage')).toMatchObject({ free: 4, inUse: 1 });
  });

  test('a lost reply to a renewal is made good by the next heartbeat', async () => {
    await signIn();
    const { lease } = unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
    authority.clock.advance(13 * HOUR);
    client.wire.set('deaf', /renewals/);
    expect(codeOf(await client.licensing().renew({ lease }))).toBe('AUTHORITY_UNREACHABLE');
    expect(client.licensing().current()[0]?.until).toBe(authority.clock.now() + 11 * HOUR);
    client.wire.set('up');
    unwrap(await client.licensing().heartbeat());
    expect(client.licensing().current()[0]).toMatchObject({ id: lease, until: authority.clock.now() + DAY, standing: { usable: true } });
    expect(client.ports().store.pendingRequests()).toEqual([]);
  });

  test('a repeated request whose lease has ended meanwhile is not the last word: a new one is sent', async () => {
    await signIn();
    client.wire.set('deaf', /checkouts/);
    await client.licensing().checkout({ license: 'lic_stage' });
    client.wire.set('up');
    const [orphan] = unwrap(await client.licensing().mine());
    unwrap(await client.licensing().releaseElsewhere(orphan?.id ?? ''));
    const { lease } = unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
    expect(lease).not.toBe(orphan?.id);
    expect(client.licensing().current()).toMatchObject([{ id: lease, standing: { usable: true } }]);
  });
});

describe('giving a license back', () => {
  test('a release frees the seat at once and refuses the old file for ever', async () => {
    await signIn();
    const { lease } = unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
    const file = client.ports().store.lease(lease)?.text ?? '';
    const place = client.licensing().current()[0]?.file ?? '';
    unwrap(await client.licensing().release({ lease, reason: 'user' }));
    expect(client.licensing().current()).toEqual([]);
    expect(existsSync(place)).toBe(false);
    expect(client.licensing().state().givenUp).toMatchObject([{ lease, reason: 'user', receiptAt: authority.clock.now() }]);
    expect(await seatsOf('lic_stage')).toMatchObject({ free: 5 });
    expect(codeOf(await client.licensing().accept(file))).toBe('LEASE_RELEASED');
    expect(codeOf(await client.licensing().release({ lease, reason: 'user' }))).toBe('LEASE_RELEASED');
    expect(client.licensing().current()).toEqual([]);
  });

  test('a release while the authority is away holds here at once, and its proof is delivered later', async () => {
    await signIn();
    const { lease } = unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
    client.wire.set('cut');
    unwrap(await client.licensing().release({ lease, reason: 'user' }));
    expect(client.licensing().current()).toEqual([]);
    expect(client.licensing().state().givenUp).toMatchObject([{ lease, receiptAt: null }]);
    expect(await seatsOf('lic_stage')).toMatchObject({ free: 4 });
    client.wire.set('up');
    await client.restart();
    unwrap(await client.licensing().deliver());
    expect(client.licensing().state().givenUp).toMatchObject([{ lease, receiptAt: authority.clock.now() }]);
    expect(await seatsOf('lic_stage')).toMatchObject({ free: 5 });
  });

  test('a lost receipt is asked for again and given again', async () => {
    await signIn();
    const { lease } = unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
    client.wire.set('deaf', /releases/);
    unwrap(await client.licensing().release({ lease, reason: 'user' }));
    expect(await seatsOf('lic_stage')).toMatchObject({ free: 5 });
    client.wire.set('up');
    unwrap(await client.licensing().deliver());
    expect(client.licensing().state().givenUp).toMatchObject([{ lease, receiptAt: authority.clock.now() }]);
  });

  test('signing out gives online leases back when asked to, and leaves them until their end when not', async () => {
    await signIn();
    unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
    unwrap(await client.licensing().account.signOut({ release: false }));
    expect(client.licensing().state()).toMatchObject({ account: null, picker: { organization: null, entitlements: [] } });
    expect(client.licensing().current()).toMatchObject([{ standing: { usable: true } }]);
    await signIn();
    unwrap(await client.licensing().account.signOut({ release: true }));
    expect(client.licensing().current()).toEqual([]);
    expect(client.licensing().state().givenUp).toMatchObject([{ reason: 'logout' }]);
  });
});

describe('going offline and coming back', () => {
  test('the period is locked when going offline, and the seat is promised for it until the machine proves otherwise', async () => {
    await signIn();
    const { lease } = unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
    const online = client.ports().store.lease(lease)?.text ?? '';
    expect(client.licensing().current()[0]?.offlineDays).toBe(60);
    const end = authority.clock.now() + 60 * DAY;
    unwrap(await client.licensing().renew({ lease, mode: 'offline', days: 60 }));
    expect(client.licensing().current()[0]).toMatchObject({ id: lease, mode: 'offline', until: end, standing: { usable: true } });
    expect(await busyUntil(lease)).toBe(end);
    expect(codeOf(await client.licensing().accept(online))).toBe('FILE_STALE');

    authority.clock.advance(2 * DAY);
    // The answer arrives and is accepted; the report that the offline file is given up does not get through.
    client.wire.set('cut', /heartbeats/);
    unwrap(await client.licensing().renew({ lease, mode: 'online' }));
    expect(client.licensing().current()[0]).toMatchObject({ id: lease, mode: 'online', until: authority.clock.now() + DAY });
    expect(await busyUntil(lease)).toBe(end);

    client.wire.set('up');
    unwrap(await client.licensing().heartbeat());
    expect(await busyUntil(lease)).toBe(authority.clock.now() + DAY);
  });

  test('an offline lease goes on without the authority until its end, and is not given back over a network that is not there', async () => {
    await signIn();
    const { lease } = unwrap(await client.licensing().checkout({ license: 'lic_stage', mode: 'offline', days: 30 }));
    await authority.stop();
    await client.restart();
    authority.clock.advance(29 * DAY);
    expect(client.licensing().current()).toMatchObject([{ id: lease, standing: { usable: true } }]);
    const refused = await client.licensing().release({ lease, reason: 'user' });
    expect(refused).toMatchObject({ ok: false, code: 'LEASE_OFFLINE', details: { until: client.licensing().current()[0]?.until } });
    expect(client.licensing().current()).toMatchObject([{ id: lease, standing: { usable: true } }]);
    authority.clock.advance(DAY);
    expect(client.licensing().current()).toMatchObject([{ id: lease, standing: { usable: false, code: 'LEASE_EXPIRED' } }]);
    await authority.start();
  });

  test('an offline lease is given back over the network while the authority answers', async () => {
    await signIn();
    const { lease } = unwrap(await client.licensing().checkout({ license: 'lic_stage', mode: 'offline', days: 30 }));
    unwrap(await client.licensing().release({ lease, reason: 'user' }));
    expect(await seatsOf('lic_stage')).toMatchObject({ free: 5 });
  });
});

describe('two organizations', () => {
  test('the picker switches, keeps each list, and the default is kept at the authority', async () => {
    await signIn();
    const harbor = client.licensing().state().account?.organizations.find(({ name }) => name === 'Harbor')?.id ?? '';
    unwrap(await client.licensing().account.chooseOrganization(harbor));
    expect(client.licensing().state().picker).toMatchObject({ organization: { name: 'Harbor' }, entitlements: [{ license: 'lic_harbor' }] });
    unwrap(await client.licensing().checkout({ license: 'lic_harbor' }));
    expect(client.licensing().current()).toMatchObject([{ organization: { name: 'Harbor' }, license: 'lic_harbor' }]);
    expect(codeOf(await client.licensing().account.chooseOrganization('org_other'))).toBe('NOT_FOUND');
    unwrap(await client.licensing().account.setDefaultOrganization(harbor));

    const other = await startClient({ clock: authority.clock, authority: authority.url, keyset: authority.keyset() });
    await signIn('editor', other);
    expect(other.licensing().state().picker.organization?.name).toBe('Harbor');
    await other.close();
  });

  test('leases of two licenses of one product: the file in its place is the one that lasts longest, then the other', async () => {
    await signIn();
    const harbor = client.licensing().state().account?.organizations.find(({ name }) => name === 'Harbor')?.id ?? '';
    unwrap(await client.licensing().account.chooseOrganization(harbor));
    const { lease: online } = unwrap(await client.licensing().checkout({ license: 'lic_harbor' }));
    const { lease: offline } = unwrap(await client.licensing().checkout({ license: 'lic_stage', mode: 'offline', days: 20 }));
    const files = () => Object.fromEntries(client.licensing().current('stage').map(({ id, file }) => [id, file !== null]));
    expect(files()).toEqual({ [online]: false, [offline]: true });
    unwrap(await client.licensing().release({ lease: offline, reason: 'user' }));
    expect(files()).toEqual({ [online]: true });
    expect(readFileSync(join(client.home, 'licenses', 'stage.lklic'), 'utf8')).toBe(client.ports().store.lease(online)?.text);
  });
});
