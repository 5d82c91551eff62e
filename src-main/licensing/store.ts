import type { RenewalRefusal } from '../../src-shared/desktop.ts';
import type { DocumentKind } from '../../src-shared/documents/index.ts';
import type { Details, ErrorCode } from '../../src-shared/errors.ts';
import type { LeaseMode, ReleaseReason } from '../../src-shared/lease.ts';
import type { Entitlement } from '../../src-shared/license.ts';
import type { Failure } from '../../src-shared/result.ts';
import type { Seconds } from '../../src-shared/time.ts';

/**
 * What this machine remembers. Reading is free; writing happens only inside `write`, one transaction in which every
 * decision is taken again on what is stored then, because the app and the command line may share a home.
 * A database that fails throws `Refusal('STORE_UNUSABLE')`.
 */
export type LicensingStore = StoreReader & {
  /** Runs `work` in one transaction that no other process can interleave with. What it throws undoes everything. */
  readonly write: <T>(work: (writer: StoreWriter) => T) => T;
  /** Whether another process has changed something since this was last asked, or the database can be written again and has taken the place of the copy in memory. */
  readonly changedElsewhere: () => boolean;
  /**
   * Where the disk is full, gives the store the room that is kept for giving licenses back. True: what was refused for want of
   * room is worth one more try. A copy in memory gives way to the database itself.
   */
  readonly makeRoom: () => boolean;
  readonly facts: () => StoreFacts;
  /** What stands beside the database for the day it is damaged. None of it is believed: it goes through the door like any file. */
  readonly kept: () => Kept;
  /** Makes what is kept the same as what is stored, once what is stored has been found to be sound. */
  readonly keep: () => void;
};

export type StoreReader = {
  readonly machine: () => MachineRow;
  readonly setting: (name: SettingName) => string | null;
  readonly leases: () => readonly LeaseRow[];
  readonly lease: (id: string) => LeaseRow | null;
  readonly request: (id: string) => RequestRow | null;
  /** Those that wait for an answer, oldest first. */
  readonly pendingRequests: () => readonly RequestRow[];
  readonly releases: () => readonly ReleaseRow[];
  readonly release: (lease: string) => ReleaseRow | null;
  /** Whether the lease was given up, also when all that is left of it is a tombstone. */
  readonly released: (lease: string) => boolean;
  /** The held leases that were taken for a command only (`latchkey run`). */
  readonly runLeases: () => readonly string[];
  /** The newest documents that were refused here, the newest first, and how many are remembered. */
  readonly refusals: (most: number) => { readonly count: number; readonly newest: readonly RefusalRow[] };
  /** The keysets accepted so far, oldest version first: each vouches for the next. */
  readonly keysets: () => readonly KeysetRow[];
  readonly entitlements: (user: string, organization: string) => { readonly asOf: Seconds; readonly entitlements: readonly Entitlement[] } | null;
};

export type StoreWriter = StoreReader & {
  /** Takes the next number of the machine's counter if it is `seq`; false when another process took it first. */
  readonly claimSequence: (seq: number) => boolean;
  /** Moves the counter on to `seq`; it never goes back. */
  readonly raiseSequence: (seq: number) => void;
  readonly rename: (name: string) => void;
  /** Raises the highest time seen, by the own clock. */
  readonly see: (time: Seconds) => void;
  /** Raises the highest signed time, and the highest time seen with it. For times that stand in authenticated documents only. */
  readonly seeSigned: (time: Seconds) => void;
  /** Forgets what the own clock once showed: the highest time seen is the highest signed time from now on. */
  readonly forgetOwnTime: () => void;
  readonly setSetting: (name: SettingName, value: string | null) => void;
  /** Inserts or replaces; the license file's text is kept verbatim among the documents too. */
  readonly saveLease: (row: LeaseRow) => void;
  /** Keeps the license file of a lease that is not held any more. */
  readonly saveDocument: (document: { readonly file: string; readonly id: string; readonly text: string; readonly acceptedAt: Seconds }) => void;
  readonly removeLease: (id: string) => void;
  readonly touchLease: (id: string, lastContact: Seconds) => void;
  readonly markWarned: (id: string, days: number | null) => void;
  /** `step`: of `UNRENEWED_STEPS`. */
  readonly markUnrenewed: (id: string, step: number) => void;
  /** Kept until a newer file of the lease is saved. */
  readonly keepRefusal: (id: string, refusal: RenewalRefusal) => void;
  readonly saveRequest: (row: RequestRow) => void;
  /** `lease`: the one that the answer gives, kept with a request for a new lease. */
  readonly setRequestState: (id: string, state: RequestRow['state'], lease?: string) => void;
  /** Discards the requests for the time that wait. Whatever ends one (this, `setRequestState`, `removeRequest`) uses up a number, so that a database put back to when it waited is older than its copy. */
  readonly discardTimeRequests: () => void;
  /** For requests that were refused for good: their number is not used again. */
  readonly removeRequest: (id: string) => void;
  /** This request is made for a command only. */
  readonly saveRun: (request: string) => void;
  /** The lease that answers a request; of one that was not made for a command this changes nothing. */
  readonly answerRun: (request: string, lease: string) => void;
  /** A person wants the lease too: it is not released when the command ends. */
  readonly forgetRun: (lease: string) => void;
  readonly saveRelease: (row: ReleaseRow) => void;
  /** Puts the proof of a lease back whose row is damaged. */
  readonly mendRelease: (row: ReleaseRow) => void;
  readonly saveReceipt: (lease: string, receipt: string, at: Seconds) => void;
  /** The authority will not take this proof: it is not delivered again. */
  readonly closeRelease: (lease: string, problem: { readonly code: ErrorCode; readonly details: Details }) => void;
  /** Replaces what is kept when trust begins anew, else adds. */
  readonly saveKeyset: (row: KeysetRow) => void;
  readonly saveEntitlements: (user: string, organization: string, asOf: Seconds, entitlements: readonly Entitlement[]) => void;
  /** The newest thousand are remembered. `file` is kept as its digest only; null: it was not even read. */
  readonly saveRefusal: (row: Omit<RefusalRow, 'digest'> & { readonly file: Uint8Array | string | null }) => void;
};

