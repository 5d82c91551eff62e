import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Lease } from '../src-shared/lease.ts';
import { fail, ok, Refusal } from '../src-shared/result.ts';
import type { Failure, Result } from '../src-shared/result.ts';
import type { Clock, Random } from '../src-shared/time.ts';
import type { DestinationStream } from 'pino';
import { createAccounts } from './accounts/accounts.ts';
import { readAuditHead } from './adapter/audit-head.ts';
import { openDatabase, storeFailure } from './adapter/database.ts';
import type { Database } from './adapter/database.ts';
import { lockServing } from './adapter/locks.ts';
import type { Lock } from './adapter/locks.ts';
import { createMailer } from './adapter/mailer.ts';
import { createPasswords } from './adapter/password.ts';
import { openSealing } from './adapter/sealing.ts';
import { narrowKeys } from './adapter/signer.ts';
import type { Row } from './adapter/schema.ts';
import { auditRows, verifyAudit } from './audit/audit.ts';
import type { AuditVerdict } from './audit/audit.ts';
import { createRefusals } from './audit/refusals.ts';
import { createTimekeeper } from './clock/timekeeper.ts';
import type { ClockState, Uptime } from './clock/timekeeper.ts';
import { createHub } from './events/hub.ts';
import { watchOthers } from './events/watch.ts';
import { createInspecting } from './exchange/inspect.ts';
import type { Inspected } from './exchange/inspect.ts';
import type { Ground } from './ground.ts';
import { decideOnMachine, listMachines } from './holdings/resolution.ts';
import type { Decision, MachineListing } from './holdings/resolution.ts';
import { createApp } from './http/app.ts';
import type { Limits } from './http/app.ts';
import { acceptanceOf, answerOf, toldOf } from './http/handlers.ts';
import { createLog } from './http/log.ts';
import { databaseFile } from './init.ts';
import { createKeys } from './keys/index.ts';
import type { Keys } from './keys/index.ts';
import { openKeyring } from './keys/keyring.ts';
import { createLedger } from './leases/ledger.ts';
import type { Told } from './leases/ledger.ts';
import { createSuspension } from './licenses/suspension.ts';
import type { Suspension } from './licenses/suspension.ts';
import { createLoad } from './load/load.ts';
import type { LoadOptions } from './load/load.ts';
import type { Loaded } from './load/report.ts';
import { createDelivery } from './mail/deliver.ts';
import { outbox } from './mail/outbox.ts';
import type { OutboxMail } from './mail/outbox.ts';
import { createOrganizations } from './organizations/organizations.ts';
import { createInvitations } from './people/invitations.ts';
import { createInvites } from './people/invites.ts';
import { createReminders } from './reminders/reminders.ts';
import { createPeople } from './people/people.ts';
import { createRestored, keepHeadEvery } from './restored/restored.ts';
import type { Restored } from './restored/restored.ts';

const SETTLE_MS = 60_000;
const CHECK_FILE_MS = 1000;

export type AuthorityOptions = {
  readonly home: string;
  readonly clock: Clock;
  /** How long the computer has run; without it a clock that jumps ahead is not noticed. */
  readonly uptime?: Uptime;
  readonly random: Random;
  /** Shown at `/v1/authority`. */
  readonly version: string;
  /** Where people reach the portal, with no path; without it, where `listen` listens. */
  readonly publicUrl?: string;
};

export type ListenOptions = {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  /** Where the log goes, a JSON line an event. */
  readonly log: DestinationStream;
  readonly logLevel?: string;
  /** False: mails about what ends are written by `remind` only, and not every hour. */
  readonly reminders?: boolean;
  /** The folder of the built portal; null serves a plain page instead. */
  readonly portal: string | null;
  /** Addresses of a proxy whose `X-Forwarded-*` headers are believed. */
  readonly trustProxy?: boolean | string;
  /** The SMTP server that letters go to; without one they stay in the outbox. */
  readonly mail?: { readonly url: string; readonly from?: string };
  /** Other limits than `defaultLimits`. */
  readonly limits?: Partial<Limits>;
};

