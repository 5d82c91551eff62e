import { afterEach, beforeEach, expect, test } from 'vitest';
import { unwrap } from '../../src-shared/result.ts';
import { HOUR } from '../../src-shared/time.ts';
import { PASSWORD, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { codeOf, eventually, startClient } from '../support/client.ts';
import type { TestClient } from '../support/client.ts';

/** The address leads to another authority: a test server, a typing error, somebody else. Its word ends nothing, and it learns nothing. */
let authority: TestAuthority;
let other: TestAuthority;
let client: TestClient;

beforeEach(async () => {
  authority = await startAuthority();
  other = await startAuthority({ clock: authority.clock });
  client = await startClient({ clock: authority.clock, authority: authority.url, keyset: authority.keyset(), name: 'WS-1' });
  unwrap(await client.licensing().account.signIn({ email: 'editor@northlight.example', password: PASSWORD }));
});
afterEach(async () => {
  await client.close();
  await authority.close();
  await other.close();
});

test('a proof that it refuses is not given up: the right authority gets it later', async () => {
  const { lease } = unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
  client.wire.set('cut');
  await client.licensing().release({ lease, reason: 'user' });
  await client.restart({ authority: other.url });
  client.wire.set('up');
  unwrap(await client.licensing().deliver());
  expect(client.wire.sent.filter((line) => line.endsWith('/v1/releases'))).toHaveLength(1);
  expect(client.ports().store.release(lease)).toMatchObject({ problem: null, receiptText: null });
  await client.restart({ authority: authority.url });
  unwrap(await client.licensing().deliver());
  expect(client.ports().store.release(lease)?.receiptText).toEqual(expect.any(String));
});

test('an offline lease is not given up because it can be reached', async () => {
  const { lease } = unwrap(await client.licensing().checkout({ license: 'lic_stage', mode: 'offline', days: 30 }));
  await client.restart({ authority: other.url });
  expect(await client.licensing().release({ lease, reason: 'user' })).toMatchObject({ code: 'FILE_WRONG_AUTHORITY', details: { actual: expect.any(String) } });
  expect(client.licensing().current()).toMatchObject([{ id: lease, standing: { usable: true } }]);
});

test('the session is not told to it, and is there again at the right address', async () => {
  const before = client.wire.sent.length;
  await client.restart({ authority: other.url });
  await client.licensing().start();
  await eventually('the first round', () => client.wire.sent.some((line) => line.endsWith('/v1/authority')));
  expect(codeOf(await client.licensing().refresh())).toBe('FILE_WRONG_AUTHORITY');
  await client.licensing().stop();
  expect([...new Set(client.wire.sent.slice(before))]).toEqual(['GET /v1/authority']);
  await client.restart({ authority: authority.url });
  unwrap(await client.licensing().refresh());
});

test('the app says that another authority answers, does not call that connected, and says of an online license that nothing renews it', async () => {
  unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
  const { lastContact } = client.licensing().state().connection;
  authority.clock.advance(13 * HOUR);
  await client.restart({ authority: other.url });
  await client.licensing().start();
  await eventually('it is recognised', () => client.licensing().state().connection.state === 'stranger', 30_000);
  expect(client.licensing().state().connection).toMatchObject({ authority: authority.id, stranger: other.id });
  expect(client.licensing().state().connection.lastContact ?? lastContact).toBe(lastContact);
  await eventually('the license is said not to be renewed', () => {
    client.schedule.advance(5);
    return client.notices.some(({ kind }) => kind === 'unrenewed');
  }, 30_000);
  expect(client.licensing().current()).toMatchObject([{ standing: { usable: true }, unrenewed: { step: 1 } }]);
  await client.restart({ authority: authority.url });
  await client.licensing().start();
  await eventually('the right one is back', () => client.licensing().state().connection.state === 'online', 30_000);
  expect(client.licensing().state().connection).toMatchObject({ authority: authority.id, stranger: null });
  await eventually('the license is renewed', () => client.licensing().current()[0]?.unrenewed === null, 30_000);
});
