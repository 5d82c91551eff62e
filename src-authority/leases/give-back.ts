import { sql } from 'kysely';
import { judgeRelease } from '../../src-shared/documents/index.ts';
import type { Genuine } from '../../src-shared/documents/index.ts';
import type { Lease } from '../../src-shared/lease.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Failure, Result } from '../../src-shared/result.ts';
import { may } from '../../src-shared/role.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { recordAudit } from '../audit/audit.ts';
import { prepared } from '../adapter/prepared.ts';
import type { Db, Trx } from '../adapter/schema.ts';
import type { Hub } from '../events/hub.ts';
import type { Ground, Person } from '../ground.ts';
import type { MachineKnows } from '../keys/keyring.ts';
import type { Keyset } from '../keys/keysets.ts';
import { roleOf } from '../organizations/membership.ts';
import { digestOf, readProof, seenBefore } from './admit.ts';
import type { Seen } from './admit.ts';
import { tellOfMachine } from './copies.ts';
import { confirmMachineOf } from './own-machines.ts';
import { settleSeat } from './seats.ts';
import type { Bringer } from './take.ts';
import { leaseOf, leaseRow } from './view.ts';
import type { LeaseRow } from './view.ts';

/** How a lease ends: by the machine's own proof, which frees its seat, or by the decision of a named person, which does not. */

export type Returned = {
  readonly receipt: string;
  readonly lease: Lease;
  /** The keysets that the machine must take in before it can read the receipt, in this order; mostly none. */
  readonly first: readonly Keyset[];
};

/** May this actor bring a proof of this lease? The proof itself is the machine's; a stranger is not told that the lease exists. */
const mayAccept = async (db: Db, actor: Bringer, lease: LeaseRow): Promise<Failure | null> => {
  if (actor === 'machine' || actor.kind === 'operator' || lease.holder === actor.person.id) return null;
  const role = await roleOf(db, lease.organization, actor.person.id);
  if (role === null) return fail('LEASE_NOT_FOUND', { lease: lease.id });
  return may(role, 'exchange.accept') ? null : fail('FORBIDDEN', { operation: 'exchange.accept', role });
};

/** The lease as it is after a change of it in this transaction. */
const leaseAfter = async (trx: Trx, lease: string): Promise<Lease> => {
  const row = await leaseRow(trx, lease);
  if (!row) throw new Error('a lease is gone');
  return leaseOf(row);
};

/** Tells the machine, whoever of the organization is signed in there, and everybody who sees the organization's seats; after the commit. */
export const tellOfLease = (hub: Hub, lease: Lease): void => {
  hub.publish({ type: 'lease', lease: lease.id, machine: lease.machine.id }, { organization: lease.organization.id, ...(lease.holder && { user: lease.holder.id }) });
  hub.publish({ type: 'entitlements', organization: lease.organization.id }, { organization: lease.organization.id });
};

const endByPerson = prepared((db, p: { id: string; now: Seconds; name: string }) =>
  db.updateTable('lease').set({ state: sql`'released'`, ended_at: p.now, ended_by: p.name, ended_why: sql`'person'` }).where('id', '=', p.id),
);

/** A lease is offline also when it was switched back and its machine has not said yet that it holds the online file. */
export const isOffline = (lease: Pick<LeaseRow, 'mode' | 'busy_until' | 'until'>): boolean => lease.mode === 'offline' || lease.busy_until > lease.until;

/**
 * Ends an online lease by the decision of a named person, before its file has ended. Its seat is at risk until the machine, which
 * hears of it, confirms it by its proof; at the latest until the file ends. The caller has judged whether the person may, and
 * tells of it after the commit. Errors: `LEASE_RELEASED`, `LEASE_REVOKED`, `LEASE_EXPIRED`, `LEASE_OFFLINE`.
 */
export const endOnline = async (
  trx: Trx,
  { lease, person, now }: { readonly lease: LeaseRow; readonly person: Pick<Person, 'id' | 'name'>; readonly now: Seconds },
): Promise<Result<Lease>> => {
  const { id } = lease;
  if (lease.state === 'released') return fail('LEASE_RELEASED', { lease: id, endedBy: lease.ended_by });
  if (lease.state === 'revoked') return fail('LEASE_REVOKED', { lease: id, endedBy: lease.ended_by });
  if (lease.state === 'expired' || lease.busy_until <= now) return fail('LEASE_EXPIRED', { lease: id, at: lease.until });
  if (isOffline(lease)) return fail('LEASE_OFFLINE', { lease: id, until: lease.busy_until });
  await endByPerson(trx, { id, now, name: person.name });
  await recordAudit(trx, [
    {
      at: now, organization: lease.organization, actor: person.id, action: 'lease.released-by-person', subject: id,
      details: { license: lease.license, machine: lease.machine, holder: lease.holder, fileValidFor: Math.max(0, lease.until - now), atRiskUntil: lease.busy_until },
    },
  ]);
  return ok(await leaseAfter(trx, id));
};

