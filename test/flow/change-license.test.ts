import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { contract } from '../../src-shared/http/index.ts';
import { parseKind } from '../../src-shared/documents/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { PASSWORD, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { codeOf, eventually, startClient } from '../support/client.ts';
import type { TestClient } from '../support/client.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import type { FaultProxy } from '../support/fault-proxy.ts';

/** A person changes the license in use for another one: one operation, which a crash in the middle does not leave half done. */
let authority: TestAuthority;
let proxy: FaultProxy;
let desk: TestClient;

beforeEach(async () => {
  authority = await startAuthority();
  proxy = await startFaultProxy(authority.url);
  desk = await startClient({ clock: authority.clock, keyset: authority.keyset(), authority: proxy.url, name: 'desk' });
  unwrap(await desk.licensing().account.signIn({ email: 'editor@northlight.example', password: PASSWORD }));
});
afterEach(async () => {
  await desk.close();
  await proxy.close();
  await authority.close();
});

const held = (on = desk) => on.licensing().current().map(({ license }) => license).sort();
/** The licenses whose seats the authority counts for this person. */
const counted = async (): Promise<readonly string[]> =>
  unwrap(await authority.call(await authority.signIn('editor@northlight.example'))(contract.leases.mine, {})).leases.map(({ license }) => license).sort();
const take = async (license: string, days?: number): Promise<string> =>
  unwrap(await desk.licensing().checkout({ license, ...(days === undefined ? {} : { mode: 'offline', days }) })).lease;
const reasonOf = (lease: string): string => {
  const proof = unwrap(parseKind('release', unwrap(desk.licensing().proofFile(lease)).text));
  return proof.claims.reason;
};

test('the new license is taken, then the old one is released, and its proof says why', async () => {
  const old = await take('lic_stage');
  const changed = unwrap(await desk.licensing().change({ lease: old, license: 'lic_single' }));
  expect(changed).toEqual({ lease: desk.licensing().current()[0]?.id, unreleased: null });
  expect(held()).toEqual(['lic_single']);
  expect(await counted()).toEqual(['lic_single']);
  expect(reasonOf(old)).toBe('change');
});

test('an offline license is changed for another offline license of so many days', async () => {
  const old = await take('lic_stage', 5);
  unwrap(await desk.licensing().change({ lease: old, license: 'lic_offline', mode: 'offline', days: 3 }));
  expect(desk.licensing().current()).toMatchObject([{ license: 'lic_offline', mode: 'offline' }]);
  expect(await counted()).toEqual(['lic_offline']);
});

test('where the new license has no seat free, the old one stays in use', async () => {
  const other = await startClient({ clock: authority.clock, keyset: authority.keyset(), authority: authority.url, name: 'other' });
  unwrap(await other.licensing().account.signIn({ email: 'second@northlight.example', password: PASSWORD }));
  unwrap(await other.licensing().checkout({ license: 'lic_single' }));
  const old = await take('lic_stage');
  expect(codeOf(await desk.licensing().change({ lease: old, license: 'lic_single' }))).toBe('SEAT_LIMIT_EXCEEDED');
  expect(held()).toEqual(['lic_stage']);
  await other.close();
  // Nothing is left over to be finished later, when the seat is free.
  await desk.restart();
  await desk.licensing().start();
  await eventually('a round is over', () => desk.licensing().state().connection.state === 'online', 30_000);
  await desk.licensing().stop();
  expect(held()).toEqual(['lic_stage']);
});

test('a change to the license that is in use already keeps it', async () => {
  const old = await take('lic_single');
  expect(unwrap(await desk.licensing().change({ lease: old, license: 'lic_single' }))).toEqual({ lease: old, unreleased: null });
  expect(held()).toEqual(['lic_single']);
  expect(await counted()).toEqual(['lic_single']);
});

test('a lease that is not in use here is not changed for another one', async () => {
  const old = await take('lic_stage');
  expect(codeOf(await desk.licensing().change({ lease: 'lse_none', license: 'lic_single' }))).toBe('LEASE_NOT_FOUND');
  unwrap(await desk.licensing().release({ lease: old, reason: 'user' }));
  expect(codeOf(await desk.licensing().change({ lease: old, license: 'lic_single' }))).toBe('LEASE_RELEASED');
  expect(await counted()).toEqual([]);
});

test('an old license that cannot be released at the moment is named, and stays in use', async () => {
  const old = await take('lic_stage', 5);
  proxy.set({ kind: 'cut-before-request' }, /heartbeats|authority$/);
  const changed = unwrap(await desk.licensing().change({ lease: old, license: 'lic_single' }));
  expect(changed.unreleased).toMatchObject({ code: 'LEASE_OFFLINE' });
  expect(held()).toEqual(['lic_single', 'lic_stage']);
});

