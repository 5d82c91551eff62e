import type { DesktopState, GivenUpLease, HeldLease, MachineState, Notice, PendingRequest, Problem, Recovery } from '../../src-shared/desktop.ts';
import { isAhead, judgeClock } from '../../src-shared/documents/index.ts';
import type { TrustedKeys } from '../../src-shared/documents/index.ts';
import { isErrorCode } from '../../src-shared/errors.ts';
import { judgeFingerprint } from '../../src-shared/fingerprint.ts';
import type { Fingerprint, FingerprintPart, PresentFingerprint } from '../../src-shared/fingerprint.ts';
import { Refusal } from '../../src-shared/result.ts';
import type { Failure, Result } from '../../src-shared/result.ts';
import { MINUTE } from '../../src-shared/time.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { createContact } from './contact.ts';
import type { Contact } from './contact.ts';
import { createMirror } from './mirror.ts';
import type { Mirror } from './mirror.ts';
import { trueNotices, withNotice } from './notices.ts';
import type { LicensingPorts } from './ports.ts';
import { createSession } from './session.ts';
import type { Session } from './session.ts';
import { cappedDays, endsWithinDays, isBehind, judgeSigned, judgeStanding, readHeld, unrenewedOf } from './standing.ts';
import type { Held, StandingView } from './standing.ts';
import type { LeaseRow, ReleaseRow, RequestRow } from './store.ts';
import { loadTrust, restoreKeysets } from './trust.ts';
import { writeIfPossible } from './write.ts';

/** What the subjects of this module share: the ports, what is held in memory, and how it is shown. */
export type Context = {
  readonly ports: LicensingPorts;
  readonly mirror: Mirror;
  readonly session: Session;
  readonly contact: Contact;
  readonly trusted: () => TrustedKeys | null;
  readonly held: () => readonly Held[];
  readonly heldLease: (id: string) => Held | null;
  readonly view: () => StandingView;
  readonly show: (held: Held) => HeldLease;
  readonly current: (product?: string) => readonly HeldLease[];
  /** Reads trust and leases again from the store, puts license files where they belong, and shows the result. */
  readonly reload: () => Promise<void>;
  /** Does so only when another process changed something, or the fingerprint is old. Every operation begins with it. */
  readonly sync: () => Promise<void>;
  /** The whole fingerprint, as a document binds a license to it: what could not be read in passing gets the time it needs. */
  readonly wholeFingerprint: () => Promise<Fingerprint>;
  /** The latest time that the authority has signed in a document of this machine, its keyset among them. */
  readonly signedTime: () => Seconds;
  /** Why license files are not where applications look for them; empty when all are. */
  readonly unplaced: () => readonly Failure[];
  /** Shows what is stored and held, judged now. */
  readonly publish: () => void;
  /** New entitlements have been stored. */
  readonly entitlementsChanged: () => void;
  readonly notify: (notice: Omit<Notice, 'at'>) => void;
  readonly see: () => void;
  readonly terms: (lease: string) => Terms | null;
  readonly keepTerms: (lease: string, told: Terms) => void;
  /** Runs work that talks to the authority about leases one at a time. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  /** ... and while no other process of this home does so. Within a turn, and not twice. */
  readonly alone: <T>(work: () => Promise<T>) => Promise<T>;
};

/** How coarsely the time that passes is kept, in a durable write each: what a clock set back can gain beyond the tolerance. */
const SEEN_EVERY = 5 * MINUTE;
const FINGERPRINT_KEPT = 10 * MINUTE;
/** How long a part that cannot be read excuses that it is not known to be the same. */
const UNREAD_EXCUSED = 10 * MINUTE;

/** What the authority last said of a held lease's license; it says it with every heartbeat. */
export type Terms = { readonly heartbeat: Seconds | undefined; readonly validUntil: Seconds | null | undefined };

