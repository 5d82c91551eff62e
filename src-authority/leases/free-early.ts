import { fail, ok } from '../../src-shared/result.ts';
import type { Failure, Result } from '../../src-shared/result.ts';
import type { Lease } from '../../src-shared/lease.ts';
import { freedEarlyAtMost } from '../../src-shared/policy.ts';
import { may } from '../../src-shared/role.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { recordAudit } from '../audit/audit.ts';
import { prepared } from '../adapter/prepared.ts';
import type { Trx } from '../adapter/schema.ts';
import type { Ground, Person } from '../ground.ts';
import { roleOf } from '../organizations/membership.ts';
import { isOffline, tellOfLease } from './give-back.ts';
import { settleSeat } from './seats.ts';
import { leaseOf, leaseRow } from './view.ts';
import type { LeaseRow } from './view.ts';

/**
 * The one exception to the rule that a seat is free only when its return is proven or its last file has ended: an owner or
 * manager frees the seat of a lease that was ended from elsewhere, before its machine has confirmed it. The machine may go on with
 * its file until that ends, so only few seats of a license may be free like this at a time (docs/adr/0021-a-seat-waits-for-its-machine.md).
 */

const outstanding = prepared((db, p: { license: string; now: Seconds }) =>
  db.selectFrom('lease').where('license', '=', p.license).where('freed_at', 'is not', null).where('busy_until', '>', p.now).orderBy('busy_until').select('busy_until'),
);
const seatsOf = prepared((db, p: { license: string }) => db.selectFrom('license').where('id', '=', p.license).select('seats'));
const markFreed = prepared((db, p: { id: string; now: Seconds }) => db.updateTable('lease').set({ freed_at: p.now, seat: null }).where('id', '=', p.id));

/** SECURITY: without this bound, a license of one seat serves as many machines as are cut off one after another. */
const judgeNumber = async (trx: Trx, license: string, now: Seconds): Promise<Failure | null> => {
  const [owned] = await seatsOf(trx, { license });
  const most = freedEarlyAtMost(owned?.seats ?? 0);
  const ends = await outstanding(trx, { license, now });
  return ends.length < most ? null : fail('CONFLICT', { why: 'freed-early', license, most, at: ends[ends.length - most]?.busy_until ?? null });
};

/** Whether the seat of a lease is at risk for the reason that a person ended it. */
const judgeEnded = (lease: LeaseRow): Failure | null => {
  if (lease.state === 'revoked') return fail('LEASE_REVOKED', { lease: lease.id, endedBy: lease.ended_by });
  if (isOffline(lease)) return fail('LEASE_OFFLINE', { lease: lease.id, until: lease.busy_until });
  return lease.state === 'released' && lease.ended_why === 'person' ? null : fail('CONFLICT', { why: 'not-ended', lease: lease.id });
};

const free = async (trx: Trx, { lease, person, reason, now }: { readonly lease: LeaseRow; readonly person: Person; readonly reason: string; readonly now: Seconds }): Promise<Result<Lease>> => {
  const { id, seat } = lease;
  // Confirmed meanwhile, or its file has ended, or somebody was quicker: the seat is free.
  if (seat === null || lease.busy_until <= now) return ok(leaseOf(lease));
  const refused = judgeEnded(lease) ?? (await judgeNumber(trx, lease.license, now));
  if (refused) return refused;
  await markFreed(trx, { id, now });
  await settleSeat(trx, seat, now);
  await recordAudit(trx, [
    {
      at: now, organization: lease.organization, actor: person.id, action: 'lease.freed-early', subject: id,
      details: { license: lease.license, machine: lease.machine, holder: lease.holder, fileEnds: lease.busy_until, reason: reason === '' ? null : reason },
    },
  ]);
  const after = await leaseRow(trx, id);
  if (!after) throw new Error('a lease is gone');
  return ok(leaseOf(after));
};

export const createFreeing = ({ database, clock, hub }: Ground) =>
  /** Errors: those of the route `free`. */
  async (person: Person, input: { readonly lease: string; readonly reason: string }): Promise<Result<Lease>> => {
    const result = await database.transact(async (trx): Promise<Result<Lease>> => {
      const lease = await leaseRow(trx, input.lease);
      const role = lease ? await roleOf(trx, lease.organization, person.id) : null;
      if (!lease || (role === null && lease.holder !== person.id)) return fail('LEASE_NOT_FOUND', { lease: input.lease });
      if (role === null || !may(role, 'lease.release-any')) return fail('FORBIDDEN', { operation: 'lease.release-any', role });
      return free(trx, { lease, person, reason: input.reason, now: clock.now() });
    });
    if (result.ok) tellOfLease(hub, result.value);
    return result;
  };
