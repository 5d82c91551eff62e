import { CLOCK_TOLERANCE } from '../../src-shared/policy.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Failure, Result } from '../../src-shared/result.ts';
import type { Clock, Seconds } from '../../src-shared/time.ts';
import { recordAudit } from '../audit/audit.ts';
import { prepared } from '../adapter/prepared.ts';
import type { Database } from '../adapter/database.ts';
import type { Db, Row, Trx } from '../adapter/schema.ts';

/**
 * The authority judges its own clock (docs/adr/0024-the-authority-judges-its-own-clock.md): by the highest time that it has
 * signed, and by the time since the computer started, which nobody can set.
 */

/** `seconds` since the computer started, asleep or not; `boot` names that start where the system does, so that another process can go by it. */
export type Uptime = () => { readonly boot: string | null; readonly seconds: Seconds };

/** `behind`: more than the tolerance before a time that was signed already. `jump`: further on than time has passed. */
export type ClockState = {
  readonly now: Seconds;
  readonly highest: Seconds;
  /** What the clock should show by the time that has passed; null where nothing is known of it. */
  readonly expected: Seconds | null;
  readonly wrong: 'behind' | 'jump' | null;
};

export type Timekeeper = {
  /** The time: the clock's, or while that has jumped ahead, the time before and what has passed since. */
  readonly clock: Clock;
  /** Asked inside each transaction that issues. Errors: `CLOCK_ROLLED_BACK` (why: authority). */
  readonly judge: (trx: Db) => Promise<Result<Seconds>>;
  /** Keeps that this time was signed, in the transaction that signs. */
  readonly signed: (trx: Trx, at: Seconds) => Promise<void>;
  readonly look: (db?: Db) => Promise<ClockState>;
  /** An operator says that the clock is right. What was promised stays promised; only what is issued next goes by it. */
  readonly accept: () => Promise<ClockState>;
};

type Anchor = { readonly wall: Seconds; readonly boot: string | null; readonly seconds: Seconds };

const readRow = prepared((db, _: Readonly<Record<string, never>>) => db.selectFrom('authority_time').selectAll());
const write = prepared((db, p: { highest: Seconds; wall: Seconds | null; boot: string | null; uptime: Seconds | null; accepted: number }) =>
  db.updateTable('authority_time').set({ highest: p.highest, wall: p.wall, boot: p.boot, uptime: p.uptime, accepted: p.accepted }));

const refusal = ({ now, highest, expected, wrong }: ClockState): Failure => fail('CLOCK_ROLLED_BACK', { why: 'authority', now, at: wrong === 'jump' ? expected : highest, problem: wrong });

/** What another process of the same start of the computer has believed. */
const anchorOf = (row: Row<'authority_time'>, up: ReturnType<Uptime> | null): Anchor | null =>
  up !== null && up.boot !== null && row.boot === up.boot && row.wall !== null && row.uptime !== null && row.uptime <= up.seconds
    ? { wall: row.wall, boot: row.boot, seconds: row.uptime }
    : null;

export const createTimekeeper = async ({ database, clock, uptime = null }: { readonly database: Database; readonly clock: Clock; readonly uptime?: Uptime | null }): Promise<Timekeeper> => {
  let anchor: Anchor | null = null;
  let accepted = -1;

  // Only one transaction writes at a time, so a row read in it stays true. Several operations share a transaction, and undoing one
  // undoes its writes: after the row was written in a transaction, it is read each time.
  const inTransaction = new WeakMap<Db, Row<'authority_time'> | 'written'>();

  const rowOf = async (db: Db): Promise<Row<'authority_time'>> => {
    const kept = inTransaction.get(db);
    const row = kept === undefined || kept === 'written' ? (await readRow(db, {}))[0] : kept;
    if (!row) throw new Error('the authority has lost its memory of the time');
    // At the start, and when an operator has confirmed the clock in another process.
    if (row.accepted !== accepted) anchor = anchorOf(row, uptime?.() ?? null);
    accepted = row.accepted;
    if (db.isTransaction && kept === undefined) inTransaction.set(db, row);
    return row;
  };

  const expectedNow = (): Seconds | null => {
    const up = uptime?.() ?? null;
    return anchor === null || up === null || up.seconds < anchor.seconds ? null : anchor.wall + Math.floor(up.seconds - anchor.seconds);
  };
  /**
   * What the clock should show, where it is further on than that. Time only passes: a clock that is within the tolerance of the last
   * time that was believed has not jumped, and the system is not asked. It would be asked for a file, several times a checkout.
   */
  const jumpedFrom = (now: Seconds): Seconds | null => {
    if (anchor === null || now <= anchor.wall + CLOCK_TOLERANCE) return null;
    const expected = expectedNow();
    return expected !== null && now > expected + CLOCK_TOLERANCE ? expected : null;
  };
  const wrongBy = (now: Seconds, highest: Seconds): ClockState['wrong'] => (now < highest - CLOCK_TOLERANCE ? 'behind' : jumpedFrom(now) === null ? null : 'jump');

  const look = async (db: Db = database.db): Promise<ClockState> => {
    const { highest } = await rowOf(db);
    const now = clock.now();
    return { now, highest, expected: expectedNow(), wrong: wrongBy(now, highest) };
  };
  /** The clock is believed: from here on it is compared with the time that passes. */
  const believe = (now: Seconds): void => {
    const up = uptime?.() ?? null;
    anchor = up === null ? null : { wall: now, ...up };
  };
  const judge = async (db: Db): Promise<Result<Seconds>> => {
    const { highest } = await rowOf(db);
    const now = clock.now();
    if (wrongBy(now, highest) !== null) return refusal(await look(db));
    // Once in a second, whatever is issued in it.
    if (anchor?.wall !== now) believe(now);
    return ok(now);
  };
  const keep = async (trx: Trx, highest: Seconds, times: number): Promise<void> => {
    inTransaction.set(trx, 'written');
    await write(trx, { highest, wall: anchor?.wall ?? null, boot: anchor?.boot ?? null, uptime: anchor === null ? null : Math.floor(anchor.seconds), accepted: times });
  };

  await judge(database.db);

  return {
    clock: {
      now: () => {
        const now = clock.now();
        return jumpedFrom(now) ?? now;
      },
    },
    judge,
    look,
    signed: async (trx, at) => {
      const row = await rowOf(trx);
      const isNewBoot = anchor !== null && (row.wall === null || row.boot !== anchor.boot || (row.uptime ?? 0) > anchor.seconds);
      // At most once a second, whatever is issued in it.
      if (at > row.highest || isNewBoot) await keep(trx, Math.max(at, row.highest), row.accepted);
    },
    accept: () =>
      database.transact(async (trx) => {
        const state = await look(trx);
        // Another process may have seen a jump that this one cannot know of, where no start of the computer has a name.
        const mayNotKnow = (uptime?.() ?? null)?.boot === null;
        if (state.wrong === null && !mayNotKnow) return state;
        believe(state.now);
        accepted += 1;
        await keep(trx, Math.min(state.highest, state.now), accepted);
        const { now, highest, expected, wrong } = state;
        await recordAudit(trx, [{ at: now, organization: null, actor: 'operator', action: 'clock.accepted', subject: 'clock', details: { wrong, highest, expected } }]);
        return { ...state, highest: Math.min(highest, now), expected: null, wrong: null };
      }),
  };
};
