import { z } from 'zod';
import { mostValues } from '../fingerprint.ts';

/** Seconds since the epoch, whole and within what dates can show. */
const seconds = z.int().min(0).max(253_402_300_799);
const counter = z.int().min(1).max(Number.MAX_SAFE_INTEGER);
const word = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/);
/** Text that people read: no control characters, no bidirectional overrides, so that it cannot pose as something else. */
export const label = z.string().min(1).max(200).regex(/^[^\p{Cc}\u202a-\u202e\u2066-\u2069]+$/u);
const thumbprint = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const machineId = z.string().regex(/^mch_[A-Za-z0-9_-]{43}$/);
const mode = z.enum(['online', 'offline']);

export const publicJwk = z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: thumbprint });
/** An Ed25519 public key (RFC 8037), exactly its required members. */
export type PublicJwk = z.output<typeof publicJwk>;

const part = (most: number) => z.array(thumbprint).min(1).max(most).exactOptional();
const fingerprintOf = (most: { readonly [P in keyof typeof mostValues]: number }) =>
  z.strictObject({ v: z.literal(1), parts: z.strictObject({ os: part(most.os), board: part(most.board), cpu: part(most.cpu), disk: part(most.disk), net: part(most.net) }) });
/** As it stands in license files: those that were issued before the values were counted may list more, which match nothing. */
export const fingerprintClaim = fingerprintOf({ os: 16, board: 16, cpu: 16, disk: 16, net: 16 });
/** SECURITY: as a machine may state it. A request that lists several computers would get a license file that is good on all of them. */
const statedFingerprint = fingerprintOf(mostValues);

/** What an activation request asks for. No `license` and no `product`: any that the answering person chooses. */
export const want = z.strictObject({
  license: word.exactOptional(),
  product: word.exactOptional(),
  mode,
  days: z.int().min(1).max(3660).exactOptional(),
});

export const requestClaims = z.strictObject({
  iss: machineId,
  aud: word,
  jti: word,
  iat: seconds,
  exp: seconds,
  seq: counter,
  cnf: z.strictObject({ jwk: publicJwk }),
  fp: statedFingerprint,
  /** `time`: no lease is asked for, only a time ticket. */
  purpose: z.enum(['checkout', 'renew', 'time']),
  lease: word.exactOptional(),
  want,
  machine: z.strictObject({ name: label, os: label, app: label }),
  keyset: z.int().min(0),
});

export const licenseClaims = z.strictObject({
  iss: word,
  aud: machineId,
  sub: word,
  jti: word,
  iat: seconds,
  nbf: seconds,
  exp: seconds,
  cnf: z.strictObject({ jkt: thumbprint }),
  fp: fingerprintClaim,
  req: word,
  seq: counter,
  mode,
  license: z.strictObject({
    id: word,
    product: z.strictObject({ id: word, name: label }),
    edition: label.nullable(),
    features: z.array(label).max(256),
    organization: z.strictObject({ id: word, name: label }),
    validUntil: seconds.nullable(),
  }),
});

export const releaseClaims = z.strictObject({
  iss: machineId,
  aud: word,
  sub: word,
  file: word,
  jti: word,
  iat: seconds,
  seq: counter,
  reason: z.enum(['user', 'change', 'logout', 'run-ended', 'released-elsewhere', 'moved']),
});

export const receiptClaims = z.strictObject({ iss: word, aud: machineId, sub: word, proof: word, jti: word, iat: seconds });

/**
 * What time it was at the authority (`iat`) when it read request `req`, which the machine made after its clock had gone
 * wrong: so it cannot be older than that. It can be used until `exp`.
 */
export const timeClaims = z.strictObject({ iss: word, aud: machineId, jti: word, iat: seconds, exp: seconds, req: word });

export const keysetClaims = z.strictObject({
  iss: word,
  version: counter,
  iat: seconds,
  exp: seconds,
  keys: z
    .array(
      z.strictObject({
        kid: thumbprint,
        jwk: publicJwk,
        role: z.enum(['root', 'license']),
        notBefore: seconds,
        revokedAt: seconds.exactOptional(),
      }),
    )
    .min(2)
    .max(64),
});

/**
 * What a machine with a lease reports over HTTP, as a compact JWS without armor (never a file): that it holds `file` of
 * lease `sub`, and by that no earlier one.
 */
export const heartbeatClaims = z.strictObject({ iss: machineId, aud: word, sub: word, file: word, jti: word, iat: seconds });
