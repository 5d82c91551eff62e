import { sql } from 'kysely';
import { authenticateHeartbeat, judgeRequest, parseKind } from '../../src-shared/documents/index.ts';
import type { Genuine, Parsed } from '../../src-shared/documents/index.ts';
import { judgeEnough, judgeFingerprint, partsIn } from '../../src-shared/fingerprint.ts';
import type { Fingerprint } from '../../src-shared/fingerprint.ts';
import { CLOCK_TOLERANCE } from '../../src-shared/policy.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Failure, Result } from '../../src-shared/result.ts';
import { may } from '../../src-shared/role.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { prepared } from '../adapter/prepared.ts';
import type { Db, Trx } from '../adapter/schema.ts';
import type { Actor, Ground, Person } from '../ground.ts';
import { licenseFacts } from '../licenses/facts.ts';
import type { LicenseFacts } from '../licenses/facts.ts';
import { judgeLicense, judgePeriod } from '../licenses/judge.ts';
import type { Carrier, For } from '../licenses/judge.ts';
import { roleOf } from '../organizations/membership.ts';
import { genuineRequest, seenBefore } from './admit.ts';
import type { Seen } from './admit.ts';
import { judgeMachine, tellOfMachine } from './copies.ts';
import { issue } from './issue.ts';
import type { Issued } from './issue.ts';
import { leaseOf, leaseRow } from './view.ts';
import type { LeaseRow } from './view.ts';

/** How a machine takes a lease and keeps it: checkout, renewal, and the answer to a request file. */

type Request = Genuine<'request'>;

const wanted = (request: Request, facts: LicenseFacts): Failure | null => {
  const { license, product } = request.claims.want;
  if (license !== undefined && license !== facts.id) return fail('CONFLICT', { why: 'license', wanted: license, chosen: facts.id });
  if (product !== undefined && product !== facts.product.id) return fail('CONFLICT', { why: 'product', wanted: product, chosen: facts.product.id });
  return null;
};

const purpose = (request: Parsed<'request'>, expected: 'checkout' | 'renew'): Failure | null =>
  request.claims.purpose === expected ? null : fail('CONFLICT', { why: 'purpose', wanted: request.claims.purpose, chosen: expected });
/** A request for the time is answered with a time ticket and with nothing else (`time.ts`). */
const asksForTime = (): Failure => fail('CONFLICT', { why: 'purpose', wanted: 'time', chosen: 'checkout' });

/**
 * SECURITY: that the machine itself sends this request now, and nobody who found its file: beside it comes a heartbeat of the
 * lease with the request's own id, which is never written to a file. Errors: `CONFLICT` (why: not-sent), `FILE_MALFORMED`, `FILE_NOT_GENUINE`.
 */
const judgeSent = async ({ claims }: Request, heartbeat: string): Promise<Failure | null> => {
  const heard = await authenticateHeartbeat(heartbeat, async () => claims.cnf.jwk);
  if (!heard.ok) return heard;
  const { iss, aud, sub, jti } = heard.value;
  const isOfIt = iss === claims.iss && aud === claims.aud && sub === claims.lease && jti === claims.jti;
  return isOfIt ? null : fail('CONFLICT', { why: 'not-sent', document: claims.jti });
};

/** The holder's counted leases of a license on other machines. */
const elsewhere = (db: Db, p: { readonly holder: string; readonly license: string; readonly machine: string; readonly now: Seconds }) =>
  db
    .selectFrom('lease')
    // As it stands in the partial index: a parameter would keep SQLite from using it.
    .where(sql<boolean>`lease.state = 'active'`)
    .where('lease.holder', '=', p.holder)
    .where('lease.license', '=', p.license)
    .where('lease.counted', '=', 1)
    .where('lease.busy_until', '>', p.now)
    .where('lease.machine', '<>', p.machine);
const countElsewhere = prepared((db, p: { holder: string; license: string; machine: string; now: Seconds }) =>
  elsewhere(db, p).select((eb) => eb.fn.countAll<number>().as('count')),
);