/** A keyset document with the name of its file. */
export type KeysetFile = { readonly version: number; readonly document: string; readonly fileName: string };

/**
 * The license authority of one home. What the command line does, it does on the same database while another process
 * serves it. Operations by its operator need no sign-in: whoever may read the home may do everything.
 */
export type Authority = {
  readonly id: string;
  readonly load: (data: unknown, options?: LoadOptions) => Promise<Result<Loaded>>;
  /** Without `license` it is the one that the request names, or that of the lease it asks to extend. Errors: `INPUT_INVALID` (why: usage) where it names none. */
  readonly answer: (input: { readonly request: Uint8Array | string; readonly license?: string; readonly days: number }) => Promise<Result<{ readonly licenseFile: string; readonly fileName: string; readonly lease: Lease; readonly again: boolean; readonly keysets: readonly KeysetFile[] }>>;
  /** Answers a request for the time with a time ticket. */
  readonly tellTime: (request: Uint8Array | string) => Promise<Result<Omit<Told, 'first'> & { readonly fileName: string; readonly keysets: readonly KeysetFile[] }>>;
  readonly accept: (proof: Uint8Array | string) => Promise<Result<{ readonly receipt: string; readonly fileName: string; readonly lease: Lease; readonly keysets: readonly KeysetFile[] }>>;
  /** Leaves the audit row of a document that was refused before it could be read: too large, a pipe, a link. */
  readonly refuse: (kind: 'request' | 'release', refusal: Failure) => Promise<void>;
  readonly inspect: (file: Uint8Array | string) => Promise<Result<Inspected>>;
  readonly machines: (onlyCloned: boolean) => Promise<readonly MachineListing[]>;
  /** Errors: `NOT_FOUND`, `CONFLICT` (why: not-cloned, retired). */
  readonly resolveMachine: (decision: Decision) => Promise<Result<{ readonly ended: readonly Lease[]; readonly atRisk: readonly Lease[] }>>;
  /** How its clock is judged; `accept` is the operator's word that it is right. */
  readonly time: { readonly look: () => Promise<ClockState>; readonly accept: () => Promise<ClockState> };
  /** Every license, and suspending one. */
  readonly licenses: Suspension;
  readonly keys: Keys;
  /** Whether the database is a backup that was put back, and the operator's word to go on with it. Until then nothing is issued and nothing served. */
  readonly restored: Pick<Restored, 'refusal' | 'accept'>;
  /** All rows, oldest first. */
  readonly auditRows: () => AsyncGenerator<Row<'audit'>>;
  readonly verifyAudit: () => Promise<AuditVerdict>;
  /** A consistent copy of the database, readable by its owner only. The private keys are not in it. */
  readonly backup: (path: string) => Promise<void>;
  /** Writes the mails about what ends that are due; `listen` does it every hour. */
  readonly remind: () => Promise<void>;
  /** The letters that are not sent, oldest first; with `all` also those that were. */
  readonly outbox: (all?: boolean) => Promise<readonly OutboxMail[]>;
  /** Serves, as the only process on this home. Throws as a `Refusal` `CONFLICT` (why: serving) while another one does and `STORE_UNUSABLE` (why: restored), and what the system says of the address. */
  readonly listen: (options: ListenOptions) => Promise<{ readonly url: string; readonly port: number }>;
  /** Settles when the database of an authority that listens is another file by now: `STORE_UNUSABLE` (why: replaced). Nothing is issued from then on. */
  readonly lost: Promise<Failure>;
  /** Ends the event streams, finishes what is under way, and closes the database. */
  readonly close: () => Promise<void>;
};

const isSameFile = ({ checkFile }: Database): boolean => {
  try {
    checkFile();
    return true;
  } catch {
    return false;
  }
};

