import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { DAY } from '../../src-shared/time.ts';
import { PASSWORD, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { codeOf, eventually, startClient } from '../support/client.ts';
import type { TestClient } from '../support/client.ts';

/** What a person sees whose session has ended, or who was removed: why, and what goes on. */
const EMAIL = 'second@northlight.example';
let authority: TestAuthority;
let client: TestClient;

beforeEach(async () => {
  authority = await startAuthority();
  client = await startClient({ clock: authority.clock, authority: authority.url, keyset: authority.keyset(), name: 'WS-042' });
  await signIn();
});
afterEach(async () => {
  await client.close();
  await authority.close();
});

const signIn = async (password = PASSWORD): Promise<void> => void unwrap(await client.licensing().account.signIn({ email: EMAIL, password }));
const state = () => client.licensing().state();
const shown = () => ({ account: state().account?.user.email ?? null, sessionEnded: state().sessionEnded });

describe('a session that ends by itself', () => {
  test('after a changed password the sign-in form knows why and whose it was, also after a new start, and the license goes on', async () => {
    const { lease } = unwrap(await client.licensing().checkout({ license: 'lic_stage', mode: 'offline', days: 40 }));
    await client.licensing().start();
    await eventually('the stream is open', () => client.wire.answered.includes('GET /v1/events'), 30_000);
    const elsewhere = authority.call(await authority.signIn(EMAIL));
    unwrap(await elsewhere(contract.security.changePassword, { body: { old: PASSWORD, new: 'another long horse battery' } }));
    const ended = { email: EMAIL, why: 'ended', at: authority.clock.now() };
    await eventually('it is noticed', () => state().account === null, 30_000);
    expect(shown()).toEqual({ account: null, sessionEnded: ended });
    expect(state().leases).toMatchObject([{ id: lease, standing: { usable: true } }]);
    await client.restart();
    expect(shown()).toEqual({ account: null, sessionEnded: ended });
    await signIn('another long horse battery');
    expect(shown()).toEqual({ account: EMAIL, sessionEnded: null });
  });

  test('after 30 days it has expired', async () => {
    authority.clock.advance(31 * DAY);
    expect(await client.licensing().refresh()).toMatchObject({ code: 'NOT_SIGNED_IN', details: { why: 'expired' } });
    expect(shown()).toEqual({ account: null, sessionEnded: { email: EMAIL, why: 'expired', at: authority.clock.now() } });
  });

  test('is not what is shown to a person who signed out', async () => {
    unwrap(await client.licensing().account.signOut({ release: false }));
    expect(shown()).toEqual({ account: null, sessionEnded: null });
    await signIn();
    authority.clock.advance(31 * DAY);
    expect(codeOf(await client.licensing().refresh())).toBe('NOT_SIGNED_IN');
    unwrap(await client.licensing().account.signOut({ release: false }));
    expect(shown()).toEqual({ account: null, sessionEnded: null });
  });
});

test('a person who was removed from their only organization is told which one, and not that they belong to none yet', async () => {
  await client.licensing().start();
  await eventually('the stream is open', () => client.wire.answered.includes('GET /v1/events'), 30_000);
  expect(state().former).toEqual([]);
  const call = authority.call(await authority.signIn('owner@northlight.example'));
  const organization = state().account?.organizations[0]?.id ?? '';
  const { people } = unwrap(await call(contract.people.list, { params: { organization }, query: {} }));
  unwrap(await call(contract.people.remove, { params: { organization }, body: { people: people.filter(({ email }) => email === EMAIL).map(({ id }) => id), confirm: true } }));
  await eventually('it is noticed', () => state().account?.organizations.length === 0, 30_000);
  await eventually('it is shown', () => {
    client.schedule.advance(5);
    return state().former.length > 0;
  }, 30_000);
  expect(state().former).toEqual(['Northlight']);
  await client.restart();
  expect(state().former).toEqual(['Northlight']);
  unwrap(await client.licensing().account.signOut({ release: false }));
  expect(state().former).toEqual([]);
  await signIn();
  expect(state().former).toEqual(['Northlight']);
});
