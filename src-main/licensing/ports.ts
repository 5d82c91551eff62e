import type { CancelSignal } from '../../src-shared/cancel.ts';
import type { AuthorityEvent, CallAuthority } from '../../src-shared/http/index.ts';
import type { ClaimsOf, SigningKey, TrustedKeys } from '../../src-shared/documents/index.ts';
import type { MachineState } from '../../src-shared/desktop.ts';
import type { PresentFingerprint } from '../../src-shared/fingerprint.ts';
import type { Clock, Random, Seconds } from '../../src-shared/time.ts';
import type { LicensingStore } from './store.ts';

/** What licensing needs from outside. Each port is small and named for its need; adapters implement them. */
export type LicensingPorts = {
  readonly clock: Clock;
  readonly random: Random;
  readonly store: LicensingStore;
  readonly machine: MachinePort;
  readonly authority: AuthorityPort;
  readonly trust: TrustPort;
  readonly secrets: SecretPort;
  readonly licenseFiles: LicenseFilesPort;
  readonly schedule: Schedule;
  readonly alone: Alone;
  readonly presence: PresencePort;
  /** Facts about the home and the runtime for `diagnose`; never secrets. */
  readonly surroundings: () => { readonly runtime: Facts; readonly home: Facts & { readonly ok: boolean } };
  readonly log: (event: string, facts: Facts) => void;
};

export type Facts = Readonly<Record<string, string | number | boolean | null>>;

export type MachinePort = {
  readonly id: string;
  readonly key: SigningKey;
  readonly os: string;
  /** Name and version of this program, for the request's `machine.app`. */
  readonly app: string;
  readonly defaultName: string;
  readonly protection: MachineState['protection'];
  /**
   * Reads the computer; slow (hundreds of milliseconds), so licensing keeps the answer for a while. `anew`: all of it, as far as it
   * can be read in passing. `rest`: with what was late then, where it is there by now. `needed`: the same, with all the time it needs.
   */
  readonly readFingerprint: (how?: 'anew' | 'rest' | 'needed') => Promise<PresentFingerprint>;
};

export type AuthorityPort = {
  /** Null: a machine without a network. */
  readonly url: string | null;
  /** Calls with the session's token when there is one. No answer is `AUTHORITY_UNREACHABLE`. */
  readonly call: (token: string | null) => CallAuthority;
  /** The event stream; reconnects by itself and says so, until it is `refused` because the session is not known there. Returns the function that closes it. */
  readonly events: (
    token: string,
    listener: { readonly event: (event: AuthorityEvent) => void; readonly up: () => void; readonly down: () => void; readonly refused?: () => void },
  ) => () => void;
};

export type TrustPort = {
  /** The keyset compiled in or named at start, already authenticated against itself; null when this run was given none. */
  readonly anchor: { readonly keys: TrustedKeys; readonly text: string } | null;
  /** Whether trust may begin with a keyset that an earlier run kept in the home: never in a packaged app. */
  readonly stored: boolean;
  /**
   * Whether a run without an anchor may pin the keyset of the authority it signs in to: only unpackaged runs, only over
   * https or loopback.
   */
  readonly pinOnFirstUse: boolean;
};

/** Small secrets, sealed by the operating system where it can: the session's token, and the one by which the authority knows this app again (`known`). */
export type SecretPort = {
  readonly read: (name: 'session' | 'known') => Promise<string | null>;
  readonly write: (name: 'session' | 'known', value: string | null) => Promise<void>;
};

/** The documented place where licensed applications find the current license file of each product. */
export type LicenseFilesPort = {
  readonly put: (product: string, text: string) => string;
  readonly remove: (product: string) => void;
  readonly pathOf: (product: string) => string;
  /** The text there now; null when there is none. */
  readonly read: (product: string) => string | null;
};

/**
 * Runs work while no other process of this home does such work, so that of several that want a license one asks and the others
 * find what it got. A process that cannot have the turn in a reasonable time goes on without it: what is decided is decided
 * again in the store's transaction. The signal ends the wait (`CANCELLED`).
 */
export type Alone = <T>(work: () => Promise<T>, signal?: CancelSignal) => Promise<T>;

/** Says that this computer works in the home, so that another one that shares it keeps away. */
export type PresencePort = {
  /** To be called every few seconds; only now and then it costs anything. */
  readonly beat: () => void;
  readonly leave: () => void;
};

/** Timers, so that tests can run them by hand. Returns the function that cancels. */
export type Schedule = { readonly after: (seconds: Seconds, work: () => void) => () => void };

export type LicenseClaims = ClaimsOf<'license'>;