const judgeLimit = async (trx: Trx, facts: LicenseFacts, holder: string, machine: string, now: Seconds): Promise<Failure | null> => {
  const wish = { holder, license: facts.id, machine, now };
  const most = facts.policy.leasesPerUser;
  const [counted] = await countElsewhere(trx, wish);
  if ((counted?.count ?? 0) < most) return null;
  // As the picker offers to release them there.
  const rows = await elsewhere(trx, wish)
    .innerJoin('license', 'license.id', 'lease.license')
    .innerJoin('organization_machine as machine', (on) => on.onRef('machine.organization', '=', 'license.organization').onRef('machine.machine', '=', 'lease.machine'))
    .orderBy('lease.issued_at', 'desc')
    .orderBy('lease.id')
    .select(['lease.id', 'lease.machine', 'machine.name', 'lease.mode', 'lease.busy_until'])
    .execute();
  const leases = rows.map((row) => ({ lease: row.id, machine: { id: row.machine, name: row.name }, mode: row.mode, until: row.busy_until }));
  return fail('LEASE_LIMIT_EXCEEDED', { license: facts.id, most, leases });
};

/** Whether a lease can still be extended. A lease whose seat is still its own can, also past its newest file's end. */
const judgeStanding = (lease: LeaseRow, now: Seconds): Failure | null => {
  if (lease.state === 'released') return fail('LEASE_RELEASED', { lease: lease.id, endedBy: lease.ended_by });
  if (lease.state === 'revoked') return fail('LEASE_REVOKED', { lease: lease.id, endedBy: lease.ended_by });
  if (lease.state === 'expired' || lease.busy_until <= now) return fail('LEASE_EXPIRED', { lease: lease.id, at: lease.until });
  return null;
};

const judgeComputer = (lease: LeaseRow, request: Request): Failure | null => {
  const verdict = judgeFingerprint(JSON.parse(lease.fingerprint) as Fingerprint, request.claims.fp);
  return verdict.within ? null : fail('FINGERPRINT_MISMATCH', verdict);
};

/** SECURITY: what a request leaves out binds nothing. A lease goes on with the little it was given for, and is never bound to less than that. */
const judgeShown = ({ claims }: Request, { policy }: LicenseFacts, renewed: LeaseRow | null): Failure | null => {
  const had = renewed === null ? policy.fingerprintParts : partsIn(JSON.parse(renewed.fingerprint) as Fingerprint).length;
  return judgeEnough(partsIn(claims.fp), Math.min(policy.fingerprintParts, had));
};

const firstReason = (facts: LicenseFacts, input: Parameters<typeof judgeLicense>[1]): Failure | null => {
  const [reason] = judgeLicense(facts, input);
  return reason ? fail(reason.code, reason.details) : null;
};

/** Whoever acts on a document: a signed-in person, the operator, or the machine itself over the network. */
export type Bringer = Actor | 'machine';

/** Who may be given the answer again: whoever may have asked for it. */
const mayHaveAgain = async (db: Db, actor: Bringer, lease: LeaseRow): Promise<boolean> => {
  if (actor === 'machine' || actor.kind === 'operator' || lease.holder === actor.person.id) return true;
  const role = await roleOf(db, lease.organization, actor.person.id);
  return role !== null && may(role, 'lease.release-any');
};

/** The leases that answer a request: one for each organization that has answered it. */
const answersTo = async (db: Db, request: string, first: string): Promise<readonly LeaseRow[]> => {
  const others = await db.selectFrom('request_answer').select('lease').where('request', '=', request).execute();
  const rows: LeaseRow[] = [];
  for (const id of [first, ...others.map(({ lease }) => lease)]) {
    const row = await leaseRow(db, id);
    if (row) rows.push(row);
  }
  return rows;
};

/**
 * Those that count for this actor: of the organization whose license is chosen; where none is, of all that a person is a member of.
 * SECURITY: what another organization has answered is no business of this one, and takes nothing from it.
 */
const answersFor = async (db: Db, answers: readonly LeaseRow[], actor: Bringer, license: string | undefined): Promise<readonly LeaseRow[]> => {
  const chosen = license === undefined ? undefined : await db.selectFrom('license').select('organization').where('id', '=', license).executeTakeFirst();
  const fitting = chosen ? answers.filter(({ organization }) => organization === chosen.organization) : answers;
  if (actor === 'machine' || actor.kind === 'operator') return fitting;
  const own: LeaseRow[] = [];
  for (const row of fitting) if (row.holder === actor.person.id || (await roleOf(db, row.organization, actor.person.id)) !== null) own.push(row);
  return own;
};

/**
 * A request that seems to be too old, of a machine whose clock is wrong: it names a keyset that was signed after the date it bears. Until that
 * clock is right, each new request would be as old. Errors: `CLOCK_ROLLED_BACK` (why: machine; `now`: what its clock showed, `highest`: when its keyset was signed).
 */
