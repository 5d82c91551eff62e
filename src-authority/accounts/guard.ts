import { fail, ok } from '../../src-shared/result.ts';
import type { Failure, Result } from '../../src-shared/result.ts';
import { DAY, MINUTE } from '../../src-shared/time.ts';
import type { Clock, Seconds } from '../../src-shared/time.ts';
import type { Passwords } from '../adapter/password.ts';
import type { Db } from '../adapter/schema.ts';
import type { SignedInPerson } from '../ground.ts';
import { createAttempts, createBudget } from './attempts.ts';
import type { Attempts } from './attempts.ts';

/** Failures that cost nothing: a person who mistypes, an office behind one address. */
const FREE_GUESSES = 5;
const FREE_PER_ADDRESS = 30;
/** What strangers may guess at one account from all addresses together: at once, and about 240 in a day. */
const STRANGERS = { most: 60, every: 6 * MINUTE } as const;
/** Mails that somebody else may cause to be sent. */
const FREE_MAILS = 5;
/** From an address that its person has signed in from, strangers do not make an account wait. */
const VOUCHED: Seconds = 30 * DAY;
const MOST_VOUCHED = 100_000;

/** Where a guess comes from: `known` when it brings the token of a browser or an app that has signed in to this account before. */
export type Origin = { readonly address: string; readonly known: string | null };

/** A guess that may be made, and counts as wrong until it is told to be something else. */
export type Guess = {
  readonly right: () => void;
  /** It was not looked at. */
  readonly takeBack: () => void;
};

/** `forgives`: what was right makes the earlier failures here forgotten, and not only this one. */
type Count = { readonly attempts: Attempts; readonly key: string; readonly forgives: boolean };

/**
 * Slows down guessing. Every guess is counted before it is known to be wrong, so that guesses made at once are counted one
 * by one. SECURITY: strangers, known browsers and people who are signed in are counted apart: nobody can lock a person out by
 * guessing wrong, and all that strangers guess at one account together is bounded.
 */
export const createGuard = (clock: Clock) => {
  const passwords = createAttempts(clock, FREE_GUESSES);
  const codes = createAttempts(clock, FREE_GUESSES);
  const addresses = createAttempts(clock, FREE_PER_ADDRESS);
  const strangers = createBudget(clock, STRANGERS);
  const mails = createAttempts(clock, FREE_MAILS);
  const mailers = createAttempts(clock, FREE_PER_ADDRESS);
  const vouched = new Map<string, Seconds>();
  const limited = (wait: number): Failure | null => (wait > 0 ? fail('RATE_LIMITED', { retryAfter: wait }) : null);

  const vouch = (account: string, address: string): void => {
    const key = `${account} ${address}`;
    vouched.delete(key);
    if (vouched.size >= MOST_VOUCHED) vouched.delete(vouched.keys().next().value as string);
    vouched.set(key, clock.now() + VOUCHED);
  };
  const isVouched = (account: string, address: string): boolean => (vouched.get(`${account} ${address}`) ?? 0) > clock.now();

  const guess = (counts: readonly Count[]): Result<Guess> => {
    const refused = limited(Math.max(...counts.map(({ attempts, key }) => attempts.wait(key))));
    if (refused) return refused;
    const counted = counts.map((count) => ({ ...count, takeBack: count.attempts.failed(count.key) }));
    return ok({
      right: () => {
        for (const { attempts, key, forgives, takeBack } of counted) {
          if (forgives) attempts.succeeded(key);
          else takeBack();
        }
      },
      takeBack: () => {
        for (const { takeBack } of counted) takeBack();
      },
    });
  };
  const ofAddress = (address: string): Count => ({ attempts: addresses, key: address, forgives: false });

  return {
    /** A password typed to sign in. Errors: `RATE_LIMITED` with `retryAfter` in seconds. */
    password: (email: string, { address, known }: Origin): Result<Guess> => {
      if (known !== null) return guess([{ attempts: passwords, key: `known ${known}`, forgives: true }]);
      const made = guess([
        { attempts: passwords, key: `${email} ${address}`, forgives: true },
        ofAddress(address),
        ...(isVouched(email, address) ? [] : [{ attempts: strangers, key: email, forgives: false }]),
      ]);
      if (!made.ok) return made;
      return ok({
        ...made.value,
        right: () => {
          made.value.right();
          vouch(email, address);
        },
      });
    },
    /** Somebody has shown otherwise, from this address, whose account it is. */
    vouch: (email: string, address: string): void => {
      passwords.succeeded(`${email} ${address}`);
      vouch(email, address);
    },
    /** A code typed to sign in, by somebody whose password was right. Errors: `RATE_LIMITED` with `retryAfter` in seconds. */
    code: (user: string, { address, known }: Origin): Result<Guess> =>
      known === null ? guess([{ attempts: codes, key: user, forgives: true }, ofAddress(address)]) : guess([{ attempts: codes, key: `known ${known}`, forgives: true }]),
    /** What a signed-in person confirms by their password or a code. Errors: `RATE_LIMITED` with `retryAfter` in seconds. */
    confirmation: (session: string, by: 'password' | 'code'): Result<Guess> => guess([{ attempts: by === 'password' ? passwords : codes, key: `session ${session}`, forgives: true }]),
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
export type ConfirmPassword = (person: SignedInPerson, password: string) => Promise<Result<string>>;

export const createConfirmPassword = (db: Db, passwords: Passwords, guard: Guard): ConfirmPassword => async (person, password) => {
  const guess = guard.confirmation(person.session, 'password');
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
