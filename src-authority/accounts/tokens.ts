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

/** Digits of any script as those of ASCII; each script has its ten in a row. */
const plainDigits = (text: string): string =>
  text.replace(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) ?? 0;
    let value = 0;
    while (/\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value += 1;
    return String(value % 10);
  });

/** Six digits as people type them: with spaces, in their own script. */
export const typedDigits = (typed: string): string => plainDigits(typed.replace(/[\s\p{Cf}]/gu, ''));

/** A code as people type it: with spaces and dashes, small letters, O for 0. Null when it can be none. */
export const readCode = (typed: string): TypedCode | null => {
  const text = typedDigits(typed).replaceAll('-', '').toUpperCase();
  if (/^[0-9]{6}$/.test(text)) return { kind: 'digits', text };
  const plain = text.replaceAll('O', '0').replace(/[IL]/g, '1');
  return plain.length === RECOVERY_LENGTH && [...plain].every((sign) => ALPHABET.includes(sign)) ? { kind: 'recovery', text: plain } : null;
};
