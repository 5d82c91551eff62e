import type { DesktopState, DocumentFile, Imported, Problem } from './desktop.ts';
import type { AuthorityEvent } from './http/index.ts';
import type { Inspection } from './inspection.ts';
import type { Language } from './language.ts';
import type { OwnLease } from './license.ts';
import type { Result } from './result.ts';
import type { AppSettings, Closing } from './settings.ts';

/**
 * Everything the renderer can ask of main: one row a call, `input` and `value`. Main's handlers, the preload's door, the
 * renderer's calls and the test double derive from this type, so a renamed call breaks the compile everywhere. Every
 * answer is a `Result`.
 */
export type IpcCalls = {
  /** The one snapshot; pushes follow it. */
  'app.snapshot': { readonly input: null; readonly value: AppSnapshot };
  /** Something in the page failed that nobody caught: while drawing, in a script, or in a promise. Main writes it to its log. */
  'app.defect': { readonly input: { readonly how: 'drawing' | 'script' | 'promise'; readonly error: string }; readonly value: null };
  /** Shows the log file in the desktop's file manager. */
  'app.show-log': { readonly input: null; readonly value: null };
  'session.sign-in': { readonly input: { readonly email: string; readonly password: string; readonly otp?: string }; readonly value: null };
  /** Signs out; `release` gives back the online leases first (the person was asked). */
  'session.sign-out': { readonly input: { readonly release: boolean }; readonly value: null };
  'organization.choose': { readonly input: { readonly organization: string }; readonly value: null };
  'organization.set-default': { readonly input: { readonly organization: string }; readonly value: null };
  'picker.refresh': { readonly input: null; readonly value: null };
  /** In online mode; with `days`, in offline mode for so long. */
  'lease.checkout': { readonly input: { readonly license: string; readonly days?: number }; readonly value: { readonly lease: string } };
  /** The same in exchange for a lease held, which is released once the new one is there. `unreleased`: why it is still in use too. */
  'lease.change': {
    readonly input: { readonly lease: string; readonly license: string; readonly days?: number };
    readonly value: { readonly lease: string; readonly unreleased: Problem | null };
  };
  'lease.renew': { readonly input: { readonly lease: string }; readonly value: null };
  'lease.release': { readonly input: { readonly lease: string; readonly reason: 'user' }; readonly value: null };
  'lease.switch-offline': { readonly input: { readonly lease: string; readonly days: number }; readonly value: null };
  'lease.switch-online': { readonly input: { readonly lease: string }; readonly value: null };
  /** My licenses, as the authority has them, on every machine. */
  'leases.mine': { readonly input: null; readonly value: readonly OwnLease[] };
  'leases.release-elsewhere': { readonly input: { readonly lease: string }; readonly value: null };
  'machine.rename': { readonly input: { readonly name: string }; readonly value: null };
  'exchange.create-request': {
    readonly input: { readonly name: string; readonly product?: string; readonly license?: string; readonly lease?: string; readonly days?: number };
    readonly value: DocumentFile;
  };
  /** A request for the time, as a file; `clock.check` asks the authority instead. */
  'exchange.create-time-request': { readonly input: null; readonly value: DocumentFile };
  'clock.check': { readonly input: null; readonly value: null };
  'exchange.request-file': { readonly input: { readonly request: string }; readonly value: DocumentFile };
  'exchange.discard-request': { readonly input: { readonly request: string }; readonly value: null };
  'exchange.inspect': { readonly input: { readonly bytes: Uint8Array }; readonly value: Inspection };
  'exchange.import': { readonly input: { readonly bytes: Uint8Array }; readonly value: Imported };
  /** Meets the authority and takes its newest keyset. */
  'exchange.fetch-keys': { readonly input: null; readonly value: null };
  /** Gives a lease up for good and returns its release proof. */
  'exchange.release-proof': { readonly input: { readonly lease: string }; readonly value: DocumentFile };
  'exchange.proof-file': { readonly input: { readonly lease: string }; readonly value: DocumentFile };
  /** Shows a file in its folder: one that the page saved since the app started, by the name of its download. */
  'download.show': { readonly input: { readonly id: string }; readonly value: null };
  /** The person has read what came of a damaged database. */
  'recovery.dismiss': { readonly input: null; readonly value: null };
  'settings.read': { readonly input: null; readonly value: AppSettings };
  /** The value is what came of it: a system may refuse to start the app at login. */
  'settings.start-at-login': { readonly input: { readonly on: boolean }; readonly value: AppSettings };
  'settings.closing': { readonly input: { readonly closing: Closing }; readonly value: AppSettings };
  /**
   * Any operation of the HTTP contract by its name (`RouteName`), in the name of the signed-in person, as the pages that stand
   * in both entries need it. The renderer's `Call` types it; main looks the route up, and refuses those that are its own.
   */
  'authority.call': { readonly input: { readonly name: string; readonly call: AuthorityCall }; readonly value: unknown };
  /** Stops waiting for the authority in a call that was made with this id: it answers `CANCELLED`, unless it was done already. */
  'call.cancel': { readonly input: { readonly call: string }; readonly value: null };
  /** The language of the page and of everything around it, from now on and at later starts. `locale`: the person's own kind of it. */
  'language.choose': { readonly input: { readonly language: Language }; readonly value: { readonly locale: string } };
};

