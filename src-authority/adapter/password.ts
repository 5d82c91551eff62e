import { hash, verify } from '@node-rs/argon2';
import { fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import type { Seconds } from '../../src-shared/time.ts';

/**
 * Hashes of passwords: argon2id (OWASP: 19 MiB, 2 passes, 1 lane), the library's default kind and a salt of its own.
 * Errors: `RATE_LIMITED` (why: busy), at once, when as many wait as can be served within about a second.
 */
export type Passwords = {
  readonly hash: (password: string) => Promise<Result<string>>;
  /** With null (no such person) it takes as long, and is false. */
  readonly verify: (hash: string | null, password: string) => Promise<Result<boolean>>;
};

const options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** At most two at a time: the other threads of the pool stay free for signatures, and memory stays bounded. */
const AT_ONCE = 2;
/** One takes about 25 ms of a core. */
export const MOST_WAITING = 64;
const RETRY_AFTER: Seconds = 2;

/** A password as it is hashed, however it was typed: spaces of all kinds are one, and letters with marks are composed (RFC 8265, OpaqueString). */
export const opaque = (password: string): string => password.replace(/\p{Zs}/gu, ' ').normalize('NFC');

/** The forms that an older hash may have been made of; mostly one. */
const formsOf = (password: string): readonly string[] => [...new Set([opaque(password), password, password.normalize('NFC'), password.normalize('NFD')])];

/** Whether one of the forms is the password; the next is looked at only when none before it was. */
const verifyForms = async (stored: string, [form, ...others]: readonly string[]): Promise<boolean> =>
  form !== undefined && ((await verify(stored, form)) || verifyForms(stored, others));

export const createPasswords = (): Passwords => {
  let running = 0;
  const waiting: (() => void)[] = [];
  const inTurn = async <T>(work: () => Promise<T>): Promise<Result<T>> => {
    if (waiting.length >= MOST_WAITING) return fail('RATE_LIMITED', { why: 'busy', retryAfter: RETRY_AFTER });
    if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return ok(await work());
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    }
  };
  let nobody: Promise<string> | undefined;
  return {
    hash: (password) => inTurn(() => hash(opaque(password), options)),
    verify: async (stored, password) => {
      // One that could not be made, for want of memory, is made by the next.
      nobody ??= hash('nobody has this password', options).catch((error: unknown) => {
        nobody = undefined;
        throw error;
      });
      // Waited for also where it is not needed: in the queue nobody comes before anybody else.
      const other = await nobody;
      const matches = await inTurn(() => verifyForms(stored ?? other, formsOf(password)));
      return matches.ok ? ok(stored !== null && matches.value) : matches;
    },
  };
};
