import { create } from 'zustand';
import type { Problem } from '../../../src-shared/desktop.ts';
import { isUnconfirmed } from '../../../src-shared/lease.ts';
import type { Lease } from '../../../src-shared/lease.ts';
import type { OwnLease } from '../../../src-shared/license.ts';
import type { Result } from '../../../src-shared/result.ts';
import type { Seconds } from '../../../src-shared/time.ts';
import { call, onPersonLeft } from '../session/session.ts';

type LeasesState = {
  /** Null until the first answer. */
  readonly leases: readonly OwnLease[] | null;
  /** Why the list could not be brought up to date; the last one stays. */
  readonly problem: Problem | null;
  readonly isLoading: boolean;
};

const nothing: LeasesState = { leases: null, problem: null, isLoading: false };

export const useLeases = create<LeasesState>()(() => nothing);
onPersonLeft(() => useLeases.setState(nothing));

let isAskedAgain = false;

/** Asks again; events that come while an answer is under way are answered together by the next one. */
export const refreshLeases = async (): Promise<void> => {
  if (useLeases.getState().isLoading) {
    isAskedAgain = true;
    return;
  }
  useLeases.setState({ isLoading: true });
  do {
    isAskedAgain = false;
    const mine = await call('leases.mine', {});
    useLeases.setState(mine.ok ? { leases: [...mine.value.leases.map((lease) => ({ ...lease, contacts: [] })), ...mine.value.unconfirmed], problem: null } : { problem: mine });
    // Whoever stops waiting does not want to wait for the next answer either.
    if (!mine.ok && mine.code === 'CANCELLED') break;
  } while (isAskedAgain);
  useLeases.setState({ isLoading: false });
};

export const releaseLease = async (lease: string): Promise<Result<OwnLease>> => {
  const released = await call('leases.release', { params: { lease } });
  await refreshLeases();
  return released;
};

/** How a lease stands, as its holder is told. `expired`: its time was up; nobody had to end it. `unconfirmed`: ended from elsewhere, and its seat is at risk. */
export type Standing = 'active' | 'unconfirmed' | 'expired' | 'released' | 'revoked';

export const standingOf = (lease: Lease, now: Seconds): Standing => isUnconfirmed(lease, now) ? 'unconfirmed' : (lease.state === 'active' && lease.until <= now ? 'expired' : lease.state);

export const matches = (lease: Lease, query: string): boolean => {
  const text = [lease.product.name, lease.edition, lease.organization.name, lease.machine.name, lease.machine.os, lease.mode].join(' ').toLocaleLowerCase();
  return query.toLocaleLowerCase().split(/\s+/).every((word) => text.includes(word));
};
