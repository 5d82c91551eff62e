import { authenticateRelease, authenticateRequest, parseKind } from '../../src-shared/documents/index.ts';
import type { Context } from './context.ts';
import { buryLease, releaseRow } from './issue.ts';
import { requestRow } from './requests.ts';
import type { ReleaseRow } from './store.ts';

/** Rows that stand in the database and do not hold what this machine wrote: the leases whose proof, and the requests. */
export type Spoilt = { readonly proofs: ReadonlySet<string>; readonly requests: ReadonlySet<string> };

/** Of what waits for an answer, that which is not there any more as it was signed. */
export const spoiltOwn = async ({ ports: { store, machine } }: Context): Promise<Spoilt> => {
  const [proofs, requests] = [new Set<string>(), new Set<string>()];
  for (const row of store.releases()) {
    if (!waits(row)) continue;
    const proof = parseKind('release', row.proofText);
    const whole = proof.ok && proof.value.claims.jti === row.proof && proof.value.claims.sub === row.lease && (await authenticateRelease(proof.value, machine.key.jwk)).ok;
    if (!whole) proofs.add(row.lease);
  }
  for (const { id, carrier, purpose, text } of store.pendingRequests()) {
    if (carrier !== 'file' || purpose === 'time') continue;
    const request = parseKind('request', text);
    if (!request.ok || request.value.claims.jti !== id || !(await authenticateRequest(request.value)).ok) requests.add(id);
  }
  return { proofs, requests };
};

const waits = ({ receiptText, problem }: ReleaseRow): boolean => receiptText === null && problem === null;

/**
 * After damage, before the license files: what this machine wrote itself and nobody has answered yet. A proof is read back with
 * its tombstone, so that it can still free its seat; a request, so that an answer which is on its way finds it. Only what is
 * signed by this machine's own key is taken, and nothing that the database knows already as it was written. `answered`: the
 * requests whose license files are kept; their answer was taken and the power failed before they could be put away.
 */
export const readBackOwn = async (context: Context, answered: ReadonlySet<string>, spoilt: Spoilt): Promise<{ readonly proofs: number; readonly requests: number }> => {
  const { proofs, requests } = context.ports.store.kept();
  let [readProofs, readRequests] = [0, 0];
  for (const proof of proofs) if (await readBackProof(context, proof, spoilt)) readProofs += 1;
  for (const request of requests) if (await readBackRequest(context, request, answered, spoilt)) readRequests += 1;
  return { proofs: readProofs, requests: readRequests };
};

/** The license file only says what the proof is about, so it is enough that the proof names it. */
const readBackProof = async ({ ports: { store, machine } }: Context, { text, licenseFile }: { readonly text: string; readonly licenseFile: string }, spoilt: Spoilt): Promise<boolean> => {
  const proof = parseKind('release', text);
  const given = parseKind('license', licenseFile);
  if (!proof.ok || !given.ok) return false;
  const { sub, file, seq } = proof.value.claims;
  if (given.value.claims.jti !== file || given.value.claims.sub !== sub) return false;
  if (!(await authenticateRelease(proof.value, machine.key.jwk)).ok) return false;
  const row = releaseRow(given.value.claims, proof.value.claims, text);
  return store.write((tx) => {
    const known = tx.release(sub);
    if (known !== null && !(spoilt.proofs.has(sub) && waits(known))) return false;
    tx.saveDocument({ file, id: sub, text: licenseFile, acceptedAt: row.releasedAt });
    if (known === null) buryLease(tx, row);
    else tx.mendRelease(row);
    tx.raiseSequence(seq);
    return true;
  });
};

const readBackRequest = async ({ ports: { store, machine } }: Context, text: string, answered: ReadonlySet<string>, spoilt: Spoilt): Promise<boolean> => {
  const request = parseKind('request', text);
  if (!request.ok) return false;
  const { claims } = request.value;
  // SECURITY: a request for the time is good for one ticket; read back, a used one would be good for another.
  if (claims.iss !== machine.id || claims.purpose === 'time' || answered.has(claims.jti)) return false;
  if (!(await authenticateRequest(request.value)).ok) return false;
  const row = requestRow(claims, 'file', text);
  return store.write((tx) => {
    if (claims.lease !== undefined && tx.released(claims.lease)) return false;
    const known = tx.request(claims.jti);
    if (known !== null) {
      if (!spoilt.requests.has(claims.jti) || known.state !== 'pending') return false;
      tx.removeRequest(claims.jti);
    }
    tx.saveRequest(row);
    tx.raiseSequence(claims.seq);
    return true;
  });
};
