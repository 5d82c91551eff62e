import { authenticateKeyset, parseKind } from '../../src-shared/documents/index.ts';
import { ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import type { TrustPort } from '../licensing/ports.ts';

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

export const isLoopback = (url: URL): boolean => loopback.has(url.hostname) || /^127\.\d+\.\d+\.\d+$/.test(url.hostname) || url.hostname.endsWith('.localhost');

/** SECURITY: passwords and sessions go over TLS; plain HTTP is for this very computer. */
export const isSafeAddress = (text: string): boolean => {
  const url = URL.parse(text);
  return url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url)));
};

/**
 * Whom this run trusts: the keyset it was given. A packaged app knows no other beginning; an unpackaged one may begin with
 * what an earlier run kept, or pin the authority it signs in to.
 */
export const openTrust = async (input: {
  readonly keyset: string | null;
  readonly packaged: boolean;
  readonly authority: string | null;
}): Promise<Result<TrustPort>> => {
  const open = { stored: !input.packaged, pinOnFirstUse: !input.packaged && input.authority !== null && isSafeAddress(input.authority) };
  if (input.keyset === null) return ok({ anchor: null, ...open });
  const parsed = parseKind('keyset', input.keyset);
  if (!parsed.ok) return parsed;
  const genuine = await authenticateKeyset(parsed.value);
  if (!genuine.ok) return genuine;
  return ok({ anchor: { keys: genuine.value.claims, text: parsed.value.text }, ...open, pinOnFirstUse: false });
};