export const createContext = async (ports: LicensingPorts): Promise<Context> => {
  const { store, clock, licenseFiles } = ports;
  restoreKeysets(ports);
  let trusted = await rememberAnchor(ports);
  let trustChain = '';
  let held: readonly Held[] = [];
  let fingerprint = await ports.machine.readFingerprint();
  let fingerprintAt = clock.now();
  /** Since when something of it could not be read. */
  let unreadSince = fingerprint.unread === undefined ? null : fingerprintAt;
  const look = async (how: 'anew' | 'rest' | 'needed'): Promise<void> => {
    fingerprint = await ports.machine.readFingerprint(how);
    if (how === 'anew') fingerprintAt = clock.now();
    unreadSince = fingerprint.unread === undefined ? null : (unreadSince ?? clock.now());
  };
  const isOverdue = (): boolean => unreadSince !== null && (clock.now() - unreadSince >= UNREAD_EXCUSED || clock.now() < unreadSince);
  const mirror = createMirror(initialState(ports, fingerprint, trusted));
  const session = createSession(ports);
  const contact = createContact(ports, mirror, session, () => trusted);

  const view = (): StandingView => ({
    machine: ports.machine.id,
    fingerprint: { ...fingerprint, isOverdue: isOverdue() },
    now: clock.now(),
    highest: store.machine().highest,
    authority: contact.authorityTime(),
    rolledBack: store.facts().rolledBack,
  });

  /** Longest offline periods by license, of the organizations asked about: `current` must not read ten thousand entitlements each time. */
  const periods = new Map<string, ReadonlyMap<string, number>>();
  const periodsOf = (user: string, organization: string): ReadonlyMap<string, number> => {
    const name = `${user} ${organization}`;
    const known = periods.get(name) ?? new Map(store.entitlements(user, organization)?.entitlements.map((each) => [each.license, each.offlineDays]));
    periods.set(name, known);
    return known;
  };
  const offlineDays = ({ claims }: Held): number => {
    const { account } = mirror.state();
    if (!claims || !account || ports.authority.url === null) return 0;
    const most = periodsOf(account.user.id, claims.license.organization.id).get(claims.license.id) ?? 0;
    return cappedDays(most, claims.license.validUntil, clock.now());
  };

  /** License files that were shown as not renewed: that the authority answers again does not renew them yet. */
  const unrenewed = new Set<string>();
  /** Half of the term is when a renewal is due, and it may be on its way: nothing is said before it is known that none comes. */
  const isLeftAlone = ({ row }: Held): boolean =>
    row.refusal !== null || row.unrenewed !== null || unrenewed.has(row.file) || ['unreachable', 'stranger', 'none'].includes(mirror.state().connection.state);

  const terms = new Map<string, Terms>();

  const show = (each: Held): HeldLease => judged(each, view());
  const judged = (each: Held, now: StandingView): HeldLease => {
    const { row, claims } = each;
    const file = placed.get(row.product)?.lease === row.id ? licenseFiles.pathOf(row.product) : null;
    const standing = judgeStanding(each, now);
    const fingerprint = judgeFingerprint(claims?.fp ?? { v: 1, parts: {} }, now.fingerprint);
    const common = { id: row.id, license: row.license, carrier: row.carrier, lastContact: row.lastContact, standing, file, fingerprint, refusal: row.refusal };
    if (!claims) {
      const nameless = { id: row.product, name: row.product };
      return {
        ...common, product: nameless, edition: null, features: [], organization: { id: '', name: '' }, mode: 'offline', issuedAt: row.acceptedAt,
        until: row.acceptedAt, validUntil: null, offlineDays: 0, endsWithinDays: null, unrenewed: null,
      };
    }
    const { product, edition, features, organization, validUntil } = claims.license;
    return {
      ...common, product, edition, features, organization, validUntil: terms.get(row.id)?.validUntil === undefined ? validUntil : (terms.get(row.id)?.validUntil ?? null), mode: claims.mode, issuedAt: claims.iat, until: claims.exp,
      offlineDays: standing.usable ? offlineDays(each) : 0, endsWithinDays: standing.usable ? endsWithinDays(claims, now.now) : null,
      unrenewed: standing.usable && isLeftAlone(each) ? unrenewedOf(claims, now.now) : null,
    };
  };
  const current = (product?: string): readonly HeldLease[] => {
    const now = view();
    return held
      .filter(({ row }) => product === undefined || row.product === product)
      .map((each) => judged(each, now))
      .sort((a, b) => Number(b.standing.usable) - Number(a.standing.usable) || b.issuedAt - a.issuedAt);
  };

  /** Which lease's file stands at each product's place, and which file it is. */
  const placed = new Map<string, { readonly lease: string; readonly file: string }>();
  /** Licensed applications find the files of usable leases and no others: a suspended lease's file comes back with it. */
  const placeFiles = (products: Iterable<string>): void => {
    const now = view();
    const best = new Map<string, Held>();
    for (const each of held) {
      if (!judgeStanding(each, now).usable) continue;
      const other = best.get(each.row.product);
      if (!other || (other.claims?.exp ?? 0) < (each.claims?.exp ?? 0)) best.set(each.row.product, each);
    }
    for (const product of new Set([...products, ...placed.keys(), ...held.map(({ row }) => row.product)])) {
      const chosen = best.get(product)?.row;
      try {
        // Read each time: a virus scanner may have taken it away, and its application looks for it now.
        if (chosen && licenseFiles.read(product) !== chosen.text) licenseFiles.put(product, chosen.text);
        if (!chosen) licenseFiles.remove(product);
        if (chosen) placed.set(product, { lease: chosen.id, file: chosen.file });
        else placed.delete(product);
        unplaced.delete(product);
      } catch (error) {
        notPlaced(product, error);
      }
    }
  };
  /** The copies that cannot be brought in place. The lease is what is stored: nothing else waits for its copy. */
  const unplaced = new Map<string, Failure>();
  const notPlaced = (product: string, error: unknown): void => {
    if (!(error instanceof Refusal)) throw error;
    placed.delete(product);
    if (JSON.stringify(unplaced.get(product)) === JSON.stringify(error.failure)) return;
    unplaced.set(product, error.failure);
    ports.log('license-file.not-placed', { product, why: String(error.failure.details['why']), path: String(error.failure.details['path'] ?? '') });
  };

  const heldLease = (id: string): Held | null => held.find(({ row }) => row.id === id) ?? null;

  const signedTime = (): Seconds => Math.max(store.machine().signed, trusted?.iat ?? 0);

  const publish = (): void => {
    const { highest, name } = store.machine();
    const signed = signedTime();
    const now = clock.now();
    const authority = contact.authorityTime();
    const clockJudged = judgeClock(now, highest);
    // What may be used now has been used now: a clock set back later must be seen, also where nothing else is ever written.
    if (now - highest >= SEEN_EVERY) writeIfPossible(ports, 'time.unrecorded', (tx) => tx.see(now));
    // Before anything is usable again: a time ticket that is still on its way must not set back what is seen from now on.
    if (clockJudged.ok && !store.facts().rolledBack && store.pendingRequests().some(({ purpose }) => purpose === 'time')) store.write((tx) => tx.discardTimeRequests());
    placeFiles([]);
    mirror.set({
      machine: { ...machineState(ports, fingerprint), name },
      connection: { ...mirror.state().connection, authority: trusted?.iss ?? null },
      account: session.account(),
      sessionEnded: session.ended(),
      former: session.former(),
      clock: clockJudged.ok && judgeSigned(now, signed).ok && !isAhead(now, authority)
        ? { ok: true }
        : {
          ok: false, cause: isAhead(now, authority) ? 'ahead' : isBehind(now, authority) ? 'behind' : clockJudged.ok ? 'signed' : 'doubt',
          now, highest: Math.max(highest, signed), authority,
        },
      requests: store.pendingRequests().filter(({ carrier }) => carrier === 'file').map(showRequest),
      givenUp: store.releases().map(showRelease),
      recovery: unseenRecovery(ports),
      unsaved: problemOf(store.facts().unsaved),
      unplaced: [...unplaced].map(([product, { code, details }]) => ({ product, problem: { code, details } })),
    });
    // Last: what a held lease can be switched to depends on the account.
    const leases = current();
    for (const lease of leases.filter((each) => each.unrenewed !== null)) unrenewed.add(heldLease(lease.id)?.row.file ?? '');
    mirror.set({ leases, notices: trueNotices(mirror.state().notices, leases, unseenRecovery(ports) !== null) });
  };

  let reloading: Promise<void> = Promise.resolve();
  const reload = (): Promise<void> => (reloading = reloading.then(readAgain, readAgain));
  const readAgain = async (): Promise<void> => {
    // What has been checked in this run and has not changed since is not checked again.
    const chain = store.keysets().map(({ text }) => text).join();
    const sameTrust = chain === trustChain;
    if (!sameTrust) trusted = await loadTrust(ports);
    trustChain = chain;
    periods.clear();
    const { newest } = store.kept();
    const before = new Map(sameTrust ? held.map((each) => [each.row.id, each]) : []);
    held = await Promise.all(store.leases().map(async (row) => {
      const known = before.get(row.id);
      return known && isSameFile(known.row, row) ? { ...known, row } : readHeld(row, trusted, newest.get(row.id) ?? 0);
    }));
    publish();
  };

  const sync = async (): Promise<void> => {
    if (clock.now() - fingerprintAt >= FINGERPRINT_KEPT || clock.now() < fingerprintAt) await look('anew');
    else if (fingerprint.unread !== undefined) await look('rest');
    if (!store.changedElsewhere()) return;
    await session.load();
    await reload();
  };

  const wholeFingerprint = async (): Promise<Fingerprint> => {
    if (fingerprint.unread !== undefined) await look('needed');
    return { v: fingerprint.v, parts: fingerprint.parts };
  };

  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work, work);
    turn = mine.catch(() => undefined);
    return mine;
  };

  await session.load();
  await reload();
  // A file left by a lease that was given up while this process was not there must not stay.
  placeFiles(store.releases().map(({ product }) => product.id));
  return {
    ports, mirror, session, contact, view, show, current, reload, sync, wholeFingerprint, signedTime, publish, inTurn, alone: ports.alone,
    trusted: () => trusted,
    unplaced: () => [...unplaced.values()],
    terms: (lease) => terms.get(lease) ?? null,
    keepTerms: (lease, told) => void terms.set(lease, told),
    entitlementsChanged: () => periods.clear(),
    held: () => held,
    heldLease,
    notify: (notice) => mirror.set({ notices: withNotice(mirror.state().notices, { ...notice, at: clock.now() }) }),
    see: () => store.write((tx) => tx.see(clock.now())),
  };
};