describe('a crash in the middle', () => {
  /** Begins the change, waits until `path` was asked for, and ends the program there: what it had in memory is gone. */
  const crashAt = async (path: RegExp, kind: 'black-hole' | 'swallow-reply', old: string, license: string): Promise<void> => {
    proxy.set({ kind }, path);
    const { length } = proxy.taken;
    const dying = desk.licensing().change({ lease: old, license }).then(() => undefined, () => undefined);
    await eventually('it is under way', () => proxy.taken.slice(length).some((each) => path.test(each)), 30_000);
    if (kind === 'swallow-reply') await eventually('the authority has done it', () => proxy.answered() > 0, 30_000);
    await desk.stop();
    proxy.set(null);
    void dying;
  };

  test('after the new license was taken: the next start releases the old one', async () => {
    const old = await take('lic_stage');
    await crashAt(/heartbeats/, 'black-hole', old, 'lic_single');
    await desk.restart();
    expect(held()).toEqual(['lic_single']);
    expect(reasonOf(old)).toBe('change');
    unwrap(await desk.licensing().deliver());
    expect(await counted()).toEqual(['lic_single']);
  });

  test('after the authority has granted the new license, and before its file came: the next start takes it and releases the old one', async () => {
    const old = await take('lic_stage');
    await crashAt(/checkouts/, 'swallow-reply', old, 'lic_single');
    await desk.restart();
    expect(held()).toEqual(['lic_stage']);
    await desk.licensing().start();
    await eventually('the change is finished', () => held().join() === 'lic_single', 30_000);
    await desk.licensing().stop();
    expect(await counted()).toEqual(['lic_single']);
    expect(reasonOf(old)).toBe('change');
  });

  test('and a third license is asked for before it is finished: the new one is not released as if nobody wanted it', async () => {
    const old = await take('lic_stage');
    await crashAt(/checkouts/, 'swallow-reply', old, 'lic_single');
    await desk.restart();
    await take('lic_online');
    expect(await counted()).toEqual(['lic_online', 'lic_single', 'lic_stage']);
    unwrap(await desk.licensing().deliver());
    expect(held()).toEqual(['lic_online', 'lic_single']);
    expect(await counted()).toEqual(['lic_online', 'lic_single']);
    expect(reasonOf(old)).toBe('change');
  });

  test('of an offline license: it is released once the authority can be reached', async () => {
    const old = await take('lic_stage', 5);
    await crashAt(/heartbeats/, 'black-hole', old, 'lic_single');
    await desk.restart();
    expect(held()).toEqual(['lic_single', 'lic_stage']);
    unwrap(await desk.licensing().deliver());
    expect(held()).toEqual(['lic_single']);
    expect(await counted()).toEqual(['lic_single']);
  });

  test('and the request is refused for good at the next start: the old license stays', async () => {
    const old = await take('lic_stage');
    await crashAt(/checkouts/, 'black-hole', old, 'lic_single');
    const other = await startClient({ clock: authority.clock, keyset: authority.keyset(), authority: authority.url, name: 'other' });
    unwrap(await other.licensing().account.signIn({ email: 'second@northlight.example', password: PASSWORD }));
    unwrap(await other.licensing().checkout({ license: 'lic_single' }));
    await desk.restart();
    unwrap(await desk.licensing().deliver());
    expect(held()).toEqual(['lic_stage']);
    // The seat is free now, and nobody has asked for it since.
    unwrap(await other.licensing().release({ lease: other.licensing().current()[0]?.id ?? '', reason: 'user' }));
    await other.close();
    unwrap(await desk.licensing().deliver());
    await desk.restart();
    unwrap(await desk.licensing().deliver());
    expect(held()).toEqual(['lic_stage']);
  });

  test('another person signs in before the next start: nothing is taken in their name', async () => {
    const old = await take('lic_stage');
    await crashAt(/checkouts/, 'black-hole', old, 'lic_single');
    await desk.restart();
    unwrap(await desk.licensing().account.signOut({ release: false }));
    unwrap(await desk.licensing().account.signIn({ email: 'second@northlight.example', password: PASSWORD }));
    unwrap(await desk.licensing().deliver());
    expect(held()).toEqual(['lic_stage']);
  });

  test('while another program finishes it: both end with the new license alone', async () => {
    const old = await take('lic_stage');
    proxy.set({ kind: 'delay', ms: 3000 }, /heartbeats/);
    const { length } = proxy.taken;
    const changing = desk.licensing().change({ lease: old, license: 'lic_single' });
    await eventually('the new license is taken', () => proxy.taken.slice(length).some((each) => /heartbeats/.test(each)), 30_000);
    const other = await startClient({ clock: authority.clock, keyset: authority.keyset(), authority: authority.url, home: desk.home, name: 'desk' });
    expect(held(other)).toEqual(['lic_single']);
    await other.stop();
    expect(unwrap(await changing)).toMatchObject({ unreleased: null });
    expect(held()).toEqual(['lic_single']);
    proxy.set(null);
    unwrap(await desk.licensing().deliver());
    expect(await counted()).toEqual(['lic_single']);
  });
});

test('a person who stops waiting keeps the old license, and no later start takes it away', async () => {
  const old = await take('lic_stage');
  proxy.set({ kind: 'black-hole' }, /checkouts/);
  const { length } = proxy.taken;
  const stop = new AbortController();
  const changing = desk.licensing().change({ lease: old, license: 'lic_single' }, { signal: stop.signal });
  await eventually('it is being waited for', () => proxy.taken.slice(length).some((each) => /checkouts/.test(each)), 30_000);
  stop.abort();
  expect(codeOf(await changing)).toBe('CANCELLED');
  proxy.set(null);
  await desk.restart();
  unwrap(await desk.licensing().deliver());
  expect(held()).toEqual(['lic_stage']);
  expect(await counted()).toEqual(['lic_stage']);
});
