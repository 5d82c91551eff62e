import { judgeRequest } from '../../src-shared/documents/index.ts';
import { REQUEST_TERM } from '../../src-shared/policy.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Failure, Result } from '../../src-shared/result.ts';
import { may } from '../../src-shared/role.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { recordAudit } from '../audit/audit.ts';
import type { Db } from '../adapter/schema.ts';
import type { Actor, Ground } from '../ground.ts';
import { membershipsOf } from '../organizations/membership.ts';
import { digestOf, readRequest, seenBefore } from './admit.ts';
import { knowMachine } from './issue.ts';

/** A time ticket, the machine it is for, the `jti` of the request it answers, and the authority's time that stands in it. */
export type Told = {
  readonly ticket: string;
  readonly machine: { readonly id: string; readonly name: string };
  readonly request: string;
  readonly at: Seconds;
};

/** Whoever may answer a request file of any organization may bring the time: it entitles nobody to anything. */
const mayTell = async (db: Db, actor: Actor | 'machine'): Promise<Failure | null> => {
  if (actor === 'machine' || actor.kind === 'operator') return null;
  const memberships = await membershipsOf(db, actor.person.id);
  return memberships.some(({ role }) => may(role, 'exchange.answer')) ? null : fail('FORBIDDEN', { operation: 'exchange.answer' });
};

/**
 * Tells a machine the time, because its own memory of it has gone wrong (docs/adr/0010-time-tickets.md). The same request
 * has the same ticket for ever. Errors: those of the routes `leases.time` and `exchange.time`.
 */
export const createTelling = (ground: Ground) => async (text: string | Uint8Array, actor: Actor | 'machine'): Promise<Result<Told>> => {
  const { database, clock, random, signer } = ground;
  const read = await readRequest(database.db, text);
  if (!read.ok) return read;
  const request = read.value;
  const { claims } = request;
  if (claims.purpose !== 'time') return fail('CONFLICT', { why: 'purpose', wanted: claims.purpose, chosen: 'time' });
  const refused = await mayTell(database.db, actor);
  if (refused) return refused;
  const told = (ticket: string, at: Seconds): Result<Told> => ok({ ticket, machine: { id: claims.iss, name: claims.machine.name }, request: claims.jti, at });
  return database.transact(async (trx): Promise<Result<Told>> => {
    const now = clock.now();
    const seen = await seenBefore(trx, request, now);
    if (seen.kind === 'refused') return seen.failure;
    if (seen.kind === 'told') return told(seen.ticket.text, seen.ticket.issued_at);
    if (seen.kind === 'answered') return fail('CONFLICT', { why: 'jti', document: claims.jti });
    const judged = judgeRequest(request, { authority: ground.authority, now });
    if (!judged.ok) return judged;
    const known = await knowMachine(trx, request, now, true);
    const ticket = await signer.timeTicket({ iss: ground.authority, aud: claims.iss, jti: random.id('tim'), iat: now, exp: now + REQUEST_TERM, req: claims.jti });
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
    return told(ticket, now);
  });
};
