import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { messageFor } from '../../src-cli/messages.ts';
import { parseKind } from '../../src-shared/documents/index.ts';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { DAY, HOUR, MINUTE } from '../../src-shared/time.ts';
import { settableClock, startAuthority } from '../support/authority.ts';
import type { SettableClock, TestAuthority } from '../support/authority.ts';
import { codeOf, eventually, startClient } from '../support/client.ts';
import type { TestClient } from '../support/client.ts';
import { acceptProof, answer } from '../support/exchange.ts';

/** Somebody, or a flat battery, sets the clock of a machine. Its clock and the authority's are two. */
let authority: TestAuthority;
let own: SettableClock;
let client: TestClient;
let start: number;

const YEARS = 365 * DAY;

beforeEach(async () => {
  authority = await startAuthority();
  start = authority.clock.now();
  own = settableClock(start);
});
afterEach(async () => {
  await client.close();
  await authority.close();
});

const connected = async (): Promise<void> => {
  client = await startClient({ clock: own, authority: authority.url, keyset: authority.keyset(), name: 'WS-1' });
  unwrap(await client.licensing().account.signIn({ email: 'editor@northlight.example', password: 'correct horse battery' }));
};
/** A machine without a network, with an offline lease of 30 days. */
const island = async (days = 30): Promise<string> => {
  client = await startClient({ clock: own, authority: null, keyset: authority.keyset(), name: 'WS-2' });
  const { text } = unwrap(await client.licensing().createRequest({ product: 'stage', days }));
  const accepted = unwrap(await client.licensing().accept(await answer(authority, text, 'lic_stage', days)));
  return accepted.kind === 'license' ? accepted.lease : '';
};
/** What a running program does every few seconds. */
const look = async (): Promise<void> => void (await client.licensing().checkClock());
const standing = () => client.licensing().current().map((lease) => (lease.standing.usable ? 'usable' : lease.standing.code));
const seats = async (): Promise<number> => unwrap(await authority.call(await authority.signIn('editor@northlight.example'))(contract.leases.mine, {})).leases.length;
const ticketFor = async (request: string): Promise<string> => unwrap(await authority.authority().tellTime(request)).ticket;
const everything = () => {
  const { store } = client.ports();
  return structuredClone({ machine: store.machine(), leases: store.leases(), releases: store.releases(), keysets: store.keysets(), pending: store.pendingRequests() });
};
const refused = async (file: string): Promise<string> => {
  const before = everything();
  const code = codeOf(await client.licensing().accept(file));
  expect(everything()).toEqual(before);
  return code;
};

