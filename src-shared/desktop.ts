import type { Details, ErrorCode } from './errors.ts';
import type { FingerprintPart, FingerprintVerdict } from './fingerprint.ts';
import type { Account } from './http/schema.ts';
import type { LeaseMode, ReleaseReason } from './lease.ts';
import type { Entitlement, OrganizationRef } from './license.ts';
import type { Seconds } from './time.ts';

/** What main knows and the renderer mirrors. Main decides everything here; the renderer computes no validity. */
export type DesktopState = {
  readonly machine: MachineState;
  readonly connection: Connection;
  readonly account: Account | null;
  /** Whose session has ended by itself; null while somebody is signed in, and after signing out. */
  readonly sessionEnded: EndedSession | null;
  /** Names of the organizations that the person has left, or was removed from, who belongs to none now. */
  readonly former: readonly string[];
  readonly picker: PickerState;
  /** The leases this machine holds, those in use first. */
  readonly leases: readonly HeldLease[];
  readonly requests: readonly PendingRequest[];
  readonly givenUp: readonly GivenUpLease[];
  readonly clock: ClockState;
  /** What came of a damaged database; null when there was none, or the person has read it. */
  readonly recovery: Recovery | null;
  /** Why nothing can be stored now: what is held is used and shown from memory. Null as long as all is well. */
  readonly unsaved: Problem | null;
  /** The license files that are not where applications look for them, by product. Their leases are valid all the same. */
  readonly unplaced: readonly { readonly product: string; readonly problem: Problem }[];
  /** What happened to leases by itself, the oldest first. Each is here as long as it is true, and no longer. */
  readonly notices: readonly Notice[];
};

/**
 * Not ok: a clock that stands behind the highest time seen (leases are suspended until it is right again, or until the
 * authority has said that it is), or one that is ahead of the authority's. `authority` is what the authority says the time is;
 * null while it has not been asked or does not answer. `cause`: what the authority says of this clock;
 * `signed`: it has signed a document of this machine at `highest`, its keyset for example, so the clock is behind; `doubt` while
 * it says nothing, or agrees with the clock: then the clock is behind now, or was once ahead.
 */
export type ClockState =
  | { readonly ok: true }
  | { readonly ok: false; readonly cause: 'behind' | 'ahead' | 'signed' | 'doubt'; readonly now: Seconds; readonly highest: Seconds; readonly authority: Seconds | null };

/** `ended`: from another place, or with the password. `expired`: not used for too long. null: the authority does not say. */
export type EndedSession = { readonly email: string; readonly why: 'ended' | 'expired' | null; readonly at: Seconds };

export type MachineState = {
  readonly id: string;
  /** As activation requests carry it; the person can change it. */
  readonly name: string;
  readonly os: string;
  /** `keychain`: the private key is sealed by the operating system. `file`: it is protected by file permissions only. */
  readonly protection: 'keychain' | 'file';
  /** Which parts of the fingerprint this computer has; `unread`: could not be read in time. */
  readonly parts: { readonly [P in FingerprintPart]: 'present' | 'unread' | 'absent' };
};

export type Connection = {
  /** `none`: this machine has no authority address, it works by files. `stranger`: another authority answers there than the one that is trusted. */
  readonly state: 'none' | 'connecting' | 'online' | 'unreachable' | 'stranger';
  readonly url: string | null;
  readonly lastContact: Seconds | null;
  /** The authority whose keys this machine trusts; null when it trusts none yet. */
  readonly authority: string | null;
  /** The one that answers in its place, while it does. */
  readonly stranger: string | null;
};

export type PickerState = {
  /** The organization shown; null when signed out. */
  readonly organization: OrganizationRef | null;
  /** When the authority last said so; null when it never did. */
  readonly asOf: Seconds | null;
  readonly loading: boolean;
  /** Why the list could not be brought up to date; the cached one is shown all the same. */
  readonly problem: Problem | null;
  readonly entitlements: readonly Entitlement[];
};

export type Problem = { readonly code: ErrorCode; readonly details: Details };

