import { base64url, CompactSign } from 'jose';
import { armor } from './armor.ts';
import { HEARTBEAT_TYP } from './authenticate.ts';
import type { Heartbeat } from './authenticate.ts';
import { heartbeatClaims } from './claims.ts';
import type { SigningKey } from './keys.ts';
import { kindTable } from './kinds.ts';
import type { ClaimsOf, DocumentKind } from './kinds.ts';

const headerOf = (typ: string, kid: string) => ({ alg: 'Ed25519', typ, kid }) as const;

const compact = (typ: string, claims: object, signer: SigningKey): Promise<string> =>
  new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
    .setProtectedHeader(headerOf(typ, signer.kid))
    .sign(signer.key);

/** How the text of every document of a kind begins that a key has signed: to find them where only texts are kept. */
export const beginningOf = (kind: DocumentKind, kid: string): string => {
  const { typ, label } = kindTable[kind];
  const text = armor(label, `${base64url.encode(JSON.stringify(headerOf(typ, kid)))}.`);
  return text.slice(0, text.lastIndexOf('\n-----END'));
};

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
