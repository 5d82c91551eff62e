import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseKind } from '../../src-shared/documents/index.ts';
import { contract } from '../../src-shared/http/index.ts';
import type { CallAuthority } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { DAY, HOUR } from '../../src-shared/time.ts';
import { PASSWORD, settableClock, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { createTestMachine } from '../support/machine.ts';
import type { TestMachine } from '../support/machine.ts';

/** 2026-11-23, twelve o'clock UTC; licenses with as many leases for one person as the tests need. */
const policy = { leasesPerUser: 100, offlineDaysConnected: 300 };
const data = {
  products: [{ id: 'stage', name: 'Stage', kind: 'desktop' }, { id: 'grade', name: 'Grade', kind: 'desktop' }],
  organizations: [
    {
      name: 'Northlight',
      users: [{ email: 'owner@northlight.example', name: 'Olga Owner', password: PASSWORD, role: 'owner' }],
      licenses: [
        { id: 'lic_a', product: 'stage', edition: 'A', seats: 3, policy },
        { id: 'lic_b', product: 'stage', edition: 'B', seats: 2, policy },
        { id: 'lic_idle', product: 'grade', seats: 4, policy },
      ],
    },
  ],
};

let a: TestAuthority;
let call: CallAuthority;
let token: string;
let organization: string;
beforeEach(async () => {
  a = await startAuthority({ data, clock: settableClock() });
  token = await a.signIn('owner@northlight.example');
  call = a.call(token);
  organization = await a.organization(token, 'Northlight');
});
afterEach(() => a.close());

const machine = (name: string): Promise<TestMachine> => createTestMachine({ authority: a.id, clock: a.clock, name });
const checkout = async (on: TestMachine, license: string, days?: number) =>
  call(contract.leases.checkout, { body: { request: await on.request(days === undefined ? { license, mode: 'online' } : { license, mode: 'offline', days }) } });
const take = async (license: string, days?: number, on?: TestMachine) => {
  const by = on ?? (await machine('WS'));
  const issued = unwrap(await checkout(by, license, days));
  return { by, lease: issued.lease.id, file: unwrap(parseKind('license', issued.licenseFile)).claims.jti };
};
const giveBack = async ({ by, lease, file }: Awaited<ReturnType<typeof take>>) => unwrap(await a.call()(contract.leases.giveBack, { body: { proof: await by.proof(lease, file) } }));
/** Peak and refusals of a product's last days, today last. */
const use = async (days: number, product = 'stage'): Promise<readonly string[]> => {
  call = a.call((token = await a.signIn('owner@northlight.example')));
  const usage = unwrap(await call(contract.holdings.usage, { params: { organization }, query: { days: Math.max(7, days) } }));
  const found = usage.products.find((each) => each.product.id === product);
  expect(found?.days).toHaveLength(Math.max(7, days));
  expect(found?.days.at(-1)?.at).toBe(Math.floor(a.clock.now() / DAY) * DAY);
  expect(usage.from).toBe(found?.days[0]?.at);
  return (found?.days ?? []).slice(-days).map(({ peak, refusals }) => `${peak}/${refusals}`);
};

test('the most seats taken at once counts, not how often they were taken', async () => {
  const first = await take('lic_a');
  const second = await take('lic_a');
  await giveBack(first);
  await giveBack(second);
  await giveBack(await take('lic_a'));
  expect(await use(1)).toEqual(['2/0']);
  expect(await use(1, 'grade')).toEqual(['0/0']);
});

test('a refusal for want of a seat is counted, any other is not; a machine that takes its own seat anew takes no other', async () => {
  const [one] = [await take('lic_b'), await take('lic_b')];
  const third = await machine('third');
  expect([await checkout(third, 'lic_b'), await checkout(third, 'lic_b'), await checkout(third, 'lic_b', 301)]).toMatchObject([
    { code: 'SEAT_LIMIT_EXCEEDED' }, { code: 'SEAT_LIMIT_EXCEEDED' }, { code: 'PERIOD_NOT_ALLOWED' },
  ]);
  await take('lic_b', undefined, one.by);
  expect(await use(1)).toEqual(['2/2']);
});

test('licenses of one product are added up', async () => {
  await take('lic_a');
  await take('lic_b');
  await take('lic_b');
  expect(await use(1)).toEqual(['3/0']);
  const { products } = unwrap(await call(contract.holdings.usage, { params: { organization }, query: {} }));
  expect(products.map(({ product, owned, days }) => [product.id, owned, days.length])).toEqual([['grade', 4, 30], ['stage', 5, 30]]);
});

test('a lease that simply goes on counts on every day, with nothing happening at midnight, and until it has ended', async () => {
  await take('lic_a', 3);
  await take('lic_a');
  // 24 hours from noon, and three days from noon: the second day began with both, the fourth with one.
  a.clock.advance(6 * DAY);
  expect(await use(7)).toEqual(['2/0', '2/0', '1/0', '1/0', '0/0', '0/0', '0/0']);
  // The same once the days were written down.
  await take('lic_a');
  expect(await use(7)).toEqual(['2/0', '2/0', '1/0', '1/0', '0/0', '0/0', '1/0']);
});

test('a lease that is renewed goes on, and one that ends exactly at midnight is not in the next day', async () => {
  const held = await take('lic_a');
  a.clock.advance(12 * HOUR - 1);
  const renewed = unwrap(await a.call()(contract.leases.renew, { body: await held.by.renewal({ mode: 'online' }, { lease: held.lease }) }));
  a.clock.advance(1);
  expect(await use(2)).toEqual(['1/0', '1/0']);
  a.clock.set(renewed.lease.until);
  expect(renewed.lease.until % DAY).toBe(DAY - 1);
  a.clock.advance(1);
  expect(await use(3)).toEqual(['1/0', '1/0', '0/0']);
  const other = await take('lic_b');
  a.clock.advance(DAY);
  expect(a.clock.now() % DAY).toBe(0);
  expect(other.lease).toBeTruthy();
  expect(await use(3)).toEqual(['1/0', '1/0', '0/0']);
});

test('what was given back on a later day counted until then, also when nothing happened between', async () => {
  const away = await take('lic_a', 60);
  a.clock.advance(4 * DAY);
  await giveBack(away);
  a.clock.advance(DAY);
  expect(await use(7)).toEqual(['0/0', '1/0', '1/0', '1/0', '1/0', '1/0', '0/0']);
});

test('a seat counts until its lease’s end is confirmed, or the seat is freed early by a person; seats that are taken away while free leave it right', async () => {
  const held = await take('lic_a');
  await take('lic_a');
  unwrap(await call(contract.leases.release, { params: { lease: held.lease } }));
  unwrap(await call(contract.leases.free, { params: { lease: held.lease }, body: {} }));
  a.clock.advance(2 * DAY);
  const [northlight] = data.organizations;
  const fewer = { organizations: [{ name: 'Northlight', licenses: northlight?.licenses.filter(({ id }) => id === 'lic_a').map((license) => ({ ...license, seats: 1 })) }] };
  unwrap(await a.authority().load(fewer));
  await take('lic_a');
  expect(await use(4)).toEqual(['0/0', '2/0', '1/0', '1/0']);
});

test('the numbers agree with a count of every moment, whatever happens in whatever order', async () => {
  // A plain model beside it: who is busy until when; a fixed sequence that looks random.
  const seats = new Map<string, { until: number; held: Awaited<ReturnType<typeof take>> }>();
  const peaks = new Map<number, number>();
  let state = 42;
  const random = (below: number): number => ((state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) >> 8) % below;
  let last = a.clock.now();
  const observe = (): void => {
    for (let day = Math.floor(last / DAY) + 1; day <= Math.floor(a.clock.now() / DAY); day += 1) {
      peaks.set(day, Math.max(peaks.get(day) ?? 0, [...seats.values()].filter(({ until }) => until > day * DAY).length));
    }
    last = a.clock.now();
    for (const [name, { until }] of seats) if (until <= last) seats.delete(name);
    const today = Math.floor(last / DAY);
    peaks.set(today, Math.max(peaks.get(today) ?? 0, seats.size));
  };
  const start = a.clock.now();
  for (let step = 0; step < 60; step += 1) {
    a.clock.advance(random(20) * HOUR);
    observe();
    const what = random(3);
    const [some] = [...seats.values()].filter((_, index) => index === random(3));
    if (what === 0 && some) {
      await giveBack(some.held);
      for (const [name, seat] of seats) if (seat === some) seats.delete(name);
    } else if (seats.size < 3) {
      const days = random(2) === 0 ? undefined : 1 + random(4);
      const held = await take('lic_a', days);
      seats.set(`${step}`, { until: a.clock.now() + (days ?? 1) * DAY, held });
    }
    observe();
  }
  const days = Math.floor(a.clock.now() / DAY) - Math.floor(start / DAY) + 1;
  const expected = Array.from({ length: days }, (_, index) => `${peaks.get(Math.floor(start / DAY) + index) ?? 0}/0`);
  expect(days).toBeGreaterThan(15);
  expect(await use(days)).toEqual(expected);
});

test('seats of a license that has ended, or has not begun, are not counted as owned', async () => {
  const edition = (name: string, seats: number, more: object) => ({ id: `lic_${name}`, product: 'grade', edition: name, seats, policy, ...more });
  const [northlight] = data.organizations;
  const licenses = [...(northlight?.licenses ?? []), edition('old', 20, { validUntil: '2026-09-30' }), edition('next', 30, { validFrom: '2027-02-01' }), edition('now', 6, { validUntil: '2027-01-31' })];
  unwrap(await a.authority().load({ ...data, organizations: [{ ...northlight, licenses }] }));
  const ownedNow = async () => {
    const { products } = unwrap(await a.call(await a.signIn('owner@northlight.example'))(contract.holdings.usage, { params: { organization }, query: { days: 7 } }));
    return Object.fromEntries(products.map(({ product, owned }) => [product.id, owned]));
  };
  expect(await ownedNow()).toEqual({ stage: 5, grade: 10 });
  a.clock.set(Date.UTC(2027, 1, 2) / 1000);
  expect(await ownedNow()).toEqual({ stage: 5, grade: 34 });
});
