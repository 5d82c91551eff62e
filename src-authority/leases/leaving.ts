import type { Lease } from '../../src-shared/lease.ts';
import { unwrap } from '../../src-shared/result.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { recordAudit } from '../audit/audit.ts';
import type { Db, Trx } from '../adapter/schema.ts';
import type { Person } from '../ground.ts';
import { endOnline, isOffline, revokeOffline } from './give-back.ts';
import { leaseOf, selectLeases } from './view.ts';

type Leaving = { readonly organization: string; readonly user: string; readonly now: Seconds };

const heldBy = async (db: Db, { organization, user, now }: Leaving) => {
  const held = await selectLeases(db)
    .where('lease.holder', '=', user)
    .where('lease.state', '=', 'active')
    .where('license.organization', '=', organization)
    .where('lease.busy_until', '>', now)
    .orderBy('lease.busy_until', 'desc')
    .orderBy('lease.id')
    .execute();
  // Files that they answered for the organization's machines are not theirs: those machines go on.
  const own = held.filter((lease) => lease.counted === 1 || lease.carrier === 'network');
  return { online: own.filter((lease) => !isOffline(lease)), offline: own.filter(isOffline), others: held.filter((lease) => !own.includes(lease)) };
};

/** What would become of a person's leases in an organization if they went now. */
export const leasesOnLeaving = async (db: Db, leaving: Leaving): Promise<{ readonly ended: readonly Lease[]; readonly atRisk: readonly Lease[] }> => {
  const { online, offline } = await heldBy(db, leaving);
  return { ended: online.map(leaseOf), atRisk: offline.map(leaseOf) };
};

/**
 * Ends a person's leases in an organization that they leave, as the decision of `by`. Online ones are released: each seat is
 * free when its machine confirms that. Offline ones are revoked: they cannot be renewed, and their seats stay at risk until their
 * files end or their return is proven.
 */
export const endLeasesOfLeaving = async (trx: Trx, leaving: Leaving, by: Person): Promise<{ readonly ended: readonly Lease[]; readonly atRisk: readonly Lease[] }> => {
  const { now } = leaving;
  const { online, offline, others } = await heldBy(trx, leaving);
  const ended: Lease[] = [];
  const atRisk: Lease[] = [];
  for (const lease of online) ended.push(unwrap(await endOnline(trx, { lease, person: by, now })));
  for (const lease of offline) atRisk.push(await revokeOffline(trx, { lease, person: by, why: 'left', now }));
  for (const lease of others) {
    await trx.updateTable('lease').set({ holder: null }).where('id', '=', lease.id).execute();
    await recordAudit(trx, [{ at: now, organization: lease.organization, actor: by.id, action: 'lease.handed-over', subject: lease.id, details: { from: leaving.user } }]);
  }
  return { ended, atRisk };
};
