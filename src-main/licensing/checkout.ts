import type { HeldLease, Imported } from '../../src-shared/desktop.ts';
import type { ErrorCode } from '../../src-shared/errors.ts';
import { parseKind } from '../../src-shared/documents/index.ts';
import { contract } from '../../src-shared/http/index.ts';
import type { LeaseMode } from '../../src-shared/lease.ts';
import { CLOCK_TOLERANCE } from '../../src-shared/policy.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Failure, Result } from '../../src-shared/result.ts';
import { DAY } from '../../src-shared/time.ts';
import { accept } from './accept.ts';
import { meet } from './account.ts';
import { repairClock } from './clock.ts';
import type { Context } from './context.ts';
import { isDefinite } from './context.ts';
import { heartbeatOf, writeHeartbeat } from './heartbeat.ts';
import { countOn } from './issue.ts';
import { deliverProofs } from './release.ts';
import { isId, outstanding, writeRequest } from './requests.ts';
import type { RequestInput } from './requests.ts';
import type { RequestRow } from './store.ts';
import { rememberTaker } from './takers.ts';
import { isReadable, isReissueDue, isRenewalDue } from './standing.ts';
import { writeIfPossible } from './write.ts';
import { isOfAnother, returnUnanswered } from './unanswered.ts';

/** A repeated request may meet an answer that is of no use any more: its lease was given back, its file has ended, or it was dated while the clock was ahead. */
const outlived = ['FILE_NOT_YET_VALID', 'LEASE_RELEASED', 'LEASE_REVOKED', 'LEASE_EXPIRED', 'FILE_EXPIRED', 'FILE_STALE', 'REQUEST_EXPIRED', 'REQUEST_UNKNOWN'];
/** ... or the key that signed it was revoked. */
const isOutlived = ({ code, details }: Failure): boolean => outlived.includes(code) || ((code === 'FILE_NOT_GENUINE' || code === 'CONFLICT') && details['why'] === 'key-revoked');

/** Takes what the authority has signed; where a newer key did, the keyset that names it first. */
const acceptAnswer = async (context: Context, file: string): Promise<Result<Imported>> => {
  const accepted = await accept(context, file);
  if (accepted.ok || accepted.code !== 'FILE_NOT_GENUINE' || accepted.details['needed'] === undefined) return accepted;
  const met = await meet(context);
  return met.ok ? accept(context, file) : met;
};

const usableFor = (context: Context, license: string): HeldLease | undefined =>
  context.current().find((lease) => lease.license === license && lease.standing.usable);

/**
 * A file is from the future, and the authority agrees with this clock now: it was the authority's clock that was ahead when it
 * signed. The refusal that says so; null where it is not that.
 */
const signedAhead = async ({ ports, contact }: Context, file: string, refused: Failure): Promise<Failure | null> => {
  const parsed = refused.code === 'CLOCK_ROLLED_BACK' ? parseKind('license', file) : refused;
  const now = ports.clock.now();
  if (!parsed.ok || parsed.value.claims.iat <= now + CLOCK_TOLERANCE) return null;
  const about = await contact.asMachine(contract.authority.about, {});
  const agrees = about.ok && (about.value.clockDoubted === true || Math.abs(about.value.now - now) <= CLOCK_TOLERANCE);
  return agrees ? fail('CLOCK_ROLLED_BACK', { why: 'authority', now, at: parsed.value.claims.iat }) : null;
};

/**
 * Sends an activation request and accepts the license file that answers it. While no answer is known the request stays
 * outstanding, and asking again sends the same one.
 */
