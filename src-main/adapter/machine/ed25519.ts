import { webcrypto } from 'node:crypto';
import { Refusal } from '../../../src-shared/result.ts';

/** RFC 8032 section 7.1, TEST 2. */
const known = {
  x: 'PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw',
  d: 'TM0Imyj_ltqdtsNG7BFOD1uKMZ81q6Yk2oz27U-4pvs',
  message: Uint8Array.of(0x72),
  signature: Uint8Array.from(Buffer.from('92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00', 'hex')),
} as const;

const works = async (subtle: webcrypto.SubtleCrypto): Promise<boolean> => {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: known.x } as const;
  const secret = await subtle.importKey('jwk', { ...jwk, d: known.d }, 'Ed25519', true, ['sign']);
  const open = await subtle.importKey('jwk', jwk, 'Ed25519', true, ['verify']);
  const signature = new Uint8Array(await subtle.sign('Ed25519', secret, known.message));
  if (!Buffer.from(signature).equals(known.signature)) return false;
  if (!(await subtle.verify('Ed25519', open, known.signature, known.message))) return false;
  // What accepts anything is no check.
  return !(await subtle.verify('Ed25519', open, known.signature, Uint8Array.of(0x73)));
};

/**
 * Electron's Node is built with BoringSSL, a hardened system may have a FIPS build of OpenSSL: neither promises Ed25519 in
 * WebCrypto, on which every document rests. Asked before a key is read: one that the runtime cannot use is not damaged.
 * Errors: throws `INTERNAL` (why: no-ed25519).
 */
export const requireEd25519 = async (subtle: webcrypto.SubtleCrypto = webcrypto.subtle): Promise<void> => {
  if (!(await works(subtle).catch(() => false))) throw new Refusal('INTERNAL', { why: 'no-ed25519' });
};