const judgeMachineClock = async (db: Db, keyring: Ground['keyring'], { claims }: Request): Promise<Failure | null> => {
  const keysets = await keyring.keysets(db);
  const signed = keysets.ok ? keysets.value.all.find(({ version }) => version === claims.keyset)?.claims.iat : undefined;
  return signed !== undefined && claims.iat + CLOCK_TOLERANCE < signed ? fail('CLOCK_ROLLED_BACK', { why: 'machine', now: claims.iat, highest: signed }) : null;
};

/** Errors: `CONFLICT` (why: key-revoked), those of the keyring. */
const answerAgain = async (db: Db, { keyring }: Ground, { jti, lease, keyset }: { readonly jti: string; readonly lease: LeaseRow; readonly keyset: number }): Promise<Result<Issued>> => {
  const { text } = await db.selectFrom('license_file').select('text').where('lease', '=', lease.id).where('request', '=', jti).executeTakeFirstOrThrow();
  const again = await keyring.again(db, text, { keyset });
  if (!again.ok) return again;
  const { revokedAt, first } = again.value;
  // The one answer that this request will ever get is of no use any more: only a new request gets another.
  return revokedAt === null ? ok({ licenseFile: text, lease: leaseOf(lease), first }) : fail('CONFLICT', { why: 'key-revoked', document: jti, at: revokedAt });
};

/**
 * What is said of a genuine request before its wish is looked at: whether it was answered before, and stage three. One
 * judgement for looking at a file and for answering it. Errors: `CONFLICT` (why: jti, answered, key-revoked), `MACHINE_CLONED`, `FINGERPRINT_MISMATCH` (why: too-few), `CLOCK_ROLLED_BACK` (why: machine), those of `judgeRequest`.
 */
export const judgeAsked = async (
  db: Db,
  { ground, request, seen, actor, now, license }: {
    readonly ground: Ground; readonly request: Request; readonly seen: Seen; readonly actor: Bringer; readonly now: Seconds;
    /** The license that is to answer it, where one is chosen. */
    readonly license?: string | undefined;
  },
): Promise<Result<Issued | null>> => {
  const { authority } = ground;
  const { jti, keyset } = request.claims;
  if (seen.kind === 'refused') return seen.failure;
  if (seen.kind === 'told') return asksForTime();
  if (seen.kind === 'answered') {
    const answers = await answersFor(db, await answersTo(db, jti, seen.lease), actor, license);
    let lease: LeaseRow | undefined;
    for (const each of answers) if (!lease && (await mayHaveAgain(db, actor, each))) lease = each;
    if (!lease && (answers.length > 0 || request.claims.purpose === 'renew')) return fail('CONFLICT', { why: 'answered', document: jti });
    if (lease) return answerAgain(db, ground, { jti, lease, keyset });
  }
  const judged = judgeRequest(request, { authority, now });
  if (!judged.ok && judged.code === 'REQUEST_EXPIRED') return (await judgeMachineClock(db, ground.keyring, request)) ?? judged;
  return judged.ok ? ((await judgeMachine(db, request.claims.iss)) ?? judgeEnough(partsIn(request.claims.fp), 1) ?? ok(null)) : judged;
};

/** The license that a request itself names: the one that it wants, or that of the lease it asks to extend. */
const licenseNamed = async (trx: Trx, { claims }: Request): Promise<string | null> =>
  claims.want.license ?? (claims.purpose === 'renew' ? (await leaseRow(trx, claims.lease ?? ''))?.license : undefined) ?? null;

/**
 * The lease that a request asks to extend, where that can still be done and this actor may have it done. A stranger is not
 * told that the lease exists. Errors: `LEASE_NOT_FOUND`, `FORBIDDEN`, `LEASE_RELEASED`, `LEASE_REVOKED`, `LEASE_EXPIRED`, `FINGERPRINT_MISMATCH`.
 */
