import { sql } from 'kysely';
import { EXPIRY_WARNINGS_DAYS } from '../../src-shared/policy.ts';
import { DAY } from '../../src-shared/time.ts';
import type { Seconds } from '../../src-shared/time.ts';
import type { Db } from '../adapter/schema.ts';
import { licenseName } from '../holdings/common.ts';
import type { Ending } from '../mail/letters/reminders.ts';

/** What ends within the first step, and whom it concerns besides owners and managers. */
export type Due = {
  readonly subject: string;
  readonly ending: Ending;
  /** The step that has been reached, in days; null for a lease that was taken for no longer. */
  readonly step: number | null;
  readonly holders: readonly string[];
};

const FIRST = Math.max(...EXPIRY_WARNINGS_DAYS);

/** The last step that has been reached: who was away for the others is told of one. */
export const stepOf = (until: Seconds, now: Seconds): number | null => EXPIRY_WARNINGS_DAYS.filter((days) => until - now <= days * DAY).toSorted((a, b) => a - b)[0] ?? null;

/** Seats looked at in one query, so that an authority with a million of them goes on answering in between. */
const AT_ONCE = 2000;

const offlineLeases = async (db: Db, license: { readonly id: string; readonly name: string }, now: Seconds): Promise<readonly Due[]> => {
  const found: Due[] = [];
  let after = { busy: now, id: Number.MAX_SAFE_INTEGER };
  for (;;) {
    const page = db
      .selectFrom('seat').where('license', '=', license.id).where('busy_until', '<=', now + FIRST * DAY)
      .where(sql<boolean>`(busy_until, id) > (${after.busy}, ${after.id})`).orderBy('busy_until').orderBy('id').limit(AT_ONCE).select(['id', 'busy_until', 'lease']).as('page');
    const rows = await db
      .selectFrom(page)
      .innerJoin('lease', 'lease.id', 'page.lease').innerJoin('machine', 'machine.id', 'lease.machine').leftJoin('user', 'user.id', 'lease.holder')
      .leftJoin('license_file', (on) => on.onRef('license_file.lease', '=', 'lease.id').onRef('license_file.seq', '=', 'lease.file_seq'))
      .orderBy('page.busy_until').orderBy('page.id')
      .select(['page.id as seat', 'page.busy_until', 'lease.id', 'lease.mode', 'lease.state', 'lease.until', 'lease.holder', 'machine.name as machine', 'user.name as person', 'license_file.issued_at'])
      .execute();
    for (const row of rows) {
      if (row.mode !== 'offline' || row.state !== 'active' || row.until <= now) continue;
      const step = stepOf(row.until, now);
      // A lease taken for ten days is not announced as ending within fourteen on its first day.
      const isNew = step !== null && row.issued_at !== null && row.issued_at >= row.until - step * DAY;
      found.push({
        subject: row.id, step: isNew ? null : step, holders: row.holder === null ? [] : [row.holder],
        ending: { kind: 'lease', product: license.name, machine: row.machine, person: row.person, until: row.until },
      });
    }
    const last = rows.at(-1);
    if (!last || rows.length < AT_ONCE) return found;
    after = { busy: last.busy_until, id: last.seat };
  }
};

const holdersOf = async (db: Db, license: string, now: Seconds): Promise<readonly string[]> =>
  (await db
    .selectFrom('seat').innerJoin('lease', 'lease.id', 'seat.lease').where('seat.license', '=', license).where('seat.busy_until', '>', now)
    .where('lease.state', '=', 'active').where('lease.holder', 'is not', null).select('lease.holder').distinct().execute()).flatMap(({ holder }) => holder ?? []);

/** All of an organization, soonest first. */
export const endingsOf = async (db: Db, organization: string, now: Seconds): Promise<readonly Due[]> => {
  const licenses = await db
    .selectFrom('license').innerJoin('product', 'product.id', 'license.product').where('license.organization', '=', organization)
    .select(['license.id', 'license.edition', 'license.valid_until', 'product.name as product_name']).execute();
  const found: Due[] = [];
  for (const row of licenses) {
    const name = licenseName(row);
    const { valid_until: until } = row;
    const step = until === null || until <= now ? null : stepOf(until, now);
    if (until !== null && step !== null) found.push({ subject: row.id, step, holders: await holdersOf(db, row.id, now), ending: { kind: 'license', product: name, until } });
    found.push(...(await offlineLeases(db, { id: row.id, name }, now)));
  }
  return found.toSorted((a, b) => a.ending.until - b.ending.until);
};
