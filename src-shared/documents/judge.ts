import { judgeFingerprint } from '../fingerprint.ts';
import type { PresentFingerprint } from '../fingerprint.ts';
import { CLOCK_SKEW, CLOCK_TOLERANCE, REQUEST_TERM } from '../policy.ts';
import { fail, ok } from '../result.ts';
import type { Failure, Result } from '../result.ts';
import type { Seconds } from '../time.ts';
import type { Genuine, TrustedKeys } from './authenticate.ts';

/** `authority`: what the authority says the time is; null where it has not been heard lately. It makes nothing usable, and only tells why not. */
export type TimeView = { readonly now: Seconds; readonly authority: Seconds | null };

/** What a machine knows when it judges a document. */
export type MachineView = TimeView & {
  readonly machine: string;
  readonly fingerprint: PresentFingerprint;
  /** The highest time this machine has seen, from its own clock and from signed documents. */
  readonly highest: Seconds;
  /** Whether this machine made the request with this `jti`, has not discarded it, and has no answer to it by another lease. */
  readonly requested: (jti: string, lease: string) => boolean;
  /** Whether this machine has given the lease up. */
  readonly released: (lease: string) => boolean;
  /** The newest file of the lease that this machine has accepted. */
  readonly held: (lease: string) => { readonly jti: string; readonly seq: number } | null;
};

/**
 * Stage three: may this genuine license file be used on this machine, now? Checks in the order machine, fingerprint,
 * released, request, sequence, time. `again` means that exactly this file is held already: nothing to do.
 * Errors: `FILE_WRONG_MACHINE`, `FINGERPRINT_MISMATCH`, `LEASE_RELEASED`, `REQUEST_UNKNOWN`, `FILE_STALE`,
 * `CLOCK_ROLLED_BACK` (also why: ahead), `FILE_EXPIRED`.
 */
export const judgeLicenseFile = ({ claims }: Genuine<'license'>, view: MachineView): Result<'new' | 'again'> => {
  if (claims.aud !== view.machine || `mch_${claims.cnf.jkt}` !== view.machine) {
    return fail('FILE_WRONG_MACHINE', { expected: view.machine, actual: claims.aud });
  }
  const fingerprint = judgeFingerprint(claims.fp, view.fingerprint);
  if (!fingerprint.within) return fail('FINGERPRINT_MISMATCH', fingerprint);
  if (view.released(claims.sub)) return fail('LEASE_RELEASED', { lease: claims.sub });
  if (!view.requested(claims.req, claims.sub)) return fail('REQUEST_UNKNOWN', { request: claims.req });
  const held = view.held(claims.sub);
  if (held && held.jti !== claims.jti && held.seq >= claims.seq) return fail('FILE_STALE', { lease: claims.sub, held: held.seq, actual: claims.seq });
  // A clock that is wrong must never read as "expired": look at the clock first.
  const clock = judgeClock(view.now, Math.max(view.highest, Math.max(claims.iat, claims.nbf) - CLOCK_SKEW));
  if (!clock.ok) return clock;
  const end = judgeEnd(claims.exp, view, fail('FILE_EXPIRED', { at: claims.exp }));
  if (!end.ok) return end;
  return ok(held?.jti === claims.jti ? 'again' : 'new');
};

/** Errors: `CLOCK_ROLLED_BACK` when the clock stands more than the tolerance behind the highest time seen. */
export const judgeClock = (now: Seconds, highest: Seconds): Result<null> =>
  now + CLOCK_TOLERANCE < highest ? fail('CLOCK_ROLLED_BACK', { now, highest }) : ok(null);

/** By more than the tolerance, where the authority has lately said what time it is. */
export const isAhead = (now: Seconds, authority: Seconds | null): authority is Seconds => authority !== null && now - authority > CLOCK_TOLERANCE;

/** Has it ended? Errors: `ended`; `CLOCK_ROLLED_BACK` (why: ahead) where the authority's time says that it has not, because a clock that is ahead has ended nothing. */
export const judgeEnd = (exp: Seconds, { now, authority }: TimeView, ended: Failure): Result<null> => {
  if (exp > now) return ok(null);
  return isAhead(now, authority) && exp > authority ? fail('CLOCK_ROLLED_BACK', { why: 'ahead', now, authority }) : ended;
};

/** What the authority knows when it judges a document. */
export type AuthorityView = { readonly authority: string; readonly now: Seconds };