export type AuthorityCall = { readonly params?: unknown; readonly query?: unknown; readonly body?: unknown };

export type IpcChannel = keyof IpcCalls;
export type IpcInput<C extends IpcChannel> = IpcCalls[C]['input'];
export type IpcValue<C extends IpcChannel> = IpcCalls[C]['value'];

/** What main pushes. `state` carries the slices that changed, in full, with the snapshot's revision counting on. */
export type IpcPushes = {
  readonly state: { readonly revision: number; readonly changes: Partial<DesktopState> };
  /** A document opened from the desktop or the command line: show the exchange page with it. */
  readonly 'open-file': { readonly name: string; readonly bytes: Uint8Array };
  /** Go to a page (from the tray, the application menu, or an address that the desktop opened). It shows, and never acts. */
  readonly navigate: { readonly page: 'picker' | 'lease' | 'exchange' | 'my-licenses' | 'settings' } | { readonly page: 'invitation'; readonly code: string };
  /** Ask the person before quitting, releasing or switching from the tray. */
  readonly ask: { readonly what: 'switch-offline' | 'release'; readonly lease: string };
  /** How the saving of a file ended that the page offered. `id`: the last part of the file's `blob:` address. */
  readonly download: DownloadEnd & { readonly id: string };
  /** What the authority says has changed: pages look again. */
  readonly 'authority-event': AuthorityEvent;
};
export type IpcPush = keyof IpcPushes;

export type DownloadEnd =
  | { readonly end: 'saved'; readonly file: string; readonly folder: string }
  | { readonly end: 'cancelled' }
  | { readonly end: 'failed'; readonly why: 'full' | 'other' };

export type AppSnapshot = {
  readonly revision: number;
  readonly app: {
    readonly version: string;
    readonly platform: 'darwin' | 'linux' | 'win32';
    /** What menus and tray speak; the page speaks the same. */
    readonly locale: string;
    /** Products this build is for, offered when a machine that knows no organization asks for a license. */
    readonly catalog: readonly { readonly id: string; readonly name: string }[];
    /** The run before this one crashed or was killed, and nobody has been told. */
    readonly endedUnexpectedly: boolean;
  };
  readonly state: DesktopState;
  /** The files that were opened before the page was there. */
  readonly opened: readonly IpcPushes['open-file'][];
  /** A page that was asked for before the window stood. */
  readonly goTo?: IpcPushes['navigate'];
};

/** What preload exposes to the page as `window.latchkey`. */
export type LatchkeyBridge = {
  /** `id` names the call for `call.cancel`: 1 to 64 characters, never used again. */
  readonly call: <C extends IpcChannel>(channel: C, input: IpcInput<C>, id?: string) => Promise<Result<IpcValue<C>>>;
  /** Returns the function that stops listening. */
  readonly on: <P extends IpcPush>(push: P, listener: (value: IpcPushes[P]) => void) => () => void;
};

/** The channels by name, for registering and for refusing everything else. Main checks it to be complete. */
export const ipcChannels = [
  'app.snapshot', 'app.defect', 'app.show-log', 'session.sign-in', 'session.sign-out', 'organization.choose', 'organization.set-default', 'picker.refresh',
  'lease.checkout', 'lease.change', 'lease.renew', 'lease.release', 'lease.switch-offline', 'lease.switch-online', 'leases.mine',
  'leases.release-elsewhere', 'machine.rename', 'exchange.create-request', 'exchange.create-time-request', 'clock.check', 'exchange.request-file', 'exchange.discard-request',
  'exchange.inspect', 'exchange.import', 'exchange.fetch-keys', 'exchange.release-proof', 'exchange.proof-file', 'download.show', 'recovery.dismiss', 'settings.read', 'settings.start-at-login', 'settings.closing', 'authority.call', 'call.cancel', 'language.choose',
] as const satisfies readonly IpcChannel[];

/** Which channels wait for the authority, and so can be cancelled. */
export const asksAuthority: { readonly [C in IpcChannel]: boolean } = {
  'session.sign-in': true, 'session.sign-out': true, 'organization.choose': true, 'organization.set-default': true, 'picker.refresh': true,
  'lease.checkout': true, 'lease.change': true, 'lease.renew': true, 'lease.release': true, 'lease.switch-offline': true, 'lease.switch-online': true,
  'leases.mine': true, 'leases.release-elsewhere': true, 'clock.check': true, 'exchange.fetch-keys': true, 'authority.call': true,
  'app.snapshot': false, 'app.defect': false, 'app.show-log': false, 'machine.rename': false, 'exchange.create-request': false, 'exchange.create-time-request': false,
  'exchange.request-file': false, 'exchange.discard-request': false, 'exchange.inspect': false, 'exchange.import': false,
  'exchange.release-proof': false, 'exchange.proof-file': false, 'call.cancel': false, 'recovery.dismiss': false, 'settings.read': false, 'settings.start-at-login': false, 'settings.closing': false, 'language.choose': false, 'download.show': false,
};

export const ipcPushes = ['state', 'open-file', 'navigate', 'ask', 'download', 'authority-event'] as const satisfies readonly IpcPush[];