/** The keyset that this program was given is kept, so that a later run without it still knows whom to trust. */
const rememberAnchor = async (ports: LicensingPorts): Promise<TrustedKeys | null> => {
  const { anchor } = ports.trust;
  if (anchor) {
    const kept = await loadTrust({ ...ports, trust: { anchor: null, stored: true, pinOnFirstUse: false } });
    // An older keyset must not take the place of a newer one, whose revocations would be forgotten.
    if (kept?.iss !== anchor.keys.iss || kept.version < anchor.keys.version) {
      ports.store.write((tx) =>
        tx.saveKeyset({ version: anchor.keys.version, text: anchor.text, source: 'named', acceptedAt: ports.clock.now() }));
    }
  }
  return loadTrust(ports);
};

/** What came of the last damage; null when there was none, or what was written down of it is unreadable. */
export const readRecovery = ({ store }: Pick<LicensingPorts, 'store'>): Recovery | null => {
  const text = store.setting('recovered');
  if (text === null) return null;
  try {
    // What was told before an update says nothing of proofs and requests: none of them was read back then.
    const recovery = { proofs: 0, requests: 0, ...(JSON.parse(text) as Omit<Recovery, 'proofs' | 'requests'>) };
    return typeof recovery.rebuilt === 'number' && recovery.refused.every(({ code }) => isErrorCode(code)) ? recovery : null;
  } catch {
    return null;
  }
};

