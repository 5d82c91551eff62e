import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import { PASSWORD, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { eventually, startClient } from '../support/client.ts';
import type { TestClient } from '../support/client.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import type { FaultProxy } from '../support/fault-proxy.ts';

/** A person stops waiting for the authority: before it has heard, and after it has done what was asked. */
let authority: TestAuthority;
let proxy: FaultProxy;
let desk: TestClient;

beforeAll(async () => {
  authority = await startAuthority();
  proxy = await startFaultProxy(authority.url);
  desk = await startClient({ clock: authority.clock, keyset: authority.keyset(), authority: proxy.url, name: 'desk' });
  unwrap(await desk.licensing().account.signIn({ email: 'editor@northlight.example', password: PASSWORD }));
});
afterAll(async () => {
  await desk.close();
  await proxy.close();
  await authority.close();
});
beforeEach(async () => {
  proxy.set(null);
  for (const { id } of desk.licensing().current()) unwrap(await desk.licensing().release({ lease: id, reason: 'user' }));
  unwrap(await desk.licensing().deliver());
});

/** Begins, lets the authority do it and keeps the answer back, then stops waiting. */
const cancelled = async <T>(path: RegExp, ask: (signal: AbortSignal) => Promise<Result<T>>, kind: 'swallow-reply' | 'black-hole' = 'swallow-reply'): Promise<Result<T>> => {
  proxy.set({ kind }, path);
  const { length } = proxy.taken;
  const stop = new AbortController();
  const asked = ask(stop.signal);
  await eventually('it is being waited for', () => proxy.taken.slice(length).some((each) => path.test(each)));
  if (kind === 'swallow-reply') await eventually('the authority has done it', () => proxy.answered() > 0);
  const from = performance.now();
  stop.abort();
  const result = await asked;
  expect(performance.now() - from).toBeLessThan(1000);
  proxy.set(null);
  return result;
};
const busy = async (): Promise<readonly string[]> => unwrap(await desk.licensing().mine()).map(({ id }) => id);
const CANCELLED = { ok: false, code: 'CANCELLED', details: {} };

describe('stopping to wait', () => {
  test('for a checkout that the authority has done takes no second seat: the same request is sent again', async () => {
    expect(await cancelled(/checkouts/, (signal) => desk.licensing().checkout({ license: 'lic_stage' }, { signal }))).toEqual(CANCELLED);
    expect(desk.licensing().current()).toEqual([]);
    const [taken, ...others] = await busy();
    expect(others).toEqual([]);
    expect(unwrap(await desk.licensing().checkout({ license: 'lic_stage' }))).toEqual({ lease: taken });
    expect(await busy()).toEqual([taken]);
  });

  test('for a checkout that the authority never heard of leaves nothing there', async () => {
    expect(await cancelled(/checkouts/, (signal) => desk.licensing().checkout({ license: 'lic_stage' }, { signal }), 'black-hole')).toEqual(CANCELLED);
    expect(await busy()).toEqual([]);
    const { lease } = unwrap(await desk.licensing().checkout({ license: 'lic_stage' }));
    expect(await busy()).toEqual([lease]);
  });

  test('for a renewal or a switch keeps the lease as it was, and asking again is the same request', async () => {
    const { lease } = unwrap(await desk.licensing().checkout({ license: 'lic_stage' }));
    expect(await cancelled(/renewals/, (signal) => desk.licensing().renew({ lease, mode: 'offline', days: 3 }, { signal }))).toEqual(CANCELLED);
    expect(desk.licensing().current()).toMatchObject([{ id: lease, mode: 'online', standing: { usable: true } }]);
    unwrap(await desk.licensing().renew({ lease, mode: 'offline', days: 3 }));
    expect(desk.licensing().current()).toMatchObject([{ id: lease, mode: 'offline' }]);
    expect(await busy()).toEqual([lease]);
  });

  test('for a release does not take it back: the lease is given up, and its proof is delivered later', async () => {
    const { lease } = unwrap(await desk.licensing().checkout({ license: 'lic_stage' }));
    expect(await cancelled(new RegExp(contract.leases.giveBack.path), (signal) => desk.licensing().release({ lease, reason: 'user' }, { signal }), 'black-hole')).toEqual({ ok: true, value: null });
    expect(desk.licensing().current()).toEqual([]);
    expect(await busy()).toEqual([lease]);
    unwrap(await desk.licensing().deliver());
    expect(await busy()).toEqual([]);
  });

  test('before an offline lease is given up keeps it', async () => {
    const { lease } = unwrap(await desk.licensing().checkout({ license: 'lic_stage', mode: 'offline', days: 3 }));
    expect(await cancelled(/authority$/, (signal) => desk.licensing().release({ lease, reason: 'user' }, { signal }), 'black-hole')).toEqual(CANCELLED);
    expect(desk.licensing().current()).toMatchObject([{ id: lease }]);
  });

  test('for the list of licenses says nothing of the authority', async () => {
    unwrap(await desk.licensing().refresh());
    expect(await cancelled(/entitlements/, (signal) => desk.licensing().refresh(undefined, { signal }))).toEqual(CANCELLED);
    expect(desk.licensing().state().picker).toMatchObject({ loading: false, problem: null });
    expect(desk.licensing().state().connection.state).toBe('online');
  });

  test('while something else has its turn leaves the line at once, and does nothing when its turn comes', async () => {
    const { lease } = unwrap(await desk.licensing().checkout({ license: 'lic_stage' }));
    proxy.set({ kind: 'delay', ms: 1500 }, /heartbeats/);
    const first = desk.licensing().heartbeat();
    const stop = new AbortController();
    const second = desk.licensing().renew({ lease, mode: 'offline', days: 3 }, { signal: stop.signal });
    stop.abort();
    const from = performance.now();
    expect(await second).toEqual(CANCELLED);
    expect(performance.now() - from).toBeLessThan(1000);
    unwrap(await first);
    unwrap(await desk.licensing().heartbeat());
    expect(desk.licensing().current()).toMatchObject([{ id: lease, mode: 'online' }]);
  });

  test('for signing out keeps the person signed in, and doing it again signs out', async () => {
    expect(await cancelled(/sessions/, (signal) => desk.licensing().account.signOut({ release: false }, { signal }))).toEqual(CANCELLED);
    expect(desk.licensing().state().account).not.toBeNull();
    unwrap(await desk.licensing().account.signOut({ release: false }));
    expect(desk.licensing().state().account).toBeNull();
    expect(await cancelled(/sessions/, (signal) => desk.licensing().account.signIn({ email: 'editor@northlight.example', password: PASSWORD }, { signal }))).toEqual(CANCELLED);
    unwrap(await desk.licensing().account.signIn({ email: 'editor@northlight.example', password: PASSWORD }));
  });
});

describe('Ctrl-C on the command line', () => {
  const program = resolve(import.meta.dirname, '../../src-cli/latchkey.ts');
  let clocked: TestAuthority;
  let wire: FaultProxy;
  let folder: string;
  beforeAll(async () => {
    const now = (): number => Math.floor(Date.now() / 1000);
    clocked = await startAuthority({ clock: { now, set: () => undefined, advance: () => undefined } });
    wire = await startFaultProxy(clocked.url);
    folder = mkdtempSync(join(tmpdir(), 'latchkey-interrupt-'));
    writeFileSync(join(folder, 'trust.lkkeys'), clocked.keyset());
    return async () => {
      await wire.close();
      await clocked.close();
      rmSync(folder, { recursive: true, force: true });
    };
  });
  const latchkey = (args: readonly string[], input = '') => {
    const child = spawn(process.execPath, [program, ...args, '--json'], {
      env: { ...process.env, LATCHKEY_HOME: join(folder, 'home'), LATCHKEY_AUTHORITY: wire.url, LATCHKEY_TRUST: join(folder, 'trust.lkkeys') },
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.stdin.end(input);
    const ended = new Promise<{ readonly status: number | null; readonly out: string; readonly err: string }>((done) => child.once('close', (status) => done({ status, out, err })));
    return { child, ended };
  };

  test('ends cleanly with 130 while the answer is waited for, and the same command again gets what was taken', async () => {
    expect(await latchkey(['login', '--email', 'editor@northlight.example', '--password-stdin'], PASSWORD).ended).toMatchObject({ status: 0 });
    wire.set({ kind: 'swallow-reply' }, /checkouts/);
    const { child, ended } = latchkey(['checkout', 'lic_stage']);
    await eventually('the authority has done it', () => wire.answered() > 0, 20_000);
    child.kill('SIGINT');
    const { status, out, err } = await ended;
    expect([status, out]).toEqual([130, '']);
    expect(JSON.parse(err)).toMatchObject({ error: { code: 'CANCELLED' } });

    wire.set(null);
    const again = await latchkey(['checkout', 'lic_stage']).ended;
    expect(again.status).toBe(0);
    const leases = unwrap(await clocked.call(await clocked.signIn('editor@northlight.example'))(contract.leases.mine, {})).leases;
    expect(leases.map(({ id }) => id)).toEqual([(JSON.parse(again.out) as { id: string }).id]);
  });
});
