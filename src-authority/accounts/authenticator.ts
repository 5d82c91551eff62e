import { Secret, TOTP } from 'otpauth';
import { MINUTE } from '../../src-shared/time.ts';
import type { Seconds } from '../../src-shared/time.ts';

/** Codes of authenticator apps (RFC 6238), as all of them know it: SHA-1, six digits, 30 seconds. */
const PERIOD = 30;
/** A clock may be one step wrong. */
const WINDOW = 1;
/** 160 bits (RFC 4226, section 4). */
const SECRET_BYTES = 20;

/** How long a secret that is not confirmed waits. */
export const BEGUN_TERM: Seconds = 60 * MINUTE;

const totpOf = (secret: string, email = ''): TOTP => new TOTP({ issuer: 'Latchkey', label: email, secret: Secret.fromBase32(secret), algorithm: 'SHA1', digits: 6, period: PERIOD });

export const newAppSecret = (): string => new Secret({ size: SECRET_BYTES }).base32;

/** The address that an app reads from a QR code. */
export const addressOf = (secret: string, email: string): string => totpOf(secret, email).toString();

/** The time step that a code belongs to; null when it is none of this secret around now. */
export const stepOf = (secret: string, code: string, now: Seconds): number | null => {
  const delta = totpOf(secret).validate({ token: code, timestamp: now * 1000, window: WINDOW });
  return delta === null ? null : Math.floor(now / PERIOD) + delta;
};
