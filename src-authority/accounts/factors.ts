import type { Seconds } from '../../src-shared/time.ts';
import type { Sealing } from '../adapter/sealing.ts';
import type { Db, Trx } from '../adapter/schema.ts';
import { stepOf } from './authenticator.ts';
import type { CodePurpose, MailCodes } from './mail-codes.ts';
import { newRecoveryCode, readCode } from './tokens.ts';

/** Second factors as they are kept and used up. */
export type Method = 'app' | 'email';
/** What a code was; a recovery code stands for any method. */
export type Accepted = Method | 'recovery';

const RECOVERY_CODES = 10;
export const sealedFor = (user: string): string => `app-secret/${user}`;

/** The methods that are on, the app first. */
export const methodsOf = async (db: Db, user: string): Promise<readonly Method[]> =>
  (await db.selectFrom('second_factor').select('method').where('user', '=', user).where('confirmed_at', 'is not', null).orderBy('method').execute()).map(({ method }) => method);

export const recoveryCodesLeft = async (db: Db, user: string): Promise<number> =>
  (await db.selectFrom('recovery_code').select((eb) => eb.fn.countAll<number>().as('left')).where('user', '=', user).where('used_at', 'is', null).executeTakeFirstOrThrow()).left;

export const createFactors = (sealing: Sealing, mailCodes: MailCodes) => {
  const markRecovery = (user: string, code: string): string => sealing.mark(code, `recovery-code/${user}`);

  /** SECURITY: a code, and every code of an earlier step, is accepted once (RFC 6238, section 5.2): decided by one statement. */
  const acceptApp = async (trx: Trx, user: string, code: string, state: 'on' | 'begun', now: Seconds): Promise<boolean> => {
    const row = await trx
      .selectFrom('second_factor').select(['secret', 'confirmed_at']).where('user', '=', user).where('method', '=', 'app').executeTakeFirst();
    if (!row || row.secret === null || (row.confirmed_at !== null) !== (state === 'on')) return false;
    const step = stepOf(sealing.open(row.secret, sealedFor(user)), code, now);
    if (step === null) return false;
    const taken = await trx
      .updateTable('second_factor').set({ last_step: step }).where('user', '=', user).where('method', '=', 'app').where('last_step', '<', step).returning('user').executeTakeFirst();
    return taken !== undefined;
  };

  const acceptRecovery = async (trx: Trx, user: string, code: string, now: Seconds): Promise<boolean> => {
    const taken = await trx
      .updateTable('recovery_code').set({ used_at: now }).where('user', '=', user).where('code_hash', '=', markRecovery(user, code)).where('used_at', 'is', null).returning('user').executeTakeFirst();
    return taken !== undefined;
  };

  return {
    acceptApp,
    /** Takes a code of one of these methods, or a recovery code, and uses it up; null when it is none. */
    accept: async (
      trx: Trx,
      input: { readonly user: string; readonly otp: string; readonly methods: readonly Method[]; readonly purpose: CodePurpose; readonly now: Seconds },
    ): Promise<Accepted | null> => {
      const { user, methods, purpose, now } = input;
      const typed = readCode(input.otp);
      if (typed === null) return null;
      if (typed.kind === 'recovery') return (await acceptRecovery(trx, user, typed.text, now)) ? 'recovery' : null;
      if (methods.includes('app') && (await acceptApp(trx, user, typed.text, 'on', now))) return 'app';
      if (methods.includes('email') && (await mailCodes.accept(trx, user, purpose, typed.text, now))) return 'email';
      return null;
    },
    /** Ten new ones in the place of those there were; they can be read this once only. */
    newRecoveryCodes: async (trx: Trx, user: string, now: Seconds): Promise<readonly string[]> => {
      const codes = [...new Set(Array.from({ length: RECOVERY_CODES }, newRecoveryCode))];
      await trx.deleteFrom('recovery_code').where('user', '=', user).execute();
      await trx
        .insertInto('recovery_code')
        .values(codes.map((code) => ({ user, code_hash: markRecovery(user, code.replace('-', '')), created_at: now, used_at: null })))
        .execute();
      return codes;
    },
  };
};
export type Factors = ReturnType<typeof createFactors>;
