import { timingSafeEqual } from 'node:crypto';
import { ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import { MINUTE } from '../../src-shared/time.ts';
import type { Seconds } from '../../src-shared/time.ts';
import type { Sealing } from '../adapter/sealing.ts';
import type { Locale, Row, Trx } from '../adapter/schema.ts';
import { factorCodeLetter, signInCodeLetter } from '../mail/letters/code.ts';
import { queueMail } from '../mail/queue.ts';
import type { Guard } from './guard.ts';
import { newCode } from './tokens.ts';

/** Codes by mail: six digits, ten minutes, five tries, used once. The newest of a purpose is the only one that is good. */
export type CodePurpose = Row<'mail_code'>['purpose'];
export type Addressee = { readonly id: string; readonly name: string; readonly email: string; readonly locale: Locale };

const TERM: Seconds = 10 * MINUTE;
const TRIES = 5;
/** Who asks again within this time, for want of patience or of the reply, has the code that is on its way. */
const STANDS: Seconds = MINUTE;

export const createMailCodes = (sealing: Sealing, guard: Guard) => {
  const mark = (user: string, purpose: CodePurpose, code: string): string => sealing.mark(code, `mail-code/${purpose}/${user}`);

  return {
    /** Errors: `RATE_LIMITED`. */
    send: async (trx: Trx, to: Addressee, purpose: CodePurpose, now: Seconds): Promise<Result<{ readonly expiresAt: Seconds }>> => {
      const last = await trx.selectFrom('mail_code').selectAll().where('user', '=', to.id).where('purpose', '=', purpose).executeTakeFirst();
      if (last && last.used_at === null && last.tries < TRIES && last.sent_at > now - STANDS && last.sent_at <= now) return ok({ expiresAt: last.expires_at });
      const refused = guard.beforeMail(`code/${purpose}/${to.id}`);
      if (refused) return refused;
      const code = newCode();
      const values = { code_hash: mark(to.id, purpose, code), sent_at: now, expires_at: now + TERM, tries: 0, used_at: null };
      await trx
        .insertInto('mail_code')
        .values({ user: to.id, purpose, ...values })
        .onConflict((on) => on.columns(['user', 'purpose']).doUpdateSet(values))
        .execute();
      const letter = purpose === 'sign-in' ? signInCodeLetter : factorCodeLetter;
      await queueMail(trx, { to: to.email, locale: to.locale, letter, facts: { name: to.name, code, expiresAt: now + TERM }, at: now });
      return ok({ expiresAt: now + TERM });
    },

    /** Whether this is the code; it is used up by being right, and by five wrong tries. */
    accept: async (trx: Trx, user: string, purpose: CodePurpose, code: string, now: Seconds): Promise<boolean> => {
      const row = await trx.selectFrom('mail_code').selectAll().where('user', '=', user).where('purpose', '=', purpose).executeTakeFirst();
      if (!row || row.used_at !== null || row.expires_at <= now || row.tries >= TRIES) return false;
      const of = trx.updateTable('mail_code').where('user', '=', user).where('purpose', '=', purpose);
      if (!timingSafeEqual(Buffer.from(row.code_hash), Buffer.from(mark(user, purpose, code)))) {
        await of.set({ tries: row.tries + 1 }).execute();
        return false;
      }
      const used = await of.set({ used_at: now }).where('used_at', 'is', null).returning('user').executeTakeFirst();
      if (used) guard.mailUsed(`code/${purpose}/${user}`);
      return used !== undefined;
    },
  };
};
export type MailCodes = ReturnType<typeof createMailCodes>;
