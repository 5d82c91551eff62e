import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { messageFor } from '../../src-cli/messages.ts';
import { parseKind } from '../../src-shared/documents/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { DAY, HOUR, MINUTE } from '../../src-shared/time.ts';
import { codeOf, eventually, startClient } from '../support/client.ts';
import { clockScene } from '../support/clock-scene.ts';
import { acceptProof, answer } from '../support/exchange.ts';

/** Somebody, or a flat battery, sets the clock of a machine. */
const scene = clockScene();
const { connected, island, look, standing, seats, ticketFor, refused } = scene;

const YEARS = 365 * DAY;

describe('a clock set back', () => {
  test.each([['2 hours', 2 * HOUR], ['400 days', 400 * DAY]])('by %s suspends what is held, on every surface by the clock’s own code, and gives it back when it is right', async (_, by) => {
    const lease = await island();
    scene.own.advance(20 * DAY);
    await look();
    scene.own.advance(-by);
    await scene.client.restart();
    expect(standing()).toEqual(['CLOCK_ROLLED_BACK']);
    expect(scene.client.licensing().state().clock).toMatchObject({ ok: false, cause: 'doubt', authority: null });
    expect(existsSync(join(scene.client.home, 'licenses', 'stage.lklic'))).toBe(false);
    expect(codeOf(await scene.client.licensing().checkout({ license: 'lic_stage' }))).toBe('CLOCK_ROLLED_BACK');
    expect(codeOf(await scene.client.licensing().renew({ lease }))).toBe('CLOCK_ROLLED_BACK');
    expect(codeOf(await scene.client.licensing().checkClock())).toBe('CLOCK_ROLLED_BACK');
    const rows = unwrap(await scene.client.licensing().diagnose());
    expect(rows.filter(({ ok }) => !ok).map(({ subject }) => subject)).toEqual(['clock', 'leases']);
    scene.own.advance(by);
    await scene.client.restart();
    expect(standing()).toEqual(['usable']);
  });

  test('is noticed by a program that only ran, and wrote nothing else: what it has seen is at most five minutes behind', async () => {
    await island();
    await scene.client.licensing().start();
    for (let minute = 1; minute <= 240; minute += 1) {
      scene.own.advance(MINUTE);
      scene.client.schedule.advance(5);
      await scene.client.licensing().checkClock();
      expect(scene.own.now() - scene.client.ports().store.machine().highest).toBeLessThan(5 * MINUTE);
    }
    await scene.client.licensing().stop();
    scene.own.advance(-HOUR - 5 * MINUTE);
    await scene.client.restart();
    expect(standing()).toEqual(['CLOCK_ROLLED_BACK']);
  });

  test('is never called expired, also where the lease has ended as well', async () => {
    await island(3);
    scene.own.advance(10 * DAY);
    await look();
    expect(standing()).toEqual(['LEASE_EXPIRED']);
    // Still after the lease's end, and behind what was seen.
    scene.own.advance(-2 * DAY);
    await scene.client.restart();
    const [held] = scene.client.licensing().current();
    if (held?.standing.usable !== false) throw new Error('usable');
    expect(held.standing.code).toBe('CLOCK_ROLLED_BACK');
    expect(messageFor(held.standing.code, held.standing.details)).not.toMatch(/expired/i);
    expect(scene.client.notices.filter(({ kind }) => kind === 'expired')).toEqual([]);
    expect(JSON.stringify(scene.client.licensing().state())).not.toContain('EXPIRED');
  });

  test('cannot be talked away by a connected machine: the authority says that it is wrong, and no seat is taken', async () => {
    await connected();
    unwrap(await scene.client.licensing().checkout({ license: 'lic_stage' }));
    unwrap(await scene.client.licensing().heartbeat());
    scene.own.advance(-400 * DAY);
    await scene.client.restart();
    const refusal = await scene.client.licensing().checkout({ license: 'lic_online' });
    expect(refusal).toMatchObject({ code: 'CLOCK_ROLLED_BACK', details: { now: scene.own.now(), highest: scene.start, authority: scene.authority.clock.now() } });
    unwrap(await scene.client.licensing().meet());
    expect(scene.client.licensing().state().clock).toEqual({ ok: false, cause: 'behind', now: scene.own.now(), highest: scene.start, authority: scene.authority.clock.now() });
    expect(scene.client.wire.sent.filter((line) => line.endsWith('/v1/time-tickets') || line.endsWith('/v1/checkouts'))).toEqual(['POST /v1/checkouts']);
    expect(await seats()).toBe(1);
    expect(standing()).toEqual(['CLOCK_ROLLED_BACK']);
  });

  test('before the first start is not told as a request that is too old', async () => {
    scene.own.set(scene.start - 400 * DAY);
    await connected();
    expect(codeOf(await scene.client.licensing().checkout({ license: 'lic_stage' }))).toBe('CLOCK_ROLLED_BACK');
    expect(scene.client.ports().store.pendingRequests()).toEqual([]);
    expect(await seats()).toBe(0);
  });
});

