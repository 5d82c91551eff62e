import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { openDatabase } from '../../../src-authority/adapter/database.ts';
import { verifyAudit } from '../../../src-authority/audit/audit.ts';
import { databaseFile } from '../../../src-authority/init.ts';
import type { DesktopState, HeldLease } from '../../../src-shared/desktop.ts';
import { parseKind } from '../../../src-shared/documents/index.ts';
import { ok, unwrap } from '../../../src-shared/result.ts';
import { visit } from './visit.ts';
import type { Place } from './visit.ts';

/** What must hold after any crash, whoever died and when. One row a promise; a violation names it and says what was seen. */
export type Invariant =
  | 'authority-starts-clean'
  | 'audit-intact'
  | 'ledger-whole'
  | 'seat-given-once'
  | 'one-answer'
  | 'machine-starts-clean'
  | 'acknowledged-lease-kept'
  | 'acknowledged-return-kept'
  | 'file-whole'
  | 'file-equals-store'
  | 'released-not-usable'
  | 'never-dropped'
  | 'usable-is-in-the-ledger'
  | 'number-used-once'
  | 'right-after-retry';

export type Violation = { readonly invariant: Invariant; readonly what: string };

export type Machine = {
  readonly place: Place;
  /** Leases that the caller was told are held, and those it was told are given up. */
  readonly held: ReadonlySet<string>;
  readonly returned: ReadonlySet<string>;
};

type LeaseRow = { readonly id: string; readonly license: string; machine: string; seat: number | null; state: string; until: number; busy_until: number; file: string };
type Ledger = {
  readonly seats: ReadonlyMap<string, number>;
  readonly leases: ReadonlyMap<string, LeaseRow>;
  readonly returned: ReadonlySet<string>;
  readonly numbers: ReadonlyMap<string, number>;
};

/** Looks at a whole world: the authority's database, and every machine's home as its next start finds it. */
export const checkInvariants = async (world: { readonly authorityHome: string; readonly now: number; readonly machines: readonly Machine[] }): Promise<readonly Violation[]> => {
  const found: Violation[] = [];
  const violated = (invariant: Invariant, what: string): void => void found.push({ invariant, what });
  const ledger = await lookAtAuthority(world.authorityHome, world.now, violated);
  if (ledger === null) return found;

  const usable: { readonly machine: string; readonly lease: HeldLease }[] = [];
  for (const machine of world.machines) {
    const { name, home } = machine.place;
    // Before the start mends anything: a licensed application may read the file at any moment.
    for (const { product, text } of filesIn(home)) {
      if (!parseKind('license', text).ok) violated('file-whole', `${name}: ${product} is not a whole license file`);
      else if (!isInStore(home, text)) violated('file-equals-store', `${name}: ${product} holds a file that was never accepted`);
    }
    const seen = await lookAtMachine(machine, violated);
    if (seen === null) continue;
    usable.push(...seen.leases.filter(({ standing }) => standing.usable).map((lease) => ({ machine: seen.id, lease })));
    for (const lease of seen.leases) {
      if (seen.state.givenUp.some((each) => each.lease === lease.id)) violated('released-not-usable', `${name}: ${lease.id} is given up and held`);
      if (ledger.returned.has(lease.id)) violated('released-not-usable', `${name}: ${lease.id} was returned by proof and is held`);
    }
    for (const lease of machine.held) if (!seen.leases.some(({ id, standing }) => id === lease && standing.usable)) violated('acknowledged-lease-kept', `${name}: ${lease} is gone`);
    for (const lease of machine.returned) {
      if (!seen.state.givenUp.some((each) => each.lease === lease)) violated('acknowledged-return-kept', `${name}: the return of ${lease} is forgotten`);
    }
    for (const { product, text } of filesIn(home)) {
      const best = seen.leases.find(({ standing, product: { id } }) => standing.usable && id === product);
      if (!best) violated('released-not-usable', `${name}: the file of ${product} is there, and no usable lease`);
      else if (parseLease(text) !== best.id && !seen.leases.some(({ id, standing }) => standing.usable && id === parseLease(text))) violated('file-equals-store', `${name}: ${product} is of another lease`);
    }
    for (const { product, standing } of seen.leases) {
      if (standing.usable && !existsSync(join(home, 'licenses', `${product.id}.lklic`))) violated('file-equals-store', `${name}: ${product.id} is licensed and its file is not there`);
    }
    const answered = ledger.numbers.get(seen.id) ?? 0;
    if (seen.seq < answered) violated('number-used-once', `${name}: the counter is at ${seen.seq}, and the authority has answered ${answered}`);
  }

  for (const { machine, lease } of usable) {
    const row = ledger.leases.get(lease.id);
    if (!row || row.machine !== machine || row.busy_until < lease.until) violated('usable-is-in-the-ledger', `${lease.id} is usable on ${machine} until ${lease.until}; the ledger has ${JSON.stringify(row ?? null)}`);
  }
  for (const [license, seats] of ledger.seats) {
    const machines = new Set(usable.filter(({ lease }) => lease.license === license).map(({ machine }) => machine));
    const busy = new Set([...ledger.leases.values()].filter((row) => row.license === license && row.busy_until > world.now).map(({ machine }) => machine));
    if (machines.size > seats || busy.size > seats) violated('seat-given-once', `${license} has ${seats} seats; usable on ${machines.size} machines, busy for ${busy.size}`);
  }
  return found;
};

type Report = (invariant: Invariant, what: string) => void;