const ask = async (
  context: Context,
  input: RequestInput,
  send: (request: RequestRow) => Promise<Result<{ readonly licenseFile: string }>>,
  /** Requests that somebody else made: their answers wait for them. */
  ofOthers: readonly string[] = [],
): Promise<Result<{ readonly lease: string }>> => {
  const earlier = outstanding(context, input, ofOthers);
  const row = earlier ?? (await writeRequest(context, input));
  const drop = async (failure: Failure): Promise<Result<{ readonly lease: string }>> => {
    context.ports.store.write((tx) => tx.removeRequest(row.id));
    return earlier && isOutlived(failure) ? ask(context, input, send, ofOthers) : failure;
  };
  const reply = await send(row);
  if (!reply.ok && reply.code === 'MACHINE_CLONED') countOn(context, reply);
  // A request made just now is not too old: the clock that dated it is behind.
  if (!reply.ok && !earlier && (reply.code === 'REQUEST_EXPIRED' || (reply.code === 'CLOCK_ROLLED_BACK' && reply.details['why'] === 'machine'))) {
    return drop(fail('CLOCK_ROLLED_BACK', { now: context.ports.clock.now(), highest: reply.details['highest'] ?? reply.details['at'] ?? null }));
  }
  if (!reply.ok && earlier && input.purpose === 'checkout' && isOfAnother(reply)) return ask(context, input, send, [...ofOthers, row.id]);
  if (!reply.ok) return isDefinite(reply) ? drop(reply) : reply;
  const accepted = await acceptAnswer(context, reply.value.licenseFile);
  const ahead = accepted.ok ? null : await signedAhead(context, reply.value.licenseFile, accepted);
  // Its answer would be refused until that time, so it is asked anew.
  if (ahead) {
    context.ports.store.write((tx) => tx.removeRequest(row.id));
    return earlier ? ask(context, input, send, ofOthers) : ahead;
  }
  if (!accepted.ok) return earlier && isOutlived(accepted) ? drop(accepted) : accepted;
  if (accepted.value.kind !== 'license') return fail('FILE_WRONG_KIND', { expected: 'license', actual: accepted.value.kind });
  const { lease } = accepted.value;
  // Reporting the new file at once tells the authority that every earlier one is given up.
  await heartbeatOf(context, lease);
  await deliverProofs(context);
  if (context.heldLease(lease)) return ok({ lease });
  // Another process of this home had its own answer at the same moment: the machine has one seat, and holds it by that one.
  const taken = input.purpose === 'checkout' && input.license !== undefined ? usableFor(context, input.license) : undefined;
  if (taken?.mode === input.mode) return ok({ lease: taken.id });
  // The same request has the same answer for ever, also when its lease was ended elsewhere meanwhile.
  return earlier ? ask(context, input, send, ofOthers) : fail('LEASE_RELEASED', { lease });
};

type Wish = { readonly license: string; readonly mode?: LeaseMode; readonly days?: number; readonly run?: boolean };

export const checkout = async (context: Context, input: Wish): Promise<Result<{ readonly lease: string }>> => context.inTurn(() => context.alone(async () => {
  const taken = await take(context, input);
  if (taken.ok) rememberTaker(context, taken.value.lease);
  if (taken.ok && !input.run) claimForPerson(context, taken.value.lease);
  return taken;
}));

/** What a person asks for stays when the command that took it ends. */
const claimForPerson = ({ ports: { store } }: Context, lease: string): void => {
  if (store.runLeases().includes(lease)) store.write((tx) => tx.forgetRun(lease));
};

