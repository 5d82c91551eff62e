import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createAuthority } from '../../src-authority/index.ts';
import { startOf } from '../../src-cli/authority/clock.ts';
import { parseKind } from '../../src-shared/documents/index.ts';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { DAY, HOUR } from '../../src-shared/time.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { PASSWORD, realRandom, settableClock, startAuthority } from '../support/authority.ts';
import type { SettableClock, TestAuthority } from '../support/authority.ts';
import { codeOf, startClient } from '../support/client.ts';
import type { TestClient } from '../support/client.ts';
import { createTestMachine } from '../support/machine.ts';

/** The authority's own clock is wrong: nothing is given twice by it, and nobody else's clock is blamed. */

let a: TestAuthority;
/** How long the computer has run: what really passes, whatever the clock shows. */
let passed: Seconds;
let boot: string;
const pass = (by: Seconds): void => {
  passed += by;
  a.clock.advance(by);
};

beforeEach(async () => {
  passed = 1000;
  boot = 'boot-1';
  a = await startAuthority({ uptime: () => ({ boot, seconds: passed }) });
});
afterEach(() => a.close());

const machineOf = (name: string) => createTestMachine({ authority: a.id, clock: a.clock, name });
const takeOffline = async (email: string, name: string, days: number) => {
  const machine = await machineOf(name);
  const request = await machine.request({ license: 'lic_single', mode: 'offline', days });
  return a.call(await a.signIn(email))(contract.leases.checkout, { body: { request } });
};
const seats = async () => {
  const token = await a.signIn('owner@northlight.example');
  const organization = await a.organization(token, 'Northlight');
  return unwrap(await a.call(token)(contract.holdings.read, { params: { organization, license: 'lic_single' } })).license.seats;
};
const wrongClock = { ok: false, code: 'CLOCK_ROLLED_BACK', details: { why: 'authority' } };

describe('a clock that jumps ahead while the authority runs', () => {
  test('frees no seat, and nothing is issued until it is right again', async () => {
    unwrap(await takeOffline('editor@northlight.example', 'A', 5));
    a.clock.advance(10 * DAY);
    expect(await takeOffline('second@northlight.example', 'B', 5)).toMatchObject(wrongClock);
    expect(await seats()).toMatchObject({ free: 0, inTransit: 1, atRisk: 0 });
    expect(await a.authority().time.look()).toMatchObject({ wrong: 'jump' });
    a.clock.advance(-10 * DAY);
    expect(await takeOffline('second@northlight.example', 'B', 5)).toMatchObject({ ok: false, code: 'SEAT_LIMIT_EXCEEDED' });
    expect(await a.authority().time.look()).toMatchObject({ wrong: null });
  });

  test('is noticed after a restart of the authority too, as long as the computer has not been started anew', async () => {
    unwrap(await takeOffline('editor@northlight.example', 'A', 5));
    await a.stop();
    a.clock.advance(10 * DAY);
    passed += HOUR;
    await a.start();
    expect(await takeOffline('second@northlight.example', 'B', 5)).toMatchObject(wrongClock);
  });

  test('is confirmed by the operator, from another process, on record; only then are seats free whose time is over', async () => {
    unwrap(await takeOffline('editor@northlight.example', 'A', 5));
    a.clock.advance(10 * DAY);
    expect(await takeOffline('second@northlight.example', 'B', 5)).toMatchObject(wrongClock);
    expect(await a.authority().time.accept()).toMatchObject({ wrong: null });
    unwrap(await takeOffline('second@northlight.example', 'B', 5));
    const actions: string[] = [];
    for await (const row of a.authority().auditRows()) actions.push(row.action);
    expect(actions.filter((action) => action === 'clock.accepted')).toHaveLength(1);
  });

  test('takes nothing back from a machine that brings its proof then: it is asked to come again', async () => {
    const machine = await machineOf('A');
    const token = await a.signIn('editor@northlight.example');
    const { lease, licenseFile } = unwrap(await a.call(token)(contract.leases.checkout, { body: { request: await machine.request({ license: 'lic_single', mode: 'online' }) } }));
    a.clock.advance(10 * DAY);
    const proof = await machine.proof(lease.id, unwrap(parseKind('license', licenseFile)).claims.jti);
    expect(await a.call()(contract.leases.giveBack, { body: { proof } })).toMatchObject(wrongClock);
    a.clock.advance(-10 * DAY);
    expect(unwrap(await a.call()(contract.leases.giveBack, { body: { proof } })).receipt).toContain('RECEIPT');
  });

  test('leaves the proof of a lease that is released meanwhile waiting, until it can be taken', async () => {
    const own = settableClock(a.clock.now());
    const client = await startClient({ clock: own, authority: a.url, keyset: a.keyset(), name: 'WS-1' });
    try {
      unwrap(await client.licensing().account.signIn({ email: 'editor@northlight.example', password: PASSWORD }));
      const { lease } = unwrap(await client.licensing().checkout({ license: 'lic_single' }));
      a.clock.advance(10 * DAY);
      await client.licensing().release({ lease, reason: 'user' });
      expect(client.ports().store.release(lease)).toMatchObject({ receiptText: null, problem: null });
      a.clock.advance(-10 * DAY);
      unwrap(await client.licensing().checkout({ license: 'lic_single' }));
      expect(client.ports().store.release(lease)?.receiptText).toContain('RECEIPT');
    } finally {
      await client.close();
    }
  });

  test('does not hinder a computer that slept, or an authority that stood still for long', async () => {
    unwrap(await takeOffline('editor@northlight.example', 'A', 5));
    pass(10 * DAY);
    expect(await takeOffline('second@northlight.example', 'B', 5)).toMatchObject({ ok: true });
    await a.stop();
    boot = 'boot-2';
    passed = 10;
    a.clock.advance(400 * DAY);
    await a.start();
    expect(await takeOffline('editor@northlight.example', 'C', 5)).toMatchObject({ ok: true });
  });
});

