import type { HeldLease, Problem, Unrenewed } from '../../src-shared/desktop.ts';
import { endOf } from '../../src-shared/desktop.ts';
import type { MachineView, TimeView, TrustedKeys } from '../../src-shared/documents/index.ts';
import { authenticateIssued, judgeClock, judgeEnd, parseKind } from '../../src-shared/documents/index.ts';
import { judgeFingerprint } from '../../src-shared/fingerprint.ts';
import type { PresentFingerprint } from '../../src-shared/fingerprint.ts';
import { CLOCK_TOLERANCE, EXPIRY_WARNINGS_DAYS, RENEW_WHEN_LEFT, UNRENEWED_STEPS } from '../../src-shared/policy.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import { DAY } from '../../src-shared/time.ts';
import type { Seconds } from '../../src-shared/time.ts';
import type { LicenseClaims } from './ports.ts';
import type { LeaseRow, StoreReader } from './store.ts';

/** A stored lease whose license file has been read and authenticated again. `claims` are believed only without a `problem`. */
export type Held = { readonly row: LeaseRow; readonly claims: LicenseClaims | null; readonly problem: Problem | null };

/** One whose file can be read, whatever else is wrong with it. */
export type Readable = Held & { readonly claims: LicenseClaims };
export const isReadable = (held: Held | null): held is Readable => held !== null && held.claims !== null;

/** Reads a stored license file again, as if it had just come. `newest`: the `seq` of the newest file of the lease that was ever accepted here. */
export const readHeld = async (row: LeaseRow, trusted: TrustedKeys | null, newest: number): Promise<Held> => {
  const parsed = parseKind('license', row.text);
  if (!parsed.ok) return { row, claims: null, problem: { code: parsed.code, details: parsed.details } };
  const { claims } = parsed.value;
  if (!trusted) return { row, claims, problem: { code: 'TRUST_MISSING', details: {} } };
  const genuine = await authenticateIssued(parsed.value, trusted);
  if (!genuine.ok) return { row, claims, problem: { code: genuine.code, details: genuine.details } };
  // A row that says something else than its own signed file, or was put back to an earlier one, has been tampered with.
  const agrees = row.seq >= newest && claims.sub === row.id && claims.jti === row.file && claims.seq === row.seq && claims.license.id === row.license && claims.license.product.id === row.product;
  return { row, claims, problem: agrees ? null : { code: 'FILE_NOT_GENUINE', details: { why: 'row' } } };
};

/** A row that says something else than its own signed file, or an earlier one, or whose file cannot be read: the database was damaged or edited. */
export const isDamaged = ({ problem }: Held): boolean =>
  problem !== null && (problem.code === 'FILE_MALFORMED' || (problem.code === 'FILE_NOT_GENUINE' && ['row', 'signature', 'header', 'algorithm'].includes(String(problem.details['why']))));

export type StandingView = TimeView & {
  readonly machine: string;
  readonly fingerprint: PresentFingerprint;
  readonly highest: Seconds;
  readonly rolledBack: { readonly stored: number; readonly seen: number } | null;
};

/** May this lease be used now? A clock or a store that stands wrong suspends it; only time ends it. */
export const judgeStanding = (held: Held, view: StandingView): HeldLease['standing'] => {
  const problem = (code: Problem['code'], details: Problem['details']) => ({ usable: false, code, details }) as const;
  if (held.problem || !held.claims) return problem(held.problem?.code ?? 'FILE_MALFORMED', held.problem?.details ?? {});
  const { claims } = held;
  if (claims.aud !== view.machine || `mch_${claims.cnf.jkt}` !== view.machine) {
    return problem('FILE_WRONG_MACHINE', { expected: view.machine, actual: claims.aud });
  }
  const fingerprint = judgeFingerprint(claims.fp, view.fingerprint);
  if (!fingerprint.within) return problem('FINGERPRINT_MISMATCH', fingerprint);
  if (view.rolledBack) return problem('STORE_ROLLED_BACK', view.rolledBack);
  const clock = judgeClock(view.now, view.highest);
  if (!clock.ok) return problem(clock.code, clock.details);
  const end = judgeEnd(claims.exp, view, fail('LEASE_EXPIRED', { at: claims.exp }));
  return end.ok ? { usable: true } : problem(end.code, end.details);
};

