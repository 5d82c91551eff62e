import { isAuthorityAddress } from '../../src-shared/address.ts';
import { authenticateKeyset, parseKind } from '../../src-shared/documents/index.ts';
import { ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import type { TrustPort } from '../licensing/ports.ts';

export const isSafeAddress = (text: string): boolean => isAuthorityAddress(URL.parse(text));

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