describe('a clock set back', () => {
  test.each([['2 hours', 2 * HOUR], ['400 days', 400 * DAY]])('by %s suspends what is held, on every surface by the clock’s own code, and gives it back when it is right', async (_, by) => {
    const lease = await island();
    own.advance(20 * DAY);
    await look();
    own.advance(-by);
    await client.restart();
    expect(standing()).toEqual(['CLOCK_ROLLED_BACK']);
    expect(client.licensing().state().clock).toMatchObject({ ok: false, cause: 'doubt', authority: null });
    expect(existsSync(join(client.home, 'licenses', 'stage.lklic'))).toBe(false);
    expect(codeOf(await client.licensing().checkout({ license: 'lic_stage' }))).toBe('CLOCK_ROLLED_BACK');
    expect(codeOf(await client.licensing().renew({ lease }))).toBe('CLOCK_ROLLED_BACK');
    expect(codeOf(await client.licensing().checkClock())).toBe('CLOCK_ROLLED_BACK');
    const rows = await client.licensing().diagnose();
    expect(rows.filter(({ ok }) => !ok).map(({ subject }) => subject)).toEqual(['clock', 'leases']);
    own.advance(by);
    await client.restart();
    expect(standing()).toEqual(['usable']);
  });

  test('is noticed by a program that only ran, and wrote nothing else: what it has seen is at most five minutes behind', async () => {
    await island();
    await client.licensing().start();
    for (let minute = 1; minute <= 240; minute += 1) {
      own.advance(MINUTE);
      client.schedule.advance(5);
      await client.licensing().checkClock();
      expect(own.now() - client.ports().store.machine().highest).toBeLessThan(5 * MINUTE);
    }
    await client.licensing().stop();
    own.advance(-HOUR - 5 * MINUTE);
    await client.restart();
    expect(standing()).toEqual(['CLOCK_ROLLED_BACK']);
  });

  test('is never called expired, also where the lease has ended as well', async () => {
    await island(3);
    own.advance(10 * DAY);
    await look();
    expect(standing()).toEqual(['LEASE_EXPIRED']);
    // Still after the lease's end, and behind what was seen.
    own.advance(-2 * DAY);
    await client.restart();
    const [held] = client.licensing().current();
    if (held?.standing.usable !== false) throw new Error('usable');
    expect(held.standing.code).toBe('CLOCK_ROLLED_BACK');
    expect(messageFor(held.standing.code, held.standing.details)).not.toMatch(/expired/i);
    expect(client.notices.filter(({ kind }) => kind === 'expired')).toEqual([]);
    expect(JSON.stringify(client.licensing().state())).not.toContain('EXPIRED');
  });

  test('cannot be talked away by a connected machine: the authority says that it is wrong, and no seat is taken', async () => {
    await connected();
    unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
    unwrap(await client.licensing().heartbeat());
    own.advance(-400 * DAY);
    await client.restart();
    const refusal = await client.licensing().checkout({ license: 'lic_online' });
    expect(refusal).toMatchObject({ code: 'CLOCK_ROLLED_BACK', details: { now: own.now(), highest: start, authority: authority.clock.now() } });
    unwrap(await client.licensing().meet());
    expect(client.licensing().state().clock).toEqual({ ok: false, cause: 'behind', now: own.now(), highest: start, authority: authority.clock.now() });
    expect(client.wire.sent.filter((line) => line.endsWith('/v1/time-tickets') || line.endsWith('/v1/checkouts'))).toEqual(['POST /v1/checkouts']);
    expect(await seats()).toBe(1);
    expect(standing()).toEqual(['CLOCK_ROLLED_BACK']);
  });

  test('before the first start is not told as a request that is too old', async () => {
    own.set(start - 400 * DAY);
    await connected();
    expect(codeOf(await client.licensing().checkout({ license: 'lic_stage' }))).toBe('CLOCK_ROLLED_BACK');
    expect(client.ports().store.pendingRequests()).toEqual([]);
    expect(await seats()).toBe(0);
  });
});

