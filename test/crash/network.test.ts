import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import { PASSWORD, startAuthority } from '../support/authority.ts';
import type { SettableClock, TestAuthority } from '../support/authority.ts';
import { eventually, startClient } from '../support/client.ts';
import type { TestClient } from '../support/client.ts';
import { checkInvariants } from '../support/crash/invariants.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import type { Fault, FaultProxy } from '../support/fault-proxy.ts';

/** Every operation that needs the authority, under everything that a network does to it: bounded, told by its code, right after a retry. */
const TIMEOUT_MS = 500;
/** On a busy computer an answer may take longer than that, also without a fault: then it is asked for again. */
const patient = async <T>(ask: () => Promise<Result<T>>): Promise<Result<T>> => {
  for (let left = 60; ; left -= 1) {
    const answer = await ask();
    if (answer.ok || answer.code !== 'AUTHORITY_UNREACHABLE' || answer.details['why'] !== 'timeout' || left === 0) return answer;
  }
};
const now = (): number => Math.floor(Date.now() / 1000);
const realTime: SettableClock = { now, set: () => undefined, advance: () => undefined };

let authority: TestAuthority;
let proxy: FaultProxy;
let desk: TestClient;
let other: TestClient;

const email = 'editor@northlight.example';
beforeAll(async () => {
  authority = await startAuthority({ clock: realTime });
  proxy = await startFaultProxy(authority.url);
  const options = { clock: realTime, keyset: authority.keyset(), timeoutMs: TIMEOUT_MS };
  desk = await startClient({ ...options, authority: proxy.url, name: 'desk' });
  other = await startClient({ clock: realTime, keyset: authority.keyset(), authority: authority.url, name: 'other' });
  for (const client of [desk, other]) unwrap(await patient(() => client.licensing().account.signIn({ email, password: PASSWORD })));
});
afterAll(async () => {
  for (const client of [desk, other]) await client.close();
  await proxy.close();
  await authority.close();
});

const faults: readonly Fault[] = [
  { kind: 'delay', ms: 100 }, { kind: 'cut-before-request' }, { kind: 'cut-mid-request' }, { kind: 'cut-mid-reply' }, { kind: 'half-close' },
  { kind: 'drop-reply' }, { kind: 'swallow-reply' }, { kind: 'garbage' }, { kind: 'stranger' }, { kind: 'truncated' }, { kind: 'drip', ms: 1000 },
  { kind: 'short-length' }, { kind: 'long-length' }, { kind: 'black-hole' }, { kind: 'endless' },
];

type Operation = {
  readonly name: string;
  /** The path that the network does it to. */
  readonly path: RegExp;
  readonly prepare: () => Promise<string>;
  readonly act: (lease: string) => Promise<Result<unknown>>;
  /** What it answers although the authority could not be told; `AUTHORITY_UNREACHABLE` where nothing is said. */
  readonly goesOn?: true;
  /** Answers of a repetition that say that it was done the first time. */
  readonly done?: readonly string[];
  /** What must be so after the retry. */
  readonly right: (lease: string) => Promise<void>;
};

const held = (): readonly string[] => desk.licensing().current().filter(({ standing }) => standing.usable).map(({ id }) => id);
const busy = async (): Promise<readonly string[]> => unwrap(await other.licensing().mine()).filter(({ state }) => state === 'active').map(({ id }) => id);
const takeOne = async (): Promise<string> => unwrap(await patient(() => desk.licensing().checkout({ license: 'lic_stage' }))).lease;
const heldOnce = async (): Promise<void> => {
  expect(held()).toHaveLength(1);
  expect(await busy()).toEqual(held());
};
const heldNowhere = async (): Promise<void> => {
  await deliverAll();
  expect(held()).toEqual([]);
  expect(await busy()).toEqual([]);
};
const deliverAll = (): Promise<void> => eventually('every proof has its receipt', async () => {
  unwrap(await desk.licensing().deliver());
  return desk.licensing().state().givenUp.every(({ receiptAt }) => receiptAt !== null);
});
const modeIs = async (mode: string): Promise<void> => {
  await heldOnce();
  expect(desk.licensing().current()[0]?.mode).toBe(mode);
};

