import type { DocumentFile } from '../../src-shared/desktop.ts';
import { contract } from '../../src-shared/http/index.ts';
import type { ReleaseReason } from '../../src-shared/lease.ts';
import { fail, ok, Refusal, settle } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import { whyOf } from '../../src-shared/whys.ts';
import { accept } from './accept.ts';
import type { Context } from './context.ts';
import { isDefinite } from './context.ts';
import { buryLease, countOn, issueNumbered, signRelease } from './issue.ts';
import { isReadable } from './standing.ts';
import type { Held } from './standing.ts';
import type { LicensingStore, StoreReader } from './store.ts';
import { whoAnswers } from './trust.ts';

/** Gives a lease up on this machine: tombstone and proof first, then its file is gone. Null: it was not held. */
export const giveUp = async (context: Context, lease: string, reason: ReleaseReason, isDue: (store: StoreReader) => boolean = () => true): Promise<string | null> => {
  const { store } = context.ports;
  if (!store.lease(lease)) return null;
  let held: Held | null = null;
  const done = await withRoom(store, () => issueNumbered(
    context,
    async (seq) => {
      await context.reload();
      held = context.heldLease(lease);
      return isReadable(held) ? [await signRelease(context, held, reason, seq)] : [];
    },
    (tx, [release]) => {
      const row = tx.lease(lease);
      if (!row || !isDue(tx)) return null;
      // The proof names the newest file; one that came in meanwhile is another.
      if (held?.row.file !== row.file) return 'again';
      // A file that cannot even be read proves nothing: the row goes, and the seat comes back when its file has ended.
      if (!release) tx.removeLease(lease);
      else buryLease(tx, release);
      return lease;
    },
  ));
  await context.reload();
  return done;
};

/** A full disk keeps nobody from giving a license back: room is kept for that. */
const withRoom = async <T>(store: Pick<LicensingStore, 'makeRoom'>, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    const isFull = error instanceof Refusal && whyOf(error.failure.code, error.failure.details) === 'full';
    if (!isFull || !store.makeRoom()) throw error;
    return work();
  }
};

export const release = async (context: Context, input: { readonly lease: string; readonly reason: ReleaseReason }): Promise<Result<null>> => {
  await context.sync();
  const held = context.heldLease(input.lease);
  if (!held) return fail(context.ports.store.release(input.lease) ? 'LEASE_RELEASED' : 'LEASE_NOT_FOUND', { lease: input.lease });
  if (held.claims?.mode === 'offline') {
    const { url } = context.ports.authority;
    const reached = url === null ? fail('AUTHORITY_UNREACHABLE', { why: 'no-address' }) : await whoAnswers(context.contact.asMachine, context.trusted());
    if (!reached.ok && reached.code !== 'AUTHORITY_UNREACHABLE') return reached;
    if (!reached.ok) return fail('LEASE_OFFLINE', { why: 'here', lease: input.lease, until: held.claims.exp });
  }
  // From here on the lease is gone from this machine, whether or not the authority can be told at once.
  if ((await giveUp(context, input.lease, input.reason)) === null) return fail('LEASE_NOT_FOUND', { lease: input.lease });
  const told = await settle(() => context.inTurn(() => deliverProofs(context)));
  // Whoever stops waiting for the authority has given the lease up all the same; the proof is delivered later.
  return told.ok || told.code === 'CANCELLED' ? ok(null) : told;
};

/**
 * Releases, on this machine, what was taken for commands only and none of them wants any more: the command has ended, or the
 * run that took it was killed. The proofs are delivered later.
 */
export const releaseRuns = async (context: Context, isWanted: (product: string) => boolean): Promise<Result<null>> => {
  const { store } = context.ports;
  await context.sync();
  for (const lease of store.runLeases()) {
    const row = store.lease(lease);
    if (row && !isWanted(row.product)) await giveUp(context, lease, 'run-ended', (tx) => tx.runLeases().includes(lease));
  }
  return ok(null);
};

/** Brings the authority every proof that it has not answered yet. */
export const deliverProofs = async (context: Context): Promise<void> => {
  const { ports, contact } = context;
  if (ports.authority.url === null) return;
  for (const row of ports.store.releases()) {
    if (row.receiptText !== null || row.problem !== null) continue;
    const reply = await contact.asMachine(contract.leases.giveBack, { body: { proof: row.proofText } });
    if (!reply.ok) {
      if (!isDefinite(reply)) return;
      const ours = await whoAnswers(contact.asMachine, context.trusted());
      if (!ours.ok) return ports.log('proof.not-delivered', { lease: row.lease, code: ours.code });
      if (reply.code === 'MACHINE_CLONED') countOn(context, reply);
      ports.log('proof.refused', { lease: row.lease, code: reply.code });
      ports.store.write((tx) => tx.closeRelease(row.lease, { code: reply.code, details: reply.details }));
      continue;
    }
    const accepted = await accept(context, reply.value.receipt);
    if (!accepted.ok) ports.log('receipt.refused', { lease: row.lease, code: accepted.code });
  }
  context.publish();
};

export const releaseByProof = async (context: Context, lease: string): Promise<Result<DocumentFile>> => {
  await context.sync();
  const before = proofFile(context, lease);
  if (before.ok) return before;
  if (!context.heldLease(lease)) return fail('LEASE_NOT_FOUND', { lease });
  await giveUp(context, lease, 'user');
  return proofFile(context, lease);
};

export const proofFile = ({ ports }: Context, lease: string): Result<DocumentFile> => {
  const row = ports.store.release(lease);
  return row ? ok({ name: row.fileName, text: row.proofText }) : fail('LEASE_NOT_FOUND', { lease });
};