export const judgeRenewed = async (db: Db, request: Request, actor: Bringer, now: Seconds): Promise<Result<LeaseRow>> => {
  const id = request.claims.lease ?? '';
  const lease = await leaseRow(db, id);
  if (!lease || lease.machine !== request.claims.iss) return fail('LEASE_NOT_FOUND', { lease: id });
  if (actor !== 'machine' && actor.kind === 'person' && lease.holder !== actor.person.id) {
    const role = await roleOf(db, lease.organization, actor.person.id);
    if (role === null) return fail('LEASE_NOT_FOUND', { lease: id });
    if (!may(role, 'lease.release-any')) return fail('FORBIDDEN', { operation: 'lease.release-any', role });
  }
  const refused = judgeStanding(lease, now) ?? judgeComputer(lease, request);
  return refused ?? ok(lease);
};

export const createTaking = (ground: Ground) => {
  const { database } = ground;

  /** Stages one to three and the question of replay; then `decide`, in the same transaction. `again`: the answer was given before. */
  const take = async (
    text: string | Uint8Array,
    actor: Bringer,
    carrier: Carrier,
    /** The license that is to answer it, where one is chosen; and what is decided. `answeredBefore`: for another organization. */
    { license, decide }: { readonly license: (request: Request) => string | undefined; readonly decide: (trx: Trx, request: Request, now: Seconds, answeredBefore: boolean) => Promise<Result<Issued>> },
    admit: (request: Request) => Promise<Failure | null> = async () => null,
  ): Promise<Result<Issued & { readonly again: boolean }>> => {
    const parsed = parseKind('request', text);
    if (!parsed.ok) return parsed;
    const { aud, iss, lease, purpose: asked } = parsed.value.claims;
    const misplaced = (): Failure | null => {
      if (asked === 'time') return asksForTime();
      // SECURITY: whoever found a request file has not its answer by this door, which asks nobody to sign in.
      const wrong = actor === 'machine' ? purpose(parsed.value, 'renew') : null;
      // What is for another authority says nothing of this one's numbers.
      return wrong ?? (aud === ground.authority ? null : fail('FILE_WRONG_AUTHORITY', { expected: ground.authority, actual: aud }));
    };
    const stranger = (): Failure | null => (actor === 'machine' ? (misplaced() ?? fail('LEASE_NOT_FOUND', { lease: lease ?? null })) : null);
    const read = await genuineRequest(database.db, parsed.value, stranger);
    if (!read.ok) return read;
    const request = read.value;
    const refused = misplaced() ?? (await admit(request));
    if (refused) return refused;
    let fresh = false;
    let copied = false;
    const result = await database.transact(async (trx): Promise<Result<Issued>> => {
      const time = await ground.time.judge(trx);
      if (!time.ok) return time;
      const now = time.value;
      const seen = await seenBefore(trx, ground, request, { now, carrier, onMark: () => void (copied = true) });
      const judged = await judgeAsked(trx, { ground, request, seen, actor, now, license: license(request) });
      if (!judged.ok) return judged;
      if (judged.value !== null) return ok(judged.value);
      const decided = await decide(trx, request, now, seen.kind === 'answered');
      fresh = decided.ok;
      return decided;
    });
    if (copied) await tellOfMachine(ground, iss);
    if (result.ok && fresh) {
      const { lease } = result.value;
      ground.hub.publish({ type: 'lease', lease: lease.id, machine: lease.machine.id }, lease.holder ? { user: lease.holder.id } : {});
      ground.hub.publish({ type: 'entitlements', organization: lease.organization.id }, { organization: lease.organization.id });
    }
    return result.ok ? ok({ ...result.value, again: !fresh }) : result;
  };

  const renewal = async (
    trx: Trx,
    request: Request,
    lease: LeaseRow,
    input: { readonly now: Seconds; readonly mode: 'online' | 'offline'; readonly days: number | undefined; readonly carrier: Carrier; readonly actor: string },
  ): Promise<Result<Issued>> => {
    const { now } = input;
    const facts = await licenseFacts(trx, lease.license, lease.holder);
    if (!facts) return fail('LICENSE_NOT_FOUND', { license: lease.license });
    const who: For = lease.holder === null ? 'operator' : 'person';
    const reason = wanted(request, facts) ?? judgeShown(request, facts, lease) ?? firstReason(facts, { now, mode: input.mode, carrier: lease.carrier, for: who });
    if (reason) return reason;
    const until = judgePeriod(facts, { now, mode: input.mode, carrier: input.carrier, days: input.days });
    if (!until.ok) return until;
    return issue(trx, ground, {
      request, facts, mode: input.mode, until: until.value, carrier: input.carrier, now, actor: input.actor, action: 'lease.renewed', renews: lease,
    });
  };

  return {
    /** A connected machine asks for a signed-in person. Errors: those of the route `checkout`. */
    checkout: (person: Person, text: string): Promise<Result<Issued>> =>
      take(text, { kind: 'person', person }, 'network', { license: ({ claims }) => claims.want.license, decide: async (trx, request, now, answeredBefore) => {
        const { want } = request.claims;
        const wrong = purpose(request, 'checkout');
        if (wrong) return wrong;
        const facts = want.license === undefined ? null : await licenseFacts(trx, want.license, person.id);
        if (!facts || facts.role === null) return fail('LICENSE_NOT_FOUND', { license: want.license ?? null });
        const refused = wanted(request, facts) ?? judgeShown(request, facts, null) ?? firstReason(facts, { now, mode: want.mode, carrier: 'network', for: 'person' });
        if (refused) return refused;
        const until = judgePeriod(facts, { now, mode: want.mode, carrier: 'network', days: want.days });
        if (!until.ok) return until;
        const limit = await judgeLimit(trx, facts, person.id, request.claims.iss, now);
        if (limit) return limit;
        return issue(trx, ground, {
          request, facts, mode: want.mode, until: until.value, carrier: 'network', now, actor: person.id, action: 'lease.checked-out',
          renews: null, holder: { id: person.id, name: person.name }, counted: true, answeredBefore,
        });
      } }),

    /** A machine extends or switches its lease; judged anew by the rights of the lease's holder. Errors: those of the route `renew`. */
    renew: (text: string, heartbeat: string): Promise<Result<Issued>> =>
      take(text, 'machine', 'network', { license: () => undefined, decide: async (trx, request, now) => {
        const lease = await judgeRenewed(trx, request, 'machine', now);
        if (!lease.ok) return lease;
        const { mode, days } = request.claims.want;
        return renewal(trx, request, lease.value, { now, mode, days, carrier: 'network', actor: request.claims.iss });
      } }, (request) => judgeSent(request, heartbeat)),

    /**
     * A person, or the operator, answers a request that came by file. `again`: it was answered before, and has that same answer
     * whatever is chosen now. Errors: those of the route `answer`.
     */
    answer: (actor: Actor, input: { readonly request: string | Uint8Array; readonly license?: string; readonly days: number }): Promise<Result<Issued & { readonly again: boolean }>> =>
      take(input.request, actor, 'file', { license: ({ claims }) => input.license ?? claims.want.license, decide: async (trx, request, now, answeredBefore) => {
        const person = actor.kind === 'person' ? actor.person : null;
        const license = input.license ?? (await licenseNamed(trx, request));
        if (license === null) return fail('INPUT_INVALID', { why: 'usage', message: 'the request names no license: choose one with --license' });
        const facts = await licenseFacts(trx, license, person?.id ?? null);
        if (!facts || (person && facts.role === null)) return fail('LICENSE_NOT_FOUND', { license });
        if (person && !may(facts.role ?? 'reader', 'exchange.answer')) return fail('FORBIDDEN', { operation: 'exchange.answer', role: facts.role });
        const mismatch = wanted(request, facts);
        if (mismatch) return mismatch;
        if (request.claims.purpose === 'renew') {
          const lease = await judgeRenewed(trx, request, actor, now);
          if (!lease.ok) return lease;
          if (lease.value.license !== facts.id) return fail('CONFLICT', { why: 'license', wanted: lease.value.license, chosen: facts.id });
          return renewal(trx, request, lease.value, { now, mode: 'offline', days: input.days, carrier: 'file', actor: person?.id ?? 'operator' });
        }
        const refused = judgeShown(request, facts, null) ?? firstReason(facts, { now, mode: 'offline', carrier: 'file', for: person ? 'person' : 'operator' });
        if (refused) return refused;
        const until = judgePeriod(facts, { now, mode: 'offline', carrier: 'file', days: input.days });
        if (!until.ok) return until;
        const counted = person !== null && !may(facts.role ?? 'reader', 'lease.release-any');
        const limit = counted && person ? await judgeLimit(trx, facts, person.id, request.claims.iss, now) : null;
        if (limit) return limit;
        return issue(trx, ground, {
          request, facts, mode: 'offline', until: until.value, carrier: 'file', now, actor: person?.id ?? 'operator', action: 'lease.answered',
          renews: null, holder: person && { id: person.id, name: person.name }, counted, answeredBefore,
        });
      } }),
  };
};
