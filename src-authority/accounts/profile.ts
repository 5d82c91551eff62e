import type { Account } from '../../src-shared/http/index.ts';
import type { ClusterLocation } from '../../src-shared/http/schema.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import { DAY } from '../../src-shared/time.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { recordAudit } from '../audit/audit.ts';
import type { Locale } from '../adapter/schema.ts';
import type { Ground, SignedInPerson } from '../ground.ts';
import { emailChangeAskedLetter, emailChangedLetter, emailChangeLetter } from '../mail/letters/email-change.ts';
import { portalLink, queueMail } from '../mail/queue.ts';
import type { ConfirmPassword, Guard } from './guard.ts';
import { endLinks, makeLink, useLink } from './links.ts';
import { accountOf, normalizeEmail, profileOf } from './view.ts';

const LINK_TERM: Seconds = DAY;

/** A person's name, language and e-mail address. */
export const createProfile = (ground: Ground, { guard, confirm }: { readonly guard: Guard; readonly confirm: ConfirmPassword }) => {
  const { database, clock, hub } = ground;
  const { db } = database;

  return {
    read: (user: string) => profileOf(db, user, clock.now()),

    rename: async (user: string, name: { readonly firstName: string; readonly lastName: string }): Promise<Account> => {
      await database.transact(async (trx) => {
        await trx.updateTable('user').set({ first_name: name.firstName, last_name: name.lastName, name: `${name.firstName} ${name.lastName}` }).where('id', '=', user).execute();
        await recordAudit(trx, [{ at: clock.now(), organization: null, actor: user, action: 'user.renamed', subject: user, details: {} }]);
      });
      hub.publish({ type: 'account' }, { user });
      return accountOf(db, user);
    },

    setLocale: async (user: string, locale: Locale): Promise<Account> => {
      await database.transact(async (trx) => {
        await trx.updateTable('user').set({ locale }).where('id', '=', user).execute();
        await recordAudit(trx, [{ at: clock.now(), organization: null, actor: user, action: 'user.locale', subject: user, details: { locale } }]);
      });
      hub.publish({ type: 'account' }, { user });
      return accountOf(db, user);
    },

    setCluster: async (user: string, cluster: ClusterLocation): Promise<Account> => {
      await database.transact(async (trx) => {
        await trx.updateTable('user').set({ cluster }).where('id', '=', user).execute();
        await recordAudit(trx, [{ at: clock.now(), organization: null, actor: user, action: 'user.cluster', subject: user, details: { cluster } }]);
      });
      hub.publish({ type: 'account' }, { user });
      return accountOf(db, user);
    },

    /**
     * SECURITY: that an address has an account is told to who reads its mail, and not here. Errors: those of `confirm`;
     * `CONFLICT` (why: same), `RATE_LIMITED`.
     */
    changeEmail: async (person: SignedInPerson, input: { readonly email: string; readonly password: string }): Promise<Result<{ readonly pending: string; readonly expiresAt: Seconds }>> => {
      const confirmed = await confirm(person, input.password);
      if (!confirmed.ok) return confirmed;
      const email = normalizeEmail(input.email);
      if (email === person.email) return fail('CONFLICT', { why: 'same' });
      const refused = guard.beforeMail(`email/${person.id}`);
      if (refused) return refused;
      const expiresAt = await database.transact(async (trx) => {
        const now = clock.now();
        const until = now + LINK_TERM;
        const { name, email: old, locale } = await trx.selectFrom('user').select(['name', 'email', 'locale']).where('id', '=', person.id).executeTakeFirstOrThrow();
        const token = await makeLink(trx, { user: person.id, purpose: 'email', email, now, expiresAt: until });
        await queueMail(trx, { to: email, locale, letter: emailChangeLetter, facts: { name, link: portalLink(ground, '/email-confirmation', token), expiresAt: until }, at: now });
        await queueMail(trx, { to: old, locale, letter: emailChangeAskedLetter, facts: { name, email, expiresAt: until }, at: now });
        await recordAudit(trx, [{ at: now, organization: null, actor: person.id, action: 'user.email-change-asked', subject: person.id, details: {} }]);
        return until;
      });
      hub.publish({ type: 'account' }, { user: person.id });
      return ok({ pending: email, expiresAt });
    },

    /** Errors: `NOT_FOUND`, `LINK_ENDED`, `CONFLICT` (why: taken) when another account has got the address meanwhile; that uses the link up. */
    confirmEmail: async (token: string): Promise<Result<{ readonly email: string }>> => {
      let user: string | null = null;
      const result = await database.transact(async (trx): Promise<Result<{ readonly email: string }>> => {
        const now = clock.now();
        const link = await useLink(trx, token, 'email', now);
        if (!link.ok) return link;
        const email = link.value.email ?? '';
        const taken = await trx.selectFrom('user').select('id').where('email', '=', email).executeTakeFirst();
        if (taken) return fail('CONFLICT', { why: 'taken' });
        const before = await trx.selectFrom('user').select(['id', 'name', 'email', 'locale']).where('id', '=', link.value.user).executeTakeFirstOrThrow();
        await trx.updateTable('user').set({ email }).where('id', '=', before.id).execute();
        // What was sent to the old address is worth nothing from now on.
        await endLinks(trx, before.id, ['password', 'email'], now);
        await trx.deleteFrom('mail_code').where('user', '=', before.id).execute();
        await queueMail(trx, { to: before.email, locale: before.locale, letter: emailChangedLetter, facts: { name: before.name, email, at: now }, at: now });
        await recordAudit(trx, [{ at: now, organization: null, actor: before.id, action: 'user.email-changed', subject: before.id, details: {} }]);
        user = before.id;
        return ok({ email });
      });
      if (user !== null) hub.publish({ type: 'account' }, { user });
      return result;
    },
  };
};
