import type { LeaseMode } from '../../src-shared/lease.ts';
import type { Reason } from '../../src-shared/license.ts';
import { offlineUntil } from '../../src-shared/policy.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import { judgeAccess, may } from '../../src-shared/role.ts';
import type { Seconds } from '../../src-shared/time.ts';
import type { LicenseFacts } from './facts.ts';

/** How the documents travel. By file, the person who answers may do so for machines of others. */
export type Carrier = 'network' | 'file';

/** For whom a license is judged: a person with a role, or the operator at the authority's own computer. */
export type For = 'person' | 'operator';

/**
 * Why a license cannot be used, whatever its seats: access first, then the license's own state, then the mode.
 * Whoever may release anybody's lease also answers files for anybody, assigned or not.
 */
export const judgeLicense = (
  facts: LicenseFacts,
  input: { readonly now: Seconds; readonly mode: LeaseMode; readonly carrier: Carrier; readonly for: For },
): readonly Reason[] => {
  const { now } = input;
  const reasons: Reason[] = [];
  if (input.for === 'person') {
    const forOthers = input.carrier === 'file' && facts.role !== null && may(facts.role, 'lease.release-any');
    const refused = facts.role === null
      ? 'LICENSE_NOT_ASSIGNED'
      : forOthers
        ? null
        : judgeAccess({ role: facts.role, access: facts.access, assigned: facts.assigned, kind: facts.product.kind });
    if (refused) reasons.push({ code: refused, details: { license: facts.id, role: facts.role } });
  }
  if (facts.suspendedAt !== null) {
    const reason = facts.suspendedReason === null ? {} : { reason: facts.suspendedReason };
    reasons.push({ code: 'LICENSE_SUSPENDED', details: { license: facts.id, at: facts.suspendedAt, ...reason } });
  }
  if (facts.validUntil !== null && facts.validUntil <= now) reasons.push({ code: 'LICENSE_EXPIRED', details: { license: facts.id, at: facts.validUntil } });
  if (facts.validFrom !== null && facts.validFrom > now) reasons.push({ code: 'LICENSE_NOT_STARTED', details: { license: facts.id, at: facts.validFrom } });
  if (!facts.modes.includes(input.mode)) reasons.push({ code: 'MODE_NOT_ALLOWED', details: { license: facts.id, mode: input.mode, allowed: facts.modes } });
  return reasons;
};

/** The longest offline period of a license, days; 0 where offline is not allowed. */
export const offlineDaysOf = (facts: LicenseFacts, carrier: Carrier): number =>
  !facts.modes.includes('offline') ? 0 : carrier === 'file' ? facts.policy.offlineDaysByFile : facts.policy.offlineDaysConnected;

/** Until when a lease runs. Errors: `PERIOD_NOT_ALLOWED` with the longest period in days. */
export const judgePeriod = (
  facts: LicenseFacts,
  input: { readonly now: Seconds; readonly mode: LeaseMode; readonly carrier: Carrier; readonly days: number | undefined },
): Result<Seconds> => {
  if (input.mode === 'online') {
    const end = input.now + facts.policy.onlineTerm;
    return ok(facts.validUntil !== null && facts.validUntil < end ? facts.validUntil : end);
  }
  const most = offlineDaysOf(facts, input.carrier);
  const until = offlineUntil(input.now, input.days ?? 0, most, facts.validUntil);
  return until === null ? fail('PERIOD_NOT_ALLOWED', { most, days: input.days ?? null }) : ok(until);
};
