import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { authenticateRelease, authenticateRequest, parseKind } from '../../src-shared/documents/index.ts';
import type { Genuine, Parsed, PublicJwk } from '../../src-shared/documents/index.ts';
import { CLOCK_TOLERANCE } from '../../src-shared/policy.ts';
import { fail } from '../../src-shared/result.ts';
import type { Failure, Result } from '../../src-shared/result.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { prepared } from '../adapter/prepared.ts';
import type { Db, Row, Trx } from '../adapter/schema.ts';
import type { Ground } from '../ground.ts';
import type { Carrier } from '../licenses/judge.ts';
import { copiedFailure, markCopied } from './copies.ts';

/** Documents of machines: stages one and two, and whether one was answered before. */

export const digestOf = (jws: string): string => createHash('sha256').update(jws).digest('base64url');

const keyOf = prepared((db, p: { id: string }) => db.selectFrom('machine').select('jwk').where('id', '=', p.id));

export const machineKey = async (db: Db, machine: string): Promise<PublicJwk | null> => {
  const [row] = await keyOf(db, { id: machine });
  return row ? (JSON.parse(row.jwk) as PublicJwk) : null;
};

/** Errors: `FILE_NOT_GENUINE`, `LEASE_NOT_FOUND` (no such machine is known). */
export const genuineProof = async (db: Db, parsed: Parsed<'release'>): Promise<Result<Genuine<'release'>>> => {
  const jwk = await machineKey(db, parsed.claims.iss);
  return jwk ? authenticateRelease(parsed, jwk) : fail('LEASE_NOT_FOUND', { lease: parsed.claims.sub });
};

/**
 * SECURITY: to see whether a new key is sound costs more than all else that is done with a request. So whoever is not signed in
 * is asked first whether the machine is known at all. Errors: `FILE_NOT_GENUINE`; what `stranger` says of one that is not.
 */
export const genuineRequest = async (db: Db, parsed: Parsed<'request'>, stranger: () => Failure | null = () => null): Promise<Result<Genuine<'request'>>> => {
  const isKnown = (await machineKey(db, parsed.claims.iss)) !== null;
  return (isKnown ? null : stranger()) ?? authenticateRequest(parsed, () => isKnown);
};

/** Errors: `FILE_MALFORMED`, `FILE_WRONG_KIND`, those of `genuineProof`. */
export const readProof = async (db: Db, text: string | Uint8Array): Promise<Result<Genuine<'release'>>> => {
  const parsed = parseKind('release', text);
  return parsed.ok ? genuineProof(db, parsed.value) : parsed;
};

export type FromMachine = Genuine<'request'> | Genuine<'release'>;
export type Seen =
  | { readonly kind: 'new' }
  | { readonly kind: 'answered'; readonly lease: string }
  /** A request for the time, the ticket that answered it, and the time that stands in that. */
  | { readonly kind: 'told'; readonly ticket: string; readonly at: Seconds }
  /** `reusedFrom`: the `jti` that had this number first. */
  | { readonly kind: 'refused'; readonly failure: Failure; readonly reusedFrom?: string };

/** All documents of a machine are numbered by one counter, also those that stand in tables of their own. */
const documentsLike = prepared((db, p: { jti: string; machine: string; seq: number }) => ({
  compile: () =>
    sql<Pick<Row<'machine_document'>, 'jti' | 'machine' | 'digest'> & { readonly lease: string | null; readonly ticket: string | null; readonly at: Seconds }>`
      SELECT jti, machine, digest, lease, NULL AS ticket, received_at AS at FROM machine_document WHERE jti = ${p.jti} OR (machine = ${p.machine} AND seq = ${p.seq})
      UNION ALL
      SELECT request, machine, digest, NULL, text, issued_at FROM time_ticket WHERE request = ${p.jti} OR (machine = ${p.machine} AND seq = ${p.seq})`.compile(db),
}));

/** The machine that signed a document, as far as it is known here; null for a stranger's, whose word counts for nothing. */
export const knownSigner = async (db: Db, kind: 'request' | 'release', text: string | Uint8Array): Promise<string | null> => {
  const parsed = parseKind(kind, text);
  if (!parsed.ok) return null;
  const jwk = await machineKey(db, parsed.value.claims.iss);
  if (!jwk) return null;
  const genuine = await (parsed.value.kind === 'request' ? authenticateRequest(parsed.value, () => true) : authenticateRelease(parsed.value, jwk));
  return genuine.ok ? genuine.value.claims.iss : null;
};

/**
 * Whether a document was answered before, without a trace. The same `jti` with another text is a `CONFLICT`; a counter value
 * used by another document is `MACHINE_CLONED`.
 */
export const lookFor = async (db: Db, document: FromMachine): Promise<Seen> => {
  const { jti, iss, seq } = document.claims;
  const rows = await documentsLike(db, { jti, machine: iss, seq });
  const same = rows.find((row) => row.jti === jti);
  if (!same) {
    const [first] = rows;
    return first ? { kind: 'refused', failure: await copiedFailure(db, iss, seq), reusedFrom: first.jti } : { kind: 'new' };
  }
  // The digest covers what kind of document it is.
  if (same.machine !== iss || same.digest !== digestOf(document.jws)) return { kind: 'refused', failure: fail('CONFLICT', { why: 'jti', document: jti }) };
  return same.lease === null ? { kind: 'told', ticket: same.ticket ?? '', at: same.at } : { kind: 'answered', lease: same.lease };
};

const lastDocument = prepared((db, p: { machine: string; seq: number }) =>
  db.selectFrom('machine_document').where('machine', '=', p.machine).where('seq', '>', p.seq).orderBy('seq', 'desc').limit(1).select(['jti', 'received_at']));

/**
 * A request that its machine sends itself, with a lower number than one that had arrived when this one was signed: the machine
 * counts upwards, so another one signed it. Requests that overtake each other were all signed before the later number arrived;
 * beyond that an hour is allowed for the machine's clock. The `jti` of the higher number; null: nothing is amiss.
 */
const overtakenBy = async (db: Db, { kind, claims }: FromMachine, now: Seconds): Promise<string | null> => {
  // A request for the time comes from a machine whose clock is in doubt; one from the future shows a clock that was ahead, and is refused as that.
  if (kind !== 'request' || claims.purpose === 'time' || claims.iat > now + CLOCK_TOLERANCE) return null;
  const [last] = await lastDocument(db, { machine: claims.iss, seq: claims.seq });
  return last !== undefined && claims.iat > last.received_at + CLOCK_TOLERANCE ? last.jti : null;
};

/** The same for a document that is acted on: a machine whose numbers show two that count is marked. `onMark` is called when it was not before. */
export const seenBefore = async (
  trx: Trx,
  ground: Pick<Ground, 'publicUrl'>,
  document: FromMachine,
  { now, carrier, onMark }: { readonly now: Seconds; readonly carrier: Carrier; readonly onMark: () => void },
): Promise<Seen> => {
  const seen = await lookFor(trx, document);
  if (seen.kind === 'refused' && seen.reusedFrom === undefined) return seen;
  const answered = seen.kind === 'refused' ? seen.reusedFrom : seen.kind === 'new' && carrier === 'network' ? await overtakenBy(trx, document, now) : undefined;
  if (answered === undefined || answered === null) return seen;
  const { jti, iss, seq } = document.claims;
  if (await markCopied(trx, ground, { machine: iss, seq, document: jti, answered, now })) onMark();
  return { kind: 'refused', failure: await copiedFailure(trx, iss, seq), reusedFrom: answered };
};
