import type { z } from 'zod';
import type { secondFactors } from '../../src-shared/http/security.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { recordAudit } from '../audit/audit.ts';
import type { Sealing } from '../adapter/sealing.ts';
import type { Db, Locale, Trx } from '../adapter/schema.ts';
import type { Ground, SignedInPerson } from '../ground.ts';
import { factorOffLetter, factorOnLetter } from '../mail/letters/second-factor.ts';
import { queueMail } from '../mail/queue.ts';
import { addressOf, BEGUN_TERM, newAppSecret } from './authenticator.ts';
import { methodsOf, recoveryCodesLeft, sealedFor } from './factors.ts';
import type { Factors, Method } from './factors.ts';
import type { ConfirmPassword, Guard } from './guard.ts';
import type { MailCodes } from './mail-codes.ts';
import { tellRecoveryUsed } from './sign-in.ts';
import { typedDigits } from './tokens.ts';

export type SecondFactors = z.output<typeof secondFactors>;

export const secondFactorsOf = async (db: Db, user: string): Promise<SecondFactors> => {
  const methods = await methodsOf(db, user);
  return { email: methods.includes('email'), app: methods.includes('app'), recoveryCodesLeft: await recoveryCodesLeft(db, user) };
};

/** Turning second factors on and off: each takes a code, and is told by mail. */
export const createSecondFactors = (
  ground: Ground,
  { sealing, guard, confirm, factors, mailCodes }: { readonly sealing: Sealing; readonly guard: Guard; readonly confirm: ConfirmPassword; readonly factors: Factors; readonly mailCodes: MailCodes },
) => {
  const { database, clock, hub } = ground;

  type Addressee = { readonly id: string; readonly name: string; readonly email: string; readonly locale: Locale };
  const addressee = (trx: Trx, person: Pick<SignedInPerson, 'id'>): Promise<Addressee> =>
    trx.selectFrom('user').select(['id', 'name', 'email', 'locale']).where('id', '=', person.id).where('deleted_at', 'is', null).executeTakeFirstOrThrow();

  const tell = async (trx: Trx, to: Addressee, change: 'on' | 'off', method: Method, now: Seconds): Promise<void> => {
    const letter = change === 'on' ? factorOnLetter : factorOffLetter;
    await queueMail(trx, { to: to.email, locale: to.locale, letter, facts: { name: to.name, method, at: now }, at: now });
    await recordAudit(trx, [{ at: now, organization: null, actor: to.id, action: change === 'on' ? 'user.factor-on' : 'user.factor-off', subject: to.id, details: { method } }]);
  };

  /** A change that takes a code: slow for who guesses, told to the person's pages when it is done. */
  const byCode = async <T>(person: SignedInPerson, work: (trx: Trx, to: Addressee, now: Seconds) => Promise<Result<T>>): Promise<Result<T>> => {
    const guess = guard.confirmation(person.session, 'code');
    if (!guess.ok) return guess;
    const result = await database.transact(async (trx) => work(trx, await addressee(trx, person), clock.now()));
    if (result.ok) {
      guess.value.right();
      hub.publish({ type: 'account' }, { user: person.id });
    }
    return result;
  };

  return {
    read: (user: string): Promise<SecondFactors> => secondFactorsOf(database.db, user),

    /** Errors: those of `confirm`; `CONFLICT` (why: on). Beginning again makes another secret. */
    beginApp: async (person: SignedInPerson, password: string): Promise<Result<{ readonly secret: string; readonly otpauth: string }>> => {
      const confirmed = await confirm(person, password);
      if (!confirmed.ok) return confirmed;
      const secret = newAppSecret();
      return database.transact(async (trx): Promise<Result<{ readonly secret: string; readonly otpauth: string }>> => {
        if ((await methodsOf(trx, person.id)).includes('app')) return fail('CONFLICT', { why: 'on' });
        const values = { secret: sealing.seal(secret, sealedFor(person.id)), last_step: 0, created_at: clock.now(), confirmed_at: null };
        await trx
          .insertInto('second_factor').values({ user: person.id, method: 'app', ...values }).onConflict((on) => on.columns(['user', 'method']).doUpdateSet(values)).execute();
        const { email } = await addressee(trx, person);
        return ok({ secret, otpauth: addressOf(secret, email) });
      });
    },

    /** Errors: `OTP_INVALID`, `RATE_LIMITED`, `CONFLICT` (why: on, not-begun). */
    confirmApp: (person: SignedInPerson, otp: string): Promise<Result<{ readonly recoveryCodes: string[] }>> =>
      byCode(person, async (trx, to, now) => {
        const row = await trx.selectFrom('second_factor').select(['confirmed_at', 'created_at']).where('user', '=', to.id).where('method', '=', 'app').executeTakeFirst();
        if (row && row.confirmed_at !== null) return fail('CONFLICT', { why: 'on' });
        if (!row || row.created_at <= now - BEGUN_TERM) return fail('CONFLICT', { why: 'not-begun' });
        if (!(await factors.acceptApp(trx, to.id, typedDigits(otp), 'begun', now))) return fail('OTP_INVALID');
        await trx.updateTable('second_factor').set({ confirmed_at: now }).where('user', '=', to.id).where('method', '=', 'app').execute();
        const recoveryCodes = await factors.newRecoveryCodes(trx, to.id, now);
        await tell(trx, to, 'on', 'app', now);
        return ok({ recoveryCodes: [...recoveryCodes] });
      }),

    /** Errors: those of `confirm`. */
    beginEmailCode: async (person: SignedInPerson, password: string): Promise<Result<{ readonly expiresAt: Seconds }>> => {
      const confirmed = await confirm(person, password);
      if (!confirmed.ok) return confirmed;
      return database.transact(async (trx) => mailCodes.send(trx, await addressee(trx, person), 'factor', clock.now()));
    },

    /** Errors: `OTP_INVALID`, `RATE_LIMITED`, `CONFLICT` (why: on). */
    confirmEmailCode: (person: SignedInPerson, otp: string): Promise<Result<SecondFactors>> =>
      byCode(person, async (trx, to, now) => {
        if ((await methodsOf(trx, to.id)).includes('email')) return fail('CONFLICT', { why: 'on' });
        if (!(await mailCodes.accept(trx, to.id, 'factor', typedDigits(otp), now))) return fail('OTP_INVALID');
        await trx.insertInto('second_factor').values({ user: to.id, method: 'email', secret: null, created_at: now, confirmed_at: now }).execute();
        await tell(trx, to, 'on', 'email', now);
        return ok(await secondFactorsOf(trx, to.id));
      }),

    /** Errors: `OTP_INVALID`, `RATE_LIMITED`, `CONFLICT` (why: off). Recovery codes go with the last method. */
    disable: (person: SignedInPerson, method: Method, otp: string): Promise<Result<SecondFactors>> =>
      byCode(person, async (trx, to, now) => {
        const methods = await methodsOf(trx, to.id);
        if (!methods.includes(method)) return fail('CONFLICT', { why: 'off' });
        const accepted = await factors.accept(trx, { user: to.id, otp, methods: [method], purpose: 'factor', now });
        if (accepted === null) return fail('OTP_INVALID');
        if (accepted === 'recovery') await tellRecoveryUsed(trx, to, now);
        await trx.deleteFrom('second_factor').where('user', '=', to.id).where('method', '=', method).execute();
        if (methods.length === 1) await trx.deleteFrom('recovery_code').where('user', '=', to.id).execute();
        await tell(trx, to, 'off', method, now);
        return ok(await secondFactorsOf(trx, to.id));
      }),
  };
};
