import { parseKind } from '../../src-shared/documents/index.ts';
import { contract } from '../../src-shared/http/index.ts';
import { fail } from '../../src-shared/result.ts';
import type { Failure, Result } from '../../src-shared/result.ts';
import { meet } from './account.ts';
import type { Context } from './context.ts';
import { isDefinite } from './context.ts';
import { buryLease, countOn, issueNumbered, signRelease } from './issue.ts';
import { wantedLicenses } from './intentions.ts';
import { genuineIssued } from './judging.ts';
import type { LicenseClaims } from './ports.ts';
import { deliverProofs } from './release.ts';
import type { RequestRow } from './store.ts';

/**
 * Checkouts over the network whose answers never came: the person stopped waiting, the connection failed, or the process ended.
 * The authority may have issued a lease that nobody here holds. The same request is sent once more, which has the same answer,
 * and what it was answered with is released without ever being used. A person who asks again before that gets it instead.
 */
const unanswered = ({ ports: { store } }: Context): readonly RequestRow[] => {
  const wanted = wantedLicenses(store);
  return store.pendingRequests().filter(({ carrier, purpose, license }) => carrier === 'network' && purpose === 'checkout' && !wanted.includes(license ?? ''));
};

/** The claims of the file that answers a request. Errors: those of `genuineIssued`, `REQUEST_UNKNOWN`. */
const readAnswer = async (context: Context, request: string, text: string): Promise<Result<LicenseClaims>> => {
  const parsed = parseKind('license', text);
  if (!parsed.ok) return parsed;
  const first = await genuineIssued(context.trusted(), parsed.value);
  // Where a newer key signed it, the keyset that names it is fetched first.
  const isBehind = !first.ok && first.details['needed'] !== undefined;
  const genuine = isBehind && (await meet(context)).ok ? await genuineIssued(context.trusted(), parsed.value) : first;
  if (!genuine.ok) return genuine;
  const { claims } = genuine.value;
  const isAnswer = claims.req === request && claims.aud === context.ports.machine.id;
  return isAnswer ? { ok: true, value: claims } : fail('REQUEST_UNKNOWN', { request: claims.req });
};

/**
 * It was answered for somebody else, who can have that answer again when they sign in. People of another organization are not
 * even told that the license exists; the request is then kept until it is too old to be answered.
 */
export const isOfAnother = ({ code, details }: Failure): boolean => (code === 'CONFLICT' && details['why'] === 'answered') || code === 'LICENSE_NOT_FOUND';

/** Tombstone and proof of a lease that was never held here, in the transaction that uses up its request. */
const returnUnused = async (context: Context, request: string, claims: LicenseClaims): Promise<void> => {
  await issueNumbered(
    context,
    async (seq) => [await signRelease(context, { row: { id: claims.sub, file: claims.jti }, claims }, 'user', seq)],
    (tx, [release]) => {
      // It came in meanwhile, by file or by another process.
      const isKnown = tx.lease(claims.sub) !== null || tx.released(claims.sub);
      if (release && !isKnown) buryLease(tx, release);
      tx.setRequestState(request, 'answered', claims.sub);
    },
  );
  context.ports.log('checkout.returned', { lease: claims.sub, license: claims.license.id });
};

/**
 * To be called in turn, and while no other process of the home asks: then nobody waits for these answers any more. It ends at the
 * first question that the authority does not answer.
 */
export const returnUnanswered = async (context: Context): Promise<void> => {
  const { ports, contact } = context;
  let returned = 0;
  for (const row of unanswered(context)) {
    if (ports.authority.url === null || !contact.signedIn() || !context.trusted()) break;
    const reply = await contact.asPerson(contract.leases.checkout, { body: { request: row.text } });
    if (!reply.ok) {
      if (!isDefinite(reply)) break;
      if (reply.code === 'MACHINE_CLONED') countOn(context, reply);
      if (!isOfAnother(reply)) ports.store.write((tx) => tx.removeRequest(row.id));
      continue;
    }
    const answer = await readAnswer(context, row.id, reply.value.licenseFile);
    if (!answer.ok) {
      ports.log('checkout.not-returned', { request: row.id, code: answer.code });
      continue;
    }
    await returnUnused(context, row.id, answer.value);
    returned += 1;
  }
  if (returned > 0) await deliverProofs(context);
};

/** `returnUnanswered` for those who have no turn yet; where nothing waits, it costs nothing. */
export const settleUnanswered = async (context: Context): Promise<void> => {
  if (unanswered(context).length > 0) await context.inTurn(() => context.alone(() => returnUnanswered(context)));
};
