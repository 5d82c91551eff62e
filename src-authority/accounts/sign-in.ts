import type { Account } from '../../src-shared/http/index.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { recordAudit } from '../audit/audit.ts';
import type { Passwords } from '../adapter/password.ts';
import type { Locale, Trx } from '../adapter/schema.ts';
import type { Ground } from '../ground.ts';
import { recoveryUsedLetter } from '../mail/letters/second-factor.ts';
import { queueMail } from '../mail/queue.ts';
import { methodsOf, recoveryCodesLeft } from './factors.ts';
import type { Accepted, Factors } from './factors.ts';
import type { Guard, Origin } from './guard.ts';
import type { Known } from './known.ts';
import type { MailCodes } from './mail-codes.ts';
import type { Begun, Sessions } from './sessions.ts';
import { accountOf, normalizeEmail } from './view.ts';

/** `known`: the token for the next sign-in from the same browser or app. */
export type SignedIn = Begun & { readonly account: Account; readonly known: string };

/** Where a sign-in comes from: its address, and the tokens that it brought. */
export type Caller = { readonly address: string; readonly known: readonly string[] };

type Person = { readonly id: string; readonly name: string; readonly email: string; readonly locale: Locale; readonly password: string };

/** Tells a person that one of their recovery codes is gone. */
export const tellRecoveryUsed = async (trx: Trx, person: Pick<Person, 'id' | 'name' | 'email' | 'locale'>, now: Seconds): Promise<void> => {
  const left = await recoveryCodesLeft(trx, person.id);
  await queueMail(trx, { to: person.email, locale: person.locale, letter: recoveryUsedLetter, facts: { name: person.name, left, at: now }, at: now });
  await recordAudit(trx, [{ at: now, organization: null, actor: person.id, action: 'user.recovery-code-used', subject: person.id, details: { left } }]);
};

export const createSignIn = (
  ground: Ground,
  { passwords, guard, factors, mailCodes, sessions, known: tokens }: { readonly passwords: Passwords; readonly guard: Guard; readonly factors: Factors; readonly mailCodes: MailCodes; readonly sessions: Sessions; readonly known: Known },
) => {
  const { database, clock } = ground;
  const { db } = database;

  /** Takes as long for an unknown address. Errors: `CREDENTIALS_INVALID`, `RATE_LIMITED` with `retryAfter` in seconds. */
  const know = async (input: { readonly email: string; readonly password: string; readonly from: Caller }): Promise<Result<{ readonly known: Person; readonly origin: Origin }>> => {
    const email = normalizeEmail(input.email);
    const user = await db.selectFrom('user').select(['id', 'name', 'email', 'locale', 'password']).where('email', '=', email).where('deleted_at', 'is', null).executeTakeFirst();
    const origin: Origin = { address: input.from.address, known: user ? tokens.find(user, input.from.known) : null };
    const guess = guard.password(email, origin);
    if (!guess.ok) return guess;
    const matches = await passwords.verify(user?.password ?? null, input.password);
    if (!matches.ok) {
      guess.value.takeBack();
      return matches;
    }
    if (!matches.value || !user) return fail('CREDENTIALS_INVALID');
    guess.value.right();
    return ok({ known: user, origin });
  };

  /** SECURITY: the password may have been changed while it was verified; then it signs nobody in. */
  const isStill = async (trx: Trx, known: Person): Promise<boolean> =>
    (await trx.selectFrom('user').select('id').where('id', '=', known.id).where('password', '=', known.password).where('deleted_at', 'is', null).executeTakeFirst()) !== undefined;

  return {
    /**
     * Errors: those of `know`; `OTP_REQUIRED` with the `methods` that are on when the password was right, `OTP_INVALID`.
     * Where codes by mail are the only method, asking without a code sends one (`expiresAt`).
     */
    signIn: async (input: {
      readonly email: string; readonly password: string; readonly otp: string | null; readonly agent: string | null; readonly from: Caller;
      /** The token of the session that the caller had until now: it ends. */
      readonly replaces: string | null;
      /** A session in a cookie gets a binding. */
      readonly inCookie: boolean;
    }): Promise<Result<SignedIn>> => {
      const read = await know(input);
      if (!read.ok) return read;
      const { known, origin } = read.value;
      const { otp } = input;
      const asks = (await methodsOf(db, known.id)).length > 0;
      const guess = asks && otp !== null ? guard.code(known.id, origin) : null;
      if (guess?.ok === false) return guess;
      let accepted: Accepted | null = null;
      const result = await database.transact(async (trx): Promise<Result<Begun>> => {
        const now = clock.now();
        if (!(await isStill(trx, known))) return fail('CREDENTIALS_INVALID');
        const methods = await methodsOf(trx, known.id);
        if (methods.length > 0) {
          if (otp === null || !asks) {
            const sent = methods.includes('app') ? null : await mailCodes.send(trx, known, 'sign-in', now);
            return fail('OTP_REQUIRED', { methods, ...(sent?.ok ? { expiresAt: sent.value.expiresAt } : {}) });
          }
          accepted = await factors.accept(trx, { user: known.id, otp, methods, purpose: 'sign-in', now });
          if (accepted === null) return fail('OTP_INVALID', { methods });
          if (accepted === 'recovery') await tellRecoveryUsed(trx, known, now);
        }
        return ok(await sessions.begin(trx, { user: known.id, agent: input.agent, replaces: input.replaces, inCookie: input.inCookie }));
      });
      if (!result.ok) return result;
      if (accepted !== null) guess?.value.right();
      return ok({ ...result.value, account: await accountOf(db, known.id), known: tokens.issue(known, origin.known) });
    },

    /** Errors: those of `know`; `CONFLICT` (why: email-codes-off). */
    sendCode: async (input: { readonly email: string; readonly password: string; readonly from: Caller }): Promise<Result<{ readonly expiresAt: Seconds }>> => {
      const read = await know(input);
      if (!read.ok) return read;
      const { known } = read.value;
      return database.transact(async (trx): Promise<Result<{ readonly expiresAt: Seconds }>> => {
        if (!(await isStill(trx, known))) return fail('CREDENTIALS_INVALID');
        if (!(await methodsOf(trx, known.id)).includes('email')) return fail('CONFLICT', { why: 'email-codes-off' });
        return mailCodes.send(trx, known, 'sign-in', clock.now());
      });
    },
  };
};
