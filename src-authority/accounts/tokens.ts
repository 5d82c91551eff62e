import { createHash, randomBytes, randomInt } from 'node:crypto';

/** Secrets that are given out once. */

/** 256 random bits: of a session or of a link. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** SECURITY: tokens are stored only as a hash: who reads the database cannot use them. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('base64url');

/** Six digits, to be read in a mail and typed. */
export const newCode = (): string => String(randomInt(1_000_000)).padStart(6, '0');

/** Crockford's base32: no letters that look alike. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const RECOVERY_LENGTH = 10;

/** 50 random bits, to be written down. */
export const newRecoveryCode = (): string => {
  const signs = [...randomBytes(RECOVERY_LENGTH)].map((byte) => ALPHABET[byte & 31]).join('');
  return `${signs.slice(0, 5)}-${signs.slice(5)}`;
};

export type TypedCode = { readonly kind: 'digits' | 'recovery'; readonly text: string };

/** A code as people type it: with spaces and dashes, small letters, O for 0. Null when it can be none. */
export const readCode = (typed: string): TypedCode | null => {
  const text = typed.replace(/[\s-]/g, '').toUpperCase();
  if (/^[0-9]{6}$/.test(text)) return { kind: 'digits', text };
  const plain = text.replaceAll('O', '0').replace(/[IL]/g, '1');
  return plain.length === RECOVERY_LENGTH && [...plain].every((sign) => ALPHABET.includes(sign)) ? { kind: 'recovery', text: plain } : null;
};
