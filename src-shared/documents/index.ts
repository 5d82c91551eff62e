/** The documents (design.md section 4, and the time ticket): a format, signing it, and the three stages of accepting it. The only importer of jose. */
export { kindTable, documentKinds } from './kinds.ts';
export type { ClaimsOf, DocumentKind, IssuedKind } from './kinds.ts';
export { label } from './claims.ts';
export type { PublicJwk } from './claims.ts';
export { importSigningKey, isSoundPublicKey, machineIdOf, thumbprintOf } from './keys.ts';
export type { PrivateJwk, SigningKey } from './keys.ts';
export { parseStrictObject } from './json.ts';
export { DOCUMENT_SIZE, parseDocument, parseKind } from './parse.ts';
export type { Parsed } from './parse.ts';
export {
  authenticateHeartbeat, authenticateIssued, authenticateKeyset, authenticateRelease, authenticateRequest,
} from './authenticate.ts';
export type { Genuine, Heartbeat, TrustedKeys } from './authenticate.ts';
export { beginningOf, signDocument, signHeartbeat } from './sign.ts';
export { isAhead, judgeClock, judgeEnd, judgeKeyset, judgeLicenseFile, judgeReceipt, judgeRelease, judgeRequest, judgeTimeTicket } from './judge.ts';
export type { AuthorityView, MachineView, TimeView } from './judge.ts';
export { describeDocument } from './describe.ts';