/**
 * `organization` and `account` are what the app shows while the authority is away. `recover`: what is kept beside the
 * database has not all been read back yet; its value is where the damaged one was put, if it was. `recovered`: what came of it.
 * `changes`: changes of a license that are under way (`change.ts`). `takers`: for whom leases were taken (`takers.ts`).
 */
export type SettingName = 'authority-url' | 'organization' | 'account' | 'recover' | 'recovered' | 'changes' | 'takers' | 'session-ended' | 'former';

export type MachineRow = {
  readonly id: string;
  readonly name: string;
  /** The last number used of the machine's own counter. */
  readonly seq: number;
  /** The highest time seen, from the own clock and from signed documents. */
  readonly highest: Seconds;
  /** The highest time that a license file, receipt, keyset or time ticket has told: a clock once set wrong never raises it. */
  readonly signed: Seconds;
};

export type LeaseRow = {
  readonly id: string;
  readonly license: string;
  readonly product: string;
  /** `jti` and `seq` of the newest license file, and its text. */
  readonly file: string;
  readonly seq: number;
  readonly text: string;
  readonly carrier: 'network' | 'file';
  readonly acceptedAt: Seconds;
  readonly lastContact: Seconds | null;
  /** The smallest warning (days before the end) given so far; 0: told that it has ended. */
  readonly warned: number | null;
  /** The last step of `UNRENEWED_STEPS` that was told of this file; null: none. */
  readonly unrenewed: number | null;
  /** Why the authority did not renew it, since this file came. */
  readonly refusal: RenewalRefusal | null;
};

export type RequestRow = {
  readonly id: string;
  readonly purpose: 'checkout' | 'renew' | 'time';
  readonly carrier: 'network' | 'file';
  /** `answered` requests stay known, so that their file can be read again; `discarded` ones are refused by name. */
  readonly state: 'pending' | 'answered' | 'discarded';
  readonly license: string | null;
  readonly product: string | null;
  readonly lease: string | null;
  readonly mode: LeaseMode;
  readonly days: number | null;
  readonly createdAt: Seconds;
  readonly expiresAt: Seconds;
  readonly machineName: string;
  readonly fileName: string;
  readonly text: string;
};

/** A lease that was given up: tombstone, proof and receipt. */
export type ReleaseRow = {
  readonly lease: string;
  readonly license: string;
  readonly product: { readonly id: string; readonly name: string };
  readonly organization: { readonly id: string; readonly name: string };
  readonly mode: LeaseMode;
  readonly reason: ReleaseReason;
  readonly releasedAt: Seconds;
  readonly until: Seconds;
  readonly proof: string;
  readonly proofText: string;
  readonly fileName: string;
  readonly receiptText: string | null;
  readonly receiptAt: Seconds | null;
  readonly problem: { readonly code: ErrorCode; readonly details: Details } | null;
};

export type KeysetRow = {
  readonly version: number;
  readonly text: string;
  /** `named`: given to this program when it was built or started. `pinned`: taken at the first sign-in. `update`: vouched for by the one before. */
  readonly source: 'named' | 'pinned' | 'update';
  readonly acceptedAt: Seconds;
};

/** A document that was refused on this machine. */
export type RefusalRow = {
  readonly at: Seconds;
  readonly code: ErrorCode;
  readonly why: string | null;
  /** What the document said it was; null where not even that could be read. */
  readonly kind: DocumentKind | null;
  /** SHA-256 of the file as it came, base64url; empty when it was not read. */
  readonly digest: string;
};

export type Kept = {
  readonly licenseFiles: readonly { readonly text: string; readonly carrier: LeaseRow['carrier'] }[];
  /** Oldest version first. */
  readonly keysets: readonly Pick<KeysetRow, 'version' | 'text' | 'source'>[];
  /** Release proofs of this machine that were not delivered, each with the license file that was given up. */
  readonly proofs: readonly { readonly text: string; readonly licenseFile: string }[];
  /** Request files of this machine that wait for an answer. */
  readonly requests: readonly string[];
  /** Of every lease held before, the `seq` of the newest file accepted: an earlier one was replaced, and is of no use any more. */
  readonly newest: ReadonlyMap<string, number>;
};

export type StoreFacts = {
  readonly path: string;
  readonly schema: number;
  readonly journal: string;
  readonly synchronous: string;
  readonly foreignKeys: boolean;
  /** Where a damaged database was put when this one was begun; null when none was. */
  readonly setAside: string | null;
  /** Why nothing that is written lasts: the database can be read and not written. Null as long as all is well. */
  readonly unsaved: Failure | null;
  /** Set when the database is older than the counter's own copy says: it was restored. */
  readonly rolledBack: { readonly stored: number; readonly seen: number } | null;
  /** How many releases were missing in the database and were put back from the second copy when it was opened. */
  readonly mended: number;
  /** Why the second copy or `kept/` could not be written the last time; null when they could. */
  readonly copyProblem: string | null;
  /** The file or folder that could not be; null where the system names none. */
  readonly copyProblemAt: string | null;
};
