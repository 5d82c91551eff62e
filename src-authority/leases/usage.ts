import { sql } from 'kysely';
import { DAY } from '../../src-shared/time.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { prepared } from '../adapter/prepared.ts';
import type { Row, Trx } from '../adapter/schema.ts';

/**
 * How many seats of a license were taken at a time, day by day (UTC), and how often there was none. `busy` is the number of
 * seats whose `busy_until` lies after `as_of`, as they stand now: whatever changes a seat brings the count up to now first. A
 * renewal changes nothing of it, and costs nothing.
 */

/** Days without a change that are filled in at the next one; usage is shown no further back. */
export const USAGE_DAYS = 366;

export const dayOf = (at: Seconds): number => Math.floor(at / DAY);
/** The first day at whose beginning a seat that is busy until then is free. */
export const freeOn = (busyUntil: Seconds): number => Math.ceil(busyUntil / DAY);

/** The seats taken at the beginning of each day after a count, and at the beginning of `to`'s day at last. */
export const atMidnights = (
  count: { readonly as_of: Seconds; readonly busy: number },
  over: readonly { readonly day: number; readonly seats: number }[],
  to: Seconds,
): readonly { readonly day: number; readonly busy: number }[] => {
  const fallen = new Map<number, number>();
  for (const { day, seats } of over) fallen.set(day, (fallen.get(day) ?? 0) + seats);
  const first = dayOf(count.as_of) + 1;
  let { busy } = count;
  return Array.from({ length: Math.max(0, dayOf(to) - first + 1) }, (_, index) => {
    busy -= fallen.get(first + index) ?? 0;
    return { day: first + index, busy };
  });
};

type Count = Omit<Row<'usage_now'>, 'license'>;

const newest = prepared((_db, p: { license: string; now: Seconds }) => ({
  compile: () =>
    sql<Count & { readonly over: number }>`
      SELECT day, as_of, busy, peak, refusals,
        (SELECT count(*) FROM seat WHERE license = ${p.license} AND busy_until > usage_now.as_of AND busy_until <= ${p.now}) AS over
      FROM usage_now WHERE license = ${p.license}`.compile(_db),
}));
const busySeats = prepared((db, p: { license: string; now: Seconds }) =>
  db.selectFrom('seat').where('license', '=', p.license).where('busy_until', '>', p.now).select((eb) => eb.fn.countAll<number>().as('busy')),
);
const put = prepared((_db, p: Row<'usage_now'>) => ({
  compile: () =>
    sql<never>`
      INSERT INTO usage_now (license, day, as_of, busy, peak, refusals) VALUES (${p.license}, ${p.day}, ${p.as_of}, ${p.busy}, ${p.peak}, ${p.refusals})
      ON CONFLICT (license) DO UPDATE SET day = excluded.day, as_of = excluded.as_of, busy = excluded.busy, peak = excluded.peak, refusals = excluded.refusals`.compile(_db),
}));
/** A day of a license that is over goes to its product. */
const close = prepared((_db, p: Pick<Row<'usage_now'>, 'license' | 'day' | 'peak' | 'refusals'>) => ({
  compile: () =>
    sql<never>`
      INSERT INTO usage_day (organization, product, day, peak, refusals)
      SELECT organization, product, ${p.day}, ${p.peak}, ${p.refusals} FROM license WHERE id = ${p.license}
      ON CONFLICT (organization, product, day) DO UPDATE SET peak = usage_day.peak + excluded.peak, refusals = usage_day.refusals + excluded.refusals`.compile(_db),
}));

/** The count up to now. A clock that went back counts on where it was. */
const countOf = async (trx: Trx, license: string, now: Seconds): Promise<Count> => {
  const [last] = await newest(trx, { license, now });
  const today = dayOf(now);
  if (!last) {
    const busy = (await busySeats(trx, { license, now }))[0]?.busy ?? 0;
    return { day: today, as_of: now, busy, peak: busy, refusals: 0 };
  }
  const { over, ...count } = last;
  if (now <= count.as_of) return count;
  if (count.day === today) return { ...count, as_of: now, busy: Math.max(0, count.busy - over) };
  const falls = await trx
    .selectFrom('seat')
    .where('license', '=', license)
    .where('busy_until', '>', count.as_of)
    .where('busy_until', '<=', now)
    .groupBy(sql`1`)
    .select([sql<number>`(busy_until + ${sql.lit(DAY - 1)}) / ${sql.lit(DAY)}`.as('day'), (eb) => eb.fn.countAll<number>().as('seats')])
    .execute();
  await close(trx, { license, day: count.day, peak: count.peak, refusals: count.refusals });
  let atStart = 0;
  for (const { day, busy } of atMidnights(count, falls, now)) {
    atStart = Math.max(0, busy);
    if (day < today && day > today - USAGE_DAYS && atStart > 0) await close(trx, { license, day, peak: atStart, refusals: 0 });
  }
  return { day: today, as_of: now, busy: Math.max(0, count.busy - over), peak: atStart, refusals: 0 };
};

/** Begins a change of a license's seats: `taken` says by how many more (or fewer) are busy after it. */
export const countUsage = async (trx: Trx, license: string, now: Seconds) => {
  const count = await countOf(trx, license, now);
  return {
    taken: async (by: number): Promise<void> => {
      const busy = Math.max(0, count.busy + by);
      await put(trx, { ...count, license, busy, peak: Math.max(count.peak, busy) });
    },
    /** Somebody asked, and there was no seat. */
    refused: async (): Promise<void> => void (await put(trx, { ...count, license, refusals: count.refusals + 1 })),
  };
};