const unseenRecovery = (ports: LicensingPorts): Recovery | null => {
  const recovery = readRecovery(ports);
  return recovery === null || recovery.seen ? null : recovery;
};

const isSameFile = (a: LeaseRow, b: LeaseRow): boolean => a.text === b.text && a.file === b.file && a.seq === b.seq && a.license === b.license && a.product === b.product;

const partsOf = (fingerprint: PresentFingerprint): MachineState['parts'] => {
  const state = (part: FingerprintPart): MachineState['parts'][FingerprintPart] =>
    (fingerprint.unread?.includes(part) ? 'unread' : fingerprint.parts[part] === undefined ? 'absent' : 'present');
  return { os: state('os'), board: state('board'), cpu: state('cpu'), disk: state('disk'), net: state('net') };
};

const machineState = ({ machine }: LicensingPorts, fingerprint: PresentFingerprint): Omit<DesktopState['machine'], 'name'> => ({
  id: machine.id, os: machine.os, protection: machine.protection, parts: partsOf(fingerprint),
});

const initialState = (ports: LicensingPorts, fingerprint: PresentFingerprint, trusted: TrustedKeys | null): DesktopState => ({
  machine: { ...machineState(ports, fingerprint), name: ports.store.machine().name },
  connection: {
    state: ports.authority.url === null ? 'none' : 'connecting', url: ports.authority.url, lastContact: null, authority: trusted?.iss ?? null, stranger: null,
  },
  account: null,
  sessionEnded: null,
  former: [],
  picker: { organization: null, asOf: null, loading: false, problem: null, entitlements: [] },
  leases: [],
  requests: [],
  givenUp: [],
  clock: { ok: true },
  recovery: null,
  unsaved: null,
  unplaced: [],
  notices: [],
});

const problemOf = (failure: Failure | null): Problem | null => (failure === null ? null : { code: failure.code, details: failure.details });

const showRequest = (row: RequestRow): PendingRequest => ({
  id: row.id, purpose: row.purpose, createdAt: row.createdAt, expiresAt: row.expiresAt, machineName: row.machineName, product: row.product, license: row.license,
  days: row.days, fileName: row.fileName, lease: row.lease,
});

const showRelease = (row: ReleaseRow): GivenUpLease => ({
  lease: row.lease, product: row.product, organization: row.organization, releasedAt: row.releasedAt, reason: row.reason, fileName: row.fileName,
  receiptAt: row.receiptAt, until: row.until,
});

/** Throws the failure of a store that has been rolled back, before anything is signed. */
export const requireCounter = ({ store }: LicensingPorts): void => {
  const { rolledBack } = store.facts();
  if (rolledBack) throw new Refusal('STORE_ROLLED_BACK', rolledBack);
};

/** For a reply that settles a question for good, as against one that may be asked again: also when the authority's clock is right again. */
export const isDefinite = (result: Result<unknown>): boolean =>
  !result.ok && !['AUTHORITY_UNREACHABLE', 'RATE_LIMITED', 'INTERNAL', 'NOT_SIGNED_IN', 'CANCELLED', 'STORE_UNUSABLE'].includes(result.code) &&
  !(result.code === 'CLOCK_ROLLED_BACK' && result.details['why'] === 'authority');

