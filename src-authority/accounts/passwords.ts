import { fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import { HOUR } from '../../src-shared/time.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { recordAudit } from '../audit/audit.ts';
import { opaque } from '../adapter/password.ts';
import type { Passwords } from '../adapter/password.ts';
import type { Trx } from '../adapter/schema.ts';
import type { Ground, SignedInPerson } from '../ground.ts';
import { passwordChangedLetter, passwordResetLetter } from '../mail/letters/password.ts';
import { portalLink, queueMail } from '../mail/queue.ts';
import type { ConfirmPassword, Guard } from './guard.ts';
import type { Known } from './known.ts';
import { endLinks, makeLink, readLink, useLink } from './links.ts';
import { endSessions } from './sessions.ts';
import { judgePassword } from './strength.ts';
import { normalizeEmail } from './view.ts';

const LINK_TERM: Seconds = HOUR;

/** `known`: the token for the browser that changed it; the ones given out for the old password are worth nothing. */
type Changed = { readonly known: string };

export const createPasswordChanges = (
  ground: Ground,
  { passwords, guard, confirm, known }: { readonly passwords: Passwords; readonly guard: Guard; readonly confirm: ConfirmPassword; readonly known: Known },
) => {
  const { database, clock, hub } = ground;
  const { db } = database;
  const underWay = new Set<Promise<void>>();

  /** SECURITY: with the password goes everything that an intruder may have opened: sessions, links, a change of e-mail. */
  const change = async (trx: Trx, user: string, hash: string, action: 'user.password-changed' | 'user.password-reset', now: Seconds): Promise<void> => {
    const { name, email, locale } = await trx.updateTable('user').set({ password: hash }).where('id', '=', user).returning(['name', 'email', 'locale']).executeTakeFirstOrThrow();
    const sessions = await endSessions(trx, user, now);
    await endLinks(trx, user, ['email', 'password'], now);
    await queueMail(trx, { to: email, locale, letter: passwordChangedLetter, facts: { name, at: now, forgotLink: portalLink(ground, '/password-reset') }, at: now });
    await recordAudit(trx, [{ at: now, organization: null, actor: user, action, subject: user, details: { sessions } }]);
  };

  const sendLink = (email: string): Promise<void> =>
    database.transact(async (trx) => {
      const now = clock.now();
      const user = await trx.selectFrom('user').select(['id', 'name', 'email', 'locale']).where('email', '=', email).where('deleted_at', 'is', null).executeTakeFirst();
      if (!user) return;
      const expiresAt = now + LINK_TERM;
      const token = await makeLink(trx, { user: user.id, purpose: 'password', email: null, now, expiresAt });
      await queueMail(trx, { to: user.email, locale: user.locale, letter: passwordResetLetter, facts: { name: user.name, link: portalLink(ground, '/password-reset', token), expiresAt }, at: now });
      await recordAudit(trx, [{ at: now, organization: null, actor: user.id, action: 'user.password-reset-asked', subject: user.id, details: {} }]);
    });

  return {
    /** Errors: those of `confirm`; `PASSWORD_WEAK`, `RATE_LIMITED`. */
    change: async (person: SignedInPerson, input: { readonly old: string; readonly new: string; readonly address: string }): Promise<Result<Changed>> => {
      const confirmed = await confirm(person, input.old);
      if (!confirmed.ok) return confirmed;
      if (opaque(input.new) === opaque(input.old)) return fail('PASSWORD_WEAK', { why: 'same' });
      const weak = await judgePassword(input.new, [person.name, person.email]);
      if (weak) return weak;
      const hash = await passwords.hash(input.new);
      if (!hash.ok) return hash;
      const result = await database.transact(async (trx): Promise<Result<Changed>> => {
        // The old password was right when it was asked for; another change may have come first.
        const still = await trx.selectFrom('user').select('id').where('id', '=', person.id).where('password', '=', confirmed.value).executeTakeFirst();
        if (!still) return fail('CREDENTIALS_INVALID');
        await change(trx, person.id, hash.value, 'user.password-changed', clock.now());
        return ok({ known: known.issue({ id: person.id, password: hash.value }) });
      });
      if (result.ok) {
        guard.vouch(normalizeEmail(person.email), input.address);
        hub.publish({ type: 'account' }, { user: person.id });
      }
      return result;
    },

    /**
     * SECURITY: answered before anything is looked up, so that neither the reply nor its time tells whether there is such an
     * account. Errors: `RATE_LIMITED`.
     */
    forgot: (input: { readonly email: string; readonly address: string; readonly onDefect: (error: unknown) => void }): Result<null> => {
      const email = normalizeEmail(input.email);
      const refused = guard.beforeMailFrom(input.address) ?? guard.beforeMail(`reset/${email}`);
      if (refused) return refused;
      const work = new Promise<void>((resolve) => setImmediate(resolve)).then(() => sendLink(email)).catch(input.onDefect).finally(() => underWay.delete(work));
      underWay.add(work);
      return ok(null);
    },

    /** Errors: `NOT_FOUND`, `LINK_ENDED`, `PASSWORD_WEAK`, `RATE_LIMITED`; a weak password does not use the link up. */
    reset: async (input: { readonly token: string; readonly password: string; readonly address: string }): Promise<Result<Changed>> => {
      const link = await readLink(db, input.token, 'password', clock.now());
      if (!link.ok) return link;
      const { user } = link.value;
      const { name, email } = await db.selectFrom('user').select(['name', 'email']).where('id', '=', user).executeTakeFirstOrThrow();
      const weak = await judgePassword(input.password, [name, email]);
      if (weak) return weak;
      const hash = await passwords.hash(input.password);
      if (!hash.ok) return hash;
      const result = await database.transact(async (trx): Promise<Result<Changed>> => {
        const now = clock.now();
        const used = await useLink(trx, input.token, 'password', now);
        if (!used.ok) return used;
        await change(trx, user, hash.value, 'user.password-reset', now);
        return ok({ known: known.issue({ id: user, password: hash.value }) });
      });
      if (result.ok) {
        guard.vouch(normalizeEmail(email), input.address);
        hub.publish({ type: 'account' }, { user });
      }
      return result;
    },

    /** When what was answered early is done. */
    idle: async (): Promise<void> => void (await Promise.all(underWay)),
  };
};
