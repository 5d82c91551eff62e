import type { Inspection } from '../../../src-shared/inspection.ts';
import type { Lease } from '../../../src-shared/lease.ts';
import type { Entitlement } from '../../../src-shared/license.ts';
import { offlineUntil } from '../../../src-shared/policy.ts';
import { DAY } from '../../../src-shared/time.ts';
import type { Seconds } from '../../../src-shared/time.ts';

const PRESETS = [7, 30, 90, 365] as const;
const USUAL_DAYS = 30;

/** Whether the request names what it wants; the authority then offers only what fits. */
export const isParticular = ({ want }: Inspection): boolean => want !== null && (want.license !== null || want.product !== null);

/** The license that is chosen before the person does: the one asked for, or the only one there is. */
export const firstChoice = (options: readonly Entitlement[], { want }: Inspection, lease: Lease | null): string | null => {
  const named = want?.license ?? lease?.license;
  const open = options.filter(({ available, license }) => available || license === lease?.license);
  const choice = open.find(({ license }) => license === named) ?? (open.length === 1 ? open[0] : undefined);
  return choice?.license ?? null;
};

export const daysFor = (wanted: number | null, most: number): number => Math.max(1, Math.min(wanted ?? USUAL_DAYS, most));

/** The usual periods that the license allows, and its longest where that is none of them. */
export const presetsFor = (most: number): readonly number[] => {
  const usual: readonly number[] = PRESETS.filter((days) => days <= most);
  return usual.includes(most) || most < 1 ? usual : [...usual, most];
};

/** When the period ends, and whether the license's own end comes first. Null for a period that is not allowed. */
export const endOf = (now: Seconds, days: number, option: Entitlement): { readonly until: Seconds; readonly isCut: boolean } | null => {
  const until = offlineUntil(now, days, option.offlineDays, option.validUntil);
  return until === null ? null : { until, isCut: until < now + days * DAY };
};
