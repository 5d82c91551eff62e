import { describe, expect, test } from 'vitest';
import { unwrap } from '../../src-shared/result.ts';
import { DAY, HOUR, MINUTE } from '../../src-shared/time.ts';
import { startAuthority } from '../support/authority.ts';
import { codeOf, startClient } from '../support/client.ts';
import { clockScene } from '../support/clock-scene.ts';
import { acceptProof } from '../support/exchange.ts';

/** What a machine takes for the time, and what cannot be made of it. */
const scene = clockScene();
const { island, look, standing, ticketFor, everything, refused } = scene;

const YEARS = 365 * DAY;

describe('what a time ticket is not good for', () => {
  /** A machine whose clock was two hours ahead and is right again: enough to be asked for the time. */
  const asked = async (): Promise<string> => {
    scene.own.advance(2 * HOUR);
    await look();
    scene.own.advance(-2 * HOUR);
    return unwrap(await scene.client.licensing().createTimeRequest()).text;
  };

  test('a machine whose clock is right does not get to ask', async () => {
    await island();
    const before = everything();
    expect(await scene.client.licensing().createTimeRequest()).toMatchObject({ code: 'CONFLICT', details: { why: 'clock-right' } });
    expect(everything()).toEqual(before);
  });

  test('one request waits at a time: a ticket for an earlier one is worth nothing', async () => {
    await island();
    const first = await ticketFor(await asked());
    const second = unwrap(await scene.client.licensing().createTimeRequest()).text;
    expect(scene.client.licensing().state().requests).toHaveLength(1);
    expect(await refused(first)).toBe('REQUEST_UNKNOWN');
    unwrap(await scene.client.licensing().accept(await ticketFor(second)));
  });

  test('a ticket whose request was discarded is refused', async () => {
    await island();
    const ticket = await ticketFor(await asked());
    const id = scene.client.licensing().state().requests[0]?.id ?? '';
    unwrap(scene.client.licensing().discardRequest(id));
    expect(await refused(ticket)).toBe('REQUEST_UNKNOWN');
  });

  test('a ticket of another machine is refused, and one that an authority of another name signed', async () => {
    await island();
    const text = await asked();
    const other = await startClient({ clock: scene.own, authority: null, keyset: scene.authority.keyset(), name: 'WS-3' });
    const ticket = await ticketFor(text);
    expect(codeOf(await other.licensing().accept(ticket))).toBe('FILE_WRONG_MACHINE');
    await other.close();
    const stranger = await startAuthority();
    expect(codeOf(await stranger.authority().tellTime(text))).toBe('FILE_WRONG_AUTHORITY');
    await stranger.close();
  });

  test('it does not set the clock: one that really is behind stays behind, and the same ticket is good when it is right', async () => {
    await island();
    scene.own.advance(20 * DAY);
    scene.authority.clock.advance(20 * DAY);
    await look();
    scene.own.advance(-5 * DAY);
    const ticket = await ticketFor(unwrap(await scene.client.licensing().createTimeRequest()).text);
    expect(await refused(ticket)).toBe('CLOCK_ROLLED_BACK');
    scene.own.advance(5 * DAY - 90 * MINUTE);
    expect(await refused(ticket)).toBe('CLOCK_ROLLED_BACK');
    scene.own.advance(30 * MINUTE);
    // Within the tolerance nothing is wrong any more: the request is discarded, and its ticket is for putting away.
    await look();
    expect(standing()).toEqual(['usable']);
    expect(await refused(ticket)).toBe('REQUEST_UNKNOWN');
    expect(unwrap(await scene.client.licensing().inspect(ticket)).next).toBe('put-away');
  });

  test('it ends fourteen days after it was made', async () => {
    await island(60);
    scene.own.advance(2 * YEARS);
    await look();
    scene.own.advance(-2 * YEARS);
    const ticket = await ticketFor(unwrap(await scene.client.licensing().createTimeRequest()).text);
    scene.own.advance(14 * DAY);
    expect(await refused(ticket)).toBe('FILE_EXPIRED');
    scene.own.advance(-1);
    unwrap(await scene.client.licensing().accept(ticket));
  });

  test('a signed time that came after it makes it stale', async () => {
    const lease = await island();
    const ticket = await ticketFor(await asked());
    scene.authority.clock.advance(30 * MINUTE);
    const proof = unwrap(await scene.client.licensing().releaseByProof(lease));
    unwrap(await scene.client.licensing().accept(await acceptProof(scene.authority, proof.text)));
    expect(await refused(ticket)).toBe('FILE_STALE');
  });

  test('kept back and used with the clock set back, it brings no more use than the lease had: it is suspended all that while', async () => {
    await island(30);
    const until = scene.client.licensing().current()[0]?.until ?? 0;
    /** How long the lease could really be used, looked at every hour of real time; the attacker sets `own` as they like. */
    let used = 0;
    let real = scene.start;
    const live = async (hours: number, minded: (hour: number) => void): Promise<void> => {
      for (let hour = 0; hour < hours; hour += 1) {
        real += HOUR;
        minded(hour);
        await look();
        if (standing()[0] === 'usable') used += HOUR;
      }
    };
    await live(10 * 24, () => scene.own.advance(HOUR));
    scene.authority.clock.set(real);
    const ticket = await ticketFor(await asked());
    const told = scene.own.now();
    // Fifty days with the ticket in the drawer. The clock may go on behind what was seen, or stand: the lease is suspended.
    await live(50 * 24, (hour) => scene.own.set(told + (hour % 30) * MINUTE));
    expect(used).toBe(10 * DAY);
    scene.own.set(told);
    unwrap(await scene.client.licensing().accept(ticket));
    await live(60 * 24, () => scene.own.advance(HOUR));
    // In all: what the lease was given for, to the hour.
    expect(used).toBeLessThanOrEqual(until - scene.start);
    expect(used).toBeGreaterThan(until - scene.start - 3 * HOUR);
    expect(standing()).toEqual(['LEASE_EXPIRED']);
  }, 60_000);

  test('using the lease in between costs the ticket: the request is discarded as soon as the clock is right without it', async () => {
    await island(30);
    const ticket = await ticketFor(await asked());
    scene.own.advance(HOUR);
    await look();
    expect(standing()).toEqual(['usable']);
    scene.own.advance(20 * DAY);
    await look();
    scene.own.set(scene.start);
    await scene.client.restart();
    expect(standing()).toEqual(['CLOCK_ROLLED_BACK']);
    expect(await refused(ticket)).toBe('REQUEST_UNKNOWN');
    expect(standing()).toEqual(['CLOCK_ROLLED_BACK']);
  });
});