/**
 * Revokes an offline lease by the decision of a named person: it cannot be renewed, and its seat stays at risk until its files
 * end or its return is proven.
 */
export const revokeOffline = async (
  trx: Trx,
  { lease, person, why, now }: { readonly lease: LeaseRow; readonly person: Pick<Person, 'id' | 'name'>; readonly why: 'left' | 'retired'; readonly now: Seconds },
): Promise<Lease> => {
  await trx.updateTable('lease').set({ state: 'revoked', ended_at: now, ended_by: person.name, ended_why: why }).where('id', '=', lease.id).execute();
  await recordAudit(trx, [
    {
      at: now, organization: lease.organization, actor: person.id, action: 'lease.revoked-by-person', subject: lease.id,
      details: { license: lease.license, machine: lease.machine, holder: lease.holder, why, atRiskUntil: lease.busy_until },
    },
  ]);
  return leaseAfter(trx, lease.id);
};

type Judged = { readonly kind: 'new' | 'answered'; readonly lease: LeaseRow };

/**
 * What is said of a genuine release proof: one judgement for looking at a file and for accepting it. `look` says whether it
 * was accepted before. Errors: `FILE_WRONG_AUTHORITY`, `LEASE_NOT_FOUND`, `FORBIDDEN`, `CONFLICT`, `MACHINE_CLONED`, `FILE_STALE`.
 */
export const judgeProof = async (
  db: Db,
  { authority, proof, actor, now, look }: { readonly authority: string; readonly proof: Genuine<'release'>; readonly actor: Bringer; readonly now: Seconds; readonly look: () => Promise<Seen> },
): Promise<Result<Judged>> => {
  const { claims } = proof;
  const judged = judgeRelease(proof, { authority, now });
  if (!judged.ok) return judged;
  const lease = await leaseRow(db, claims.sub);
  if (!lease || lease.machine !== claims.iss) return fail('LEASE_NOT_FOUND', { lease: claims.sub });
  const refused = await mayAccept(db, actor, lease);
  if (refused) return refused;
  const seen = await look();
  if (seen.kind === 'refused') return seen.failure;
  if (seen.kind === 'answered') return ok({ kind: 'answered', lease });
  if (seen.kind === 'told') throw new Error('a release proof was answered as a request for the time');
  const files = await db.selectFrom('license_file').select(['jti', 'seq', 'request_seq']).where('lease', '=', lease.id).orderBy('request_seq', 'desc').execute();
  const [lastAsked] = files;
  const named = files.find((file) => file.jti === claims.file);
  if (!lastAsked || !named) return fail('LEASE_NOT_FOUND', { lease: claims.sub, file: claims.file });
  // The machine counts its documents. A proof made after every request that a file of the lease answers ends all its files:
  // the machine has given the lease up and refuses any file of it from then on. A proof made before one of them does not.
  // The newest file need not answer the last request: requests can arrive in another order than they were made in.
  if (claims.seq <= lastAsked.request_seq) return fail('FILE_STALE', { why: 'proof', lease: lease.id, held: named.seq, newest: lastAsked.seq });
  return ok({ kind: 'new', lease });
};

