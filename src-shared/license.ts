import type { Details, ErrorCode } from './errors.ts';
import type { Lease, LeaseMode } from './lease.ts';
import type { Role } from './role.ts';
import type { Seconds } from './time.ts';

export type Product = {
  readonly id: string;
  readonly name: string;
  /** `cloud` licenses may also be used by readers. */
  readonly kind: 'desktop' | 'cloud';
};

export type OrganizationRef = { readonly id: string; readonly name: string };

/** A license's capacity as the ledger has it: `owned` is the sum of the other four (design.md section 2, rule 4). */
export type Seats = {
  readonly owned: number;
  readonly free: number;
  readonly inUse: number;
  /** Issued by file and not yet reported by the machine, or given up and not yet proven. */
  readonly inTransit: number;
  /** Held by a lease that has ended for us while a file issued for it is still valid. */
  readonly atRisk: number;
};

/** Why an entitlement is not available now: a code of the error table and the facts its words need. */
export type Reason = { readonly code: ReasonCode; readonly details: Details };
export type ReasonCode = Extract<
  ErrorCode,
  | 'LICENSE_NOT_STARTED'
  | 'LICENSE_EXPIRED'
  | 'LICENSE_SUSPENDED'
  | 'LICENSE_NOT_ASSIGNED'
  | 'ROLE_NOT_ALLOWED'
  | 'MODE_NOT_ALLOWED'
  | 'SEAT_LIMIT_EXCEEDED'
  | 'LEASE_LIMIT_EXCEEDED'
  | 'MACHINE_CLONED'
  | 'FINGERPRINT_MISMATCH'
>;

/** Who holds a seat, as colleagues may see it. `until`: when the seat is free at the latest. */
export type Holder = {
  readonly lease: string;
  readonly person: string | null;
  /** Of that person, to tell people of one name apart; an older authority does not tell it. */
  readonly email?: string | null;
  readonly machine: { readonly id: string; readonly name: string };
  readonly mode: LeaseMode;
  readonly until: Seconds;
  /** Held by the person who asks. */
  readonly yours: boolean;
  /** Ended from elsewhere: the seat is at risk until its machine confirms it, at the latest until `until`. */
  readonly ended: boolean;
};

/** A person to turn to: an owner or manager of the organization. */
export type Contact = { readonly name: string; readonly email: string; readonly role: Role };

/** A lease as its holder is told. `contacts`: who may free its seat early, where it was ended from elsewhere and is not confirmed. */
export type OwnLease = Lease & { readonly contacts: readonly Contact[] };

/** A license as one user may use it: a row of the picker. */
export type Entitlement = {
  readonly license: string;
  readonly organization: OrganizationRef;
  readonly product: Product;
  readonly edition: string | null;
  readonly features: readonly string[];
  readonly seats: Seats;
  readonly modes: readonly LeaseMode[];
  /** Longest offline period, days, when switching while connected; 0 where offline is not allowed. */
  readonly offlineDays: number;
  readonly validFrom: Seconds | null;
  readonly validUntil: Seconds | null;
  readonly available: boolean;
  /** Empty exactly when `available`. The first is the one to show first. */
  readonly reasons: readonly Reason[];
  /** Who holds the seats, yourself first. */
  readonly holders: readonly Holder[];
  /** Who can change a refusal, managers and owners. */
  readonly contacts: readonly Contact[];
};

/** What stands against taking it on this machine now. That it is not given out online is nothing against taking it offline while connected. */
export const obstaclesOf = ({ reasons, modes, offlineDays }: Entitlement): readonly Reason[] =>
  reasons.filter(({ code }) => code !== 'MODE_NOT_ALLOWED' || !modes.includes('offline') || offlineDays === 0);

/** Whether this person can take it on this machine now, one way or the other. */
export const canBeTaken = (entitlement: Entitlement): boolean => obstaclesOf(entitlement).length === 0;

/** Whether it can be taken, for offline use only. */
export const isTakenOffline = (entitlement: Entitlement): boolean => !entitlement.available && canBeTaken(entitlement);

/** Whether no seat of it can be had by anybody now, however many are free. */
export const isResting = ({ reasons }: Entitlement): boolean =>
  reasons.some(({ code }) => code === 'LICENSE_EXPIRED' || code === 'LICENSE_SUSPENDED' || code === 'LICENSE_NOT_STARTED');
