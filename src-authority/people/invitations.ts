import { fail, ok, Refusal, settle } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import type { Role } from '../../src-shared/role.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { judgePassword } from '../accounts/strength.ts';
import { hashToken } from '../accounts/tokens.ts';
import { recordAudit } from '../audit/audit.ts';
import type { Passwords } from '../adapter/password.ts';
import type { Db, Locale, Trx } from '../adapter/schema.ts';
import type { Ground, Person } from '../ground.ts';
import { isBacked } from './inviters.ts';
import { terms } from './terms.ts';

export type Invitation = {
  readonly organization: { readonly id: string; readonly name: string };
  readonly email: string;
  readonly role: Role;
  readonly invitedBy: string;
  readonly expiresAt: Seconds;
  readonly hasAccount: boolean;
  readonly terms: typeof terms;
};

export type SignUp = {
  readonly token: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly password: string;
  readonly accepts: { readonly agreement: string; readonly privacy: string };
  readonly locale: Locale;
};

/** The other end of an invitation: whoever holds its link. */
export const createInvitations = (ground: Ground, passwords: Passwords) => {
  const { database, clock, random, hub } = ground;

  /** The invitation of a link that works. Errors (thrown): `NOT_FOUND`, `INVITE_ENDED` (why: expired, accepted, declined, cancelled). */
  const open = async (db: Db, token: string) => {
    const invite = await db.selectFrom('invite').where('token_hash', '=', hashToken(token)).selectAll().executeTakeFirst();
    if (!invite) throw new Refusal('NOT_FOUND', { why: 'invitation' });
    if (invite.state !== 'pending') throw new Refusal('INVITE_ENDED', { why: invite.state });
    if (invite.expires_at <= clock.now()) throw new Refusal('INVITE_ENDED', { why: 'expired', at: invite.expires_at });
    if (!(await isBacked(db, invite))) throw new Refusal('INVITE_ENDED', { why: 'cancelled' });
    return invite;
  };

  /** Uses a link up: one statement decides who was first. Errors (thrown): those of `open`. */
  const useUp = async (trx: Trx, token: string, state: 'accepted' | 'declined') => {
    const now = clock.now();
    await open(trx, token);
    const used = await trx
      .updateTable('invite')
      .set({ state, ended_at: now })
      .where('token_hash', '=', hashToken(token))
      .where('state', '=', 'pending')
      .where('expires_at', '>', now)
      .returningAll()
      .executeTakeFirst();
    if (!used) throw new Error('a link that works was not used up');
    return used;
  };

  const join = async (trx: Trx, invite: { readonly id: string; readonly organization: string; readonly role: Role }, user: string): Promise<void> => {
    const now = clock.now();
    await trx.insertInto('member').values({ organization: invite.organization, user, role: invite.role, joined_at: now }).execute();
    await trx.updateTable('user').set({ default_organization: invite.organization }).where('id', '=', user).where('default_organization', 'is', null).execute();
    await recordAudit(trx, [
      { at: now, organization: invite.organization, actor: user, action: 'invite.accepted', subject: invite.id, details: {} },
      { at: now, organization: invite.organization, actor: user, action: 'member.joined', subject: user, details: { role: invite.role, invite: invite.id } },
    ]);
  };

  const tell = (organization: string, user: string): void => {
    hub.publish({ type: 'account' }, { user });
    hub.publish({ type: 'entitlements', organization }, { organization });
  };

  return {
    /** Errors: `NOT_FOUND`, `INVITE_ENDED`. */
    readInvitation: (token: string): Promise<Result<Invitation>> =>
      settle(async () => {
        const { db } = database;
        const invite = await open(db, token);
        const [organization, inviter, account] = await Promise.all([
          db.selectFrom('organization').select(['id', 'name']).where('id', '=', invite.organization).executeTakeFirstOrThrow(),
          invite.invited_by === null ? null : db.selectFrom('user').select('name').where('id', '=', invite.invited_by).executeTakeFirst(),
          db.selectFrom('user').select('id').where('email', '=', invite.email).executeTakeFirst(),
        ]);
        return {
          organization, email: invite.email, role: invite.role, invitedBy: inviter?.name ?? organization.name, expiresAt: invite.expires_at, hasAccount: account !== undefined, terms,
        };
      }),

    /** Errors: `NOT_FOUND`, `INVITE_ENDED`, `CONFLICT` (why: terms, account), `PASSWORD_WEAK`, `RATE_LIMITED`. */
    signUp: async (input: SignUp): Promise<Result<{ readonly organization: string }>> => {
      const offered = await settle(() => open(database.db, input.token));
      if (!offered.ok) return offered;
      const { email } = offered.value;
      if (input.accepts.agreement !== terms.agreement || input.accepts.privacy !== terms.privacy) return fail('CONFLICT', { why: 'terms', ...terms });
      const weak = await judgePassword(input.password, [input.firstName, input.lastName, email]);
      if (weak) return weak;
      const hash = await passwords.hash(input.password);
      if (!hash.ok) return hash;
      const user = random.id('usr');
      const joined = await settle(() =>
        database.transact(async (trx) => {
          const now = clock.now();
          const invite = await useUp(trx, input.token, 'accepted');
          if (await trx.selectFrom('user').select('id').where('email', '=', invite.email).executeTakeFirst()) throw new Refusal('CONFLICT', { why: 'account' });
          await trx
            .insertInto('user')
            .values({
              id: user, email: invite.email, name: `${input.firstName} ${input.lastName}`, first_name: input.firstName, last_name: input.lastName, password: hash.value,
              locale: input.locale, default_organization: invite.organization, created_at: now,
            })
            .execute();
          await trx
            .insertInto('acceptance')
            .values((['agreement', 'privacy'] as const).map((document) => ({ user, document, version: terms[document], at: now })))
            .execute();
          await recordAudit(trx, [{ at: now, organization: null, actor: user, action: 'user.signed-up', subject: user, details: { ...terms } }]);
          await join(trx, invite, user);
          return invite.organization;
        }),
      );
      if (!joined.ok) return joined;
      tell(joined.value, user);
      return ok({ organization: joined.value });
    },

    /** Errors: `NOT_FOUND`, `INVITE_ENDED`, `FORBIDDEN` (it was sent to another address), `CONFLICT` (why: member). */
    acceptInvitation: async (person: Person, token: string): Promise<Result<{ readonly organization: string }>> => {
      const joined = await settle(() =>
        database.transact(async (trx) => {
          const invite = await useUp(trx, token, 'accepted');
          // As it is now: a session may be older than a change of the address.
          const { email } = await trx.selectFrom('user').select('email').where('id', '=', person.id).executeTakeFirstOrThrow();
          if (invite.email !== email) throw new Refusal('FORBIDDEN', { why: 'other-address' });
          const member = await trx.selectFrom('member').select('role').where('organization', '=', invite.organization).where('user', '=', person.id).executeTakeFirst();
          if (member) throw new Refusal('CONFLICT', { why: 'member' });
          await join(trx, invite, person.id);
          return invite.organization;
        }),
      );
      if (!joined.ok) return joined;
      tell(joined.value, person.id);
      return ok({ organization: joined.value });
    },

    /** Errors: `NOT_FOUND`, `INVITE_ENDED`. */
    declineInvitation: (token: string): Promise<Result<null>> =>
      settle(() =>
        database.transact(async (trx) => {
          const invite = await useUp(trx, token, 'declined');
          await recordAudit(trx, [{ at: clock.now(), organization: invite.organization, actor: invite.id, action: 'invite.declined', subject: invite.id, details: {} }]);
          return null;
        }),
      ),
  };
};

export type Invitations = ReturnType<typeof createInvitations>;
