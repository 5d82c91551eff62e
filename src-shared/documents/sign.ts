import { CompactSign } from 'jose';
import { armor } from './armor.ts';
import { HEARTBEAT_TYP } from './authenticate.ts';
import type { Heartbeat } from './authenticate.ts';
import { heartbeatClaims } from './claims.ts';
import type { SigningKey } from './keys.ts';
import { kindTable } from './kinds.ts';
import type { ClaimsOf, DocumentKind } from './kinds.ts';

const compact = (typ: string, claims: object, signer: SigningKey): Promise<string> =>
  new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
    .setProtectedHeader({ alg: 'Ed25519', typ, kid: signer.kid })
    .sign(signer.key);

/**
 * Signs a document and returns the text of its file. Claims that the parser would refuse are a defect of the caller and
 * throw: nothing that we could not read back ever leaves.
 */
export const signDocument = async <K extends DocumentKind>(kind: K, claims: ClaimsOf<K>, signer: SigningKey): Promise<string> => {
  const row = kindTable[kind];
  return armor(row.label, await compact(row.typ, row.claims.parse(claims) as object, signer));
};

/** Signs a heartbeat: a compact JWS for HTTP, never a file. */
export const signHeartbeat = (claims: Heartbeat, signer: SigningKey): Promise<string> =>
  compact(HEARTBEAT_TYP, heartbeatClaims.parse(claims), signer);
