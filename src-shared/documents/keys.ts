import { ed25519 } from '@noble/curves/ed25519.js';
import { base64url, calculateJwkThumbprint, importJWK } from 'jose';
import type { CryptoKey } from 'jose';
import type { PublicJwk } from './claims.ts';

/** A private key as it is stored: RFC 8037, with `d`. */
export type PrivateJwk = PublicJwk & { readonly d: string };

/** A key that signs documents, and the name that the header's `kid` gives it. */
export type SigningKey = { readonly kid: string; readonly jwk: PublicJwk; readonly key: CryptoKey };

/** RFC 7638 thumbprint, SHA-256, base64url. */
export const thumbprintOf = (jwk: PublicJwk): Promise<string> => calculateJwkThumbprint(jwk, 'sha256');

/** `mch_` and the thumbprint of the machine's key. */
export const machineIdOf = async (jwk: PublicJwk): Promise<string> => `mch_${await thumbprintOf(jwk)}`;

/** Makes a stored private key ready to sign; the key in memory cannot be exported again. */
export const importSigningKey = async ({ kty, crv, x, d }: PrivateJwk): Promise<SigningKey> => {
  const jwk: PublicJwk = { kty, crv, x };
  const key = (await importJWK({ kty, crv, x, d }, 'Ed25519', { extractable: false })) as CryptoKey;
  return { kid: await thumbprintOf(jwk), jwk, key };
};

/**
 * SECURITY: RFC 8032 section 5.1.3 and 8.x: a public key must be a canonical encoding of a point in the prime-order group.
 * Low-order keys verify signatures over anything; mixed-order and non-canonical ones give one machine several names.
 */
export const isSoundPublicKey = (jwk: PublicJwk): boolean => {
  try {
    const bytes = base64url.decode(jwk.x);
    if (bytes.length !== 32 || base64url.encode(bytes) !== jwk.x) return false;
    const point = ed25519.Point.fromBytes(bytes, false);
    return !point.isSmallOrder() && point.isTorsionFree();
  } catch {
    return false;
  }
};
