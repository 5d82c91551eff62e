import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import { DAY, HOUR } from '../../src-shared/time.ts';
import { PASSWORD, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { codeOf, eventually, startClient } from '../support/client.ts';
import type { TestClient } from '../support/client.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import type { FaultProxy } from '../support/fault-proxy.ts';

/** The authority issues a license that the machine never hears of, because the person stopped waiting or the connection failed. */
let authority: TestAuthority;
let proxy: FaultProxy;
let desk: TestClient;

const signIn = async (who = 'editor'): Promise<void> => void unwrap(await desk.licensing().account.signIn({ email: `${who}@northlight.example`, password: PASSWORD }));
beforeEach(async () => {
  authority = await startAuthority();
  proxy = await startFaultProxy(authority.url);
  desk = await startClient({ clock: authority.clock, keyset: authority.keyset(), authority: proxy.url, name: 'desk' });
  await signIn();
});
afterEach(async () => {
  proxy.set(null);
  await desk.close();
  await proxy.close();
  await authority.close();
});

const PATIENCE = 30_000;
/** The authority does what is asked; its answer does not come, and the person stops waiting. */
const givenUp = async <T>(ask: (signal: AbortSignal) => Promise<Result<T>>): Promise<Result<T>> => {
  proxy.set({ kind: 'swallow-reply' }, /checkouts/);
  const stop = new AbortController();
  const asked = ask(stop.signal);
  await eventually('the authority has done it', () => proxy.answered() > 0, PATIENCE);
  stop.abort();
  return asked;
};
const seats = async (license: string, who = 'owner') => {
  const call = authority.call(await authority.signIn(`${who}@northlight.example`));
  const organization = await authority.organization(await authority.signIn(`${who}@northlight.example`), 'Northlight');
  return unwrap(await call(contract.licenses.entitlements, { params: { organization }, query: {} })).entitlements.find((each) => each.license === license)?.seats;
};
const heldByEditor = async (): Promise<readonly string[]> =>
  unwrap(await authority.call(await authority.signIn('editor@northlight.example'))(contract.leases.mine, {})).leases.map(({ license }) => license);

describe('a license that was issued after the person had stopped waiting', () => {
  test('goes back when the machine reaches the authority again: app, portal and ledger show the same', async () => {
    await desk.licensing().start();
    await eventually('the app is connected', () => desk.licensing().state().connection.state === 'online', PATIENCE);
    expect(codeOf(await givenUp((signal) => desk.licensing().checkout({ license: 'lic_stage' }, { signal })))).toBe('CANCELLED');
    expect(await heldByEditor()).toEqual(['lic_stage']);
    proxy.set(null);
    desk.schedule.advance(5);
    await eventually('nothing is held', async () => (await heldByEditor()).length === 0, PATIENCE);
    expect(desk.licensing().current()).toEqual([]);
    expect(await seats('lic_stage')).toEqual({ owned: 5, free: 5, inUse: 0, inTransit: 0, atRisk: 0 });
    expect(desk.ports().store.pendingRequests()).toEqual([]);
    await eventually('the receipt is there', () => desk.licensing().state().givenUp.every(({ receiptAt }) => receiptAt !== null), PATIENCE);
  });

  test('goes back also after a restart, for a long offline period, and when the request itself is too old to be answered', async () => {
    expect(codeOf(await givenUp((signal) => desk.licensing().checkout({ license: 'lic_stage', mode: 'offline', days: 60 }, { signal })))).toBe('CANCELLED');
    proxy.set(null);
    await desk.stop();
    authority.clock.advance(20 * DAY);
    await desk.restart();
    await signIn();
    unwrap(await desk.licensing().deliver());
    expect(await seats('lic_stage')).toEqual({ owned: 5, free: 5, inUse: 0, inTransit: 0, atRisk: 0 });
    expect(desk.licensing().current()).toEqual([]);
  });

  test('is taken by the person who asks for it again before that, with one seat', async () => {
    await givenUp((signal) => desk.licensing().checkout({ license: 'lic_stage' }, { signal }));
    proxy.set(null);
    const { lease } = unwrap(await desk.licensing().checkout({ license: 'lic_stage' }));
    unwrap(await desk.licensing().deliver());
    expect(desk.licensing().current()).toMatchObject([{ id: lease, standing: { usable: true } }]);
    expect(await seats('lic_stage')).toMatchObject({ free: 4, inUse: 1 });
  });

  test('goes back when another license is chosen instead', async () => {
    await givenUp((signal) => desk.licensing().checkout({ license: 'lic_stage' }, { signal }));
    proxy.set(null);
    const { lease } = unwrap(await desk.licensing().checkout({ license: 'lic_online' }));
    expect(desk.licensing().current()).toMatchObject([{ id: lease, license: 'lic_online' }]);
    expect(await seats('lic_stage')).toMatchObject({ free: 5 });
    expect(await heldByEditor()).toEqual(['lic_online']);
  });

  test('goes back, and not the same license that was taken in another mode meanwhile', async () => {
    await givenUp((signal) => desk.licensing().checkout({ license: 'lic_single', mode: 'offline', days: 30 }, { signal }));
    proxy.set(null);
    const { lease } = unwrap(await desk.licensing().checkout({ license: 'lic_single' }));
    unwrap(await desk.licensing().deliver());
    expect(desk.licensing().current()).toMatchObject([{ id: lease, mode: 'online', standing: { usable: true } }]);
    expect(await seats('lic_single')).toMatchObject({ owned: 1, inUse: 1 });
    // The thirty days are no longer promised to this machine.
    unwrap(await desk.licensing().release({ lease, reason: 'user' }));
    expect(await seats('lic_single')).toMatchObject({ owned: 1, free: 1 });
  });

  test('waits for the person who asked while somebody else is signed in', async () => {
    await givenUp((signal) => desk.licensing().checkout({ license: 'lic_stage' }, { signal }));
    proxy.set(null);
    await desk.licensing().account.signOut({ release: false });
    await signIn('second');
    unwrap(await desk.licensing().deliver());
    expect(await heldByEditor()).toEqual(['lic_stage']);
    expect(desk.ports().store.pendingRequests()).toHaveLength(1);
    await desk.licensing().account.signOut({ release: false });
    await signIn();
    unwrap(await desk.licensing().deliver());
    expect(await heldByEditor()).toEqual([]);
  });

  test('waits for the person who asked also while somebody of another organization is signed in', async () => {
    await givenUp((signal) => desk.licensing().checkout({ license: 'lic_stage', mode: 'offline', days: 30 }, { signal }));
    proxy.set(null);
    await desk.licensing().account.signOut({ release: false });
    unwrap(await desk.licensing().account.signIn({ email: 'boss@harbor.example', password: PASSWORD }));
    unwrap(await desk.licensing().deliver());
    expect(desk.ports().store.pendingRequests()).toHaveLength(1);
    await desk.licensing().account.signOut({ release: false });
    await signIn();
    unwrap(await desk.licensing().deliver());
    expect(await heldByEditor()).toEqual([]);
    expect(desk.ports().store.pendingRequests()).toEqual([]);
  });

  test('keeps nobody else from taking that license on the computer, and goes back when the person who asked signs in', async () => {
    await givenUp((signal) => desk.licensing().checkout({ license: 'lic_stage' }, { signal }));
    proxy.set(null);
    await desk.licensing().account.signOut({ release: false });
    await signIn('second');
    const { lease } = unwrap(await desk.licensing().checkout({ license: 'lic_stage' }));
    expect(desk.licensing().current()).toMatchObject([{ id: lease, standing: { usable: true } }]);
    expect(desk.ports().store.pendingRequests()).toHaveLength(1);
    unwrap(await desk.licensing().release({ lease, reason: 'user' }));
    await desk.licensing().account.signOut({ release: false });
    await signIn();
    unwrap(await desk.licensing().deliver());
    expect(desk.ports().store.pendingRequests()).toEqual([]);
    expect(await seats('lic_stage')).toMatchObject({ owned: 5, free: 5 });
  });

  test('is asked for no more where the authority never heard of it and refuses it now', async () => {
    proxy.set({ kind: 'black-hole' }, /checkouts/);
    const stop = new AbortController();
    const asked = desk.licensing().checkout({ license: 'lic_single' }, { signal: stop.signal });
    await eventually('it is under way', () => proxy.taken.some((each) => each.includes('checkouts')), PATIENCE);
    stop.abort();
    expect(codeOf(await asked)).toBe('CANCELLED');
    proxy.set(null);
    const other = await startClient({ clock: authority.clock, keyset: authority.keyset(), authority: authority.url, name: 'other' });
    unwrap(await other.licensing().account.signIn({ email: 'second@northlight.example', password: PASSWORD }));
    unwrap(await other.licensing().checkout({ license: 'lic_single' }));
    unwrap(await desk.licensing().deliver());
    expect(desk.ports().store.pendingRequests()).toEqual([]);
    expect(other.licensing().current()).toMatchObject([{ license: 'lic_single' }]);
    await other.close();
  });

  test('is never used: its file is refused, however it comes', async () => {
    await givenUp((signal) => desk.licensing().checkout({ license: 'lic_stage' }, { signal }));
    proxy.set(null);
    const [request] = desk.ports().store.pendingRequests();
    const call = authority.call(await authority.signIn('editor@northlight.example'));
    const { licenseFile } = unwrap(await call(contract.leases.checkout, { body: { request: request?.text ?? '' } }));
    unwrap(await desk.licensing().deliver());
    expect(codeOf(await desk.licensing().accept(licenseFile))).toBe('LEASE_RELEASED');
    authority.clock.advance(HOUR);
    expect(desk.licensing().current()).toEqual([]);
  });
});