describe('a clock set two years ahead, and right again', () => {
  const poison = async (): Promise<void> => {
    own.advance(2 * YEARS);
    await look();
    own.advance(-2 * YEARS);
    await client.restart();
    expect(standing()).toEqual(['CLOCK_ROLLED_BACK']);
  };

  test('does not lock a connected machine: it meets the authority, and its lease is there again', async () => {
    await connected();
    unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
    await poison();
    unwrap(await client.licensing().meet());
    expect(standing()).toEqual(['usable']);
    expect(client.licensing().state()).toMatchObject({ clock: { ok: true }, requests: [] });
    expect(client.ports().store.machine()).toMatchObject({ highest: start, signed: start });
    expect(client.ports().store.pendingRequests()).toEqual([]);
    expect(await seats()).toBe(1);
  });

  test.each(['checkout', 'renew', 'checkClock', 'upkeep'] as const)('is set right by %s as well', async (way) => {
    await connected();
    const { lease } = unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
    await poison();
    if (way === 'checkout') unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
    else if (way === 'renew') unwrap(await client.licensing().renew({ lease }));
    else if (way === 'checkClock') unwrap(await client.licensing().checkClock());
    else {
      await client.licensing().start();
      await eventually('the first round sets the clock right', () => client.licensing().state().clock.ok);
    }
    expect(standing()).toEqual(['usable']);
    expect(await seats()).toBe(1);
  });

  test('a lost reply costs nothing: the next try makes a new request, and the first one is discarded', async () => {
    await connected();
    unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
    await poison();
    client.wire.set('deaf', /time-tickets/);
    expect(codeOf(await client.licensing().checkClock())).toBe('CLOCK_ROLLED_BACK');
    expect(client.ports().store.pendingRequests()).toMatchObject([{ purpose: 'time', carrier: 'network' }]);
    client.wire.set('up');
    unwrap(await client.licensing().checkClock());
    expect(client.ports().store.pendingRequests()).toEqual([]);
    expect(standing()).toEqual(['usable']);
  });

  test('does not lock a machine without a network: a time ticket sets it right by file, once', async () => {
    await island();
    await poison();
    const asked = unwrap(await client.licensing().createTimeRequest());
    expect(asked.name).toBe('latchkey-time-request-ws-2-20261123-1200.lkreq');
    expect(client.licensing().state().requests).toMatchObject([{ purpose: 'time', fileName: asked.name, product: null }]);
    const ticket = await ticketFor(asked.text);
    expect(unwrap(await client.licensing().inspect(ticket))).toMatchObject({ kind: 'time', genuine: { ok: true }, acceptable: { ok: true }, next: 'import' });
    expect(standing()).toEqual(['CLOCK_ROLLED_BACK']);
    expect(unwrap(await client.licensing().accept(ticket))).toEqual({ kind: 'time', at: start });
    expect(standing()).toEqual(['usable']);
    expect(existsSync(join(client.home, 'licenses', 'stage.lklic'))).toBe(true);
    expect(client.ports().store.machine()).toMatchObject({ highest: start, signed: start });
    expect(client.licensing().state().requests).toEqual([]);
    expect(await refused(ticket)).toBe('REQUEST_UNKNOWN');
    await client.restart();
    expect(standing()).toEqual(['usable']);
  });

  test('is not called expired while it stands ahead of an authority that answers, and the person is told of the clock', async () => {
    await connected();
    unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
    await client.licensing().start();
    await eventually('the first round', () => client.wire.sent.some((line) => line.endsWith('/v1/heartbeats')));
    own.advance(2 * YEARS);
    client.schedule.advance(5);
    await eventually('the look after the jump', () => !client.licensing().state().clock.ok);
    client.schedule.advance(5);
    await client.licensing().stop();
    expect(standing()).toEqual(['CLOCK_ROLLED_BACK']);
    expect(client.licensing().state().clock).toMatchObject({ ok: false, cause: 'ahead', authority: authority.clock.now() });
    expect(client.notices.filter(({ kind }) => kind === 'expired')).toEqual([]);
    // And what it has seen meanwhile is forgotten when it is right again.
    own.advance(-2 * YEARS);
    unwrap(await client.licensing().checkClock());
    expect(standing()).toEqual(['usable']);
  });

  test('its wrong times raise nothing that only signed documents raise', async () => {
    const lease = await island();
    await poison();
    expect(client.ports().store.machine().signed).toBe(start);
    own.advance(DAY);
    authority.clock.advance(DAY);
    const proof = unwrap(await client.licensing().releaseByProof(lease));
    unwrap(await client.licensing().accept(await acceptProof(authority, proof.text)));
    expect(client.ports().store.machine()).toMatchObject({ signed: start + DAY, highest: start + 2 * YEARS });
  });
});

