import type { OrganizationRef, Product } from './license.ts';
import type { Seconds } from './time.ts';

export type LeaseMode = 'online' | 'offline';

/**
 * A lease at the authority. `active`: held. `released`: its return is proven, or a named person ended it while online (`ended`).
 * `revoked`: ended by rule or decision without proof. Past `until` an active lease has ended by itself.
 */
export type LeaseState = 'active' | 'released' | 'revoked';

/** A lease as the authority tells of it, to its holder and to the organization's people. */
export type Lease = {
  readonly id: string;
  readonly license: string;
  readonly product: Product;
  readonly edition: string | null;
  readonly organization: OrganizationRef;
  readonly machine: { readonly id: string; readonly name: string; readonly os: string | null };
  readonly holder: { readonly id: string; readonly name: string } | null;
  readonly mode: LeaseMode;
  readonly state: LeaseState;
  readonly issuedAt: Seconds;
  /** End of the newest license file. */
  readonly until: Seconds;
  /** When the seat is free at the latest: the latest end of any file that the machine may still use. */
  readonly busyUntil: Seconds;
  readonly lastContact: Seconds | null;
  /** Whether the machine has reported that it holds the newest file; an offline file carried by hand stays unconfirmed. */
  readonly confirmed: boolean;
  readonly validUntil: Seconds | null;
  /** Set where a person ended it from elsewhere, by name. `freedAt`: when an owner or manager freed its seat early. */
  readonly ended: { readonly at: Seconds; readonly by: string | null; readonly freedAt: Seconds | null } | null;
};

/** Issued by file, and its machine has not reported the file yet: as the ledger counts a seat in transit. */
export const isInTransit = ({ state, mode, confirmed }: Pick<Lease, 'state' | 'mode' | 'confirmed'>): boolean => state === 'active' && mode === 'offline' && !confirmed;

/** Ended from elsewhere, and its seat is still taken: its machine has not confirmed it, and its file has not ended. */
export const isUnconfirmed = ({ ended, busyUntil }: Pick<Lease, 'ended' | 'busyUntil'>, now: Seconds): boolean =>
  ended !== null && ended.freedAt === null && busyUntil > now;

/** Why a machine gives a lease up (the proof's `reason`). */
export type ReleaseReason = 'user' | 'change' | 'logout' | 'run-ended' | 'released-elsewhere' | 'moved';
export const releaseReasons = ['user', 'change', 'logout', 'run-ended', 'released-elsewhere', 'moved'] as const satisfies readonly ReleaseReason[];