/** Looks by itself, so that also an authority that nobody asks anything ends. */
const watchFile = ({ checkFile, markFile }: Database, lost: (failure: Failure) => void): (() => void) => {
  try {
    markFile();
  } catch (error) {
    // A full disk: what can be read is served all the same.
    if (!storeFailure(error)) throw error;
  }
  const timer = setInterval(() => {
    try {
      checkFile();
    } catch (error) {
      clearInterval(timer);
      const failure = storeFailure(error);
      if (!failure) throw error;
      lost(failure);
    }
  }, CHECK_FILE_MS);
  return () => clearInterval(timer);
};

/** Opens the authority of a home. Errors: `STORE_UNUSABLE` (why: missing, damaged, damaged-in-use, newer, not-an-authority, key, no-license-key, keyset). */
export const createAuthority = async (options: AuthorityOptions): Promise<Result<Authority>> => {
  const { home, random } = options;
  const known = await readAuditHead(home);
  const opened = openDatabase(databaseFile(home), { now: options.clock.now() });
  if (!opened.ok) return opened;
  const database = opened.value;
  const { db } = database;
  const refuse = async (why: string): Promise<Result<never>> => {
    await database.close();
    return fail('STORE_UNUSABLE', { why, path: databaseFile(home) });
  };
  const self = await db.selectFrom('authority').select('id').executeTakeFirst();
  if (!self) return refuse('not-an-authority');
  const time = await createTimekeeper({ database, clock: options.clock, uptime: options.uptime ?? null });
  const { clock } = time;
  const readableKeys = narrowKeys(home);
  const keyring = await openKeyring({ authority: self.id, home, database, clock });
  if (!keyring.ok) {
    await database.close();
    return keyring;
  }
  const sealed = await db.selectFrom('second_factor').select('user').limit(1).executeTakeFirst();
  const sealing = openSealing(home, sealed !== undefined);
  if (!sealing.ok) {
    await database.close();
    return sealing;
  }

  const hub = createHub();
  let publicUrl = options.publicUrl?.replace(/\/+$/, '') ?? null;
  const refusals = createRefusals({ database, clock });
  const ground: Ground = { authority: self.id, database, clock, time, random, keyring: keyring.value, hub, refusals, publicUrl: () => publicUrl ?? 'http://127.0.0.1:7420' };
  const restored = await createRestored(ground, home, known);
  const passwords = createPasswords();
  const accounts = createAccounts(ground, passwords, sealing.value);
  const organizations = createOrganizations(ground, accounts.confirm);
  const people = createPeople(ground);
  const invites = createInvites(ground);
  const invitations = createInvitations(ground, passwords);
  const ledger = createLedger(ground);
  const inspect = createInspecting(ground);
  const keys = createKeys(ground, home);
  const load = createLoad(ground, passwords);
  const reminders = createReminders(ground);
  const closers: (() => Promise<void>)[] = [];
  const lost = Promise.withResolvers<Failure>();
  let serving: Lock | null = null;

  return ok({
    id: self.id,
    load,
    answer: async (input) => {
      const refused = await restored.refusal();
      if (refused) return refused;
      const issued = await ledger.answer({ kind: 'operator' }, input);
      return issued.ok ? ok(answerOf(issued.value)) : issued;
    },
    tellTime: async (request) => {
      const refused = await restored.refusal();
      if (refused) return refused;
      const told = await ledger.tellTime(request, { kind: 'operator' });
      return told.ok ? ok(toldOf(told.value)) : told;
    },
    accept: async (proof) => {
      const refused = await restored.refusal();
      if (refused) return refused;
      const returned = await ledger.accept(proof, { kind: 'operator' });
      return returned.ok ? ok(acceptanceOf(returned.value)) : returned;
    },
    refuse: (kind, { code, details: { why } }) =>
      refusals.note({ action: 'document.refused', actor: 'operator', subject: 'unread', code, why: typeof why === 'string' ? why : null, details: { kind, digest: null, carrier: 'file' } }),
    inspect: (file) => inspect({ kind: 'operator' }, file),
    machines: (onlyCloned) => listMachines(db, onlyCloned),
    resolveMachine: (decision) => decideOnMachine(ground, { kind: 'operator' }, decision),
    time: { look: () => time.look(), accept: time.accept },
    licenses: createSuspension(ground),
    keys,
    auditRows: () => auditRows(db),
    verifyAudit: () => verifyAudit(db),
    backup: async (path) => {
      const partial = `${path}.partial`;
      rmSync(partial, { force: true });
      // SECURITY: there before SQLite writes to it, so that nobody else can ever read it.
      writeFileSync(partial, '', { mode: 0o600, flag: 'wx' });
      try {
        await database.backup(partial);
        renameSync(partial, path);
      } finally {
        rmSync(partial, { force: true });
      }
    },
    remind: reminders.remind,
    outbox: (all = false) => outbox(db, all),
    lost: lost.promise,
    restored,
    listen: async (listen) => {
      const refused = await restored.refusal();
      if (refused) throw new Refusal(refused.code, refused.details);
      // Commands beside it could not work, and nothing could be issued.
      if (database.isAlone()) throw new Refusal('STORE_UNUSABLE', { why: 'full', path: databaseFile(home) });
      serving = lockServing(home);
      const unwatchFile = watchFile(database, lost.resolve);
      closers.push(async () => unwatchFile());
      const keepHead = keepHeadEvery(restored, () => isSameFile(database));
      closers.push(async () => keepHead());
      const log = createLog(listen.log, listen.logLevel);
      const app = await createApp(
        { ground, accounts, organizations, people, invites, invitations, ledger, inspect, version: options.version },
        { log, portal: listen.portal, trustProxy: listen.trustProxy ?? false, publicUrl: options.publicUrl ?? null, ...(listen.limits === undefined ? {} : { limits: listen.limits }) },
      );
      if (readableKeys.length > 0) log.warn({ files: readableKeys }, 'private keys in the folder keys can be read by other users, and could not be made to be for their owner only');
      await app.fastify.listen({ host: listen.host, port: listen.port });
      const unwatch = await watchOthers(ground);
      if (listen.reminders !== false) closers.push(reminders.start((error) => log.error({ err: error }, 'reminders could not be written')));
      const settling = setInterval(() => void refusals.settle().catch((error: unknown) => log.error({ err: error }, 'refusals could not be written')), SETTLE_MS);
      closers.push(async () => {
        unwatch();
        clearInterval(settling);
        await app.close();
      });
      const address = app.fastify.server.address();
      const port = typeof address === 'object' && address !== null ? address.port : listen.port;
      const host = listen.host.includes(':') ? `[${listen.host}]` : listen.host;
      // An address that means "all of this computer's" leads nowhere from another one.
      publicUrl ??= `http://${['0.0.0.0', '[::]'].includes(host) ? hostname() : host}:${port}`;
      if (listen.mail) {
        const from = listen.mail.from ?? `Latchkey <no-reply@${new URL(publicUrl).hostname}>`;
        const delivery = createDelivery(ground, createMailer({ url: listen.mail.url, from }), log);
        closers.push(delivery.stop);
      } else {
        log.warn('no mail server (LATCHKEY_SMTP_URL): letters stay in the outbox, which `authority outbox` shows');
      }
      return { url: `http://${host}:${port}`, port };
    },
    close: async () => {
      for (const close of closers.splice(0)) await close();
      await accounts.idle();
      // Not where it is replaced, which `lost` has said.
      if (isSameFile(database)) {
        await refusals.settle(true);
        await restored.keepHead();
      }
      await database.close();
      serving?.release();
      serving = null;
    },
  });
};
