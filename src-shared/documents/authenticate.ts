import { compactVerify, errors } from 'jose';
import { fail, ok } from '../result.ts';
import type { Result } from '../result.ts';
import type { Seconds } from '../time.ts';
import { heartbeatClaims } from './claims.ts';
import type { PublicJwk } from './claims.ts';
import { isSoundPublicKey, thumbprintOf } from './keys.ts';
import type { ClaimsOf, DocumentKind, IssuedKind } from './kinds.ts';
import { parseCompact } from './parse.ts';
import type { Parsed } from './parse.ts';

declare const genuine: unique symbol;
/** A document whose signature has been checked. Whether it is acceptable here and now has not. */
export type Genuine<K extends DocumentKind> = Parsed<K> & { readonly [genuine]: true };

/** The authority's keys as this side knows them: the claims of the newest keyset it accepted. */
export type TrustedKeys = Pick<ClaimsOf<'keyset'>, 'iss' | 'version' | 'iat' | 'exp' | 'keys'>;

const notGenuine = (why: string) => fail('FILE_NOT_GENUINE', { why });

const verify = async (jws: string, jwk: PublicJwk): Promise<boolean> => {
  try {
    await compactVerify(jws, { ...jwk, alg: 'Ed25519' }, { algorithms: ['Ed25519'] });
    return true;
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof Error) return false;
    throw error;
  }
};

/**
 * Stage two for license files, receipts and time tickets: signed by a license key that this side trusts.
 * Errors: `FILE_NOT_GENUINE` (details.why: key-unknown, key-role, signature, key-revoked with `at`, key-not-yet), `FILE_WRONG_AUTHORITY`.
 */
export const authenticateIssued = async <K extends IssuedKind>(
  document: Parsed<K>,
  trusted: TrustedKeys,
): Promise<Result<Genuine<K>>> => {
  const { iss, iat } = document.claims as { readonly iss: string; readonly iat: Seconds };
  const known = trusted.keys.find((key) => key.kid === document.kid);
  if (!known) return iss === trusted.iss ? notGenuine('key-unknown') : fail('FILE_WRONG_AUTHORITY', { expected: trusted.iss, actual: iss });
  if (known.role !== 'license') return notGenuine('key-role');
  if (!(await verify(document.jws, known.jwk))) return notGenuine('signature');
  if (known.revokedAt !== undefined) return fail('FILE_NOT_GENUINE', { why: 'key-revoked', at: known.revokedAt });
  if (iss !== trusted.iss) return fail('FILE_WRONG_AUTHORITY', { expected: trusted.iss, actual: iss });
  if (iat < known.notBefore) return notGenuine('key-not-yet');
  return ok(document as Genuine<K>);
};

/**
 * Stage two for activation requests: signed by the key they name (RFC 7800 proof of possession), which must be sound.
 * `isKnownMachine` spares the check of a key that has passed it before. Errors: `FILE_NOT_GENUINE`.
 */
export const authenticateRequest = async (
  document: Parsed<'request'>,
  isKnownMachine: (machine: string) => boolean = () => false,
): Promise<Result<Genuine<'request'>>> => {
  const { jwk } = document.claims.cnf;
  const thumbprint = await thumbprintOf(jwk);
  if (document.kid !== thumbprint || document.claims.iss !== `mch_${thumbprint}`) return notGenuine('key-name');
  if (!isKnownMachine(document.claims.iss) && !isSoundPublicKey(jwk)) return notGenuine('key-unsound');
  if (!(await verify(document.jws, jwk))) return notGenuine('signature');
  return ok(document as Genuine<'request'>);
};

/** Stage two for release proofs: signed by the machine it names. `jwk` is the key that machine registered. */
export const authenticateRelease = async (document: Parsed<'release'>, jwk: PublicJwk): Promise<Result<Genuine<'release'>>> => {
  const thumbprint = await thumbprintOf(jwk);
  if (document.kid !== thumbprint || document.claims.iss !== `mch_${thumbprint}`) return notGenuine('key-name');
  if (!(await verify(document.jws, jwk))) return notGenuine('signature');
  return ok(document as Genuine<'release'>);
};

/**
 * Stage two for keysets: signed by a root key among `roots`. A keyset that vouches for itself (the one compiled in, or
 * named when an unpackaged run starts) is checked against its own roots.
 */
export const authenticateKeyset = async (document: Parsed<'keyset'>, trusted?: TrustedKeys): Promise<Result<Genuine<'keyset'>>> => {
  const { claims } = document;
  if (trusted && claims.iss !== trusted.iss) return fail('FILE_WRONG_AUTHORITY', { expected: trusted.iss, actual: claims.iss });
  for (const key of claims.keys) {
    if (key.kid !== (await thumbprintOf(key.jwk)) || !isSoundPublicKey(key.jwk)) return notGenuine('key-name');
  }
  const root = (trusted ?? claims).keys.find((key) => key.kid === document.kid);
  if (!root) return notGenuine('key-unknown');
  if (root.role !== 'root') return notGenuine('key-role');
  if (!(await verify(document.jws, root.jwk))) return notGenuine('signature');
  if (root.revokedAt !== undefined) return fail('FILE_NOT_GENUINE', { why: 'key-revoked', at: root.revokedAt });
  return ok(document as Genuine<'keyset'>);
};

export const HEARTBEAT_TYP = 'latchkey-heartbeat+jwt';
export type Heartbeat = typeof heartbeatClaims._output;

/** Parses and authenticates a heartbeat; `keyOf` gives the key that a machine registered. Errors: as for documents, `LEASE_NOT_FOUND`. */
export const authenticateHeartbeat = async (
  jws: string,
  keyOf: (machine: string) => Promise<PublicJwk | null>,
): Promise<Result<Heartbeat>> => {
  const read = parseCompact(jws, HEARTBEAT_TYP, heartbeatClaims);
  if (!read.ok) return read;
  const jwk = await keyOf(read.value.claims.iss);
  if (!jwk) return fail('LEASE_NOT_FOUND', { lease: read.value.claims.sub });
  if (read.value.kid !== (await thumbprintOf(jwk)) || read.value.claims.iss !== `mch_${read.value.kid}`) return notGenuine('key-name');
  if (!(await verify(jws, jwk))) return notGenuine('signature');
  return ok(read.value.claims);
};
