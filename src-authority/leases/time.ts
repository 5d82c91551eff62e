import { judgeRequest, parseKind } from '../../src-shared/documents/index.ts';
import type { Genuine } from '../../src-shared/documents/index.ts';
import { REQUEST_TERM } from '../../src-shared/policy.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Failure, Result } from '../../src-shared/result.ts';
import { may } from '../../src-shared/role.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { createAttempts } from '../accounts/attempts.ts';
import { recordAudit } from '../audit/audit.ts';
import type { Db } from '../adapter/schema.ts';
import type { Ground } from '../ground.ts';
import type { Keyset } from '../keys/keysets.ts';
import { membershipsOf } from '../organizations/membership.ts';
import { digestOf, genuineRequest, seenBefore } from './admit.ts';
import type { Seen } from './admit.ts';
import { judgeMachine, organizationsOf, tellOfMachine } from './copies.ts';
import { knowMachine } from './issue.ts';
import type { Bringer } from './take.ts';

/** A time ticket, the machine it is for, the `jti` of the request it answers, and the authority's time that stands in it. */
export type Told = {
  readonly ticket: string;
  readonly machine: { readonly id: string; readonly name: string };
  readonly request: string;
  readonly at: Seconds;
  /** The keysets that the machine must take in before it can read the ticket, in this order; mostly none. */
  readonly first: readonly Keyset[];
};

/** Whoever may answer a request file of any organization may bring the time: it entitles nobody to anything. */
const mayTell = async (db: Db, actor: Bringer): Promise<Failure | null> => {
  if (actor === 'machine' || actor.kind === 'operator') return null;
  const memberships = await membershipsOf(db, actor.person.id);
  return memberships.some(({ role }) => may(role, 'exchange.answer')) ? null : fail('FORBIDDEN', { operation: 'exchange.answer' });
};

/**
 * What is said of a genuine request for the time: one judgement for looking at a file and for answering it. The ticket that
 * answered it before, or null. Errors: `CONFLICT` (why: purpose, jti, key-revoked), `FORBIDDEN`, `MACHINE_CLONED`, those of `judgeRequest`.
 */
export const judgeTold = async (
  db: Db,
  { ground, request, actor, now, look }: { readonly ground: Pick<Ground, 'authority' | 'keyring'>; readonly request: Genuine<'request'>; readonly actor: Bringer; readonly now: Seconds; readonly look: () => Promise<Seen> },
): Promise<Result<Pick<Told, 'ticket' | 'at' | 'first'> | null>> => {
  const { authority, keyring } = ground;
  const { purpose, jti, keyset } = request.claims;
  if (purpose !== 'time') return fail('CONFLICT', { why: 'purpose', wanted: purpose, chosen: 'time' });
  const refused = await mayTell(db, actor);
  if (refused) return refused;
  const seen = await look();
  if (seen.kind === 'refused') return seen.failure;
  if (seen.kind === 'told') {
    const { ticket, at } = seen;
    const again = await keyring.again(db, ticket, { keyset });
    if (!again.ok) return again;
    return again.value.revokedAt === null ? ok({ ticket, at, first: again.value.first }) : fail('CONFLICT', { why: 'key-revoked', document: jti, at: again.value.revokedAt });
  }
  if (seen.kind === 'answered') return fail('CONFLICT', { why: 'jti', document: jti });
  const judged = judgeRequest(request, { authority, now });
  return judged.ok ? ((await judgeMachine(db, request.claims.iss)) ?? ok(null)) : judged;
};

/** Tickets for one machine, and for all machines together that never had a lease (of those that a person carries: all of that person's), before the next one has to wait. */
const FREE_TICKETS = 20;
const FREE_STRANGERS = 100;

type Pace = ReturnType<typeof createPace>;

