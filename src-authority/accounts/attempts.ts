import type { Clock, Seconds } from '../../src-shared/time.ts';

/** Counts failures under a key, and says how long the next attempt must wait. Kept in memory. */
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

/** Beyond `free` failures the next one waits, longer each time; all are forgotten an hour after the last one. */
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

/** Allows `most` failures at once, and one more for every `every` seconds that pass. */
export const createBudget = (clock: Clock, { most, every }: { readonly most: number; readonly every: Seconds }): Attempts => {
  /** When each budget is whole again. */
  const whole = new Map<string, Seconds>();
  const owed = (key: string): Seconds => Math.max(0, (whole.get(key) ?? 0) - clock.now());
  return {
    wait: (key) => Math.max(0, owed(key) - (most - 1) * every),
    failed: (key) => {
      const next = clock.now() + owed(key) + every;
      whole.delete(key);
      if (whole.size >= KEYS) whole.delete(whole.keys().next().value as string);
      whole.set(key, next);
      let isCounted = true;
      return () => {
        const now = whole.get(key);
        if (!isCounted || now === undefined) return;
        isCounted = false;
        whole.set(key, now - every);
      };
    },
    succeeded: (key) => void whole.delete(key),
  };
};
