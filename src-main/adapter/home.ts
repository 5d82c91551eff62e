import { accessSync, chmodSync, constants, lstatSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { arch, hostname, platform, release, type as systemName } from 'node:os';
import { dirname, join } from 'node:path';
import SQLite from 'better-sqlite3';
import { machineIdOf } from '../../src-shared/documents/index.ts';
import type { SigningKey } from '../../src-shared/documents/index.ts';
import { homeNames } from '../../src-shared/home-names.ts';
import { ok, Refusal, unwrap } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import type { Clock, Random } from '../../src-shared/time.ts';
import type { Alone, Facts, LicensingPorts, MachinePort, Schedule } from '../licensing/ports.ts';
import { createAuthorityClient } from './authority/client.ts';
import type { Fetch, Patience } from './authority/client.ts';
import { removeLeftovers } from './leftovers.ts';
import { lockWithin } from './lock.ts';
import { createLicenseFiles } from './license-files.ts';
import { narrow } from './own-file.ts';
import { requireEd25519 } from './machine/ed25519.ts';
import { readFingerprint } from './machine/fingerprint.ts';
import { createMachineKey, readMachineKey } from './machine/key.ts';
import { createPresence, requireOwnHome, thisComputer } from './presence.ts';
import type { Computer } from './presence.ts';
import { createReserve } from './reserve.ts';
import { createFileVault } from './secret-file.ts';
import type { Vault } from './secret-file.ts';
import { createCounterCopy } from './store/counter.ts';
import { createKeptFolder } from './store/kept.ts';
import { openStore } from './store/index.ts';
import type { HomeStore } from './store/index.ts';
import { ownerName, storeRefusal } from './store/refusal.ts';
import { systemClock, systemRandom, systemSchedule } from './system.ts';
import { isSafeAddress, openTrust } from './trust.ts';

export type HomeInput = Patience & {
  /** The folder that this machine's state is kept in. Two homes on one computer are two machines. */
  readonly home: string;
  /** The authority's address. Empty or null: a machine without a network. Undefined: that of the last sign-in. */
  readonly authority: string | null | undefined;
  /** The text of the keyset compiled in or named at start, and whether this is a packaged app, which trusts no other. */
  readonly trust: { readonly keyset: string | null; readonly packaged: boolean };
  /** Name and version of this program, as activation requests carry it. */
  readonly app: string;
  /** Where secrets are kept; files in the home when left out. */
  readonly vault?: Vault;
  readonly log?: LicensingPorts['log'];
  /** The rest is the computer's own, and given by tests. */
  readonly clock?: Clock;
  readonly random?: Random;
  readonly schedule?: Schedule;
  readonly fetch?: Fetch;
  readonly readFingerprint?: MachinePort['readFingerprint'];
  readonly computer?: Computer;
  /** Whether a home that can be read and not written is worked on from memory, for what needs no writing. */
  readonly fromMemory?: boolean;
};

export const databaseOf = (home: string): string => join(home, 'latchkey.db');

export type OpenHome = { readonly ports: LicensingPorts; readonly close: () => void };

/**
 * Opens a home: its store, its machine's key, its secrets, whom it trusts. The app and the command line share this wiring.
 * Errors: `STORE_UNUSABLE` (details.why), `INTERNAL` (why: no-ed25519), `INPUT_INVALID` (an authority's address that is neither https nor this computer),
 * those of keysets.
 */
export const openHome = async (input: HomeInput): Promise<Result<OpenHome>> => {
  let store: HomeStore | null = null;
  try {
    // Before a key is read: one that the runtime cannot use is not a damaged one.
    await requireEd25519();
    const clock = input.clock ?? systemClock;
    const computer = input.computer ?? thisComputer();
    requireOwnHome(input.home, computer, clock.now());
    prepareFolder(input.home);
    removeLeftovers([input.home, join(input.home, 'licenses'), join(input.home, 'kept')]);
    const reserve = createReserve(join(input.home, 'reserve'));
    store = openStore({
      path: databaseOf(input.home), counter: createCounterCopy(join(input.home, 'counter')), kept: createKeptFolder(join(input.home, 'kept')),
      stamp: () => String(clock.now()), fromMemory: input.fromMemory ?? false, reserve, onDisk: () => input.log?.('store.saved', {}),
    });
    const { unsaved } = store.facts();
    if (unsaved === null) reserve.fill();
    else input.log?.('store.unsaved', { why: String(unsaved.details['why']), path: String(unsaved.details['path'] ?? '') });
    const vault = input.vault ?? createFileVault(input.home);
    const key = await openMachineKey(input.home, vault, store);
    const id = await machineIdOf(key.jwk);
    store.adopt({ id, name: defaultName() });
    const authority = addressOf(input.authority === undefined ? store.setting('authority-url') : input.authority);
    const trust = unwrap(await openTrust({ ...input.trust, authority }));
    const opened = store;
    const ports: LicensingPorts = {
      clock,
      random: input.random ?? systemRandom,
      schedule: input.schedule ?? systemSchedule,
      store: opened,
      machine: {
        id, key, os: `${systemName()} ${release()} ${arch()}`.slice(0, 200), app: input.app, defaultName: defaultName(), protection: vault.protection,
        readFingerprint: input.readFingerprint ?? readFingerprint,
      },
      authority: createAuthorityClient({ ...patienceOf(input), url: authority, ...(input.fetch ? { fetch: input.fetch } : {}) }),
      trust,
      secrets: vault,
      licenseFiles: createLicenseFiles(join(input.home, 'licenses')),
      presence: createPresence(input.home, computer, clock),
      alone: createAlone(join(input.home, 'turn.lock')),
      surroundings: () => surroundingsOf(input.home, input.app),
      log: input.log ?? (() => undefined),
    };
    return ok({ ports, close: () => opened.close() });
  } catch (error) {
    store?.close();
    const refusal = error instanceof Refusal ? error : storeRefusal(error);
    if (refusal instanceof Refusal) return refusal.failure;
    throw error;
  }
};

/** Longer than the authority may take to answer. */
const TURN_MS = 30_000;

/** A home in which no lock can be had (it is read-only, or its disk is full) has nobody to wait for. */
const createAlone = (path: string): Alone => async (work, signal) => {
  const lock = await lockWithin(path, TURN_MS, signal).catch((error: unknown) => {
    if (error instanceof Refusal) throw error;
    return null;
  });
  try {
    return await work();
  } finally {
    lock?.release();
  }
};

const patienceOf = ({ timeoutMs, firstTimeoutMs, waitOnce }: Patience): Patience => ({
  ...(timeoutMs === undefined ? {} : { timeoutMs }), ...(firstTimeoutMs === undefined ? {} : { firstTimeoutMs }), ...(waitOnce === undefined ? {} : { waitOnce }),
});

const addressOf = (text: string | null): string | null => {
  if (text === null || text === '') return null;
  // SECURITY: what is refused for its password does not show it.
  if (!isSafeAddress(text)) throw new Refusal('INPUT_INVALID', { field: 'authority', why: 'address', address: text.replace(/\/\/[^/?#]*@/, '//') });
  return text;
};

/** The name a machine is born with; the person can change it before anyone sees it. */
const defaultName = (): string => hostname().replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '').trim().slice(0, 200) || 'machine';

const openMachineKey = async (home: string, vault: Vault, store: HomeStore): Promise<SigningKey> => {
  const present = await readMachineKey(vault);
  if (present) return present;
  // A store that knows its machine while the key is gone: a new key would be another machine, with leases it cannot use.
  const missing = (): void => {
    if (store.owner() !== null) throw new Refusal('STORE_UNUSABLE', { why: 'machine-key-missing' });
  };
  missing();
  return alone(home, async () => {
    const meanwhile = await readMachineKey(vault);
    if (meanwhile) return meanwhile;
    missing();
    return createMachineKey(vault);
  });
};

const starting = new Map<string, Promise<unknown>>();

/**
 * One first start at a time, also between processes: a database is the lock, because the operating system lets go of it
 * when its holder dies. Within a process the second waits for the first without holding anything.
 */
const alone = async <T>(home: string, work: () => Promise<T>): Promise<T> => {
  const before = starting.get(home) ?? Promise.resolve();
  const mine = before.catch(() => undefined).then(async () => {
    const lock = new SQLite(join(home, 'first-start.lock'), { timeout: 10_000 });
    try {
      lock.exec('BEGIN EXCLUSIVE');
      return await work();
    } finally {
      lock.close();
    }
  });
  starting.set(home, mine);
  try {
    return await mine;
  } finally {
    if (starting.get(home) === mine) starting.delete(home);
  }
};

const isPosix = process.platform !== 'win32';
const secretNames = /^(machine-key|session|known)\.json$|^counter$|^latchkey\.db/;

const isMarker = (name: string): boolean => name === 'latchkey.db' || name === 'machine-key.json';

/** One folder after the other: Node's own recursion does not end where nobody can make one, as in `/proc`. True: made now, for this user alone. */
const makeFolder = (path: string): boolean => {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return false;
  try {
    mkdirSync(path, { mode: 0o700 });
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Another process, at the same moment.
    if (code === 'EEXIST' && statSync(path, { throwIfNoEntry: false })?.isDirectory()) return false;
    if (code !== 'ENOENT' || statSync(dirname(path), { throwIfNoEntry: false })) throw error;
    makeFolder(dirname(path));
    return makeFolder(path);
  }
};

/**
 * SECURITY: root, which may do everything, works in no home of another user: that user can put links there, and what root writes
 * there they cannot replace. Nor does it make one for a person who ran it by sudo with their own HOME. A home that root began
 * itself stays root's, whoever owns the folder.
 */
const refuseForeign = (home: string): void => {
  const there = statSync(home, { throwIfNoEntry: false });
  const markers = there?.isDirectory() ? readdirSync(home).filter(isMarker).map((name) => lstatSync(join(home, name), { throwIfNoEntry: false })?.uid) : [];
  const isRoots = markers.length > 0 && markers.every((uid) => uid === 0);
  const { uid } = there ?? statSync(nearest(home));
  const isMadeForAnother = there === undefined && String(uid) === process.env['SUDO_UID'];
  if (uid !== 0 && (isMadeForAnother || (there !== undefined && !isRoots))) throw new Refusal('STORE_UNUSABLE', { why: 'foreign-home', path: home, owner: ownerName(uid) });
};

/** The folder above it that is there. */
const nearest = (path: string): string => (statSync(path, { throwIfNoEntry: false })?.isDirectory() ? path : dirname(path) === path ? path : nearest(dirname(path)));

/**
 * SECURITY: every secret in the home is a file for its owner only, and what stands wider open is narrowed. The folder itself is
 * narrowed when it is made here, or is this user's and holds nothing but what Latchkey puts there: whoever names another one
 * (`/tmp`, their own directory) does not want its mode changed. It is used as it is, unless others could put a key or a database
 * of theirs into it before the first start, or replace what is there: a folder that everybody may write to, or of a user who is
 * neither this one nor root, is refused until it is a home of this user or of its owner.
 */
const prepareFolder = (home: string): void => {
  const user = process.getuid?.() ?? 0;
  if (isPosix && user === 0) refuseForeign(home);
  const isNew = makeFolder(home);
  if (!isPosix || isNew) return;
  const { mode, uid: owner } = statSync(home);
  const names = readdirSync(home);
  const ownerOf = (name: string): number | undefined => lstatSync(join(home, name), { throwIfNoEntry: false })?.uid;
  const owners = names.filter(isMarker).map(ownerOf);
  const isSticky = (mode & 0o1000) !== 0;
  const isForeign = user !== 0 && owner !== user && owner !== 0;
  const isOnlyOurs = owner === user && !isSticky && owners.every((each) => each === user) && names.every((name) => homeNames.machine.test(name));
  if (!isOnlyOurs && (isSticky || (mode & 0o002) !== 0 || isForeign) && !owners.some((each) => each === user || each === owner)) {
    throw new Refusal('STORE_UNUSABLE', { why: 'shared-folder', path: home });
  }
  if (isOnlyOurs && (mode & 0o077) !== 0) chmodSync(home, 0o700);
  for (const name of names.filter((each) => secretNames.test(each))) {
    const file = lstatSync(join(home, name), { throwIfNoEntry: false });
    if (file?.isFile() && file.uid === user && (file.mode & 0o077) !== 0) narrow(join(home, name));
  }
};

/** The computer and the home as far as they can be looked at, also where the home cannot be opened. Nothing is changed. */
export const surroundingsOf = (home: string, app: string): ReturnType<LicensingPorts['surroundings']> => ({ runtime: runtimeFacts(app), home: homeFacts(home) });

const homeFacts = (home: string): Facts & { readonly ok: boolean } => {
  try {
    return lookAt(home);
  } catch (error) {
    return { ok: false, path: home, why: (error as NodeJS.ErrnoException).code ?? 'unknown' };
  }
};

const lookAt = (home: string): Facts & { readonly ok: boolean } => {
  const there = statSync(home);
  // As the system would say it of whoever looks inside.
  if (!there.isDirectory()) return { ok: false, path: home, why: 'ENOTDIR' };
  const mode = there.mode & 0o777;
  const isOpen = (name: string): boolean => {
    const file = lstatSync(join(home, name), { throwIfNoEntry: false });
    return file?.isFile() === true && (file.mode & 0o077) !== 0;
  };
  const open = isPosix ? readdirSync(home).filter((name) => secretNames.test(name) && isOpen(name)) : [];
  let writable = true;
  try {
    accessSync(home, constants.W_OK);
  } catch {
    writable = false;
  }
  // That others see the names in a folder that is not ours alone is no fault; that they may change what is there is.
  return { ok: writable && open.length === 0 && (!isPosix || (mode & 0o022) === 0), path: home, mode: mode.toString(8), writable, readableByOthers: open.join(', ') };
};

const runtimeFacts = (app: string): Facts => ({
  app, node: process.versions.node, electron: process.versions['electron'] ?? null, sqlite: sqliteVersion(), platform: platform(), arch: arch(),
});

const sqliteVersion = (): string => {
  const database = new SQLite(':memory:');
  try {
    return database.prepare('SELECT sqlite_version()').pluck().get() as string;
  } finally {
    database.close();
  }
};