describe('a clock set two years ahead, and right again', () => {
  const poison = async (): Promise<void> => {
    scene.own.advance(2 * YEARS);
    await look();
    scene.own.advance(-2 * YEARS);
    await scene.client.restart();
    expect(standing()).toEqual(['CLOCK_ROLLED_BACK']);
  };

  test('does not lock a connected machine: it meets the authority, and its lease is there again', async () => {
    await connected();
    unwrap(await scene.client.licensing().checkout({ license: 'lic_stage' }));
    await poison();
    unwrap(await scene.client.licensing().meet());
    expect(standing()).toEqual(['usable']);
    expect(scene.client.licensing().state()).toMatchObject({ clock: { ok: true }, requests: [] });
    expect(scene.client.ports().store.machine()).toMatchObject({ highest: scene.start, signed: scene.start });
    expect(scene.client.ports().store.pendingRequests()).toEqual([]);
    expect(await seats()).toBe(1);
  });

  test.each(['checkout', 'renew', 'checkClock', 'upkeep'] as const)('is set right by %s as well', async (way) => {
    await connected();
    const { lease } = unwrap(await scene.client.licensing().checkout({ license: 'lic_stage' }));
    await poison();
    if (way === 'checkout') unwrap(await scene.client.licensing().checkout({ license: 'lic_stage' }));
    else if (way === 'renew') unwrap(await scene.client.licensing().renew({ lease }));
    else if (way === 'checkClock') unwrap(await scene.client.licensing().checkClock());
    else {
      await scene.client.licensing().start();
      await eventually('the first round sets the clock right', () => scene.client.licensing().state().clock.ok);
    }
    expect(standing()).toEqual(['usable']);
    expect(await seats()).toBe(1);
  });

  test('a lost reply costs nothing: the next try makes a new request, and the first one is discarded', async () => {
    await connected();
    unwrap(await scene.client.licensing().checkout({ license: 'lic_stage' }));
    await poison();
    scene.client.wire.set('deaf', /time-tickets/);
    expect(codeOf(await scene.client.licensing().checkClock())).toBe('CLOCK_ROLLED_BACK');
    expect(scene.client.ports().store.pendingRequests()).toMatchObject([{ purpose: 'time', carrier: 'network' }]);
    scene.client.wire.set('up');
    unwrap(await scene.client.licensing().checkClock());
    expect(scene.client.ports().store.pendingRequests()).toEqual([]);
    expect(standing()).toEqual(['usable']);
  });

  test('does not lock a machine without a network: a time ticket sets it right by file, once', async () => {
    await island();
    await poison();
    const asked = unwrap(await scene.client.licensing().createTimeRequest());
    expect(asked.name).toBe('latchkey-time-request-ws-2-20261123-1200.lkreq');
    expect(scene.client.licensing().state().requests).toMatchObject([{ purpose: 'time', fileName: asked.name, product: null }]);
    const ticket = await ticketFor(asked.text);
    expect(unwrap(await scene.client.licensing().inspect(ticket))).toMatchObject({ kind: 'time', genuine: { ok: true }, acceptable: { ok: true }, next: 'import' });
    expect(standing()).toEqual(['CLOCK_ROLLED_BACK']);
    expect(unwrap(await scene.client.licensing().accept(ticket))).toEqual({ kind: 'time', at: scene.start });
    expect(standing()).toEqual(['usable']);
    expect(existsSync(join(scene.client.home, 'licenses', 'stage.lklic'))).toBe(true);
    expect(scene.client.ports().store.machine()).toMatchObject({ highest: scene.start, signed: scene.start });
    expect(scene.client.licensing().state().requests).toEqual([]);
    expect(await refused(ticket)).toBe('REQUEST_UNKNOWN');
    await scene.client.restart();
    expect(standing()).toEqual(['usable']);
  });

  test('is not called expired while it stands ahead of an authority that answers, and the person is told of the clock', async () => {
    await connected();
    unwrap(await scene.client.licensing().checkout({ license: 'lic_stage' }));
    await scene.client.licensing().start();
    await eventually('the first round', () => scene.client.wire.sent.some((line) => line.endsWith('/v1/heartbeats')));
    scene.own.advance(2 * YEARS);
    scene.client.schedule.advance(5);
    await eventually('the look after the jump', () => !scene.client.licensing().state().clock.ok);
    scene.client.schedule.advance(5);
    await scene.client.licensing().stop();
    expect(standing()).toEqual(['CLOCK_ROLLED_BACK']);
    expect(scene.client.licensing().state().clock).toMatchObject({ ok: false, cause: 'ahead', authority: scene.authority.clock.now() });
    expect(scene.client.notices.filter(({ kind }) => kind === 'expired')).toEqual([]);
    // And what it has seen meanwhile is forgotten when it is right again.
    scene.own.advance(-2 * YEARS);
    unwrap(await scene.client.licensing().checkClock());
    expect(standing()).toEqual(['usable']);
  });

  test('its wrong times raise nothing that only signed documents raise', async () => {
    const lease = await island();
    await poison();
    expect(scene.client.ports().store.machine().signed).toBe(scene.start);
    scene.own.advance(DAY);
    scene.authority.clock.advance(DAY);
    const proof = unwrap(await scene.client.licensing().releaseByProof(lease));
    unwrap(await scene.client.licensing().accept(await acceptProof(scene.authority, proof.text)));
    expect(scene.client.ports().store.machine()).toMatchObject({ signed: scene.start + DAY, highest: scene.start + 2 * YEARS });
  });
});

