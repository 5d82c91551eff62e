/** What of a parsed address is looked at here; every runtime's `URL` has it. */
export type Address = { readonly protocol: string; readonly hostname: string; readonly username: string; readonly password: string };

/** This very computer: nothing goes over a network on the way there. */
export const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);

/**
 * SECURITY: passwords and sessions go over TLS; plain http is for this very computer. A name and a password in the address would
 * be shown wherever the address is.
 */
export const isAuthorityAddress = (url: Address | null): boolean =>
  url !== null && url.username === '' && url.password === '' && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)));
