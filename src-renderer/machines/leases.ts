import { isInTransit, isUnconfirmed } from '../../src-shared/lease.ts';
import type { Lease } from '../../src-shared/lease.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { nameOf } from '../holdings/facts.tsx';
import type { Releasable } from './ReleaseDialog.tsx';

export type Standing = 'active' | 'transit' | 'unconfirmed' | 'expired' | 'released' | 'revoked';

/** How a lease stands; past its end an active one has ended by itself. `unconfirmed`: ended from elsewhere, and its seat is at risk. */
export const standingOf = (lease: Lease, now: Seconds): Standing =>
  isUnconfirmed(lease, now) ? 'unconfirmed' : lease.state !== 'active' ? lease.state : lease.until <= now ? 'expired' : isInTransit(lease) ? 'transit' : 'active';

export const isHeld = (lease: Lease, now: Seconds): boolean => lease.state === 'active' && lease.until > now;

export const releasable = (lease: Lease): Releasable => ({
  lease: lease.id, product: nameOf(lease), machine: lease.machine.name, person: lease.holder?.name ?? null, mode: lease.mode, until: Math.max(lease.until, lease.busyUntil),
});
