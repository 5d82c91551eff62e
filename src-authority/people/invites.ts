import { isEmail } from '../../src-shared/email.ts';
import type { Invite } from '../../src-shared/http/people.ts';
import { Refusal, settle } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import type { Role } from '../../src-shared/role.ts';
import { DAY, MINUTE } from '../../src-shared/time.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { normalizeEmail } from '../accounts/accounts.ts';
import { hashToken, newToken } from '../accounts/tokens.ts';
import { recordAudit } from '../audit/audit.ts';
import type { Db, Locale, Trx } from '../adapter/schema.ts';
import type { Ground, Person } from '../ground.ts';
import { invitationLetter } from '../mail/letters/invitation.ts';
import { containing } from '../holdings/common.ts';
import { portalLink, queueMail } from '../mail/queue.ts';
import { demand, demandGiving } from '../organizations/membership.ts';

/** A link is good for this long. */
export const INVITE_TERM: Seconds = 14 * DAY;
const RESEND_PAUSE: Seconds = MINUTE;
/** Of one organization: strangers' mailboxes are not ours to fill. */
const MOST_A_DAY = 2000;

export type Refused = { readonly address: string; readonly why: 'member' | 'invited' | 'address' };

const rows = (db: Db, organization: string) =>
  db
    .selectFrom('invite')
    .leftJoin('user as inviter', 'inviter.id', 'invite.invited_by')
    .where('invite.organization', '=', organization)
    .selectAll('invite')
    .select('inviter.name as inviter_name');
type Row = Awaited<ReturnType<ReturnType<typeof rows>['execute']>>[number];

const inviteOf = (row: Row, now: Seconds): Invite => ({
  id: row.id, email: row.email, role: row.role, invitedBy: row.inviter_name ?? '', createdAt: row.created_at, expiresAt: row.expires_at, sentAt: row.sent_at,
  status: row.state === 'pending' && row.expires_at <= now ? 'expired' : row.state,
});

