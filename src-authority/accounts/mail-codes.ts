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

/**
 * Codes by mail: six digits, ten minutes, five tries. A slow mail may arrive after a newer one was asked for, so every code of a
 * purpose is good until it expires; using one ends them all. SECURITY: a wrong try counts for each of them, so each is held
 * against five guesses, however many were sent.
 */
export type CodePurpose = Row<'mail_code'>['purpose'];
export type Addressee = { readonly id: string; readonly name: string; readonly email: string; readonly locale: Locale };

const TERM: Seconds = 10 * MINUTE;
const TRIES = 5;
/** Who asks again within this time, for want of patience or of the reply, gets the code that is on its way. */
const STANDS: Seconds = MINUTE;

export const createMailCodes = (sealing: Sealing, guard: Guard) => {
  const mark = (user: string, purpose: CodePurpose, code: string): string => sealing.mark(code, `mail-code/${purpose}/${user}`);

  /** The codes of a purpose that are good now. */
  const open = (trx: Trx, user: string, purpose: CodePurpose, now: Seconds) =>
    trx.selectFrom('mail_code').selectAll().where('user', '=', user).where('purpose', '=', purpose)
      .where('used_at', 'is', null).where('expires_at', '>', now).where('tries', '<', TRIES).orderBy('sent_at', 'desc').execute();

  return {
    /** Errors: `RATE_LIMITED`. */
    send: async (trx: Trx, to: Addressee, purpose: CodePurpose, now: Seconds): Promise<Result<{ readonly expiresAt: Seconds }>> => {
      const [last] = await open(trx, to.id, purpose, now);
      if (last && last.sent_at > now - STANDS && last.sent_at <= now) return ok({ expiresAt: last.expires_at });
      const refused = guard.beforeMail(`code/${purpose}/${to.id}`);
      if (refused) return refused;
      const code = newCode();
      const values = { code_hash: mark(to.id, purpose, code), sent_at: now, expires_at: now + TERM, tries: 0, used_at: null };
      await trx.deleteFrom('mail_code').where('user', '=', to.id).where('purpose', '=', purpose).where('expires_at', '<=', now).execute();
      await trx
        .insertInto('mail_code')
        .values({ user: to.id, purpose, ...values })
        .onConflict((on) => on.columns(['user', 'purpose', 'code_hash']).doUpdateSet(values))
        .execute();
      const letter = purpose === 'sign-in' ? signInCodeLetter : factorCodeLetter;
      await queueMail(trx, { to: to.email, locale: to.locale, letter, facts: { name: to.name, code, expiresAt: now + TERM }, at: now });
      return ok({ expiresAt: now + TERM });
    },

    /** Whether this is a code that is good; it and all others are used up by being right, and each by five wrong tries. */
    accept: async (trx: Trx, user: string, purpose: CodePurpose, code: string, now: Seconds): Promise<boolean> => {
      const typed = Buffer.from(mark(user, purpose, code));
      const right = (await open(trx, user, purpose, now)).filter(({ code_hash }) => timingSafeEqual(Buffer.from(code_hash), typed));
      const unused = trx.updateTable('mail_code').where('user', '=', user).where('purpose', '=', purpose).where('used_at', 'is', null);
      if (right.length === 0) {
        await unused.set((eb) => ({ tries: eb('tries', '+', 1) })).execute();
        return false;
      }
      const used = await unused.set({ used_at: now }).returning('code_hash').execute();
      if (used.length > 0) guard.mailUsed(`code/${purpose}/${user}`);
      return used.length > 0;
    },
  };
};
export type MailCodes = ReturnType<typeof createMailCodes>;