describe('where the system tells less of its starts', () => {
  test('a container that counts from its own start is believed when it starts again after three weeks', async () => {
    let monotonic = 90 * DAY;
    const uptime = () => ({ boot: startOf('computer', { running: passed, monotonic }), seconds: passed });
    await a.close();
    a = await startAuthority({ uptime });
    unwrap(await takeOffline('editor@northlight.example', 'A', 5));
    await a.stop();
    monotonic += 21 * DAY;
    // A little longer after its start than when it signed last.
    passed += 60;
    a.clock.advance(21 * DAY);
    await a.start();
    expect(await takeOffline('second@northlight.example', 'B', 5)).toMatchObject({ ok: true });
    expect(startOf('computer', { running: 5000, monotonic: 4000 })).toBe('computer');
  });

  test('a jump of the clock is confirmed from a process that has not seen it', async () => {
    await a.close();
    a = await startAuthority({ uptime: () => ({ boot: null, seconds: passed }) });
    unwrap(await takeOffline('editor@northlight.example', 'A', 5));
    a.clock.advance(10 * DAY);
    expect(await takeOffline('second@northlight.example', 'B', 5)).toMatchObject(wrongClock);
    const command = unwrap(await createAuthority({ home: a.home, clock: a.clock, uptime: () => ({ boot: null, seconds: passed }), random: realRandom, version: '0.0.0-test' }));
    await command.time.accept();
    await command.close();
    expect(await takeOffline('second@northlight.example', 'B', 5)).toMatchObject({ ok: true });
  });
});

describe('an authority that was started with its clock ahead', () => {
  beforeEach(async () => {
    await a.stop();
    boot = 'boot-2';
    passed = 10;
    a.clock.advance(10 * DAY);
    await a.start();
  });
  const putRight = async (): Promise<void> => {
    await a.stop();
    boot = 'boot-3';
    a.clock.advance(-10 * DAY);
    await a.start();
  };

  test('issues nothing once its clock is right, until the operator says so; the time that was promised stays', async () => {
    const { lease } = unwrap(await takeOffline('editor@northlight.example', 'A', 5));
    await putRight();
    expect(await takeOffline('second@northlight.example', 'B', 5)).toMatchObject(wrongClock);
    expect(await a.authority().time.look()).toMatchObject({ wrong: 'behind' });
    await a.authority().time.accept();
    expect(await takeOffline('second@northlight.example', 'B', 5)).toMatchObject({ ok: false, code: 'SEAT_LIMIT_EXCEEDED', details: { freeAt: lease.busyUntil } });
    expect(await a.authority().time.look()).toMatchObject({ wrong: null, highest: a.clock.now() });
  });

  test('has its machines told that its clock is the wrong one, and the request that it answered locks nobody out', async () => {
    const own: SettableClock = settableClock(a.clock.now() - 10 * DAY);
    const client: TestClient = await startClient({ clock: own, authority: a.url, keyset: a.keyset(), name: 'WS-1' });
    try {
      const licensing = () => client.licensing();
      unwrap(await licensing().account.signIn({ email: 'editor@northlight.example', password: PASSWORD }));
      // Two clocks, and nobody who knows which is right.
      expect(codeOf(await licensing().checkout({ license: 'lic_single' }))).toBe('CLOCK_ROLLED_BACK');
      await putRight();
      expect(await licensing().checkout({ license: 'lic_single' })).toMatchObject({ code: 'CLOCK_ROLLED_BACK', details: { why: 'authority' } });
      await a.authority().time.accept();
      unwrap(await licensing().checkout({ license: 'lic_single' }));
      expect(licensing().current().filter(({ standing }) => standing.usable)).toHaveLength(1);
      expect(client.ports().store.pendingRequests()).toEqual([]);
    } finally {
      await client.close();
    }
  });
});

test('an authority whose clock was set far back answers nobody with that time', async () => {
  unwrap(await takeOffline('editor@northlight.example', 'A', 5));
  const own = settableClock(a.clock.now());
  const client = await startClient({ clock: own, authority: a.url, keyset: a.keyset(), name: 'WS-1' });
  try {
    unwrap(await client.licensing().account.signIn({ email: 'second@northlight.example', password: PASSWORD }));
    a.clock.advance(-400 * DAY);
    expect(await client.licensing().checkout({ license: 'lic_stage' })).toMatchObject({ code: 'CLOCK_ROLLED_BACK', details: { why: 'authority' } });
    expect(client.licensing().state().clock).toMatchObject({ ok: true });
    expect(unwrap(await a.call()(contract.authority.about, {}))).toMatchObject({ clockDoubted: true });
    // Of a machine whose own clock is wrong too, it says nothing.
    own.advance(-2 * DAY);
    expect(await client.licensing().checkout({ license: 'lic_stage' })).toMatchObject({ code: 'CLOCK_ROLLED_BACK', details: { why: 'authority' } });
    own.advance(2 * DAY);
    a.clock.advance(400 * DAY);
    unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
  } finally {
    await client.close();
  }
});