/** The invitations of an organization, as its managers handle them. */
export const createInvites = (ground: Ground) => {
  const { database, clock, random } = ground;

  const send = async (trx: Trx, mail: { readonly organization: string; readonly person: Person; readonly email: string; readonly role: Role; readonly locale: Locale; readonly token: string; readonly now: Seconds }) => {
    const { name } = await trx.selectFrom('organization').select('name').where('id', '=', mail.organization).executeTakeFirstOrThrow();
    const known = await trx.selectFrom('user').select('locale').where('email', '=', mail.email).executeTakeFirst();
    await queueMail(trx, {
      to: mail.email, locale: known?.locale ?? mail.locale, letter: invitationLetter, at: mail.now,
      facts: { organization: name, role: mail.role, invitedBy: mail.person.name, link: portalLink(ground, '/invitation', mail.token), expiresAt: mail.now + INVITE_TERM },
    });
  };

  /** One open invitation, changed by somebody who may give its role. Errors (thrown): `NOT_FOUND`, `FORBIDDEN`, `CONFLICT` (why: ended). */
  const change = (person: Person, organization: string, id: string, work: (trx: Trx, invite: Row, role: Role, now: Seconds) => Promise<void>): Promise<Result<Invite>> =>
    settle(() =>
      database.transact(async (trx) => {
        const now = clock.now();
        const role = await demand(trx, organization, person.id, 'people.invite');
        const find = () => rows(trx, organization).where('invite.id', '=', id).executeTakeFirst();
        const invite = await find();
        if (!invite) throw new Refusal('NOT_FOUND', { invite: id });
        demandGiving(role, invite.role, 'people.invite');
        if (invite.state !== 'pending') throw new Refusal('CONFLICT', { why: 'ended', status: invite.state });
        await work(trx, invite, role, now);
        const after = await find();
        if (!after) throw new Error('an invitation is gone');
        return inviteOf(after, now);
      }),
    );

  return {
    /** Errors: `NOT_FOUND`, `FORBIDDEN`. */
    invites: (
      person: Person,
      organization: string,
      query: { readonly offset: number; readonly limit: number; readonly search: string; readonly status: 'open' | 'all' },
    ): Promise<Result<{ readonly total: number; readonly invites: readonly Invite[] }>> =>
      settle(async () => {
        const { db } = database;
        await demand(db, organization, person.id, 'people.invite');
        const matching = rows(db, organization)
          .$if(query.status === 'open', (select) => select.where('invite.state', '=', 'pending'))
          .where(containing(query.search, ['invite.email']));
        const { total } = await matching.clearSelect().select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
        const page = await matching.orderBy('invite.created_at', 'desc').orderBy('invite.id').offset(query.offset).limit(query.limit).execute();
        return { total, invites: page.map((row) => inviteOf(row, clock.now())) };
      }),

    /** Errors: `NOT_FOUND`, `FORBIDDEN`, `RATE_LIMITED`. */
    invite: (
      person: Person,
      organization: string,
      input: { readonly addresses: readonly string[]; readonly role: Role },
    ): Promise<Result<{ readonly invites: readonly Invite[]; readonly refused: readonly Refused[] }>> =>
      settle(() =>
        database.transact(async (trx) => {
          const now = clock.now();
          const own = await demand(trx, organization, person.id, 'people.invite');
          demandGiving(own, input.role, 'people.invite');
          const given = [...new Set(input.addresses.map(normalizeEmail))];
          const addresses = given.filter(isEmail);
          const { count } = await trx
            .selectFrom('invite').where('organization', '=', organization).where('created_at', '>', now - DAY).select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow();
          if (count + addresses.length > MOST_A_DAY) throw new Refusal('RATE_LIMITED', { retryAfter: DAY, most: MOST_A_DAY });
          const { locale } = await trx.selectFrom('user').select('locale').where('id', '=', person.id).executeTakeFirstOrThrow();
          const sent: string[] = [];
          const refused: Refused[] = given.filter((address) => !isEmail(address)).map((address) => ({ address, why: 'address' }));
          for (const email of addresses) {
            const member = await trx
              .selectFrom('user').innerJoin('member', 'member.user', 'user.id').where('user.email', '=', email).where('member.organization', '=', organization).select('user.id').executeTakeFirst();
            const open = await trx.selectFrom('invite').where('organization', '=', organization).where('email', '=', email).where('state', '=', 'pending').select(['id', 'expires_at']).executeTakeFirst();
            if (member || (open && open.expires_at > now)) {
              refused.push({ address: email, why: member ? 'member' : 'invited' });
              continue;
            }
            // One that has expired makes room for the new one.
            if (open) await trx.updateTable('invite').set({ state: 'cancelled', ended_at: now }).where('id', '=', open.id).execute();
            const [id, token] = [random.id('inv'), newToken()];
            await trx
              .insertInto('invite')
              .values({
                id, organization, email, role: input.role, token_hash: hashToken(token), invited_by: person.id, locale, created_at: now, sent_at: now, expires_at: now + INVITE_TERM,
              })
              .execute();
            await send(trx, { organization, person, email, role: input.role, locale, token, now });
            sent.push(id);
          }
          await recordAudit(trx, sent.map((id) => ({ at: now, organization, actor: person.id, action: 'invite.sent', subject: id, details: { role: input.role } })));
          const page = sent.length === 0 ? [] : await rows(trx, organization).where('invite.id', 'in', sent).orderBy('invite.email').execute();
          return { invites: page.map((row) => inviteOf(row, now)), refused };
        }),
      ),

    /** The link sent before is dead from then on. Errors: `NOT_FOUND`, `FORBIDDEN`, `CONFLICT` (why: ended), `RATE_LIMITED`. */
    resend: (person: Person, organization: string, id: string): Promise<Result<Invite>> =>
      change(person, organization, id, async (trx, invite, _role, now) => {
        const wait = invite.sent_at + RESEND_PAUSE - now;
        if (wait > 0) throw new Refusal('RATE_LIMITED', { retryAfter: wait });
        const token = newToken();
        await trx
          .updateTable('invite')
          .set((eb) => ({ token_hash: hashToken(token), sent_at: now, expires_at: now + INVITE_TERM, invited_by: person.id, sent_times: eb('sent_times', '+', 1) }))
          .where('id', '=', id)
          .execute();
        await send(trx, { organization, person, email: invite.email, role: invite.role, locale: invite.locale, token, now });
        await recordAudit(trx, [{ at: now, organization, actor: person.id, action: 'invite.sent-again', subject: id, details: {} }]);
      }),

    /** Errors: `NOT_FOUND`, `FORBIDDEN`, `CONFLICT` (why: ended). */
    editInvite: (person: Person, organization: string, id: string, given: Role): Promise<Result<Invite>> =>
      change(person, organization, id, async (trx, invite, role, now) => {
        demandGiving(role, given, 'people.invite');
        if (invite.role === given) return;
        await trx.updateTable('invite').set({ role: given, invited_by: person.id }).where('id', '=', id).execute();
        await recordAudit(trx, [{ at: now, organization, actor: person.id, action: 'invite.role-changed', subject: id, details: { from: invite.role, to: given } }]);
      }),

    /** Errors: `NOT_FOUND`, `FORBIDDEN`, `CONFLICT` (why: ended). */
    cancelInvite: (person: Person, organization: string, id: string): Promise<Result<Invite>> =>
      change(person, organization, id, async (trx, _invite, _role, now) => {
        await trx.updateTable('invite').set({ state: 'cancelled', ended_at: now }).where('id', '=', id).execute();
        await recordAudit(trx, [{ at: now, organization, actor: person.id, action: 'invite.cancelled', subject: id, details: {} }]);
      }),
  };
};

export type Invites = ReturnType<typeof createInvites>;
