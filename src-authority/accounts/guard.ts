import { fail, ok } from '../../src-shared/result.ts';
import type { Failure, Result } from '../../src-shared/result.ts';
import type { Clock } from '../../src-shared/time.ts';
import type { Passwords } from '../adapter/password.ts';
import type { Db } from '../adapter/schema.ts';
import type { Person } from '../ground.ts';
import { createAttempts } from './attempts.ts';
import type { Attempts } from './attempts.ts';

/** Failures that cost nothing: a person who mistypes, an office behind one address. */
const FREE_PER_EMAIL = 5;
const FREE_PER_ADDRESS = 30;
const FREE_CODES = 5;
/** Mails that somebody else may cause to be sent. */
const FREE_MAILS = 5;

/** A guess that may be made, and counts as wrong for its account and its address until it is told to be something else. */
export type Guess = {
  readonly right: () => void;
  /** It was not looked at. */
  readonly takeBack: () => void;
};

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
  /** By account, and by address where one is known: who is signed in guesses at one account only. */
  const guess = (attempts: Attempts, account: string, address: string | null): Result<Guess> => {
    const refused = limited(Math.max(attempts.wait(account), address === null ? 0 : addresses.wait(address)));
    if (refused) return refused;
    const ofAccount = attempts.failed(account);
    const ofAddress = address === null ? () => undefined : addresses.failed(address);
    return ok({
      // What was right forgives an account its failures; an address only what it did not do.
      right: () => {
        attempts.succeeded(account);
        ofAddress();
      },
      takeBack: () => {
        ofAccount();
        ofAddress();
      },
    });
  };
  return {
    /** Errors: `RATE_LIMITED` with `retryAfter` in seconds. */
    password: (email: string, address: string | null): Result<Guess> => guess(passwords, email, address),
    /** Somebody has shown otherwise whose account it is. */
    forgivePassword: (email: string): void => passwords.succeeded(email),
    /** Errors: `RATE_LIMITED` with `retryAfter` in seconds. */
    code: (user: string, address: string | null): Result<Guess> => guess(codes, user, address),
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
  const guess = guard.password(person.email, null);
  if (!guess.ok) return guess;
  const row = await db.selectFrom('user').select('password').where('id', '=', person.id).where('deleted_at', 'is', null).executeTakeFirst();
  const matches = await passwords.verify(row?.password ?? null, password);
  if (!matches.ok) {
    guess.value.takeBack();
    return matches;
  }
  if (!row || !matches.value) return fail('CREDENTIALS_INVALID');
  guess.value.right();
  return ok(row.password);
};
