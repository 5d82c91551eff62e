import { sql } from 'kysely';
import type { Seats } from '../../src-shared/license.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { prepared } from '../adapter/prepared.ts';
import type { Db, Trx } from '../adapter/schema.ts';
import { countUsage } from './usage.ts';

type Claim = { readonly license: string; readonly machine: string; readonly lease: string; readonly until: Seconds; readonly now: Seconds };

const claim = prepared((db, p: Claim) => ({
  compile: () =>
    sql<{ id: number }>`
      UPDATE seat SET machine = ${p.machine}, lease = ${p.lease}, busy_until = max(busy_until, ${p.until})
      WHERE id = coalesce(
        (SELECT id FROM seat WHERE license = ${p.license} AND machine = ${p.machine}),
        (SELECT id FROM seat WHERE license = ${p.license} AND busy_until <= ${p.now} ORDER BY busy_until LIMIT 1))
      RETURNING id`.compile(db),
}));

/**
 * Claims a seat of a license for a machine, in one statement: the machine's own seat if it has one, else one that is free.
 * The seat is busy until `until` at least; it never becomes free earlier than before. Null: no seat is free.
 * Behind it stand unique (license, machine) and unique (lease).
 */
export const claimSeat = async (trx: Trx, wish: Claim): Promise<number | null> => (await claim(trx, wish))[0]?.id ?? null;

const ownSeat = prepared((db, p: { license: string; machine: string; now: Seconds }) =>
  db.selectFrom('seat').where('license', '=', p.license).where('machine', '=', p.machine).where('busy_until', '>', p.now).select('id'),
);

/** Claims a seat for a new lease, and counts it: a machine that takes over its own seat takes no other. */
export const claimAndCount = async (trx: Trx, wish: Claim): Promise<number | null> => {
  const usage = await countUsage(trx, wish.license, wish.now);
  const own = await ownSeat(trx, wish);
  const seat = await claimSeat(trx, wish);
  await (seat === null ? usage.refused() : usage.taken(own.length === 0 ? 1 : 0));
  return seat;
};

const seatRow = prepared((db, p: { seat: number }) => db.selectFrom('seat').where('id', '=', p.seat).select(['license', 'busy_until']));

const keepSeat = prepared((db, p: { seat: number; now: Seconds }) => ({
  compile: () =>
    sql<never>`
      UPDATE seat SET (machine, lease, busy_until) = (
        SELECT machine, id, busy_until FROM (
          SELECT lease.machine, lease.id, max(busy_until) OVER () AS busy_until, lease.state
          FROM lease WHERE lease.seat = ${p.seat} AND lease.busy_until > ${p.now})
        ORDER BY state = 'active' DESC LIMIT 1)
      WHERE id = ${p.seat} AND EXISTS (SELECT 1 FROM lease WHERE lease.seat = ${p.seat} AND lease.busy_until > ${p.now})`.compile(db),
}));
const freeSeat = prepared((db, p: { seat: number; now: Seconds }) => ({
  compile: () =>
    sql<never>`
      UPDATE seat SET machine = NULL, lease = NULL, busy_until = 0
      WHERE id = ${p.seat} AND NOT EXISTS (SELECT 1 FROM lease WHERE lease.seat = ${p.seat} AND lease.busy_until > ${p.now})`.compile(db),
}));

/**
 * Sets a seat to what its leases still keep busy: after a return was proven, or a newer file confirmed. A replaced lease
 * whose return is not proven goes on keeping the seat for its machine.
 */
export const settleSeat = async (trx: Trx, seat: number, now: Seconds): Promise<void> => {
  const [was] = await seatRow(trx, { seat });
  if (!was) return;
  const usage = await countUsage(trx, was.license, now);
  await keepSeat(trx, { seat, now });
  await freeSeat(trx, { seat, now });
  const [is] = await seatRow(trx, { seat });
  await usage.taken(Number((is?.busy_until ?? 0) > now) - Number(was.busy_until > now));
};

/** The seats of a license whose leases a person ended, and whose machines have not confirmed it. */
export const countUnconfirmed = async (db: Db, license: string, now: Seconds): Promise<number> => {
  const { seats } = await db
    .selectFrom('seat').innerJoin('lease', 'lease.id', 'seat.lease').where('seat.license', '=', license).where('seat.busy_until', '>', now)
    .where('lease.state', '=', 'released').where('lease.ended_why', '=', 'person').select((eb) => eb.fn.countAll<number>().as('seats')).executeTakeFirstOrThrow();
  return seats;
};

/** What stands behind a busy seat, as the ledger's numbers count it. */
export const standing = (now: Seconds) => sql<'inUse' | 'inTransit' | 'atRisk'>`
  CASE WHEN lease.state <> 'active' OR lease.until <= ${now} THEN 'atRisk'
       WHEN lease.mode = 'offline' AND lease.confirmed = 0 THEN 'inTransit'
       ELSE 'inUse' END`;

/** The ledger's numbers of every license of an organization that has busy seats, from SQL in one pass; or of one license. */
export const seatNumbers = async (
  db: Db,
  organization: string,
  now: Seconds,
  license?: string,
): Promise<ReadonlyMap<string, Pick<Seats, 'inUse' | 'inTransit' | 'atRisk'> & { readonly freeAt: Seconds }>> => {
  const rows = await db
    .selectFrom('license')
    .innerJoin('seat', (on) => on.onRef('seat.license', '=', 'license.id').on('seat.busy_until', '>', now))
    .innerJoin('lease', 'lease.id', 'seat.lease')
    .where('license.organization', '=', organization)
    .$if(license !== undefined, (query) => query.where('license.id', '=', license ?? ''))
    .groupBy(['license.id', sql`2`])
    .select(['license.id', standing(now).as('standing'), (eb) => eb.fn.countAll<number>().as('count'), (eb) => eb.fn.min('seat.busy_until').as('free_at')])
    .execute();
  const numbers = new Map<string, { inUse: number; inTransit: number; atRisk: number; freeAt: Seconds }>();
  for (const row of rows) {
    const of = numbers.get(row.id) ?? { inUse: 0, inTransit: 0, atRisk: 0, freeAt: row.free_at };
    of[row.standing] = row.count;
    of.freeAt = Math.min(of.freeAt, row.free_at);
    numbers.set(row.id, of);
  }
  return numbers;
};