const take = async (context: Context, input: Wish): Promise<Result<{ readonly lease: string }>> => {
  await context.sync();
  const mode = input.mode ?? 'online';
  if (!isId(input.license)) return fail('LICENSE_NOT_FOUND', { license: input.license });
  // First: with a wrong clock nothing held is usable, and what would be taken could not be used either.
  const clock = await repairClock(context);
  if (!clock.ok) return clock;
  const held = usableFor(context, input.license);
  if (held) {
    const claims = context.heldLease(held.id)?.claims;
    if (input.mode === 'offline') {
      const switched = await extend(context, { lease: held.id, mode, ...(input.days === undefined ? {} : { days: input.days }) });
      return switched.ok ? ok({ lease: held.id }) : switched;
    }
    // Claiming what is held is extending it; that the authority is away does not take it back.
    if (claims && isRenewalDue(claims, context.ports.clock.now())) await extend(context, { lease: held.id });
    return ok({ lease: held.id });
  }
  if (!context.trusted()) return fail('TRUST_MISSING');
  if (!context.contact.signedIn()) return fail('NOT_SIGNED_IN');
  const asked = await ask(
    context,
    { purpose: 'checkout', carrier: 'network', mode, license: input.license, run: input.run ?? false, ...(input.days === undefined ? {} : { days: input.days }) },
    ({ text }) => context.contact.asPerson(contract.leases.checkout, { body: { request: text } }),
  );
  // Another license was asked for before, and its answer never came: this one is wanted in its place.
  if (asked.ok) await returnUnanswered(context);
  return asked;
};

type Renewal = { readonly lease: string; readonly mode?: LeaseMode; readonly days?: number };

export const renew = (context: Context, input: Renewal): Promise<Result<null>> => context.inTurn(() => context.alone(async () => {
  const renewed = await extend(context, input);
  if (renewed.ok && input.mode === 'offline') claimForPerson(context, input.lease);
  return renewed;
}));

/** `renew`, for those whose turn it is already, in this process and among those of the home. */
export const extend = async (context: Context, input: Renewal): Promise<Result<null>> => {
  await context.sync();
  const held = context.heldLease(input.lease);
  if (!held) return fail(context.ports.store.release(input.lease) ? 'LEASE_RELEASED' : 'LEASE_NOT_FOUND', { lease: input.lease });
  const clock = await repairClock(context);
  if (!clock.ok) return clock;
  const standing = context.show(held).standing;
  const isReissue = isReissueDue(held, context.ports.clock.now());
  if (!isReadable(held) || !(standing.usable || isReissue)) return standing.usable ? fail('FILE_MALFORMED', { why: 'unknown' }) : fail(standing.code, standing.details);
  const mode = input.mode ?? held.claims.mode;
  // An offline lease extended without a period gets the one it had; one that only needs another file, what is left of it.
  const had = isReissue ? Math.ceil((held.claims.exp - context.ports.clock.now()) / DAY) : Math.max(1, Math.round((held.claims.exp - held.claims.nbf) / DAY));
  const days = mode === 'offline' ? (input.days ?? had) : undefined;
  const asked = await ask(
    context,
    { purpose: 'renew', carrier: 'network', mode, lease: input.lease, license: held.row.license, ...(days === undefined ? {} : { days }) },
    async ({ id, text }) => context.contact.asMachine(contract.leases.renew, { body: { request: text, heartbeat: await writeHeartbeat(context, held, id) } }),
  );
  if (asked.ok) return ok(null);
  // It was ended elsewhere: hear from the authority by whom, and give it up.
  if (asked.code === 'LEASE_RELEASED' || asked.code === 'LEASE_REVOKED') await heartbeatOf(context, input.lease);
  else if (input.mode === undefined && input.days === undefined) await keepRefusal(context, input.lease, asked);
  return asked;
};

/** These say nothing of the lease: another try may do. */
const passing: readonly ErrorCode[] = ['AUTHORITY_UNREACHABLE', 'CANCELLED', 'RATE_LIMITED', 'CLOCK_ROLLED_BACK', 'STORE_UNUSABLE', 'STORE_ROLLED_BACK'];

/** Why a lease was not renewed stays with it, so that nobody waits for a renewal that does not come. */
const keepRefusal = async (context: Context, lease: string, { code, details }: Failure): Promise<void> => {
  if (passing.includes(code)) return;
  writeIfPossible(context.ports, 'refusal.unrecorded', (tx) => tx.keepRefusal(lease, { code, details, at: context.ports.clock.now() }));
  await context.reload();
};