/**
 * A clock that shows an earlier time than the authority has signed in a document of this machine: it is behind, whatever it once showed. What it
 * dates nobody can answer. Errors: `CLOCK_ROLLED_BACK` (why: signed).
 */
export const judgeSigned = (now: Seconds, signed: Seconds): Result<null> =>
  (now + CLOCK_TOLERANCE < signed ? fail('CLOCK_ROLLED_BACK', { why: 'signed', now, highest: signed }) : ok(null));

/** By more than the tolerance, where the authority has lately said what time it is. */
export const isBehind = (now: Seconds, authority: Seconds | null): boolean => authority !== null && authority - now > CLOCK_TOLERANCE;

/** Only that the key of its file was revoked stands in the way: another file of the same lease puts it right. */
export const isReissueDue = ({ claims, problem }: Held, now: Seconds): boolean =>
  claims !== null && claims.exp > now && problem?.code === 'FILE_NOT_GENUINE' && problem.details['why'] === 'key-revoked';

/** Less than half of an online lease's term is left. */
export const isRenewalDue = (claims: LicenseClaims, now: Seconds): boolean =>
  claims.mode === 'online' && claims.exp - now < (claims.exp - Math.max(claims.iat, claims.nbf)) * RENEW_WHEN_LEFT;

/** How urgent it is that nothing renews an online lease (`UNRENEWED_STEPS`); null while more than half its term is left. */
export const unrenewedOf = (claims: LicenseClaims, now: Seconds): Unrenewed | null => {
  if (!isRenewalDue(claims, now)) return null;
  const since = Math.max(claims.iat, claims.nbf);
  const passed = UNRENEWED_STEPS.filter(({ left, share }) => claims.exp - now <= Math.min(left, (claims.exp - since) * share));
  return { since, step: passed.length as Unrenewed['step'] };
};

/** A lease that was short from the start is no news: only steps shorter than its whole period count. */
export const endsWithinDays = (claims: LicenseClaims, now: Seconds): number | null => {
  const { at: end } = endOf({ mode: claims.mode, until: claims.exp, validUntil: claims.license.validUntil });
  if (end === null || end <= now) return null;
  const period = claims.mode === 'offline' ? claims.exp - claims.iat : Number.POSITIVE_INFINITY;
  return EXPIRY_WARNINGS_DAYS.findLast((days) => end - now <= days * DAY && days * DAY < period) ?? null;
};

/** The longest offline period that ends by the license's end, whole days; the last one may be cut short by it. */
export const cappedDays = (most: number, validUntil: Seconds | null, now: Seconds): number =>
  validUntil === null ? most : Math.max(0, Math.min(most, Math.ceil((validUntil - now) / DAY)));

/** What judging a document asks of this machine, answered from what is stored now. */
export const viewOf = (
  store: Pick<StoreReader, 'request' | 'released' | 'lease'>,
  view: Omit<StandingView, 'rolledBack'>,
): MachineView => ({
  machine: view.machine,
  fingerprint: view.fingerprint,
  now: view.now,
  authority: view.authority,
  highest: view.highest,
  requested: (jti, lease) => {
    const request = store.request(jti);
    if (request === null || request.state === 'discarded') return false;
    // Several organizations may have answered one request: the first answer that came is the only one.
    return request.state !== 'answered' || request.lease === null || request.lease === lease;
  },
  released: store.released,
  held: (lease) => {
    const row = store.lease(lease);
    return row && { jti: row.file, seq: row.seq };
  },
});
