import { sql } from 'kysely';
import type { Lease } from '../../src-shared/lease.ts';
import type { Ground } from '../ground.ts';
import { createGivingBack } from './give-back.ts';
import { createHearing } from './heartbeat.ts';
import { createTaking } from './take.ts';
import { createTelling } from './time.ts';
import { leaseOf, selectLeases } from './view.ts';

export type { Heard } from './heartbeat.ts';
export type { Returned } from './give-back.ts';
export type { Issued } from './issue.ts';
export type { Told } from './time.ts';

/**
 * The seat ledger (design.md section 5). A seat is free only when its return is proven or the last file issued for it has
 * expired; the same document always gets the same answer; every change carries its audit row in its own transaction.
 */
export const createLedger = (ground: Ground) => ({
  ...createTaking(ground),
  ...createGivingBack(ground),
  heartbeat: createHearing(ground),
  tellTime: createTelling(ground),

  /** The leases that a person holds, newest first: those that still keep a seat busy. */
  mine: async (user: string): Promise<readonly Lease[]> => {
    const rows = await selectLeases(ground.database.db)
      .where('lease.holder', '=', user)
      .where(sql<boolean>`lease.state = 'active'`)
      .where('lease.busy_until', '>', ground.clock.now())
      .orderBy('lease.issued_at', 'desc')
      .orderBy('lease.id')
      .execute();
    return rows.map(leaseOf);
  },
});

export type Ledger = ReturnType<typeof createLedger>;
