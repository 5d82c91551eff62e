import { sql } from 'kysely';
import type { Lease } from '../../src-shared/lease.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import { may, roles } from '../../src-shared/role.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { recordAudit } from '../audit/audit.ts';
import type { Db, Trx } from '../adapter/schema.ts';
import type { Ground } from '../ground.ts';
import { licenseName, pageLink, write } from '../holdings/common.ts';
import type { Reader } from '../holdings/common.ts';
import { isOffline } from '../leases/give-back.ts';
import { leaseOf, selectLeases } from '../leases/view.ts';
import { licenseResumedLetter, licenseSuspendedLetter } from '../mail/letters/suspension.ts';

/** What the operator sees of every license, and how one is suspended: nothing of it is issued or renewed until it is resumed. */

export type LicenseListing = {
  readonly id: string;
  readonly organization: { readonly id: string; readonly name: string };
  readonly name: string;
  readonly seats: number;
  readonly inUse: number;
  readonly validFrom: Seconds | null;
  readonly validUntil: Seconds | null;
  readonly suspended: { readonly at: Seconds; readonly reason: string } | null;
};

/** `online`: they end at `until` and are not renewed. `offline`: they go on until their files end. */
export type Suspended = { readonly license: string; readonly at: Seconds; readonly reason: string; readonly online: readonly Lease[]; readonly offline: readonly Lease[] };

export const listLicenses = async (db: Db, organization: string | null, now: Seconds): Promise<readonly LicenseListing[]> => {
  const rows = await db
    .selectFrom('license').innerJoin('product', 'product.id', 'license.product').innerJoin('organization', 'organization.id', 'license.organization')
    .$if(organization !== null, (query) => query.where('license.organization', '=', organization ?? ''))
    .orderBy('organization.name').orderBy('product.name').orderBy('license.edition').orderBy('license.id')
    .select((eb) => [
      'license.id', 'license.organization', 'organization.name as organization_name', 'product.name as product_name', 'license.edition', 'license.seats',
      'license.valid_from', 'license.valid_until', 'license.suspended_at', 'license.suspended_reason',
      eb.selectFrom('seat').whereRef('seat.license', '=', 'license.id').where('seat.busy_until', '>', now).select((of) => of.fn.countAll<number>().as('n')).as('in_use'),
    ])
    .execute();
  return rows.map((row) => ({
    id: row.id, organization: { id: row.organization, name: row.organization_name }, name: licenseName(row), seats: row.seats, inUse: row.in_use ?? 0,
    validFrom: row.valid_from, validUntil: row.valid_until,
    suspended: row.suspended_at === null ? null : { at: row.suspended_at, reason: row.suspended_reason ?? '' },
  }));
};

const licenseRow = (trx: Trx, license: string) =>
  trx
    .selectFrom('license').innerJoin('product', 'product.id', 'license.product').innerJoin('organization', 'organization.id', 'license.organization')
    .where('license.id', '=', license)
    .select(['license.id', 'license.organization', 'organization.name as organization_name', 'product.name as product_name', 'license.edition', 'license.suspended_at', 'license.suspended_reason'])
    .executeTakeFirst();

/** Owners and managers, who can ask the operator why; and whoever holds a lease of it. */
const readersOf = async (trx: Trx, organization: string, leases: readonly Lease[]): Promise<readonly Reader[]> => {
  const deciding = await trx
    .selectFrom('member').innerJoin('user', 'user.id', 'member.user').where('member.organization', '=', organization)
    .where('member.role', 'in', roles.filter((role) => may(role, 'lease.release-any'))).orderBy('user.name').select(['user.id', 'user.email', 'user.locale']).execute();
  const holders = [...new Set(leases.flatMap(({ holder }) => holder?.id ?? []))].filter((id) => !deciding.some((each) => each.id === id));
  const holding = holders.length === 0 ? [] : await trx.selectFrom('user').where('id', 'in', holders).where('deleted_at', 'is', null).orderBy('name').select(['id', 'email', 'locale']).execute();
  return [...deciding, ...holding];
};

const heldOf = async (trx: Trx, license: string, now: Seconds): Promise<Pick<Suspended, 'online' | 'offline'>> => {
  const rows = await selectLeases(trx)
    .where(sql<boolean>`lease.state = 'active'`).where('lease.license', '=', license).where('lease.busy_until', '>', now).orderBy('lease.busy_until', 'desc').orderBy('lease.id').execute();
  return { online: rows.filter((row) => !isOffline(row)).map(leaseOf), offline: rows.filter(isOffline).map(leaseOf) };
};

export const createSuspension = (ground: Ground) => {
  const { database, clock, hub } = ground;

  const change = async <T>(license: string, work: (trx: Trx, row: NonNullable<Awaited<ReturnType<typeof licenseRow>>>, now: Seconds) => Promise<Result<T>>): Promise<Result<T>> => {
    let organization: string | null = null;
    const result = await database.transact(async (trx): Promise<Result<T>> => {
      const row = await licenseRow(trx, license);
      if (!row) return fail('LICENSE_NOT_FOUND', { license });
      ({ organization } = row);
      return work(trx, row, clock.now());
    });
    if (result.ok && organization !== null) hub.publish({ type: 'entitlements', organization }, { organization });
    return result;
  };

  return {
    list: (organization: string | null) => listLicenses(database.db, organization, clock.now()),

    /** A license that is suspended already keeps the time and takes the new reason. Errors: `LICENSE_NOT_FOUND`. */
    suspend: ({ license, reason }: { readonly license: string; readonly reason: string }): Promise<Result<Suspended>> =>
      change(license, async (trx, row, now) => {
        const at = row.suspended_at ?? now;
        const held = await heldOf(trx, license, now);
        if (row.suspended_at !== null && row.suspended_reason === reason) return ok({ license, at, reason, ...held });
        await trx.updateTable('license').set({ suspended_at: at, suspended_reason: reason }).where('id', '=', license).execute();
        await recordAudit(trx, [{ at: now, organization: row.organization, actor: 'operator', action: 'license.suspended', subject: license, details: { reason, online: held.online.length, offline: held.offline.length } }]);
        const facts = {
          organization: row.organization_name, product: licenseName(row), reason, online: held.online.length, link: pageLink(ground, row.organization, 'products'),
          offline: held.offline.map(({ machine, busyUntil }) => ({ machine: machine.name, until: busyUntil })),
        };
        await write(trx, licenseSuspendedLetter, await readersOf(trx, row.organization, [...held.online, ...held.offline]), facts, now);
        return ok({ license, at, reason, ...held });
      }),

    /** Errors: `LICENSE_NOT_FOUND`. */
    resume: ({ license, reason }: { readonly license: string; readonly reason: string | null }): Promise<Result<{ readonly license: string; readonly was: boolean }>> =>
      change<{ readonly license: string; readonly was: boolean }>(license, async (trx, row, now) => {
        if (row.suspended_at === null) return ok({ license, was: false });
        await trx.updateTable('license').set({ suspended_at: null, suspended_reason: null }).where('id', '=', license).execute();
        await recordAudit(trx, [{ at: now, organization: row.organization, actor: 'operator', action: 'license.resumed', subject: license, details: { reason, since: row.suspended_at } }]);
        const held = await heldOf(trx, license, now);
        const facts = { organization: row.organization_name, product: licenseName(row), link: pageLink(ground, row.organization, 'products') };
        await write(trx, licenseResumedLetter, await readersOf(trx, row.organization, [...held.online, ...held.offline]), facts, now);
        return ok({ license, was: true });
      }),
  };
};

export type Suspension = ReturnType<typeof createSuspension>;
