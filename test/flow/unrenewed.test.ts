import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { contract } from '../../src-shared/http/index.ts';
import { Refusal, unwrap } from '../../src-shared/result.ts';
import { DAY, HOUR, MINUTE } from '../../src-shared/time.ts';
import { PASSWORD, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { codeOf, eventually, startClient } from '../support/client.ts';
import type { TestClient } from '../support/client.ts';
import { answer } from '../support/exchange.ts';

/** Leases that end although nobody ended them: nothing renews them, or their license ends. What is told of it, and until when. */
let authority: TestAuthority;
let client: TestClient;

beforeEach(async () => {
  authority = await startAuthority();
  client = await startClient({ clock: authority.clock, authority: authority.url, keyset: authority.keyset(), name: 'WS-042' });
  unwrap(await client.licensing().account.signIn({ email: 'editor@northlight.example', password: PASSWORD }));
});
afterEach(async () => {
  await client.close();
  await authority.close();
});

const lease = () => client.licensing().current()[0];
const kinds = (): readonly string[] => client.licensing().state().notices.map(({ kind }) => kind);
/** Lets so much time pass, and the look that comes after it; `done` says by what it is seen. */
const pass = async (by: number, done: () => boolean): Promise<void> => {
  authority.clock.advance(by);
  await eventually(`seen ${by} s later`, () => {
    client.schedule.advance(5);
    return done();
  }, 30_000);
};
/** Some looks that are to change nothing. */
const looks = async (): Promise<void> => {
  for (let turn = 0; turn < 3; turn += 1) {
    client.schedule.advance(5);
    await client.licensing().inspect('nothing');
    await new Promise(setImmediate);
  }
};
const steps = (): readonly unknown[] => client.notices.filter(({ kind }) => kind === 'unrenewed').map(({ details }) => details['step']);

const away = async (): Promise<void> => {
  await authority.stop();
  await client.licensing().start();
  await eventually('the loss is seen', () => client.licensing().state().connection.state === 'unreachable', 30_000);
};

const setRole = async (role: 'editor' | 'reader'): Promise<void> => {
  const call = authority.call(await authority.signIn('owner@northlight.example'));
  const organization = client.licensing().state().account?.organizations.find(({ name }) => name === 'Northlight')?.id ?? '';
  const { people } = unwrap(await call(contract.people.list, { params: { organization }, query: {} }));
  const person = people.find(({ email }) => email === 'editor@northlight.example')?.id ?? '';
  unwrap(await call(contract.people.changeRole, { params: { organization, person }, body: { role } }));
};

describe('an online lease that nobody renews', () => {
  test('is said not to be renewed from half its term on, and told once 12 hours, 3 hours and 30 minutes before it stops', async () => {
    unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
    const since = authority.clock.now();
    await away();
    authority.clock.advance(12 * HOUR);
    expect(lease()).toMatchObject({ unrenewed: null, standing: { usable: true } });
    await pass(1, () => steps().length === 1);
    expect(lease()).toMatchObject({ unrenewed: { since, step: 1 }, standing: { usable: true } });
    expect(client.licensing().state().notices).toMatchObject([{ kind: 'unrenewed', productName: 'Stage', details: { since, until: since + DAY, step: 1 } }]);
    await looks();
    expect(steps()).toEqual([1]);
    await pass(9 * HOUR, () => steps().length === 2);
    // A new start does not tell it again, and says it all the same.
    await client.restart();
    await client.licensing().start();
    await eventually('nobody is there', () => client.licensing().state().connection.state === 'unreachable', 30_000);
    await looks();
    expect(steps()).toEqual([1, 2]);
    expect(lease()).toMatchObject({ unrenewed: { since, step: 2 } });
    await pass(2.5 * HOUR, () => steps().length === 3);
    expect(steps()).toEqual([1, 2, 3]);
    expect(kinds()).toEqual(['unrenewed']);
    await pass(30 * MINUTE, () => kinds().includes('expired'));
    expect(kinds()).toEqual(['expired']);
    expect(lease()).toMatchObject({ unrenewed: null, standing: { usable: false, code: 'LEASE_EXPIRED' } });
  });

  test('is told the last step only when the computer slept past the others', async () => {
    unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
    await away();
    await pass(23.75 * HOUR, () => steps().length > 0);
    expect(steps()).toEqual([3]);
  });

  test('is no news while the authority answers: half of the term is when it is renewed', async () => {
    unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
    await client.licensing().start();
    await eventually('it is there', () => client.licensing().state().connection.state === 'online', 30_000);
    authority.clock.advance(12 * HOUR + 1);
    await looks();
    expect(lease()).toMatchObject({ unrenewed: null });
    expect(client.notices).toEqual([]);
  });

  test('is withdrawn when it is renewed after all', async () => {
    unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
    await away();
    await pass(13 * HOUR, () => kinds().includes('unrenewed'));
    await authority.start();
    await pass(MINUTE, () => kinds().length === 0);
    expect(lease()).toMatchObject({ unrenewed: null, until: authority.clock.now() + DAY });
  });

  test('is told in steps that fit a short term', async () => {
    unwrap(await authority.authority().load({ products: [], organizations: [{ name: 'Northlight', users: [], licenses: [{ id: 'lic_short', product: 'stage', seats: 2, policy: { onlineTerm: 8 * HOUR } }] }] }));
    unwrap(await client.licensing().refresh());
    unwrap(await client.licensing().checkout({ license: 'lic_short' }));
    await away();
    await pass(4 * HOUR + 1, () => steps().length === 1);
    await pass(3 * HOUR, () => steps().length === 2);
    await pass(50 * MINUTE, () => steps().length === 3);
    expect(lease()).toMatchObject({ unrenewed: { step: 3 }, standing: { usable: true } });
  });
});

test('a disk on which nothing can be written keeps nobody from being told, once, that a license is not renewed and that it has ended', async () => {
  unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
  const file = lease()?.file ?? '';
  await away();
  Object.assign(client.ports().store, {
    write: () => {
      throw new Refusal('STORE_UNUSABLE', { why: 'full' });
    },
  });
  await pass(12 * HOUR + 1, () => steps().length === 1);
  authority.clock.advance(1);
  await looks();
  await pass(9 * HOUR, () => steps().length === 2);
  authority.clock.advance(1);
  await looks();
  expect(steps()).toEqual([1, 2]);
  await pass(3 * HOUR, () => kinds().includes('expired'));
  authority.clock.advance(1);
  await looks();
  expect(client.notices.filter(({ kind }) => kind === 'expired')).toHaveLength(1);
  expect(existsSync(file)).toBe(false);
});

describe('a renewal that the authority refuses', () => {
  test('is kept with the lease, also over a new start, until a renewal works', async () => {
    const { lease: id } = unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
    await setRole('reader');
    expect(codeOf(await client.licensing().renew({ lease: id }))).toBe('ROLE_NOT_ALLOWED');
    const at = authority.clock.now();
    expect(lease()).toMatchObject({ id, standing: { usable: true }, refusal: { code: 'ROLE_NOT_ALLOWED', at }, unrenewed: null });
    await client.restart();
    expect(lease()).toMatchObject({ refusal: { code: 'ROLE_NOT_ALLOWED', at } });
    await setRole('editor');
    unwrap(await client.licensing().renew({ lease: id }));
    expect(lease()).toMatchObject({ id, refusal: null });
  });

  test('is told once, and the lease is said not to be renewed although the authority answers', async () => {
    unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
    await setRole('reader');
    authority.clock.advance(12 * HOUR + 1);
    await client.licensing().start();
    await pass(0, () => steps().length === 1);
    expect(lease()).toMatchObject({ refusal: { code: 'ROLE_NOT_ALLOWED' }, unrenewed: { step: 1 } });
    expect(client.notices.filter(({ kind }) => kind === 'renew-refused')).toMatchObject([{ details: { code: 'ROLE_NOT_ALLOWED' } }]);
    await client.restart();
    await client.licensing().start();
    await eventually('it was asked again', () => client.wire.sent.filter((each) => each === 'POST /v1/renewals').length >= 2, 30_000);
    await client.licensing().heartbeat();
    expect(client.notices.filter(({ kind }) => kind === 'renew-refused')).toHaveLength(1);
  });

  test('is not what is kept when nobody answers, nor when something else was asked for', async () => {
    const { lease: id } = unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
    expect(codeOf(await client.licensing().renew({ lease: id, mode: 'offline', days: 900 }))).toBe('PERIOD_NOT_ALLOWED');
    expect(lease()).toMatchObject({ refusal: null });
    await authority.stop();
    expect(codeOf(await client.licensing().renew({ lease: id }))).toBe('AUTHORITY_UNREACHABLE');
    expect(lease()).toMatchObject({ refusal: null });
    await authority.start();
  });
});

describe('notices', () => {
  test('of several leases all reach the person, each once', async () => {
    unwrap(await client.licensing().checkout({ license: 'lic_stage', mode: 'offline', days: 40 }));
    unwrap(await client.licensing().checkout({ license: 'lic_single', mode: 'offline', days: 40 }));
    await away();
    await pass(34.2 * DAY, () => kinds().length === 2);
    await looks();
    expect(client.notices.filter(({ kind }) => kind === 'expiring').map(({ productName, details }) => [productName, details]).toSorted()).toEqual([
      ['Grade', { days: 14, until: authority.clock.now() + 5.8 * DAY, withLicense: false }],
      ['Stage', { days: 14, until: authority.clock.now() + 5.8 * DAY, withLicense: false }],
    ]);
    expect(client.licensing().state().notices).toHaveLength(2);
  });

  test('are withdrawn when they are no longer true: an end replaces what announced it, and a clock put right both', async () => {
    const start = authority.clock.now();
    const file = await answer(authority, unwrap(await client.licensing().createRequest({ product: 'stage', days: 30 })).text, 'lic_stage', 30);
    unwrap(await client.licensing().accept(file));
    await client.restart({ authority: null });
    await client.licensing().start();
    await pass(28 * DAY, () => kinds().includes('expiring'));
    await pass(3 * DAY, () => kinds().includes('expired'));
    expect(kinds()).toEqual(['expired']);
    authority.clock.set(start);
    unwrap(await client.licensing().accept(unwrap(await authority.authority().tellTime(unwrap(await client.licensing().createTimeRequest()).text)).ticket));
    expect(lease()).toMatchObject({ standing: { usable: true } });
    expect(kinds()).toEqual([]);
  });

  test('say of an end that the license itself ends, where renewing does not help', async () => {
    authority.clock.set(Date.UTC(2028, 5, 25, 4) / 1000);
    unwrap(await client.licensing().account.signIn({ email: 'editor@northlight.example', password: PASSWORD }));
    unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
    await client.licensing().start();
    await eventually('it is told', () => kinds().includes('expiring'), 30_000);
    const [notice] = client.licensing().state().notices;
    expect(notice?.details).toMatchObject({ days: 14, withLicense: true, until: lease()?.validUntil });
  });

  test('of a lease that was ended elsewhere go when the license is in use again', async () => {
    const { lease: id } = unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
    unwrap(await authority.call(await authority.signIn('manager@northlight.example'))(contract.leases.release, { params: { lease: id } }));
    unwrap(await client.licensing().heartbeat());
    expect(kinds()).toEqual(['released-elsewhere']);
    unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
    expect(kinds()).toEqual([]);
  });
});
