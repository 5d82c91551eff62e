import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { PASSWORD, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { codeOf, eventually, startClient } from '../support/client.ts';
import type { TestClient } from '../support/client.ts';

/** Who is signed in changes in one moment, whatever timers, late answers and other processes do around it. */

let authority: TestAuthority;
let client: TestClient;

const PATIENCE = 30_000;
const onHome = (home?: string): Promise<TestClient> =>
  startClient({ clock: authority.clock, authority: authority.url, keyset: authority.keyset(), ...(home === undefined ? { name: 'WS-042' } : { home }) });

beforeEach(async () => {
  authority = await startAuthority();
  client = await onHome();
});
afterEach(async () => {
  await client.close();
  await authority.close();
});

const signIn = async (on = client, who = 'editor'): Promise<void> =>
  void unwrap(await on.licensing().account.signIn({ email: `${who}@northlight.example`, password: PASSWORD }));
const emailOf = (on = client): string | undefined => on.licensing().state().account?.user.email;
const storedEmail = (on = client): string | undefined => (JSON.parse(on.ports().store.setting('account') ?? '{}') as { user?: { email: string } }).user?.email;

/** The session's file takes as long to be written as the test says. */
const holdSecret = () => {
  const { secrets } = client.ports();
  const { write } = secrets;
  const written = Promise.withResolvers<void>();
  const spy = vi.spyOn(secrets, 'write').mockImplementation(async (name, value) => {
    await written.promise;
    await write(name, value);
  });
  return { isWaiting: () => spy.mock.calls.length > 0, letGo: written.resolve };
};
/** Lets the five-second look run to its end. */
const look = async (): Promise<void> => {
  const before = client.schedule.pending();
  client.schedule.advance(5);
  await eventually('the look has ended', () => client.schedule.pending() >= before, PATIENCE);
  for (let turn = 0; turn < 20; turn += 1) await new Promise((done) => setImmediate(done));
};

describe('one moment', () => {
  test('a sign-in is kept however long its session file takes to be written', async () => {
    await client.licensing().start();
    const secret = holdSecret();
    const signingIn = client.licensing().account.signIn({ email: 'editor@northlight.example', password: PASSWORD });
    await eventually('the session file is being written', secret.isWaiting, PATIENCE);
    // Nothing is shown of a person whose session is not there yet.
    expect(emailOf()).toBeUndefined();
    await look();
    secret.letGo();
    unwrap(await signingIn);
    expect([emailOf(), storedEmail()]).toEqual(['editor@northlight.example', 'editor@northlight.example']);
    await look();
    expect(emailOf()).toBe('editor@northlight.example');
    await client.restart();
    expect(emailOf()).toBe('editor@northlight.example');
    expect((await client.licensing().refresh()).ok).toBe(true);
  });

  test('a person stays signed in until the file of their session is gone, and then nothing of them is left', async () => {
    await signIn();
    await client.licensing().start();
    const secret = holdSecret();
    const signingOut = client.licensing().account.signOut({ release: false });
    await eventually('the session file is being removed', secret.isWaiting, PATIENCE);
    await look();
    expect([emailOf(), storedEmail()]).toEqual(['editor@northlight.example', 'editor@northlight.example']);
    secret.letGo();
    unwrap(await signingOut);
    expect([emailOf(), storedEmail(), client.licensing().state().picker.organization]).toEqual([undefined, undefined, null]);
  });

  test('a license that is being taken while its person signs out and releases is released too', async () => {
    await signIn();
    const reply = client.wire.hold(/checkouts/);
    const taking = client.licensing().checkout({ license: 'lic_stage' });
    await eventually('the license was issued', () => reply.arrived() === 1, PATIENCE);
    const signingOut = client.licensing().account.signOut({ release: true });
    reply.letGo();
    unwrap(await taking);
    unwrap(await signingOut);
    expect(client.licensing().current()).toEqual([]);
    const token = await authority.signIn('editor@northlight.example');
    expect(unwrap(await authority.call(token)(contract.leases.mine, {})).leases).toEqual([]);
  });
});

describe('answers that come late', () => {
  test('an account that arrives after signing out signs nobody in', async () => {
    await signIn();
    const reply = client.wire.hold(/\/v1\/me$/);
    const asking = client.licensing().account.call(contract.accounts.me, {});
    await eventually('the authority has answered', () => reply.arrived() === 1, PATIENCE);
    unwrap(await client.licensing().account.signOut({ release: false }));
    reply.letGo();
    await asking;
    expect([emailOf(), storedEmail()]).toEqual([undefined, undefined]);
    await client.restart();
    expect(emailOf()).toBeUndefined();
  });

  test('a list that arrives after another person has signed in is not shown to them', async () => {
    await signIn();
    const reply = client.wire.hold(/entitlements/);
    const refreshing = client.licensing().refresh();
    await eventually('the list has been sent', () => reply.arrived() === 1, PATIENCE);
    unwrap(await client.licensing().account.signOut({ release: false }));
    const signingIn = signIn(client, 'second');
    await eventually('the other person is signed in', () => emailOf() === 'second@northlight.example', PATIENCE);
    reply.letGo();
    unwrap(await refreshing);
    await signingIn;
    const row = client.licensing().state().picker.entitlements.find(({ license }) => license === 'lic_assigned');
    // It is assigned to the second person only.
    expect(row).toMatchObject({ available: true });
    const cached = client.ports().store.entitlements(client.licensing().state().account?.user.id ?? '', client.licensing().state().picker.organization?.id ?? '');
    expect(cached?.entitlements.find(({ license }) => license === 'lic_assigned')).toMatchObject({ available: true });
  });
});

describe('two processes on one home', () => {
  let other: TestClient;
  beforeEach(async () => {
    other = await onHome(client.home);
  });
  afterEach(async () => {
    await other.stop();
  });

  test('a person who signs in through one is shown by the other, also when an answer about the person before comes late', async () => {
    await signIn();
    unwrap(await other.licensing().refresh());
    expect(emailOf(other)).toBe('editor@northlight.example');
    const reply = client.wire.hold(/\/v1\/me$/);
    const asking = client.licensing().account.call(contract.accounts.me, {});
    await eventually('the authority has answered', () => reply.arrived() === 1, PATIENCE);
    await signIn(other, 'second');
    reply.letGo();
    await asking;
    expect(storedEmail()).toBe('second@northlight.example');
    unwrap(await client.licensing().refresh());
    expect([emailOf(), emailOf(other)]).toEqual(['second@northlight.example', 'second@northlight.example']);
  });

  test('a session that the authority has ended does not take the newer one of the other process with it', async () => {
    await signIn();
    const old = await client.ports().secrets.read('session');
    unwrap(await authority.call(old)(contract.accounts.signOut, {}));
    const reply = client.wire.hold(/\/v1\/me$/);
    const asking = client.licensing().account.call(contract.accounts.me, {});
    await eventually('the authority has refused', () => reply.arrived() === 1, PATIENCE);
    await signIn(other, 'second');
    reply.letGo();
    expect(codeOf(await asking)).toBe('NOT_SIGNED_IN');
    expect(await client.ports().secrets.read('session')).not.toBeNull();
    expect((await client.licensing().refresh()).ok).toBe(true);
    expect([emailOf(), emailOf(other)]).toEqual(['second@northlight.example', 'second@northlight.example']);
  });
});
