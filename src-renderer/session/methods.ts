import type { Details } from '../../src-shared/errors.ts';

export type Method = 'app' | 'email' | 'recovery';

const all = ['app', 'email', 'recovery'] as const satisfies readonly Method[];

/** Until when the code can be used that was sent at once, because there is no other method; null where none was. */
export const sentUntil = ({ expiresAt }: Details): number | null => (typeof expiresAt === 'number' ? expiresAt : null);

/** What OTP_REQUIRED offers. Recovery codes belong to the authenticator app. */
export const methodsOf = ({ methods }: Details): readonly Method[] => {
  const named = Array.isArray(methods) ? all.filter((each) => methods.includes(each)) : [];
  if (named.length === 0) return ['app', 'recovery'];
  return named.includes('app') && !named.includes('recovery') ? [...named, 'recovery'] : named;
};
