import type { Clock, Seconds } from '../../src-shared/time.ts';

/** Counts failed sign-ins and makes the next one wait, longer each time. Kept in memory; forgotten an hour after the last failure. */
export type Attempts = {
  /** Seconds to wait before the next attempt; 0 when it may be made now. */
  readonly wait: (key: string) => Seconds;
  /** Returns what takes this count back, once: for an attempt that was counted before it turned out right. */
  readonly failed: (key: string) => () => void;
  readonly succeeded: (key: string) => void;
};

const FORGET: Seconds = 3600;
const LONGEST: Seconds = 15 * 60;
const KEYS = 100_000;

export const createAttempts = (clock: Clock, free: number): Attempts => {
  const failures = new Map<string, { readonly count: number; readonly last: Seconds }>();
  const set = (key: string, count: number, last: Seconds) => {
    const entry = { count, last };
    failures.set(key, entry);
    return entry;
  };
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
      const before = current(key);
      // The oldest go first, so that a flood of names cannot fill the memory.
      failures.delete(key);
      if (failures.size >= KEYS) failures.delete(failures.keys().next().value as string);
      const mine = set(key, (before?.count ?? 0) + 1, clock.now());
      let isCounted = true;
      return () => {
        const now = current(key);
        if (!isCounted || !now) return;
        isCounted = false;
        if (now.count === 1) failures.delete(key);
        else set(key, now.count - 1, now === mine && before ? before.last : now.last);
      };
    },
    succeeded: (key) => void failures.delete(key),
  };
};
