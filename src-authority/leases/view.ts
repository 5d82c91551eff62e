import { sql } from 'kysely';
import type { Lease, LeaseState } from '../../src-shared/lease.ts';
import { prepared } from '../adapter/prepared.ts';
import type { Db, Row } from '../adapter/schema.ts';

/** Leases with the names that people know them by. */
export const selectLeases = (db: Db) =>
  db
    .selectFrom('lease')
    .innerJoin('license', 'license.id', 'lease.license')
    .innerJoin('product', 'product.id', 'license.product')
    .innerJoin('organization', 'organization.id', 'license.organization')
    .innerJoin('machine', 'machine.id', 'lease.machine')
    .innerJoin('organization_machine as own', (on) => on.onRef('own.organization', '=', 'license.organization').onRef('own.machine', '=', 'lease.machine'))
    .leftJoin('user', 'user.id', 'lease.holder')
    .selectAll('lease')
    .select([
      'license.organization', 'organization.name as organization_name', 'license.product', 'product.name as product_name', 'product.kind',
      'license.edition', 'license.valid_until', 'own.name as machine_name', 'own.os', 'user.name as holder_name',
    ])
    .select(sql<0 | 1>`own.confirmed_at IS NOT NULL`.as('machine_confirmed'));

export type LeaseRow = Awaited<ReturnType<ReturnType<typeof selectLeases>['execute']>>[number];

/** A lease that ended by its time is told as `active` with its time past: so the contract has it. */
const stateOf = (state: Row<'lease'>['state']): LeaseState => (state === 'expired' ? 'active' : state);

export const leaseOf = (row: LeaseRow): Lease => ({
  id: row.id,
  license: row.license,
  product: { id: row.product, name: row.product_name, kind: row.kind },
  edition: row.edition,
  organization: { id: row.organization, name: row.organization_name },
  machine: { id: row.machine, name: row.machine_name, os: row.os },
  holder: row.holder === null ? null : { id: row.holder, name: row.holder_name ?? '' },
  mode: row.mode,
  state: stateOf(row.state),
  issuedAt: row.issued_at,
  until: row.until,
  busyUntil: row.busy_until,
  lastContact: row.last_contact,
  confirmed: row.confirmed === 1,
  validUntil: row.valid_until,
  ended: row.state === 'released' && row.ended_why === 'person' ? { at: row.ended_at ?? row.issued_at, by: row.ended_by, freedAt: row.freed_at } : null,
});

const oneLease = prepared((db, p: { lease: string }) => selectLeases(db).where('lease.id', '=', p.lease));
export const leaseRow = async (db: Db, lease: string): Promise<LeaseRow | undefined> => (await oneLease(db, { lease }))[0];