/** A lease on this machine. */
export type HeldLease = {
  readonly id: string;
  readonly license: string;
  readonly product: { readonly id: string; readonly name: string };
  readonly edition: string | null;
  readonly features: readonly string[];
  readonly organization: OrganizationRef;
  readonly mode: LeaseMode;
  /** How it came: over the network by a signed-in person, or by file. */
  readonly carrier: 'network' | 'file';
  readonly issuedAt: Seconds;
  /** End of the license file in hand. */
  readonly until: Seconds;
  readonly validUntil: Seconds | null;
  readonly lastContact: Seconds | null;
  /** Longest offline period that can be asked for now, days; 0 where switching is not possible. */
  readonly offlineDays: number;
  /** `usable`, or why not: `LEASE_EXPIRED`, `CLOCK_ROLLED_BACK`, `FINGERPRINT_MISMATCH`, `FILE_NOT_GENUINE`, ... */
  readonly standing: { readonly usable: true } | ({ readonly usable: false } & Problem);
  /** Set when it ends within 30, 14, 3 days or 1 day: that number. When it ends is `endOf`. */
  readonly endsWithinDays: number | null;
  /** Set when an online lease has lost half its term without a renewal, and none comes: nobody answers, or it was refused. */
  readonly unrenewed: Unrenewed | null;
  /** Why the authority did not renew it the last time; null once it has. */
  readonly refusal: RenewalRefusal | null;
  /** Path of the license file that licensed applications read. */
  readonly file: string | null;
  /** This computer against the one that the license file was made for. */
  readonly fingerprint: FingerprintVerdict;
};

/** `since`: when it was last renewed. `step`: how urgent it is, 1 to 3 (`UNRENEWED_STEPS`); 0 before the first. */
export type Unrenewed = { readonly since: Seconds; readonly step: 0 | 1 | 2 | 3 };
export type RenewalRefusal = Problem & { readonly at: Seconds };

/** When a lease ends for good, and whether its license ends with it. An online lease renews itself: only its license's end counts. */
export const endOf = ({ mode, until, validUntil }: Pick<HeldLease, 'mode' | 'until' | 'validUntil'>): { readonly at: Seconds | null; readonly withLicense: boolean } =>
  mode === 'online' ? { at: validUntil, withLicense: true } : { at: until, withLicense: validUntil !== null && validUntil <= until };

/** An activation request that waits for its answer by file. */
export type PendingRequest = {
  readonly id: string;
  /** `time`: it asks for a time ticket, and can be answered at any time. */
  readonly purpose: 'checkout' | 'renew' | 'time';
  readonly createdAt: Seconds;
  /** Until when it can be answered. */
  readonly expiresAt: Seconds;
  readonly machineName: string;
  readonly product: string | null;
  readonly license: string | null;
  readonly days: number | null;
  readonly fileName: string;
  /** The lease it renews, if it renews one. */
  readonly lease: string | null;
};

/** A lease that this machine has given up: its file is refused for ever, its proof can be saved again. */
export type GivenUpLease = {
  readonly lease: string;
  readonly product: { readonly id: string; readonly name: string };
  readonly organization: OrganizationRef;
  readonly releasedAt: Seconds;
  readonly reason: ReleaseReason;
  readonly fileName: string;
  /** When the authority's receipt came in; until then the seat is not known to be back. */
  readonly receiptAt: Seconds | null;
  /** The latest end of the file that was given up: with no proof the seat is free from then on. */
  readonly until: Seconds;
};

/** The local database was damaged and begun again, or rows of it were: what could be read back, and what could not. */
export type Recovery = {
  readonly at: Seconds;
  /** Where the damaged database was put; null when it was not there at all, or only rows of it were damaged. */
  readonly path: string | null;
  /** Leases that are held again. */
  readonly rebuilt: number;
  /** License files that the door refused. */
  readonly refused: readonly { readonly product: string; readonly organization: string; readonly code: ErrorCode }[];
  /** Damaged leases without a license file to read them back from. */
  readonly lost: number;
  /** Release proofs that were not delivered, and request files that wait for an answer, which are there again. */
  readonly proofs: number;
  readonly requests: number;
  readonly seen: boolean;
};

/** `at`, `kind` and `lease` together are its name. */
export type Notice = {
  readonly at: Seconds;
  readonly kind: 'released-elsewhere' | 'revoked' | 'retired' | 'expired' | 'expiring' | 'unrenewed' | 'renew-refused' | 'store-recovered' | 'taken-again';
  readonly lease: string | null;
  readonly productName: string | null;
  readonly details: Details;
};

/** A document as a file that a person saves or brings. */
export type DocumentFile = { readonly name: string; readonly text: string };

/** What importing a file did. */
export type Imported =
  | { readonly kind: 'license'; readonly lease: string; readonly again: boolean }
  | { readonly kind: 'receipt'; readonly lease: string }
  | { readonly kind: 'keyset'; readonly version: number; readonly again: boolean }
  /** The highest time seen stands at what the authority says from now on. */
  | { readonly kind: 'time'; readonly at: Seconds };
