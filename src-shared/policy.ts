import { DAY, HOUR, MINUTE } from './time.ts';
import type { Seconds } from './time.ts';

/** What a license's `policy` may set; what it leaves out is the default below. */
export type Policy = {
  /** Term of an online lease, seconds. */
  readonly onlineTerm: Seconds;
  /** How often a machine with an online lease reports, seconds. */
  readonly heartbeat: Seconds;
  /** Longest offline period when switching while connected, days. */
  readonly offlineDaysConnected: number;
  /** Longest offline period by request file, days. */
  readonly offlineDaysByFile: number;
  /** Leases that one user may hold of the license at a time. */
  readonly leasesPerUser: number;
  /** The fewest parts of a fingerprint that a computer must show to be given the license, 1 to 5. */
  readonly fingerprintParts: number;
};

export const defaultPolicy: Policy = {
  onlineTerm: 24 * HOUR,
  heartbeat: 10 * MINUTE,
  offlineDaysConnected: 60,
  offlineDaysByFile: 365,
  leasesPerUser: 1,
  // Containers and virtual machines often show the operating system and the processor only.
  fingerprintParts: 2,
};

/**
 * How many seats of a license may be free early at a time: seats of leases that a person ended, whose machines have not
 * confirmed it and whose files have not ended. So many machines more than there are seats can use the license.
 */
export const freedEarlyAtMost = (seats: number): number => Math.max(1, Math.floor(seats / 10));

/** How long an activation request can be answered. */
export const REQUEST_TERM: Seconds = 14 * DAY;
/** How far the clock may stand behind the highest time seen before leases that expire are suspended. */
export const CLOCK_TOLERANCE: Seconds = HOUR;
/** How far two right clocks may differ: an `iat` up to this much ahead is not "in the future". */
export const CLOCK_SKEW: Seconds = 5 * MINUTE;
/** When a person is told that a lease ends, days before. */
export const EXPIRY_WARNINGS_DAYS = [30, 14, 3, 1] as const;
/** A machine renews an online lease when less than this share of its term is left. */
export const RENEW_WHEN_LEFT = 0.5;
/**
 * When a person is told that an online lease is not renewed: so much before its end, or this share of its term where that is
 * less. With the usual term of 24 hours both are the same.
 */
export const UNRENEWED_STEPS = [
  { left: 12 * HOUR, share: 1 / 2 },
  { left: 3 * HOUR, share: 1 / 8 },
  { left: 30 * MINUTE, share: 1 / 48 },
] as const satisfies readonly { readonly left: Seconds; readonly share: number }[];

/**
 * The end of an offline period of `days` beginning `now`: never later than the license's own end.
 * Null when the period is not a whole number of days within 1..`most`.
 */
export const offlineUntil = (now: Seconds, days: number, most: number, validUntil: Seconds | null): Seconds | null => {
  if (!Number.isInteger(days) || days < 1 || days > most) return null;
  const end = now + days * DAY;
  return validUntil !== null && validUntil < end ? validUntil : end;
};
