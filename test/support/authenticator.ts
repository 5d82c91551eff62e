import { Secret, TOTP } from 'otpauth';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { PASSWORD } from './authority.ts';
import type { TestAuthority } from './authority.ts';

/** What an authenticator app shows for a secret at a time. */
export const codeAt = (secret: string, at: Seconds): string => TOTP.generate({ secret: Secret.fromBase32(secret), timestamp: at * 1000 });

/** Turns an authenticator app on for whoever holds the session; the clock is then a step later, so that the next code is fresh. */
export const turnAppOn = async (authority: TestAuthority, token: string): Promise<{ readonly secret: string; readonly recoveryCodes: readonly string[] }> => {
  const call = authority.call(token);
  const { secret } = unwrap(await call(contract.security.beginApp, { body: { password: PASSWORD } }));
  const { recoveryCodes } = unwrap(await call(contract.security.confirmApp, { body: { otp: codeAt(secret, authority.clock.now()) } }));
  authority.clock.advance(60);
  return { secret, recoveryCodes };
};