/**
 * Stage three for activation requests: is it for this authority, and may it still be answered? What it wants, and whether
 * it was answered before, is the ledger's to say. The dates of a request for the time count for nothing: it is written by a
 * machine whose clock is in doubt, and its answer entitles nobody. What keeps an old one harmless is that the machine takes
 * the ticket only while that very request waits (docs/adr/0010-time-tickets.md). Errors: `FILE_WRONG_AUTHORITY`, `REQUEST_EXPIRED`, `FILE_NOT_YET_VALID`, `FILE_MALFORMED`.
 */
export const judgeRequest = ({ claims }: Genuine<'request'>, view: AuthorityView): Result<null> => {
  if (claims.aud !== view.authority) return fail('FILE_WRONG_AUTHORITY', { expected: view.authority, actual: claims.aud });
  if ((claims.purpose === 'renew') !== (claims.lease !== undefined)) return fail('FILE_MALFORMED', { why: 'claims', at: 'lease' });
  if (claims.purpose === 'time') return ok(null);
  if (claims.iat > view.now + CLOCK_TOLERANCE) return fail('FILE_NOT_YET_VALID', { at: claims.iat });
  const until = Math.min(claims.exp, claims.iat + REQUEST_TERM);
  if (until <= view.now) return fail('REQUEST_EXPIRED', { at: until });
  return ok(null);
};

/** Stage three for release proofs; which lease and file it names is the ledger's to judge. A proof never grows too old. Errors: `FILE_WRONG_AUTHORITY`. */
export const judgeRelease = ({ claims }: Genuine<'release'>, view: AuthorityView): Result<null> =>
  claims.aud === view.authority ? ok(null) : fail('FILE_WRONG_AUTHORITY', { expected: view.authority, actual: claims.aud });

/**
 * Stage three for receipts, at the machine. Errors: `FILE_WRONG_MACHINE`, `LEASE_NOT_FOUND` (no proof of this machine is
 * answered by it), `CLOCK_ROLLED_BACK` (the clock is behind the receipt).
 */
export const judgeReceipt = (
  { claims }: Genuine<'receipt'>,
  view: { readonly machine: string; readonly now: Seconds; readonly proof: (lease: string) => string | null },
): Result<null> => {
  if (claims.aud !== view.machine) return fail('FILE_WRONG_MACHINE', { expected: view.machine, actual: claims.aud });
  if (view.proof(claims.sub) !== claims.proof) return fail('LEASE_NOT_FOUND', { lease: claims.sub });
  return judgeClock(view.now, claims.iat);
};

/**
 * Stage three for time tickets, at the machine. `signed` is the highest time that a signed document has told this machine:
 * what its own clock said counts for nothing here. `purposeOf` gives the purpose of a request that waits for its answer.
 * Errors: `FILE_WRONG_MACHINE`, `REQUEST_UNKNOWN` (not made here, or used already), `FILE_STALE` (a later signed time is
 * known), `CLOCK_ROLLED_BACK` (the clock is behind the ticket), `FILE_EXPIRED`.
 */
export const judgeTimeTicket = (
  { claims }: Genuine<'time'>,
  view: TimeView & { readonly machine: string; readonly signed: Seconds; readonly purposeOf: (jti: string) => string | null },
): Result<null> => {
  if (claims.aud !== view.machine) return fail('FILE_WRONG_MACHINE', { expected: view.machine, actual: claims.aud });
  if (view.purposeOf(claims.req) !== 'time') return fail('REQUEST_UNKNOWN', { request: claims.req });
  if (claims.iat < view.signed) return fail('FILE_STALE', { why: 'time', at: claims.iat, signed: view.signed });
  const clock = judgeClock(view.now, claims.iat);
  if (!clock.ok) return clock;
  return judgeEnd(claims.exp, view, fail('FILE_EXPIRED', { why: 'time', at: claims.exp }));
};

/** Stage three for keysets. `again`: this very version is trusted already. Errors: `KEYSET_STALE`, `CLOCK_ROLLED_BACK` (the clock is behind the keyset, or ahead), `FILE_EXPIRED`. */
export const judgeKeyset = ({ claims }: Genuine<'keyset'>, trusted: TrustedKeys | null, time: TimeView): Result<'new' | 'again'> => {
  if (trusted && claims.version < trusted.version) return fail('KEYSET_STALE', { held: trusted.version, actual: claims.version });
  const clock = judgeClock(time.now, claims.iat);
  if (!clock.ok) return clock;
  const end = judgeEnd(claims.exp, time, fail('FILE_EXPIRED', { why: 'keyset', at: claims.exp }));
  if (!end.ok) return end;
  return ok(trusted && claims.version === trusted.version ? 'again' : 'new');
};
