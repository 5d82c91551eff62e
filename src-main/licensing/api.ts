import type { Cancellable } from '../../src-shared/cancel.ts';
import type { DesktopState, DocumentFile, Imported, PickerState } from '../../src-shared/desktop.ts';
import type { AuthorityEvent, CallAuthority } from '../../src-shared/http/index.ts';
import type { Inspection } from '../../src-shared/inspection.ts';
import type { LeaseMode, ReleaseReason } from '../../src-shared/lease.ts';
import type { OwnLease } from '../../src-shared/license.ts';
import type { HeldLease } from '../../src-shared/desktop.ts';
import type { Failure, Result } from '../../src-shared/result.ts';
import type { Change, Changed } from './change.ts';
import type { RefusalRow } from './store.ts';

/**
 * The deep module of this side. Everything the app, the command line and the tests do with licenses goes through here;
 * `accept` is the one door for license files, however they came. Outcomes are `Result`s; only defects throw. Whoever asks may
 * stop waiting by a signal (`Cancellable`): the outcome is `CANCELLED` then, unless it was done before.
 */
export type Licensing = {
  readonly state: () => DesktopState;
  /** Called after each change with the slices that changed. Returns the function that stops it. */
  readonly subscribe: (listener: (changes: Partial<DesktopState>) => void) => () => void;

  /** The leases in hand with their standing, judged now; reads no file and no network (at most 1 ms). `product` narrows. */
  readonly current: (product?: string) => readonly HeldLease[];

  /** Begins heartbeats, renewals, the event stream and pushes. A command-line run that does one thing leaves it out. */
  readonly start: (options?: StartOptions) => Promise<void>;
  /** Stops all of it, and waits for what is under way; a signal ends the waits for the authority that are left then. */
  readonly stop: (options?: Cancellable) => Promise<void>;

  readonly account: {
    /** Errors: `CREDENTIALS_INVALID`, `OTP_REQUIRED`, `RATE_LIMITED`, `AUTHORITY_UNREACHABLE`, `TRUST_MISSING`, `FILE_WRONG_AUTHORITY`. */
    readonly signIn: (input: { readonly email: string; readonly password: string; readonly otp?: string }, options?: Cancellable) => Promise<Result<null>>;
    readonly signOut: (input: { readonly release: boolean }, options?: Cancellable) => Promise<Result<null>>;
    readonly chooseOrganization: (organization: string, options?: Cancellable) => Promise<Result<null>>;
    readonly setDefaultOrganization: (organization: string, options?: Cancellable) => Promise<Result<null>>;
    /** Any operation of the HTTP contract in the name of the signed-in person; one that asks for nobody (`auth: 'none'`) goes without their session. */
    readonly call: CallAuthority;
    /** The authority's events while this runs. Returns the function that stops it. */
    readonly onEvent: (listener: (event: AuthorityEvent) => void) => () => void;
  };
  /** Brings the picker up to date; the cached list stays when the authority is away. */
  readonly refresh: (organization?: string, options?: Cancellable) => Promise<Result<null>>;

  /**
   * One organization's entitlements, the default organization's when none is named: brought up to date, or as they were
   * last known with the `problem` that prevented it. Errors: when nothing is known at all, why.
   */
  readonly entitlements: (organization?: string, options?: Cancellable) => Promise<Result<PickerState>>;
  /** Judges the clock now, and has the authority set the memory of it right where that was wrong. Errors: `CLOCK_ROLLED_BACK`, what the authority says. */
  readonly checkClock: (options?: Cancellable) => Promise<Result<null>>;
  /** The computer has slept: everything is judged now, not at the next look, and the authority is met again. */
  readonly wake: () => void;
  /** Meets the authority: is it there, is it the one whose keys we trust? Takes its newest keyset. */
  readonly meet: (options?: Cancellable) => Promise<Result<null>>;

  /** Takes a lease over the network: writes an activation request, posts it, and accepts the license file that comes back. */
  readonly checkout: (
    input: { readonly license: string; readonly mode?: LeaseMode; readonly days?: number; /** For a command only: `endRuns` releases it. */ readonly run?: boolean }, options?: Cancellable,
  ) => Promise<Result<{ readonly lease: string }>>;
  /**
   * Changes the license in use for another one: takes `license` as `checkout` does, then releases `lease` (reason: change). Where
   * the new license cannot be had, nothing changes. Where the process ends in the middle, the next start finishes it.
   * `unreleased`: the new license is in use, and why the old one is too (`LEASE_OFFLINE`, `CANCELLED`, a store that fails); null when it
   * is released. The license of `lease` itself: it is kept. Errors: `LEASE_NOT_FOUND`, `LEASE_RELEASED`, those of `checkout`.
   */
  readonly change: (input: Change, options?: Cancellable) => Promise<Result<Changed>>;
  /** Extends a lease; with `mode`, switches it. Errors: those of the renewal route. */
  readonly renew: (input: { readonly lease: string; readonly mode?: LeaseMode; readonly days?: number }, options?: Cancellable) => Promise<Result<null>>;
  /**
   * Gives a lease back over the network. The proof is written first and the lease is unusable from then on; if the
   * authority is away the proof is delivered when it is back. An offline lease is refused with `LEASE_OFFLINE` while the
   * authority cannot be reached: its way is the release proof by file.
   */
  readonly release: (input: { readonly lease: string; readonly reason: ReleaseReason }, options?: Cancellable) => Promise<Result<null>>;
  /**
   * Releases what was taken for commands only (`run`) and is of a product that none of them wants any more. On this machine and
   * at once; `deliver` tells the authority. A lease that a person has checked out since is not released.
   */
  readonly endRuns: (isWanted: (product: string) => boolean) => Promise<Result<null>>;
  /** Reads what another process of this home has changed. */
  readonly look: () => Promise<Result<null>>;
  /** Reports leases in use now. The scheduled heartbeat is this. */
  readonly heartbeat: (options?: Cancellable) => Promise<Result<null>>;

  /** Brings the authority the release proofs it has not answered; `start` does so by itself. */
  readonly deliver: (options?: Cancellable) => Promise<Result<null>>;

  /** What the signed-in person holds, on every machine, and what they held and was ended from elsewhere while its seat is at risk. */
  readonly mine: (options?: Cancellable) => Promise<Result<readonly OwnLease[]>>;
  readonly releaseElsewhere: (lease: string, options?: Cancellable) => Promise<Result<null>>;

  readonly renameMachine: (name: string) => Result<null>;

  /** A request file for a machine without a network. `lease`: a renewal of it. Errors: `INPUT_INVALID`, `TRUST_MISSING`, `LEASE_NOT_FOUND`, `LEASE_RELEASED`, `LEASE_EXPIRED` (why: renewal; `license`: to be asked for anew), `CLOCK_ROLLED_BACK` (why: signed). */
  readonly createRequest: (input: {
    readonly name?: string;
    readonly product?: string;
    readonly license?: string;
    readonly lease?: string;
    readonly days?: number;
  }) => Promise<Result<DocumentFile>>;
  /**
   * A request file for the time, for a machine whose clock was once ahead. An earlier one is discarded by it.
   * Errors: `CONFLICT` (why: clock-right), `TRUST_MISSING`.
   */
  readonly createTimeRequest: () => Promise<Result<DocumentFile>>;
  readonly requestFile: (request: string) => Result<DocumentFile>;
  readonly discardRequest: (request: string) => Result<null>;

  /** What a file is, whether genuine, whether acceptable on this machine. Changes nothing. */
  readonly inspect: (file: Uint8Array | string) => Promise<Result<Inspection>>;
  /**
   * The one door. Parse, authenticate with trusted keys, judge, save in one transaction. Takes license files, receipts,
   * keysets and time tickets. A refused file changes nothing.
   */
  readonly accept: (file: Uint8Array | string) => Promise<Result<Imported>>;
  /** Remembers a file that was refused before it was read (a pipe, 20 MB): `accept` remembers those it refuses itself. */
  readonly refuse: (refusal: Failure) => void;
  /** The newest documents refused on this machine, the newest first, and how many are remembered. */
  readonly refusals: () => Result<{ readonly count: number; readonly newest: readonly RefusalRow[] }>;
  /** The person has read what came of a damaged database: `recovery` is no longer shown. */
  readonly dismissRecovery: () => Result<null>;

  /** Gives a lease up by file: from now on it is gone from this machine. Repeating it gives the same proof. */
  readonly releaseByProof: (lease: string) => Promise<Result<DocumentFile>>;
  readonly proofFile: (lease: string) => Result<DocumentFile>;

  /** The text of a held lease's license file; null when the lease is not held. */
  readonly licenseText: (lease: string) => string | null;
  /** Why license files are not where applications look for them (`details.path`, `owner`); empty when all are. */
  readonly unplaced: () => readonly Failure[];
  /** What a support engineer asks first; each row says what was looked at and whether it is as it should be. */
  readonly diagnose: (options?: Cancellable) => Promise<Result<readonly Diagnosis[]>>;
};

/**
 * `notices`: whether warnings are given as notices, each once for the whole home; not by those who have no person to show them to.
 * `product`: that of a command that runs: only its license is taken again after the computer slept.
 */
export type StartOptions = { readonly notices?: boolean; readonly product?: string };

export type Diagnosis = {
  readonly subject: 'runtime' | 'home' | 'store' | 'recovery' | 'machine' | 'fingerprint' | 'clock' | 'trust' | 'authority' | 'account' | 'leases' | 'requests' | 'proofs' | 'refusals';
  readonly ok: boolean;
  readonly facts: Readonly<Record<string, string | number | boolean | null>>;
};