describe('a document from the future', () => {
  test('a license file, a receipt and a time ticket are refused at the machine, and raise nothing', async () => {
    const lease = await island();
    const request = unwrap(await scene.client.licensing().createRequest({ lease, days: 30 })).text;
    scene.authority.clock.advance(2 * HOUR);
    expect(await refused(await answer(scene.authority, request, 'lic_stage', 30))).toBe('CLOCK_ROLLED_BACK');
    const proof = unwrap(await scene.client.licensing().releaseByProof(lease));
    const receipt = await acceptProof(scene.authority, proof.text);
    expect(await refused(receipt)).toBe('CLOCK_ROLLED_BACK');
    scene.own.advance(2 * HOUR);
    unwrap(await scene.client.licensing().accept(receipt));
  });

  test('a keyset is refused with a clock that stands before it', async () => {
    scene.client = await startClient({ clock: scene.own, authority: null, keyset: scene.authority.keyset(), name: 'WS-4' });
    scene.own.set(unwrap(parseKind('keyset', scene.authority.keyset())).claims.iat - 2 * HOUR);
    expect(await refused(scene.authority.keyset())).toBe('CLOCK_ROLLED_BACK');
    expect(unwrap(await scene.client.licensing().inspect(scene.authority.keyset()))).toMatchObject({ genuine: { ok: true }, acceptable: { ok: false, code: 'CLOCK_ROLLED_BACK' }, next: 'right-clock' });
  });

  test('a request is refused at the authority; a release proof is not, because giving back must always be possible', async () => {
    const lease = await island();
    scene.own.advance(2 * YEARS);
    const request = unwrap(await scene.client.licensing().createRequest({ product: 'stage', days: 30 })).text;
    expect(codeOf(await scene.authority.authority().answer({ request, license: 'lic_stage', days: 30 }))).toBe('FILE_NOT_YET_VALID');
    const proof = unwrap(await scene.client.licensing().releaseByProof(lease));
    expect(unwrap(await scene.authority.authority().accept(proof.text)).lease.state).toBe('released');
  });
});

describe('what does not touch the clock', () => {
  test.each(['UTC', 'America/St_Johns', 'Pacific/Kiritimati', 'Pacific/Pago_Pago'])('the time zone (%s), and the days on which it changes', async (zone) => {
    const before = process.env['TZ'];
    try {
      await island(365);
      // Both changes of 2027 on both sides of the Atlantic, an hour before and after, in a zone that changes between looks.
      const instants = ['2027-03-14T07:00:00Z', '2027-03-28T01:00:00Z', '2027-10-31T01:00:00Z', '2027-11-07T06:00:00Z'].map((text) => Date.parse(text) / 1000);
      for (const instant of instants) {
        for (const [place, offset] of [-HOUR, -1, 0, 1, HOUR].entries()) {
          process.env['TZ'] = place % 2 === 0 ? zone : 'Europe/Berlin';
          scene.own.set(instant + offset);
          await look();
          expect(standing()).toEqual(['usable']);
          expect(scene.own.now() - scene.client.ports().store.machine().highest).toBeLessThan(5 * MINUTE);
        }
      }
    } finally {
      if (before === undefined) delete process.env['TZ'];
      else process.env['TZ'] = before;
    }
  });

  test('a sleep of the computer: after it everything is judged at once, what is due is renewed, and what has ended is taken again', async () => {
    await connected();
    unwrap(await scene.client.licensing().checkout({ license: 'lic_stage' }));
    await scene.client.licensing().start();
    await eventually('the first round', () => scene.client.wire.sent.some((line) => line.endsWith('/v1/heartbeats')));
    scene.own.advance(13 * HOUR);
    scene.authority.clock.advance(13 * HOUR);
    const before = scene.client.wire.sent.length;
    scene.client.licensing().wake();
    await eventually('a renewal after waking', () => scene.client.wire.sent.slice(before).some((line) => line.endsWith('/v1/renewals')));
    expect(standing()).toEqual(['usable']);
    // Also where the system does not tell of it: the next look sees the gap.
    scene.own.advance(30 * HOUR);
    scene.authority.clock.advance(30 * HOUR);
    scene.client.schedule.advance(5);
    await eventually('the license that ended while it slept is taken again', () => scene.client.notices.some(({ kind }) => kind === 'taken-again'));
    expect(standing()).toEqual(['usable']);
  });
});
