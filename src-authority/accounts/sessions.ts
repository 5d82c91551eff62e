import type { z } from 'zod';
import type { sessionRow } from '../../src-shared/http/security.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Failure, Result } from '../../src-shared/result.ts';
import { DAY, MINUTE } from '../../src-shared/time.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { recordAudit } from '../audit/audit.ts';
import { prepared } from '../adapter/prepared.ts';
import type { Trx } from '../adapter/schema.ts';
import type { Ground, SignedInPerson } from '../ground.ts';
import { hashToken, newToken } from './tokens.ts';

/** A session lasts this long after it was last used. */
const TERM: Seconds = 30 * DAY;
/** An end that is less than this earlier than it could be is not written anew: reading stays reading. */
const TERM_STEP: Seconds = DAY;
const USE_STEP: Seconds = MINUTE;
/** A token that was changed goes on for requests that are on their way. */
const GRACE: Seconds = MINUTE;

/** How a session's token came: as bearer, or in a cookie, with its binding where one came. */
export type Carried = { readonly as: 'bearer' } | { readonly as: 'cookie'; readonly binding: string | null };

export type Session = { readonly id: string; readonly expiresAt: Seconds; readonly person: SignedInPerson };
/** `binding`: of a session in a cookie. */
export type Begun = { readonly token: string; readonly binding: string | null; readonly expiresAt: Seconds };
export type SessionRow = z.output<typeof sessionRow>;

const columns = ['session.id', 'session.expires_at', 'session.revoked_at', 'session.last_used_at', 'session.binding_hash', 'session.replaced_binding', 'session.replaced_until', 'user.id as user', 'user.name', 'user.email'] as const;
const sessionOf = prepared((db, p: { hash: string }) =>
  db.selectFrom('session').innerJoin('user', 'user.id', 'session.user').where('session.token_hash', '=', p.hash).select(columns),
);
const sessionBefore = prepared((db, p: { hash: string; now: Seconds }) =>
  db.selectFrom('session').innerJoin('user', 'user.id', 'session.user').where('session.previous_hash', '=', p.hash).where('session.previous_until', '>', p.now).select(columns),
);

/** Ends the sessions of a person; `except` goes on. Returns how many. */
export const endSessions = async (trx: Trx, user: string, now: Seconds, except: string | null = null): Promise<number> => {
  const ended = await trx
    .updateTable('session').set({ revoked_at: now }).where('user', '=', user).where('revoked_at', 'is', null).where('expires_at', '>', now)
    .$if(except !== null, (query) => query.where('id', '<>', except ?? '')).returning('id').execute();
  return ended.length;
};

