import { createHash, randomBytes } from 'node:crypto';
import type { Account } from '../../src-shared/http/index.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import { DAY } from '../../src-shared/time.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { recordAudit } from '../audit/audit.ts';
import type { Passwords } from '../adapter/password.ts';
import { prepared } from '../adapter/prepared.ts';
import type { Db } from '../adapter/schema.ts';
import type { Ground, Person } from '../ground.ts';
import { createAttempts } from './attempts.ts';

/** A session lasts this long after it was last used. */
const SESSION_TERM: Seconds = 30 * DAY;
/** An end that is less than this earlier than it could be is not written anew: reading stays reading. */
const SESSION_STEP: Seconds = DAY;

/** Failures that cost nothing: a person who mistypes, an office behind one address. */
const FREE_PER_EMAIL = 5;
const FREE_PER_ADDRESS = 30;

/** SECURITY: the token is 256 random bits and stored only as a hash: who reads the database cannot use it. */
const hashToken = (token: string): string => createHash('sha256').update(token).digest('base64url');

/** E-mail addresses are compared without regard to case. */
export const normalizeEmail = (email: string): string => email.trim().normalize('NFC').toLowerCase();

export type SignedIn = { readonly token: string; readonly expiresAt: Seconds; readonly account: Account };
export type Session = { readonly id: string; readonly expiresAt: Seconds; readonly person: Person };

const sessionOf = prepared((db, p: { hash: string }) =>
  db
    .selectFrom('session')
    .innerJoin('user', 'user.id', 'session.user')
    .where('session.token_hash', '=', p.hash)
    .select(['session.id', 'session.expires_at', 'session.revoked_at', 'user.id as user', 'user.name', 'user.email']),
);

const accountOf = async (db: Db, user: string): Promise<Account> => {
  const [person, organizations] = await Promise.all([
    db.selectFrom('user').select(['id', 'email', 'name', 'default_organization']).where('id', '=', user).executeTakeFirstOrThrow(),
    db
      .selectFrom('member')
      .innerJoin('organization', 'organization.id', 'member.organization')
      .where('member.user', '=', user)
      .orderBy('organization.name')
      .select(['organization.id', 'organization.name', 'member.role'])
      .execute(),
  ]);
  const isMember = organizations.some(({ id }) => id === person.default_organization);
  return {
    user: { id: person.id, email: person.email, name: person.name },
    organizations,
    defaultOrganization: isMember ? person.default_organization : null,
  };
};

/** Sign-in, sessions, and the person's own choices. */
export const createAccounts = (ground: Ground, passwords: Passwords) => {
  const { database, clock, random, hub } = ground;
  const { db } = database;
  const byEmail = createAttempts(clock, FREE_PER_EMAIL);
  const byAddress = createAttempts(clock, FREE_PER_ADDRESS);

  const limited = (email: string, address: string): number => Math.max(byEmail.wait(email), byAddress.wait(address));

  return {
    /** Errors: `CREDENTIALS_INVALID`, `RATE_LIMITED` with `retryAfter` in seconds. Takes as long for an unknown address. */
    signIn: async (input: { readonly email: string; readonly password: string; readonly agent: string | null; readonly address: string }): Promise<Result<SignedIn>> => {
      const email = normalizeEmail(input.email);
      const wait = limited(email, input.address);
      if (wait > 0) return fail('RATE_LIMITED', { retryAfter: wait });
      // Counted before it is known to be wrong, so that guesses made at once are counted one by one.
      byEmail.failed(email);
      const user = await db.selectFrom('user').select(['id', 'password']).where('email', '=', email).executeTakeFirst();
      if (!(await passwords.verify(user?.password ?? null, input.password)) || !user) {
        byAddress.failed(input.address);
        return fail('CREDENTIALS_INVALID');
      }
      byEmail.succeeded(email);
      const token = randomBytes(32).toString('base64url');
      const now = clock.now();
      const expiresAt = now + SESSION_TERM;
      await database.transact(async (trx) => {
        const id = random.id('ses');
        await trx
          .insertInto('session')
          .values({ id, token_hash: hashToken(token), user: user.id, agent: input.agent, created_at: now, expires_at: expiresAt, revoked_at: null })
          .execute();
        await trx.deleteFrom('session').where('user', '=', user.id).where('expires_at', '<=', now).execute();
        await recordAudit(trx, [{ at: now, organization: null, actor: user.id, action: 'user.signed-in', subject: id, details: { agent: input.agent } }]);
      });
      return ok({ token, expiresAt, account: await accountOf(db, user.id) });
    },

    /** The session of a token; null when there is none any more. Using it makes it last longer. */
    authenticate: async (token: string): Promise<Session | null> => {
      const now = clock.now();
      const [row] = await sessionOf(db, { hash: hashToken(token) });
      if (!row || row.revoked_at !== null || row.expires_at <= now) return null;
      let expiresAt = row.expires_at;
      if (now + SESSION_TERM - expiresAt >= SESSION_STEP) {
        expiresAt = now + SESSION_TERM;
        await database.transact((trx) => trx.updateTable('session').set({ expires_at: expiresAt }).where('id', '=', row.id).execute());
      }
      return { id: row.id, expiresAt, person: { id: row.user, name: row.name, email: row.email } };
    },

    signOut: async (session: Session): Promise<void> =>
      database.transact(async (trx) => {
        const now = clock.now();
        await trx.updateTable('session').set({ revoked_at: now }).where('id', '=', session.id).execute();
        await recordAudit(trx, [{ at: now, organization: null, actor: session.person.id, action: 'user.signed-out', subject: session.id, details: {} }]);
      }),

    account: (user: string): Promise<Account> => accountOf(db, user),

    organizationsOf: async (user: string): Promise<readonly string[]> =>
      (await db.selectFrom('member').select('organization').where('user', '=', user).execute()).map((row) => row.organization),

    /** Errors: `NOT_FOUND`. */
    setDefaultOrganization: async (user: string, organization: string): Promise<Result<Account>> => {
      const result = await database.transact(async (trx): Promise<Result<null>> => {
        const member = await trx.selectFrom('member').select('role').where('user', '=', user).where('organization', '=', organization).executeTakeFirst();
        if (!member) return fail('NOT_FOUND', { organization });
        await trx.updateTable('user').set({ default_organization: organization }).where('id', '=', user).execute();
        await recordAudit(trx, [{ at: clock.now(), organization, actor: user, action: 'user.default-organization', subject: user, details: {} }]);
        return ok(null);
      });
      if (!result.ok) return result;
      hub.publish({ type: 'account' }, { user });
      return ok(await accountOf(db, user));
    },
  };
};

export type Accounts = ReturnType<typeof createAccounts>;
