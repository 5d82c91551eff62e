import { sql } from 'kysely';
import type { holdings } from '../../src-shared/http/holdings.ts';
import type { ValueOf } from '../../src-shared/http/index.ts';
import { ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import { DAY } from '../../src-shared/time.ts';
import type { Seconds } from '../../src-shared/time.ts';
import type { Db } from '../adapter/schema.ts';
import type { Ground } from '../ground.ts';
import { atMidnights, dayOf } from '../leases/usage.ts';
import { isFailure, roleFor } from './common.ts';
import type { Acting } from './common.ts';

type Usage = ValueOf<typeof holdings.usage>;

/** Of each license the newest count, and the seats that have become free by themselves since, by the day that began without them. */
const standingCounts = async (db: Db, organization: string, now: Seconds) => {
  const counts = await db
    .selectFrom('license').innerJoin('usage_now', 'usage_now.license', 'license.id').where('license.organization', '=', organization)
    .select(['license.id', 'license.product', 'usage_now.day', 'usage_now.as_of', 'usage_now.busy', 'usage_now.peak', 'usage_now.refusals']).execute();
  const falls = await db
    .selectFrom('license')
    .innerJoin('usage_now', 'usage_now.license', 'license.id')
    .innerJoin('seat', (on) => on.onRef('seat.license', '=', 'license.id').onRef('seat.busy_until', '>', 'usage_now.as_of').on('seat.busy_until', '<=', now))
    .where('license.organization', '=', organization)
    .groupBy(['license.id', sql`2`])
    .select(['license.id', sql<number>`(seat.busy_until + ${sql.lit(DAY - 1)}) / ${sql.lit(DAY)}`.as('day'), (eb) => eb.fn.countAll<number>().as('seats')])
    .execute();
  const byLicense = Map.groupBy(falls, ({ id }) => id);
  return counts.map((count) => ({ ...count, falls: byLicense.get(count.id) ?? [] }));
};

/** Seats taken before counting began, of licenses that have not changed since. */
const neverCounted = (db: Db, organization: string, now: Seconds) =>
  db
    .selectFrom('license')
    .innerJoin('seat', (on) => on.onRef('seat.license', '=', 'license.id').on('seat.busy_until', '>', now))
    .where('license.organization', '=', organization)
    .where((eb) => eb.not(eb.exists(eb.selectFrom('usage_now').whereRef('usage_now.license', '=', 'license.id').select('usage_now.day'))))
    .groupBy('license.product')
    .select(['license.product', (eb) => eb.fn.countAll<number>().as('busy')])
    .execute();

/** Seats of licenses that have ended, or have not begun, are nobody's to use; those of a suspended one are the organization's still. */
const owned = (now: Seconds) => sql<number>`
  coalesce(sum(license.seats) FILTER (WHERE (license.valid_until IS NULL OR license.valid_until > ${now}) AND (license.valid_from IS NULL OR license.valid_from <= ${now})), 0)`;

export const createUsage = ({ database: { db }, clock }: Ground) => ({
  /**
   * Days are UTC, today is the last. A product's peak is the sum of its licenses' own peaks of the day: the seats that would
   * have done. A lease that goes on counts on every day that it is there. Errors: `NOT_FOUND`.
   */
  usage: async ({ organization, person }: Acting, days: number): Promise<Result<Usage>> => {
    const found = await roleFor(db, organization, person.id, 'ledger.view');
    if (isFailure(found)) return found;
    const now = clock.now();
    const today = dayOf(now);
    const first = today - days + 1;
    const products = await db
      .selectFrom('license').innerJoin('product', 'product.id', 'license.product').where('license.organization', '=', organization)
      .groupBy(['product.id', 'product.name', 'product.kind']).orderBy('product.name').orderBy('product.id')
      .select(['product.id', 'product.name', 'product.kind', owned(now).as('owned')]).execute();
    const over = await db
      .selectFrom('usage_day').where('organization', '=', organization).where('day', '>=', first).where('day', '<=', today).select(['product', 'day', 'peak', 'refusals']).execute();

    const series = new Map(products.map(({ id }) => [id, Array.from({ length: days }, (_, index) => ({ at: (first + index) * DAY, peak: 0, refusals: 0 }))]));
    const add = (product: string, day: number, peak: number, refusals: number): void => {
      const entry = series.get(product)?.[day - first];
      if (!entry) return;
      entry.peak += peak;
      entry.refusals += refusals;
    };
    for (const { product, day, peak, refusals } of over) add(product, day, peak, refusals);
    for (const count of await standingCounts(db, organization, now)) {
      add(count.product, count.day, count.peak, count.refusals);
      for (const { day, busy } of atMidnights(count, count.falls, now)) add(count.product, day, busy, 0);
    }
    for (const { product, busy } of await neverCounted(db, organization, now)) add(product, today, busy, 0);
    return ok({ from: first * DAY, products: products.map(({ id, name, kind, owned: seats }) => ({ product: { id, name, kind }, owned: seats, days: series.get(id) ?? [] })) });
  },
});
