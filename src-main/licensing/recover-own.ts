import { authenticateRelease, authenticateRequest, parseKind } from '../../src-shared/documents/index.ts';
import type { Context } from './context.ts';
import { buryLease, releaseRow } from './issue.ts';
import { requestRow } from './requests.ts';

/**
 * After damage, before the license files: what this machine wrote itself and nobody has answered yet. A proof is read back with
 * its tombstone, so that it can still free its seat; a request, so that an answer which is on its way finds it. Only what is
 * signed by this machine's own key is taken, and nothing that the database knows already. `answered`: the requests whose
 * license files are kept; their answer was taken and the power failed before they could be put away.
 */
export const readBackOwn = async (context: Context, answered: ReadonlySet<string>): Promise<{ readonly proofs: number; readonly requests: number }> => {
  const { proofs, requests } = context.ports.store.kept();
  let [readProofs, readRequests] = [0, 0];
  for (const proof of proofs) if (await readBackProof(context, proof)) readProofs += 1;
  for (const request of requests) if (await readBackRequest(context, request, answered)) readRequests += 1;
  return { proofs: readProofs, requests: readRequests };
};

/** The license file only says what the proof is about, so it is enough that the proof names it. */
const readBackProof = async ({ ports: { store, machine } }: Context, { text, licenseFile }: { readonly text: string; readonly licenseFile: string }): Promise<boolean> => {
  const proof = parseKind('release', text);
  const given = parseKind('license', licenseFile);
  if (!proof.ok || !given.ok) return false;
  const { sub, file, seq } = proof.value.claims;
  if (given.value.claims.jti !== file || given.value.claims.sub !== sub) return false;
  if (!(await authenticateRelease(proof.value, machine.key.jwk)).ok) return false;
  const row = releaseRow(given.value.claims, proof.value.claims, text);
  return store.write((tx) => {
    if (tx.release(sub) !== null) return false;
    tx.saveDocument({ file, id: sub, text: licenseFile, acceptedAt: row.releasedAt });
    buryLease(tx, row);
    tx.raiseSequence(seq);
    return true;
  });
};

const readBackRequest = async ({ ports: { store, machine } }: Context, text: string, answered: ReadonlySet<string>): Promise<boolean> => {
  const request = parseKind('request', text);
  if (!request.ok) return false;
  const { claims } = request.value;
  // SECURITY: a request for the time is good for one ticket; read back, a used one would be good for another.
  if (claims.iss !== machine.id || claims.purpose === 'time' || answered.has(claims.jti)) return false;
  if (!(await authenticateRequest(request.value)).ok) return false;
  const row = requestRow(claims, 'file', text);
  return store.write((tx) => {
    if (tx.request(claims.jti) !== null || (claims.lease !== undefined && tx.released(claims.lease))) return false;
    tx.saveRequest(row);
    tx.raiseSequence(claims.seq);
    return true;
  });
};