const operations: readonly Operation[] = [
  {
    name: 'sign-in', path: /sessions$/, prepare: async () => unwrap(await desk.licensing().account.signOut({ release: false })) ?? '',
    act: () => desk.licensing().account.signIn({ email, password: PASSWORD }),
    right: async () => expect(desk.licensing().state().account?.user.email).toBe(email),
  },
  {
    name: 'entitlements', path: /entitlements/, prepare: async () => '', act: () => desk.licensing().refresh(),
    right: async () => expect(desk.licensing().state().picker).toMatchObject({ problem: null, loading: false }),
  },
  { name: 'checkout', path: /checkouts/, prepare: async () => '', act: () => desk.licensing().checkout({ license: 'lic_stage' }), right: heldOnce },
  { name: 'renew', path: /renewals/, prepare: takeOne, act: (lease) => desk.licensing().renew({ lease }), right: () => modeIs('online') },
  { name: 'switch', path: /renewals/, prepare: takeOne, act: (lease) => desk.licensing().renew({ lease, mode: 'offline', days: 3 }), right: () => modeIs('offline') },
  {
    name: 'release', path: new RegExp(contract.leases.giveBack.path), prepare: takeOne, goesOn: true, done: ['LEASE_RELEASED'],
    act: (lease) => desk.licensing().release({ lease, reason: 'user' }),
    right: heldNowhere,
  },
  { name: 'heartbeat', path: /heartbeats/, prepare: takeOne, act: () => desk.licensing().heartbeat(), right: heldOnce },
  {
    name: 'deliver', path: new RegExp(contract.leases.giveBack.path), goesOn: true, act: () => desk.licensing().deliver(), right: heldNowhere,
    prepare: async () => {
      const lease = await takeOne();
      proxy.set({ kind: 'cut-before-request' }, new RegExp(contract.leases.giveBack.path));
      unwrap(await desk.licensing().release({ lease, reason: 'user' }));
      return lease;
    },
  },
  {
    name: 'release elsewhere', path: /\/release$/, done: ['LEASE_RELEASED', 'LEASE_NOT_FOUND'],
    prepare: async () => unwrap(await other.licensing().checkout({ license: 'lic_stage' })).lease,
    act: (lease) => desk.licensing().releaseElsewhere(lease),
    right: async (lease) => {
      expect(await busy()).not.toContain(lease);
      unwrap(await other.licensing().heartbeat());
      expect(other.licensing().current()).toEqual([]);
    },
  },
];

describe.each(operations)('$name', (operation) => {
  const { path } = operation;

  test.each(faults)('under $kind', async (fault) => {
    proxy.set(null);
    const lease = await operation.prepare();
    const { length } = proxy.taken;
    proxy.set(fault, path);
    const from = performance.now();
    // A reply that is late by less than the time that is waited for is no fault.
    const first = await (fault.kind === 'delay' ? patient(() => operation.act(lease)) : operation.act(lease));
    const took = performance.now() - from;
    expect(proxy.taken.slice(length).some((each) => path.test(each)), 'the fault was met').toBe(true);
    expect(first.ok ? 'done' : first.code).toBe(fault.kind === 'delay' || operation.goesOn ? 'done' : 'AUTHORITY_UNREACHABLE');
    // No operation waits for more than two answers; the rest is for a computer that is busy.
    expect(fault.kind === 'delay' ? 0 : took).toBeLessThan(2 * TIMEOUT_MS + 20_000);

    proxy.set(null);
    const again = await patient(() => operation.act(lease));
    expect(['done', ...(operation.done ?? [])]).toContain(again.ok ? 'done' : again.code);
    await operation.right(lease);
    expect(await checkInvariants({
      authorityHome: authority.home, now: now(),
      machines: [desk, other].map(({ home }, at) => ({
        place: { home, authority: null, keyset: authority.keyset(), name: at === 0 ? 'desk' : 'other' }, held: new Set<string>(), returned: new Set<string>(),
      })),
    })).toEqual([]);

    for (const id of held()) unwrap(await desk.licensing().release({ lease: id, reason: 'user' }));
    await deliverAll();
    expect(await busy()).toEqual([]);
  });
});

test('a request that was cut in any place is sent again as it was, and answered once', async () => {
  proxy.set({ kind: 'drop-reply' }, /checkouts/);
  for (let turn = 0; turn < 3; turn += 1) expect(await desk.licensing().checkout({ license: 'lic_stage' })).toMatchObject({ code: 'AUTHORITY_UNREACHABLE' });
  expect(await busy()).toHaveLength(1);
  proxy.set(null);
  const lease = await takeOne();
  expect(await busy()).toEqual([lease]);
  unwrap(await desk.licensing().release({ lease, reason: 'user' }));
});

test('replies without an end take a bounded part of the memory', async () => {
  proxy.set({ kind: 'endless' }, /entitlements/);
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  for (let turn = 0; turn < 3; turn += 1) expect(await desk.licensing().refresh()).toMatchObject({ code: 'AUTHORITY_UNREACHABLE' });
  expect(process.memoryUsage().rss - before).toBeLessThan(400 * 1024 * 1024);
  proxy.set(null);
});
