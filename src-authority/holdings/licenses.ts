import { sql } from 'kysely';
import type { Holding, seatRow } from '../../src-shared/http/holdings.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import type { Seconds } from '../../src-shared/time.ts';
import type { z } from 'zod';
import type { Db } from '../adapter/schema.ts';
import type { Ground } from '../ground.ts';
import { seatNumbers, standing } from '../leases/seats.ts';
import { openTasks } from './open-tasks.ts';
import { containing, isFailure, roleFor } from './common.ts';
import type { Acting, Paging } from './common.ts';

type SeatRow = z.output<typeof seatRow>;

/** Rows of one ledger that are told, those that are taken first. */
const LEDGER = 10_000;

const licensesOf = (db: Db, organization: string) =>
  db
    .selectFrom('license')
    .innerJoin('product', 'product.id', 'license.product')
    .where('license.organization', '=', organization)
    .select([
      'license.id', 'license.product', 'product.name as product_name', 'product.kind', 'license.edition', 'license.features', 'license.access', 'license.modes',
      'license.valid_from', 'license.valid_until', 'license.suspended_at', 'license.suspended_reason', 'license.seats',
    ])
    .select((eb) => [
      eb.selectFrom('assignment').whereRef('assignment.license', '=', 'license.id').select((count) => count.fn.countAll<number>().as('n')).as('assigned'),
    ]);

/** How many ask for each license, or for one of its seats. */
const requestsOf = async (db: Db, organization: string, now: Seconds): Promise<ReadonlyMap<string, number>> => {
  const rows = await openTasks(db, organization, now).groupBy('task.license').select(['task.license', (eb) => eb.fn.countAll<number>().as('requests')]).execute();
  return new Map(rows.map((row) => [row.license, row.requests]));
};

type LicenseRow = Awaited<ReturnType<ReturnType<typeof licensesOf>['execute']>>[number];

const statusOf = (row: LicenseRow, now: Seconds): Holding['status'] => {
  if (row.suspended_at !== null) return 'suspended';
  if (row.valid_until !== null && row.valid_until <= now) return 'expired';
  return row.valid_from !== null && row.valid_from > now ? 'not-started' : 'active';
};

const holdingOf = (row: LicenseRow, numbers: { readonly inUse: number; readonly inTransit: number; readonly atRisk: number } | undefined, requests: number, now: Seconds): Holding => {
  const { inUse, inTransit, atRisk } = numbers ?? { inUse: 0, inTransit: 0, atRisk: 0 };
  return {
    license: row.id, product: { id: row.product, name: row.product_name, kind: row.kind }, edition: row.edition, features: JSON.parse(row.features) as string[],
    access: row.access, modes: JSON.parse(row.modes) as Holding['modes'], status: statusOf(row, now), validFrom: row.valid_from, validUntil: row.valid_until,
    seats: { owned: row.seats, free: row.seats - inUse - inTransit - atRisk, inUse, inTransit, atRisk }, assigned: row.assigned ?? 0, requests,
    ...(row.suspended_at === null ? {} : { suspended: { at: row.suspended_at, reason: row.suspended_reason ?? '' } }),
  };
};

const states = { inUse: 'in-use', inTransit: 'in-transit', atRisk: 'at-risk' } as const;

const ledgerOf = async (db: Db, license: string, person: string, now: Seconds): Promise<SeatRow[]> => {
  const numbered = db.selectFrom('seat').where('license', '=', license).select(['lease', 'busy_until', sql<number>`row_number() OVER (ORDER BY id)`.as('number')]).as('numbered');
  const rows = await db
    .selectFrom(numbered)
    .leftJoin('lease', (on) => on.onRef('lease.id', '=', 'numbered.lease').on('numbered.busy_until', '>', now))
    .leftJoin('license', 'license.id', 'lease.license')
    .leftJoin('organization_machine as machine', (on) => on.onRef('machine.organization', '=', 'license.organization').onRef('machine.machine', '=', 'lease.machine'))
    .leftJoin('user', 'user.id', 'lease.holder')
    .orderBy((eb) => eb('numbered.busy_until', '>', now), 'desc')
    .orderBy('numbered.number')
    .limit(LEDGER)
    .select(['numbered.number', 'numbered.busy_until', 'lease.id as lease', 'lease.holder', 'lease.mode', 'lease.state', 'lease.ended_why', 'lease.machine', 'machine.name as machine_name', 'user.name as person', 'user.email', 'user.deleted_at'])
    .select(standing(now).as('standing'))
    .execute();
  return rows
    .map(({ number, busy_until, lease, holder, mode, state, ended_why, machine, machine_name, person: name, email, deleted_at, standing: how }): SeatRow =>
      lease === null || mode === null || machine === null
        ? { number, state: 'free', until: null, holder: null }
        : {
          number, state: states[how], until: busy_until,
          holder: { lease, person: name, email: deleted_at === null ? email : null, machine: { id: machine, name: machine_name ?? '' }, mode, until: busy_until, yours: holder === person, ended: state === 'released' && ended_why === 'person' },
        })
    .sort((a, b) => a.number - b.number);
};

export const createLicenses = ({ database: { db }, clock }: Ground) => ({
  /** By product name and edition. Errors: `NOT_FOUND`. */
  list: async ({ organization, person }: Acting, { offset, limit, search }: Paging): Promise<Result<{ total: number; licenses: Holding[] }>> => {
    const found = await roleFor(db, organization, person.id, 'license.view');
    if (isFailure(found)) return found;
    const now = clock.now();
    const matching = search.trim() === ''
      ? licensesOf(db, organization)
      : licensesOf(db, organization).where(containing(search, ["product.name || ' ' || coalesce(license.edition, '')", 'license.id']));
    const { total } = await matching.clearSelect().select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
    const rows = await matching.orderBy(sql`fold(product.name)`).orderBy(sql`fold(license.edition)`).orderBy('license.id').limit(limit).offset(offset).execute();
    const numbers = await seatNumbers(db, organization, now);
    const requests = await requestsOf(db, organization, now);
    return ok({ total, licenses: rows.map((row) => holdingOf(row, numbers.get(row.id), requests.get(row.id) ?? 0, now)) });
  },

  /** The ledger has at most 10,000 rows. Errors: `NOT_FOUND`, `LICENSE_NOT_FOUND`. */
  read: async ({ organization, person }: Acting, license: string): Promise<Result<{ license: Holding; ledger: SeatRow[]; assigned: { id: string; name: string; email: string }[] }>> => {
    const found = await roleFor(db, organization, person.id, 'ledger.view');
    if (isFailure(found)) return found;
    const now = clock.now();
    const row = await licensesOf(db, organization).where('license.id', '=', license).executeTakeFirst();
    if (!row) return fail('LICENSE_NOT_FOUND', { license });
    const numbers = await seatNumbers(db, organization, now, license);
    const assigned = await db
      .selectFrom('assignment').innerJoin('user', 'user.id', 'assignment.user').where('assignment.license', '=', license)
      .orderBy(sql`fold(user.name)`).orderBy('user.email').select(['user.id', 'user.name', 'user.email']).execute();
    const requests = await requestsOf(db, organization, now);
    return ok({ license: holdingOf(row, numbers.get(license), requests.get(license) ?? 0, now), ledger: await ledgerOf(db, license, person.id, now), assigned });
  },
});
