import { randomBytes } from 'node:crypto';
import type { Schedule } from '../licensing/ports.ts';
import type { Clock, Random } from '../../src-shared/time.ts';

export const systemClock: Clock = { now: () => Math.floor(Date.now() / 1000) };

export const systemRandom: Random = { id: (prefix) => `${prefix}_${randomBytes(16).toString('base64url')}` };

/** Longer than any term we schedule; Node's timers overflow at 2^31 ms. */
const LONGEST_MS = 2 ** 31 - 1;

export const systemSchedule: Schedule = {
  after: (seconds, work) => {
    const timer = setTimeout(work, Math.min(seconds * 1000, LONGEST_MS));
    return () => clearTimeout(timer);
  },
};