describe('what a time ticket is not good for', () => {
  /** A machine whose clock was two hours ahead and is right again: enough to be asked for the time. */
  const asked = async (): Promise<string> => {
    own.advance(2 * HOUR);
    await look();
    own.advance(-2 * HOUR);
    return unwrap(await client.licensing().createTimeRequest()).text;
  };

  test('a machine whose clock is right does not get to ask', async () => {
    await island();
    const before = everything();
    expect(await client.licensing().createTimeRequest()).toMatchObject({ code: 'CONFLICT', details: { why: 'clock-right' } });
    expect(everything()).toEqual(before);
  });

  test('one request waits at a time: a ticket for an earlier one is worth nothing', async () => {
    await island();
    const first = await ticketFor(await asked());
    const second = unwrap(await client.licensing().createTimeRequest()).text;
    expect(client.licensing().state().requests).toHaveLength(1);
    expect(await refused(first)).toBe('REQUEST_UNKNOWN');
    unwrap(await client.licensing().accept(await ticketFor(second)));
  });

  test('a ticket whose request was discarded is refused', async () => {
    await island();
    const ticket = await ticketFor(await asked());
    const id = client.licensing().state().requests[0]?.id ?? '';
    unwrap(client.licensing().discardRequest(id));
    expect(await refused(ticket)).toBe('REQUEST_UNKNOWN');
  });

  test('a ticket of another machine is refused, and one that an authority of another name signed', async () => {
    await island();
    const text = await asked();
    const other = await startClient({ clock: own, authority: null, keyset: authority.keyset(), name: 'WS-3' });
    const ticket = await ticketFor(text);
    expect(codeOf(await other.licensing().accept(ticket))).toBe('FILE_WRONG_MACHINE');
    await other.close();
    const stranger = await startAuthority();
    expect(codeOf(await stranger.authority().tellTime(text))).toBe('FILE_WRONG_AUTHORITY');
    await stranger.close();
  });

  test('it does not set the clock: one that really is behind stays behind, and the same ticket is good when it is right', async () => {
    await island();
    own.advance(20 * DAY);
    authority.clock.advance(20 * DAY);
    await look();
    own.advance(-5 * DAY);
    const ticket = await ticketFor(unwrap(await client.licensing().createTimeRequest()).text);
    expect(await refused(ticket)).toBe('CLOCK_ROLLED_BACK');
    own.advance(5 * DAY - 90 * MINUTE);
    expect(await refused(ticket)).toBe('CLOCK_ROLLED_BACK');
    own.advance(30 * MINUTE);
    // Within the tolerance nothing is wrong any more: the request is discarded, and its ticket is for putting away.
    await look();
    expect(standing()).toEqual(['usable']);
    expect(await refused(ticket)).toBe('REQUEST_UNKNOWN');
    expect(unwrap(await client.licensing().inspect(ticket)).next).toBe('put-away');
  });

  test('it ends fourteen days after it was made', async () => {
    await island(60);
    own.advance(2 * YEARS);
    await look();
    own.advance(-2 * YEARS);
    const ticket = await ticketFor(unwrap(await client.licensing().createTimeRequest()).text);
    own.advance(14 * DAY);
    expect(await refused(ticket)).toBe('FILE_EXPIRED');
    own.advance(-1);
    unwrap(await client.licensing().accept(ticket));
  });

  test('a signed time that came after it makes it stale', async () => {
    const lease = await island();
    const ticket = await ticketFor(await asked());
    authority.clock.advance(30 * MINUTE);
    const proof = unwrap(await client.licensing().releaseByProof(lease));
    unwrap(await client.licensing().accept(await acceptProof(authority, proof.text)));
    expect(await refused(ticket)).toBe('FILE_STALE');
  });

  test('kept back and used with the clock set back, it brings no more use than the lease had: it is suspended all that while', async () => {
    await island(30);
    const until = client.licensing().current()[0]?.until ?? 0;
    /** How long the lease could really be used, looked at every hour of real time; the attacker sets `own` as they like. */
    let used = 0;
    let real = start;
    const live = async (hours: number, minded: (hour: number) => void): Promise<void> => {
      for (let hour = 0; hour < hours; hour += 1) {
        real += HOUR;
        minded(hour);
        await look();
        if (standing()[0] === 'usable') used += HOUR;
      }
    };
    await live(10 * 24, () => own.advance(HOUR));
    authority.clock.set(real);
    const ticket = await ticketFor(await asked());
    const told = own.now();
    // Fifty days with the ticket in the drawer. The clock may go on behind what was seen, or stand: the lease is suspended.
    await live(50 * 24, (hour) => own.set(told + (hour % 30) * MINUTE));
    expect(used).toBe(10 * DAY);
    own.set(told);
    unwrap(await client.licensing().accept(ticket));
    await live(60 * 24, () => own.advance(HOUR));
    // In all: what the lease was given for, to the hour.
    expect(used).toBeLessThanOrEqual(until - start);
    expect(used).toBeGreaterThan(until - start - 3 * HOUR);
    expect(standing()).toEqual(['LEASE_EXPIRED']);
  }, 60_000);

  test('using the lease in between costs the ticket: the request is discarded as soon as the clock is right without it', async () => {
    await island(30);
    const ticket = await ticketFor(await asked());
    own.advance(HOUR);
    await look();
    expect(standing()).toEqual(['usable']);
    own.advance(20 * DAY);
    await look();
    own.set(start);
    await client.restart();
    expect(standing()).toEqual(['CLOCK_ROLLED_BACK']);
    expect(await refused(ticket)).toBe('REQUEST_UNKNOWN');
    expect(standing()).toEqual(['CLOCK_ROLLED_BACK']);
  });
});