/** Every ticket of a machine that never had a lease leaves rows for nobody's word but its own. Errors: `RATE_LIMITED`. */
const createPace = (clock: Ground['clock']) => {
  const machines = createAttempts(clock, FREE_TICKETS);
  const strangers = createAttempts(clock, FREE_STRANGERS);
  const judge = (machine: string, isStranger: boolean): Failure | null => {
    const wait = Math.max(machines.wait(machine), isStranger ? strangers.wait('all') : 0);
    return wait > 0 ? fail('RATE_LIMITED', { retryAfter: wait }) : null;
  };
  return {
    judge,
    take: (machine: string, isStranger: boolean): Failure | null => {
      const refused = judge(machine, isStranger);
      if (refused) return refused;
      machines.failed(machine);
      if (isStranger) strangers.failed('all');
      return null;
    },
    carry: (person: string, isStranger: boolean): Failure | null => {
      const wait = isStranger ? strangers.wait(person) : 0;
      if (wait > 0) return fail('RATE_LIMITED', { retryAfter: wait });
      if (isStranger) strangers.failed(person);
      return null;
    },
  };
};

/**
 * Tells a machine the time, because its own memory of it has gone wrong (docs/adr/0010-time-tickets.md). The same request
 * has the same ticket for ever. Errors: those of the routes `leases.time` and `exchange.time`.
 */
export const createTelling = (ground: Ground) => {
  const { clock } = ground;
  const pace = createPace(clock);
  return (text: string | Uint8Array, actor: Bringer): Promise<Result<Told>> => tell(ground, pace, text, actor);
};

const tell = async (ground: Ground, pace: Pace, text: string | Uint8Array, actor: Bringer): Promise<Result<Told>> => {
  const { database, random } = ground;
  const parsed = parseKind('request', text);
  if (!parsed.ok) return parsed;
  const read = await genuineRequest(database.db, parsed.value, () => (actor === 'machine' ? pace.judge(parsed.value.claims.iss, true) : null));
  if (!read.ok) return read;
  const request = read.value;
  const { claims } = request;
  const told = (stated: Pick<Told, 'ticket' | 'at' | 'first'>): Result<Told> => ok({ ...stated, machine: { id: claims.iss, name: claims.machine.name }, request: claims.jti });
  // What is for another authority says nothing of this one's numbers.
  if (claims.aud !== ground.authority) return fail('FILE_WRONG_AUTHORITY', { expected: ground.authority, actual: claims.aud });
  let copied = false;
  const result = await database.transact(async (trx): Promise<Result<Told>> => {
    const time = await ground.time.judge(trx);
    if (!time.ok) return time;
    const now = time.value;
    const judged = await judgeTold(trx, { ground, request, actor, now, look: () => seenBefore(trx, ground, request, { now, carrier: actor === 'machine' ? 'network' : 'file', onMark: () => void (copied = true) }) });
    if (!judged.ok) return judged;
    if (judged.value !== null) return told(judged.value);
    const isStranger = (await organizationsOf(trx, claims.iss)).length === 0;
    const tooMany = actor === 'machine' ? pace.take(claims.iss, isStranger) : actor.kind === 'person' ? pace.carry(actor.person.id, isStranger) : null;
    if (tooMany) return tooMany;
    const signing = await ground.keyring.signing(trx, { keyset: claims.keyset });
    if (!signing.ok) return signing;
    await ground.time.signed(trx, now);
    const known = await knowMachine(trx, request, now);
    const ticket = await signing.value.signer.timeTicket({ iss: ground.authority, aud: claims.iss, jti: random.id('tim'), iat: now, exp: now + REQUEST_TERM, req: claims.jti });
    await trx
      .insertInto('time_ticket')
      .values({ machine: claims.iss, seq: claims.seq, request: claims.jti, digest: digestOf(request.jws), issued_at: now, text: ticket })
      .execute();
    await recordAudit(trx, [
      ...known,
      {
        at: now, organization: null, actor: actor === 'machine' ? claims.iss : actor.kind === 'operator' ? 'operator' : actor.person.id, action: 'time.stated',
        subject: claims.iss, details: { request: claims.jti, machineSays: claims.iat },
      },
    ]);
    return told({ ticket, at: now, first: signing.value.first });
  });
  if (copied) await tellOfMachine(ground, claims.iss);
  return result;
};
