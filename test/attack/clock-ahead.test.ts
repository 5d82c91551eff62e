import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { unwrap } from '../../src-shared/result.ts';
import { DAY, HOUR } from '../../src-shared/time.ts';
import { PASSWORD, settableClock, startAuthority } from '../support/authority.ts';
import type { SettableClock, TestAuthority } from '../support/authority.ts';
import { codeOf, startClient } from '../support/client.ts';
import type { TestClient } from '../support/client.ts';
import { answer } from '../support/exchange.ts';

/** A clock that is ahead of an authority that answers: nothing has ended by it, whatever is looked at. */
let authority: TestAuthority;
let own: SettableClock;
let client: TestClient;

beforeEach(async () => {
  authority = await startAuthority();
  own = settableClock(authority.clock.now());
  client = await startClient({ clock: own, authority: authority.url, keyset: authority.keyset(), name: 'WS-1' });
});
afterEach(async () => {
  await client.close();
  await authority.close();
});

const signIn = async (): Promise<void> => void unwrap(await client.licensing().account.signIn({ email: 'editor@northlight.example', password: PASSWORD }));
const ahead = { code: 'CLOCK_ROLLED_BACK', details: { why: 'ahead' } };

test('a license file that has not ended by the authority’s time is not called expired, looked at or taken in; the clock is what to set right', async () => {
  const file = await answer(authority, unwrap(await client.licensing().createRequest({ product: 'stage', days: 30 })).text, 'lic_stage', 30);
  own.advance(400 * DAY);
  unwrap(await client.licensing().meet());
  expect(unwrap(await client.licensing().inspect(file))).toMatchObject({ acceptable: ahead, next: 'right-clock' });
  expect(await client.licensing().accept(file)).toMatchObject({ code: 'CLOCK_ROLLED_BACK', details: { why: 'ahead', now: own.now(), authority: authority.clock.now() } });
  own.advance(-400 * DAY);
  unwrap(await client.licensing().checkClock());
  expect(unwrap(await client.licensing().accept(file))).toMatchObject({ kind: 'license', again: false });
});

test('a file that has ended by the authority’s time has ended, also where the clock is ahead', async () => {
  const file = await answer(authority, unwrap(await client.licensing().createRequest({ product: 'stage', days: 2 })).text, 'lic_stage', 2);
  authority.clock.advance(3 * DAY);
  own.advance(400 * DAY);
  unwrap(await client.licensing().meet());
  expect(codeOf(await client.licensing().accept(file))).toBe('FILE_EXPIRED');
});

test('a new keyset is not called expired at sign-in: its words name the clock', async () => {
  unwrap(await authority.authority().keys.rotate({ role: 'license' }));
  own.advance(40 * 365 * DAY);
  const refused = await client.licensing().account.signIn({ email: 'editor@northlight.example', password: PASSWORD });
  expect(refused).toMatchObject({ code: 'CLOCK_ROLLED_BACK', details: { why: 'ahead', authority: authority.clock.now() } });
  own.set(authority.clock.now());
  await signIn();
});

describe('when it is right again', () => {
  test('a request that was sent while it was ahead, and whose reply was lost, does not stand in the way of the next', async () => {
    await signIn();
    own.advance(2 * HOUR);
    client.wire.set('cut', /checkouts/);
    expect(codeOf(await client.licensing().checkout({ license: 'lic_stage' }))).toBe('AUTHORITY_UNREACHABLE');
    own.advance(-2 * HOUR);
    client.wire.set('up');
    unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
    expect(client.ports().store.pendingRequests()).toEqual([]);
  });

  test('a person who was told that a lease has ended is warned again before it really does', async () => {
    const file = await answer(authority, unwrap(await client.licensing().createRequest({ product: 'stage', days: 30 })).text, 'lic_stage', 30);
    unwrap(await client.licensing().accept(file));
    await client.restart({ authority: null });
    await client.licensing().start();
    const step = async (): Promise<void> => {
      client.schedule.advance(6);
      await client.licensing().inspect(file);
      await new Promise(setImmediate);
    };
    const start = own.now();
    own.advance(40 * DAY);
    await step();
    await expect.poll(() => client.notices.map(({ kind }) => kind)).toEqual(['expired']);
    own.set(start);
    await step();
    unwrap(await client.licensing().accept(unwrap(await authority.authority().tellTime(unwrap(await client.licensing().createTimeRequest()).text)).ticket));
    await step();
    own.set(start + 28 * DAY);
    await step();
    await expect.poll(() => client.notices.map(({ kind }) => kind)).toEqual(['expired', 'expiring']);
    own.set(start + 31 * DAY);
    await step();
    await expect.poll(() => client.notices.map(({ kind }) => kind)).toEqual(['expired', 'expiring', 'expired']);
    await client.licensing().stop();
  });
});