describe('a document from the future', () => {
  test('a license file, a receipt and a time ticket are refused at the machine, and raise nothing', async () => {
    const lease = await island();
    const request = unwrap(await client.licensing().createRequest({ lease, days: 30 })).text;
    authority.clock.advance(2 * HOUR);
    expect(await refused(await answer(authority, request, 'lic_stage', 30))).toBe('CLOCK_ROLLED_BACK');
    const proof = unwrap(await client.licensing().releaseByProof(lease));
    const receipt = await acceptProof(authority, proof.text);
    expect(await refused(receipt)).toBe('CLOCK_ROLLED_BACK');
    own.advance(2 * HOUR);
    unwrap(await client.licensing().accept(receipt));
  });

  test('a keyset is refused with a clock that stands before it', async () => {
    client = await startClient({ clock: own, authority: null, keyset: authority.keyset(), name: 'WS-4' });
    own.set(unwrap(parseKind('keyset', authority.keyset())).claims.iat - 2 * HOUR);
    expect(await refused(authority.keyset())).toBe('CLOCK_ROLLED_BACK');
    expect(unwrap(await client.licensing().inspect(authority.keyset()))).toMatchObject({ genuine: { ok: true }, acceptable: { ok: false, code: 'CLOCK_ROLLED_BACK' }, next: 'right-clock' });
  });

  test('a request is refused at the authority; a release proof is not, because giving back must always be possible', async () => {
    const lease = await island();
    own.advance(2 * YEARS);
    const request = unwrap(await client.licensing().createRequest({ product: 'stage', days: 30 })).text;
    expect(codeOf(await authority.authority().answer({ request, license: 'lic_stage', days: 30 }))).toBe('FILE_NOT_YET_VALID');
    const proof = unwrap(await client.licensing().releaseByProof(lease));
    expect(unwrap(await authority.authority().accept(proof.text)).lease.state).toBe('released');
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
          own.set(instant + offset);
          await look();
          expect(standing()).toEqual(['usable']);
          expect(own.now() - client.ports().store.machine().highest).toBeLessThan(5 * MINUTE);
        }
      }
    } finally {
      if (before === undefined) delete process.env['TZ'];
      else process.env['TZ'] = before;
    }
  });

  test('a sleep of the computer: after it everything is judged at once, and what was renewed elsewhere is fetched', async () => {
    await connected();
    unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
    await client.licensing().start();
    await eventually('the first round', () => client.wire.sent.some((line) => line.endsWith('/v1/heartbeats')));
    own.advance(13 * HOUR);
    authority.clock.advance(13 * HOUR);
    const before = client.wire.sent.length;
    client.licensing().wake();
    await eventually('a renewal after waking', () => client.wire.sent.slice(before).some((line) => line.endsWith('/v1/renewals')));
    expect(standing()).toEqual(['usable']);
    // Also where the system does not tell of it: the next look sees the gap.
    own.advance(30 * HOUR);
    authority.clock.advance(30 * HOUR);
    client.schedule.advance(5);
    await eventually('the lease has ended while it slept', () => client.notices.some(({ kind }) => kind === 'expired'));
    expect(standing()).toEqual(['LEASE_EXPIRED']);
  });
});
