import { afterAll, beforeAll, expect, test } from 'vitest';
import { unwrap } from '../../src-shared/result.ts';
import { PASSWORD, settableClock, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { eventually, startClient } from '../support/client.ts';
import type { TestClient } from '../support/client.ts';

/** What a license's policy and its vendor ask for is what a machine does. */
const dataOf = (validUntil: string) => ({
  products: [{ id: 'stage', name: 'Stage', kind: 'desktop' }, { id: 'grade', name: 'Grade', kind: 'desktop' }],
  organizations: [{
    name: 'Northlight',
    users: [{ email: 'owner@northlight.example', name: 'Olga Owner', password: PASSWORD, role: 'owner' }],
    licenses: [
      { id: 'lic_short', product: 'stage', seats: 2, policy: { onlineTerm: 120, heartbeat: 30 } },
      { id: 'lic_ending', product: 'grade', seats: 2, validUntil },
    ],
  }],
});

const clock = settableClock();
let authority: TestAuthority;
let desk: TestClient;
beforeAll(async () => {
  authority = await startAuthority({ clock, data: dataOf('2027-01-31') });
  desk = await startClient({ clock, keyset: authority.keyset(), authority: authority.url, name: 'desk' });
  unwrap(await desk.licensing().account.signIn({ email: 'owner@northlight.example', password: PASSWORD }));
});
afterAll(async () => {
  await desk.close();
  await authority.close();
});

/** Both timers wait again, the look's and the round's: what they did is done. */
const settled = () => eventually('what was due is done', () => desk.schedule.pending() >= 2, 30_000);
const pass = async (seconds: number): Promise<void> => {
  clock.advance(seconds);
  desk.schedule.advance(seconds);
  await settled();
};

test('an online term of two minutes and a heartbeat of half a minute are kept while the app is open', { timeout: 300_000 }, async () => {
  const { lease } = unwrap(await desk.licensing().checkout({ license: 'lic_short' }));
  await desk.licensing().start();
  await settled();
  const before = desk.wire.sent.filter((each) => each.endsWith('/heartbeats')).length;
  for (let passed = 0; passed < 900; passed += 10) {
    await pass(10);
    await eventually(`the lease is there after ${passed} seconds`, () => desk.licensing().current().some(({ id, standing, until }) => id === lease && standing.usable && until - clock.now() >= 20), 30_000);
  }
  const heartbeats = desk.wire.sent.filter((each) => each.endsWith('/heartbeats')).length - before;
  expect(heartbeats).toBeGreaterThanOrEqual(15);
  // As often as it is asked for, and not with every look.
  expect(heartbeats).toBeLessThan(60);
  await desk.licensing().stop();
  unwrap(await desk.licensing().release({ lease, reason: 'user' }));
});

test('a license whose end was moved shows the new end at the next heartbeat, and its file says so after the next round', { timeout: 240_000 }, async () => {
  const { lease } = unwrap(await desk.licensing().checkout({ license: 'lic_ending' }));
  const held = () => desk.licensing().current().find(({ id }) => id === lease);
  const ends = (text: string): number => Date.parse(`${text}T23:59:59Z`) / 1000;
  expect(held()?.validUntil).toBe(ends('2027-01-31'));
  unwrap(await authority.authority().load(dataOf('2028-01-31')));
  unwrap(await desk.licensing().heartbeat());
  expect(held()?.validUntil).toBe(ends('2028-01-31'));
  const issuedAt = held()?.issuedAt ?? 0;
  clock.advance(60);
  await desk.licensing().start();
  await eventually('its file is another one', () => (held()?.issuedAt ?? 0) > issuedAt, 30_000);
  const renewals = () => desk.wire.sent.filter((each) => each.endsWith('/renewals')).length;
  const after = renewals();
  await settled();
  await pass(600);
  expect(renewals()).toBe(after);

  // An offline lease keeps its own end, and shows that of its license.
  await desk.licensing().stop();
  unwrap(await desk.licensing().renew({ lease, mode: 'offline', days: 5 }));
  const { until = 0 } = held() ?? {};
  unwrap(await authority.authority().load(dataOf('2029-01-31')));
  unwrap(await desk.licensing().heartbeat());
  expect(held()).toMatchObject({ mode: 'offline', until, validUntil: ends('2029-01-31') });
});
