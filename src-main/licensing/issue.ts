import { signDocument } from '../../src-shared/documents/index.ts';
import type { ClaimsOf } from '../../src-shared/documents/index.ts';
import type { ReleaseReason } from '../../src-shared/lease.ts';
import type { Failure } from '../../src-shared/result.ts';
import type { Seconds } from '../../src-shared/time.ts';
import type { Context } from './context.ts';
import { requireCounter } from './context.ts';
import type { LicenseClaims } from './ports.ts';
import type { LeaseRow, ReleaseRow, StoreWriter } from './store.ts';

/**
 * Signs documents that carry the machine's counter, and saves them in the transaction that moves the counter on. Signing
 * takes time and other processes may be quicker: then everything is signed again with the next numbers. `save` may say
 * `again` too, when what it was prepared for is no longer so.
 */
export const issueNumbered = async <D, T>(
  { ports }: Context,
  sign: (seq: number) => Promise<readonly D[]>,
  save: (tx: StoreWriter, documents: readonly D[]) => T | 'again',
): Promise<T> => {
  for (;;) {
    const first = ports.store.machine().seq + 1;
    const documents = await sign(first);
    if (documents.length > 0) requireCounter(ports);
    try {
      return ports.store.write((tx) => {
        if (!documents.every((_, index) => tx.claimSequence(first + index))) throw new Overtaken();
        const value = save(tx, documents);
        if (value === 'again') throw new Overtaken();
        tx.see(ports.clock.now());
        return value;
      });
    } catch (error) {
      if (!(error instanceof Overtaken)) throw error;
    }
  }
};

/** How far the counter follows at once what anybody says who answers: where the authority really is farther, the next refusal takes it on. */
const FARTHEST = 100_000;

/**
 * The authority says that a number was used twice, and by `last` up to where it knows this machine's counter. A machine that
 * was restored counts on above it: once a person has said that it is the same machine, its documents are new again. Of two
 * copies both would, and meet at the next number.
 */
export const countOn = ({ ports }: Context, { details }: Failure): void => {
  const { last, machine } = details;
  if (machine !== ports.machine.id || typeof last !== 'number' || !Number.isSafeInteger(last)) return;
  const { seq } = ports.store.machine();
  if (last <= seq || ports.store.facts().rolledBack) return;
  const to = Math.min(last, seq + FARTHEST);
  ports.store.write((tx) => tx.raiseSequence(to));
  ports.log('counter.raised', { from: seq, to });
};

class Overtaken extends Error {}

/** A proof for a held lease, ready to be saved with its tombstone. */
export const signRelease = async ({ ports }: Context, { row, claims }: { readonly row: Pick<LeaseRow, 'id' | 'file'>; readonly claims: LicenseClaims }, reason: ReleaseReason, seq: number): Promise<ReleaseRow> => {
  const proof: ClaimsOf<'release'> = {
    iss: ports.machine.id, aud: claims.iss, sub: row.id, file: row.file, jti: ports.random.id('rel'), iat: ports.clock.now(), seq, reason,
  };
  return releaseRow(claims, proof, await signDocument('release', proof, ports.machine.key));
};

/** What is kept of a lease that was given up, from the license file and the proof. */
export const releaseRow = ({ license, mode, exp }: ClaimsOf<'license'>, { sub, jti, iat, reason }: ClaimsOf<'release'>, proofText: string): ReleaseRow => ({
  lease: sub,
  license: license.id,
  product: license.product,
  organization: license.organization,
  mode,
  reason,
  releasedAt: iat,
  until: exp,
  proof: jti,
  proofText,
  fileName: `latchkey-release-${slug(license.product.id)}-${stamp(iat)}.lkrel`,
  receiptText: null,
  receiptAt: null,
  problem: null,
});

/** Tombstone, proof and the end of the lease: to be called in the transaction that claims the proof's number. */
export const buryLease = (tx: StoreWriter, release: ReleaseRow): void => {
  tx.saveRelease(release);
  tx.removeLease(release.lease);
};

/** A part of a file name that every system takes. */
export const slug = (text: string): string =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 40) || 'machine';

/** `20260131-0907`, UTC. */
export const stamp = (time: Seconds): string => new Date(time * 1000).toISOString().slice(0, 16).replace(/[-:]/g, '').replace('T', '-');
