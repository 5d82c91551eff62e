import type { Clock, Seconds } from '../../src-shared/time.ts';

/** Counts failed sign-ins and makes the next one wait, longer each time. Kept in memory; forgotten an hour after the last failure. */
export type Attempts = {
  /** Seconds to wait before the next attempt; 0 when it may be made now. */
  readonly wait: (key: string) => Seconds;
  readonly failed: (key: string) => void;
  readonly succeeded: (key: string) => void;
};

const FORGET: Seconds = 3600;
const LONGEST: Seconds = 15 * 60;
const KEYS = 100_000;

export const createAttempts = (clock: Clock, free: number): Attempts => {
  const failures = new Map<string, { readonly count: number; readonly last: Seconds }>();
  const current = (key: string) => {
    const entry = failures.get(key);
    if (!entry) return null;
    if (clock.now() - entry.last < FORGET) return entry;
    failures.delete(key);
    return null;
  };
  return {
    wait: (key) => {
      const entry = current(key);
      if (!entry || entry.count < free) return 0;
      const pause = Math.min(LONGEST, 2 ** (entry.count - free));
      return Math.max(0, entry.last + pause - clock.now());
    },
    failed: (key) => {
      const count = (current(key)?.count ?? 0) + 1;
      // The oldest go first, so that a flood of names cannot fill the memory.
      failures.delete(key);
      if (failures.size >= KEYS) failures.delete(failures.keys().next().value as string);
      failures.set(key, { count, last: clock.now() });
    },
    succeeded: (key) => void failures.delete(key),
  };
};