export const createSessions = (ground: Ground) => {
  const { database, clock, random, hub } = ground;
  const { db } = database;
  /** Sessions whose use is being written: of many requests at once, one writes it. */
  const touching = new Set<string>();

  /**
   * SECURITY: a cookie alone is not enough, and what is in a cookie is no bearer token: whoever brings it with a wrong binding, or
   * as a bearer, has stolen it, and the session ends. Without one it is a browser that has forgotten it, which signs in again.
   */
  const judgeCarried = async (row: { readonly id: string; readonly user: string; readonly binding_hash: string | null; readonly replaced_binding: string | null; readonly replaced_until: Seconds | null }, carried: Carried, now: Seconds): Promise<Failure | null> => {
    const { id, user, binding_hash: bound } = row;
    const given = carried.as === 'cookie' && carried.binding !== null ? hashToken(carried.binding) : null;
    if (carried.as === 'cookie' ? bound !== null && given === bound : bound === null) return null;
    const failure = fail('NOT_SIGNED_IN', { why: 'binding' });
    const isForgotten = carried.as === 'cookie' && given === null;
    const isOfBefore = given !== null && given === row.replaced_binding && (row.replaced_until ?? 0) > now;
    if (bound === null || isForgotten || isOfBefore) {
      await ground.refusals.note({ action: 'session.refused', actor: user, subject: id, code: failure.code, why: 'binding' });
      return failure;
    }
    const ended = await database.transact(async (trx) => {
      const row = await trx.updateTable('session').set({ revoked_at: now }).where('id', '=', id).where('revoked_at', 'is', null).returning('id').executeTakeFirst();
      if (row) await recordAudit(trx, [{ at: now, organization: null, actor: 'unknown', action: 'user.session-stolen', subject: id, details: { user, as: carried.as } }]);
      return row !== undefined;
    });
    if (ended) hub.publish({ type: 'account' }, { user });
    return failure;
  };

  return {
    /** Begins a session in the transaction of the sign-in; one that its caller had before ends. */
    begin: async (trx: Trx, input: { readonly user: string; readonly agent: string | null; readonly replaces: string | null; readonly inCookie: boolean }): Promise<Begun> => {
      const now = clock.now();
      const [token, id, expiresAt] = [newToken(), random.id('ses'), now + TERM];
      await trx.deleteFrom('session').where('user', '=', input.user).where('expires_at', '<=', now).execute();
      const binding = input.inCookie ? newToken() : null;
      const before = input.replaces === null
        ? undefined
        : await trx.updateTable('session').set({ revoked_at: now }).where('token_hash', '=', hashToken(input.replaces)).where('revoked_at', 'is', null).returning('binding_hash').executeTakeFirst();
      const replaced = before?.binding_hash ?? null;
      await trx
        .insertInto('session')
        .values({ id, token_hash: hashToken(token), user: input.user, agent: input.agent, created_at: now, expires_at: expiresAt, revoked_at: null, last_used_at: now, binding_hash: binding === null ? null : hashToken(binding), replaced_binding: replaced, replaced_until: replaced === null ? null : now + GRACE })
        .execute();
      await recordAudit(trx, [{ at: now, organization: null, actor: input.user, action: 'user.signed-in', subject: id, details: { agent: input.agent } }]);
      return { token, binding, expiresAt };
    },

    /** The session of a token. Using it makes it last longer. Errors: `NOT_SIGNED_IN` (why: binding, ended, expired, where it is known). */
    authenticate: async (token: string, carried: Carried): Promise<Result<Session>> => {
      const now = clock.now();
      const hash = hashToken(token);
      const row = (await sessionOf(db, { hash }))[0] ?? (await sessionBefore(db, { hash, now }))[0];
      if (!row) return fail('NOT_SIGNED_IN');
      if (row.revoked_at !== null) return fail('NOT_SIGNED_IN', { why: 'ended' });
      if (row.expires_at <= now) return fail('NOT_SIGNED_IN', { why: 'expired' });
      const refused = await judgeCarried(row, carried, now);
      if (refused) return refused;
      let expiresAt = row.expires_at;
      if (now + TERM - expiresAt >= TERM_STEP) expiresAt = now + TERM;
      if ((expiresAt !== row.expires_at || now - row.last_used_at >= USE_STEP) && !touching.has(row.id)) {
        touching.add(row.id);
        await database
          .transact((trx) => trx.updateTable('session').set({ expires_at: expiresAt, last_used_at: now }).where('id', '=', row.id).execute())
          .finally(() => touching.delete(row.id));
      }
      return ok({ id: row.id, expiresAt, person: { id: row.user, name: row.name, email: row.email, session: row.id } });
    },

    /** Another token for the same session, after a change of what it takes to sign in. Its binding stays: requests of other pages are on their way with it. */
    rotate: (session: Session): Promise<string> =>
      database.transact(async (trx) => {
        const token = newToken();
        await trx
          .updateTable('session')
          .set((eb) => ({ previous_hash: eb.ref('token_hash'), previous_until: clock.now() + GRACE, token_hash: hashToken(token) }))
          .where('id', '=', session.id)
          .execute();
        return token;
      }),

    signOut: async (session: Session): Promise<void> => {
      const user = session.person.id;
      await database.transact(async (trx) => {
        const now = clock.now();
        await trx.updateTable('session').set({ revoked_at: now }).where('id', '=', session.id).where('revoked_at', 'is', null).execute();
        await recordAudit(trx, [{ at: now, organization: null, actor: user, action: 'user.signed-out', subject: session.id, details: {} }]);
      });
      // Other pages of the same browser show what is this person's only.
      hub.publish({ type: 'account' }, { user });
    },

    /** Those that go on, the one used last first. */
    list: async (session: Session): Promise<readonly SessionRow[]> => {
      const rows = await db
        .selectFrom('session').selectAll().where('user', '=', session.person.id).where('revoked_at', 'is', null).where('expires_at', '>', clock.now())
        .orderBy('last_used_at', 'desc').orderBy('created_at', 'desc').execute();
      return rows.map((row) => ({ id: row.id, agent: row.agent, createdAt: row.created_at, lastUsedAt: row.last_used_at, current: row.id === session.id }));
    },

    /** Errors: `NOT_FOUND`, also for a session of somebody else. */
    end: async (session: Session, id: string): Promise<Result<null>> => {
      const user = session.person.id;
      const result = await database.transact(async (trx): Promise<Result<null>> => {
        const now = clock.now();
        const ended = await trx
          .updateTable('session').set({ revoked_at: now }).where('id', '=', id).where('user', '=', user).where('revoked_at', 'is', null).where('expires_at', '>', now).returning('id').executeTakeFirst();
        if (!ended) return fail('NOT_FOUND', { session: id });
        await recordAudit(trx, [{ at: now, organization: null, actor: user, action: 'user.session-ended', subject: id, details: {} }]);
        return ok(null);
      });
      // Its own listeners look at the account again, and learn that they are signed out.
      if (result.ok) hub.publish({ type: 'account' }, { user });
      return result;
    },

    endOthers: async (session: Session): Promise<number> => {
      const user = session.person.id;
      const ended = await database.transact(async (trx) => {
        const now = clock.now();
        const count = await endSessions(trx, user, now, session.id);
        if (count > 0) await recordAudit(trx, [{ at: now, organization: null, actor: user, action: 'user.session-ended', subject: user, details: { others: count } }]);
        return count;
      });
      if (ended > 0) hub.publish({ type: 'account' }, { user });
      return ended;
    },
  };
};
export type Sessions = ReturnType<typeof createSessions>;
