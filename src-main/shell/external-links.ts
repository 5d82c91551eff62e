import { isAuthorityAddress } from '../../src-shared/address.ts';

/**
 * SECURITY: checklist 15, "Do not use shell.openExternal with untrusted content": only these addresses leave the app, each
 * whole or as the start of a path: the organization's help page, and the portal of the authority in use.
 */
export const allowedLink = (address: string, allowed: readonly (string | null)[]): string | null => {
  const wanted = parse(address);
  if (wanted === null) return null;
  const known = allowed.some((one) => {
    const base = one === null ? null : parse(one);
    return base !== null && wanted.origin === base.origin && wanted.pathname.startsWith(base.pathname);
  });
  return known ? wanted.href : null;
};

const parse = (address: string): URL | null => {
  // `canParse` and the constructor do not agree on a host of more than 16,383 characters.
  const url = URL.parse(address);
  // An authority on this computer, as `npm start` has one, speaks plain http.
  return isAuthorityAddress(url) ? url : null;
};
