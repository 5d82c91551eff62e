import { fail, ok } from '../../src-shared/result.ts';
import type { Failure, Result } from '../../src-shared/result.ts';
import type { Clock } from '../../src-shared/time.ts';
import type { Passwords } from '../adapter/password.ts';
import type { Db } from '../adapter/schema.ts';
import type { Person } from '../ground.ts';
import { createAttempts } from './attempts.ts';

/** Failures that cost nothing: a person who mistypes, an office behind one address. */
const FREE_PER_EMAIL = 5;
const FREE_PER_ADDRESS = 30;
const FREE_CODES = 5;
/** Mails that somebody else may cause to be sent. */
const FREE_MAILS = 5;

/**
 * Slows down guessing. Every guess is counted before it is known to be wrong, so that guesses made at once are counted one
 * by one.
 */
export const createGuard = (clock: Clock) => {
  const passwords = createAttempts(clock, FREE_PER_EMAIL);
  const addresses = createAttempts(clock, FREE_PER_ADDRESS);
  const codes = createAttempts(clock, FREE_CODES);
  const mails = createAttempts(clock, FREE_MAILS);
  const mailers = createAttempts(clock, FREE_PER_ADDRESS);
  const limited = (wait: number): Failure | null => (wait > 0 ? fail('RATE_LIMITED', { retryAfter: wait }) : null);
  return {
    /** Errors: `RATE_LIMITED` with `retryAfter` in seconds. */
    beforePassword: (email: string, address: string | null): Failure | null => {
      const refused = limited(Math.max(passwords.wait(email), address === null ? 0 : addresses.wait(address)));
      if (!refused) passwords.failed(email);
      return refused;
    },
    rightPassword: (email: string): void => passwords.succeeded(email),
    /** By account, and by address where one is known. */
    beforeCode: (user: string, address: string | null): Failure | null => {
      const refused = limited(Math.max(codes.wait(user), address === null ? 0 : addresses.wait(address)));
      if (!refused) codes.failed(user);
      return refused;
    },
    rightCode: (user: string): void => codes.succeeded(user),
    wrongFrom: (address: string): void => addresses.failed(address),
    /** Counts a mail; `key` says whose and which. */
    beforeMail: (key: string): Failure | null => {
      const refused = limited(mails.wait(key));
      if (!refused) mails.failed(key);
      return refused;
    },
    /** Counts mails that one address asks for, whoever they are to. */
    beforeMailFrom: (address: string): Failure | null => {
      const refused = limited(mailers.wait(address));
      if (!refused) mailers.failed(address);
      return refused;
    },
    mailUsed: (key: string): void => mails.succeeded(key),
  };
};
export type Guard = ReturnType<typeof createGuard>;

/** Asks a signed-in person for their password again. Errors: `CREDENTIALS_INVALID`, `RATE_LIMITED`. Returns its hash as it is stored. */
export type ConfirmPassword = (person: Person, password: string) => Promise<Result<string>>;

export const createConfirmPassword = (db: Db, passwords: Passwords, guard: Guard): ConfirmPassword => async (person, password) => {
  const refused = guard.beforePassword(person.email, null);
  if (refused) return refused;
  const row = await db.selectFrom('user').select('password').where('id', '=', person.id).where('deleted_at', 'is', null).executeTakeFirst();
  if (!row || !(await passwords.verify(row.password, password))) return fail('CREDENTIALS_INVALID');
  guard.rightPassword(person.email);
  return ok(row.password);
};