const lookAtAuthority = async (home: string, now: number, violated: Report): Promise<Ledger | null> => {
  const opened = openDatabase(databaseFile(home), { now });
  if (!opened.ok) {
    violated('authority-starts-clean', JSON.stringify(opened.details));
    return null;
  }
  const { db } = opened.value;
  try {
    const audit = await verifyAudit(db);
    if (!audit.intact) violated('audit-intact', `broken at row ${audit.brokenAt}`);
    const seats = await db.selectFrom('seat').selectAll().execute();
    const leases: readonly LeaseRow[] = await db.selectFrom('lease').select(['id', 'license', 'machine', 'seat', 'state', 'until', 'busy_until', 'file']).execute();
    const documents = await db.selectFrom('machine_document').select(['machine', 'seq', 'jti', 'kind', 'lease']).execute();
    const files = await db.selectFrom('license_file').select(['jti', 'lease', 'request']).execute();
    const receipts = await db.selectFrom('receipt').select(['proof', 'lease']).execute();
    const audited = new Set((await db.selectFrom('audit').select('subject').where('action', 'in', ['lease.checked-out', 'lease.answered']).execute()).map(({ subject }) => subject));

    const byId = new Map(leases.map((row) => [row.id, row]));
    for (const seat of seats) {
      const row = seat.lease === null ? undefined : byId.get(seat.lease);
      if (seat.busy_until > now && (row?.machine !== seat.machine || row?.seat !== seat.id)) violated('ledger-whole', `seat ${seat.id} is busy for ${seat.lease}, which does not have it`);
    }
    for (const row of leases) {
      if (row.busy_until > now && !seats.some(({ id, machine, busy_until }) => id === row.seat && machine === row.machine && busy_until >= row.busy_until)) {
        violated('seat-given-once', `${row.id} is busy and no seat is kept for it`);
      }
      if (!files.some(({ jti, lease }) => jti === row.file && lease === row.id)) violated('ledger-whole', `${row.id} has no file ${row.file}`);
      if (!audited.has(row.id)) violated('audit-intact', `${row.id} has no audit row`);
    }
    const requests = files.map(({ request }) => request);
    if (new Set(requests).size !== requests.length) violated('one-answer', 'a request was answered by two files');
    const proofs = new Set(documents.filter(({ kind }) => kind === 'release').map(({ jti }) => jti));
    if (receipts.length !== proofs.size || receipts.some(({ proof }) => !proofs.has(proof))) violated('one-answer', 'proofs and receipts do not match');
    const numbers = new Map<string, number>();
    for (const { machine, seq } of documents) numbers.set(machine, Math.max(seq, numbers.get(machine) ?? 0));
    const counts = new Map<string, number>();
    for (const { license } of seats) counts.set(license, (counts.get(license) ?? 0) + 1);
    return { seats: counts, leases: byId, returned: new Set(receipts.map(({ lease }) => lease)), numbers };
  } finally {
    await opened.value.close();
  }
};

type Seen = { readonly id: string; readonly state: DesktopState; readonly leases: readonly HeldLease[]; readonly seq: number };

const lookAtMachine = async ({ place }: Machine, violated: Report): Promise<Seen | null> => {
  const started = await visit({ ...place, authority: null }, async (licensing) => {
    const store = unwrap(await licensing.diagnose()).find(({ subject }) => subject === 'store');
    if (store?.ok !== true) violated('machine-starts-clean', `${place.name}: ${JSON.stringify(store)}`);
    return ok({ state: licensing.state(), leases: licensing.current() });
  });
  if (!started.ok) {
    violated('machine-starts-clean', `${place.name}: ${started.code} ${JSON.stringify(started.details)}`);
    return null;
  }
  const damaged = readdirSync(place.home).filter((name) => name.includes('.damaged-'));
  if (damaged.length > 0) violated('machine-starts-clean', `${place.name}: ${damaged.join(', ')}`);
  const database = new SQLite(join(place.home, 'latchkey.db'), { readonly: true });
  try {
    const { id, seq } = database.prepare('SELECT id, seq FROM machine').get() as { id: string; seq: number };
    for (const lease of droppedIn(database)) violated('never-dropped', `${place.name}: ${lease} was held, and is neither held nor released by a proof`);
    return { ...started.value, id, seq };
  } finally {
    database.close();
  }
};

/** Leases whose file was accepted once, and of which the machine has neither the lease nor its proof. */
export const droppedIn = (database: SQLite.Database): readonly string[] =>
  database.prepare('SELECT DISTINCT lease FROM document WHERE lease NOT IN (SELECT id FROM lease UNION SELECT lease FROM release UNION SELECT lease FROM tombstone)').pluck().all() as string[];

const filesIn = (home: string): readonly { readonly product: string; readonly text: string }[] => {
  const folder = join(home, 'licenses');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => name.endsWith('.lklic')).map((name) => ({ product: name.slice(0, -6), text: readFileSync(join(folder, name), 'utf8') }));
};

const parseLease = (text: string): string | null => {
  const parsed = parseKind('license', text);
  return parsed.ok ? parsed.value.claims.sub : null;
};

const isInStore = (home: string, text: string): boolean => {
  const path = join(home, 'latchkey.db');
  if (!existsSync(path)) return false;
  const database = new SQLite(path);
  try {
    return database.prepare('SELECT 1 FROM document WHERE text = ?').get(text) !== undefined;
  } catch {
    return false;
  } finally {
    database.close();
  }
};