export const createGivingBack = (ground: Ground) => {
  const { database, clock, random, hub, keyring } = ground;

  const tell = (lease: Lease): void => tellOfLease(hub, lease);

  /** The machine knows the key of the file that it gives back. */
  const knownBy = async (trx: Trx, lease: string, file: string): Promise<MachineKnows> => {
    const { text } = await trx.selectFrom('license_file').select('text').where('lease', '=', lease).where('jti', '=', file).executeTakeFirstOrThrow();
    return { signed: text };
  };

  const accept = async (text: string | Uint8Array, actor: Bringer): Promise<Result<Returned>> => {
    const read = await readProof(database.db, text);
    if (!read.ok) return read;
    const proof = read.value;
    const { claims } = proof;
    let fresh = false;
    let copied = false;
    const result = await database.transact(async (trx): Promise<Result<Returned>> => {
      const time = await ground.time.judge(trx);
      if (!time.ok) return time;
      const now = time.value;
      const judged = await judgeProof(trx, { authority: ground.authority, proof, actor, now, look: () => seenBefore(trx, ground, proof, { now, carrier: actor === 'machine' ? 'network' : 'file', onMark: () => void (copied = true) }) });
      if (!judged.ok) return judged;
      const { kind, lease } = judged.value;
      const machine = await knownBy(trx, lease.id, claims.file);
      if (kind === 'answered') {
        const { text: receipt, jti } = await trx.selectFrom('receipt').select(['text', 'jti']).where('proof', '=', claims.jti).executeTakeFirstOrThrow();
        const known = await keyring.again(trx, receipt, machine);
        if (!known.ok) return known;
        if (known.value.revokedAt === null) return ok({ receipt, lease: leaseOf(lease), first: known.value.first });
        // A receipt grants nothing: one whose key was revoked since is signed again, or the machine would ask for ever.
        const signing = await keyring.signing(trx, machine);
        if (!signing.ok) return signing;
        await ground.time.signed(trx, now);
        const again = await signing.value.signer.receipt({ iss: ground.authority, aud: claims.iss, sub: lease.id, proof: claims.jti, jti, iat: now });
        await trx.updateTable('receipt').set({ text: again }).where('proof', '=', claims.jti).execute();
        return ok({ receipt: again, lease: leaseOf(lease), first: signing.value.first });
      }
      const signing = await keyring.signing(trx, machine);
      if (!signing.ok) return signing;
      await trx
        .updateTable('lease')
        .set({
          busy_until: 0,
          ...(lease.state === 'released' ? {} : { state: 'released' as const, ended_at: now, ended_why: 'proof', ended_by: claims.iss }),
        })
        .where('id', '=', lease.id)
        .execute();
      if (lease.seat !== null) {
        await settleSeat(trx, lease.seat, now);
        await trx.updateTable('lease').set({ seat: null }).where('id', '=', lease.id).execute();
      }
      await trx.updateTable('machine').set((eb) => ({ last_seq: eb.fn<number>('max', ['last_seq', eb.val(claims.seq)]), last_contact: now })).where('id', '=', claims.iss).execute();
      await confirmMachineOf(trx, { organization: lease.organization, machine: claims.iss }, now);
      const jti = random.id('rcp');
      await ground.time.signed(trx, now);
      const receipt = await signing.value.signer.receipt({ iss: ground.authority, aud: claims.iss, sub: lease.id, proof: claims.jti, jti, iat: now });
      await trx
        .insertInto('machine_document')
        .values({ jti: claims.jti, kind: 'release', machine: claims.iss, seq: claims.seq, digest: digestOf(proof.jws), lease: lease.id, received_at: now })
        .execute();
      await trx.insertInto('receipt').values({ jti, proof: claims.jti, lease: lease.id, issued_at: now, text: receipt }).execute();
      await recordAudit(trx, [
        {
          at: now, organization: lease.organization, actor: actor === 'machine' ? claims.iss : actor.kind === 'operator' ? 'operator' : actor.person.id,
          action: 'lease.released', subject: lease.id,
          details: { license: lease.license, machine: claims.iss, proof: claims.jti, reason: claims.reason, was: lease.state, busyUntil: lease.busy_until },
        },
      ]);
      fresh = true;
      return ok({ receipt, lease: await leaseAfter(trx, lease.id), first: signing.value.first });
    });
    if (copied) await tellOfMachine(ground, claims.iss);
    if (result.ok && fresh) tell(result.value.lease);
    return result;
  };

  return {
    /** The seat is free from then on; the same proof again gets the same receipt. Errors: those of `giveBack` and `accept`. */
    accept,

    /** Ends an online lease as the decision of its holder, or of who may release anybody's. Errors: those of the route `release`. */
    releaseByPerson: async (person: Person, id: string): Promise<Result<Lease>> => {
      const result = await database.transact(async (trx): Promise<Result<Lease>> => {
        const now = clock.now();
        const lease = await leaseRow(trx, id);
        if (!lease) return fail('LEASE_NOT_FOUND', { lease: id });
        if (lease.holder !== person.id) {
          const role = await roleOf(trx, lease.organization, person.id);
          if (role === null) return fail('LEASE_NOT_FOUND', { lease: id });
          if (!may(role, 'lease.release-any')) return fail('FORBIDDEN', { operation: 'lease.release-any', role });
        }
        return endOnline(trx, { lease, person, now });
      });
      if (result.ok) tell(result.value);
      return result;
    },
  };
};
