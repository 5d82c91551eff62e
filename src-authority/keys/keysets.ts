import { authenticateKeyset, parseKind } from '../../src-shared/documents/index.ts';
import type { ClaimsOf } from '../../src-shared/documents/index.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import type { Seconds } from '../../src-shared/time.ts';
import type { Db } from '../adapter/schema.ts';

/** The keysets of an authority, one signed after the other, and what each says of a key. Nothing here is secret. */

export type Key = ClaimsOf<'keyset'>['keys'][number];

export type Keyset = {
  readonly version: number;
  /** The document, verbatim. */
  readonly document: string;
  readonly claims: ClaimsOf<'keyset'>;
  /** The root that signed it. */
  readonly signedBy: string;
};

/** All of them, oldest first; there is always a newest one. */
export type Keysets = { readonly newest: Keyset; readonly all: readonly Keyset[] };

const unusable = fail('STORE_UNUSABLE', { why: 'keyset' });

/** Errors: `STORE_UNUSABLE` (why: not-an-authority, keyset). */
export const readKeysets = async (db: Db, authority: string): Promise<Result<Keysets>> => {
  const rows = await db.selectFrom('keyset').select(['version', 'document']).orderBy('version').execute();
  const all: Keyset[] = [];
  for (const { version, document } of rows) {
    const parsed = parseKind('keyset', document);
    if (!parsed.ok || parsed.value.claims.version !== version || parsed.value.claims.iss !== authority) return unusable;
    all.push({ version, document, claims: parsed.value.claims, signedBy: parsed.value.kid });
  }
  const newest = all.at(-1);
  if (!newest) return fail('STORE_UNUSABLE', { why: 'not-an-authority' });
  const parsed = parseKind('keyset', newest.document);
  const genuine = parsed.ok ? await authenticateKeyset(parsed.value) : parsed;
  return genuine.ok ? ok({ newest, all }) : unusable;
};

/** The keys of a role that a keyset says are in force, in the order in which they were made. */
export const inForce = ({ claims }: Keyset, role: Key['role'], now: Seconds = Number.POSITIVE_INFINITY): readonly Key[] =>
  claims.keys.filter((key) => key.role === role && key.revokedAt === undefined && key.notBefore <= now);

export const knows = (keyset: Keyset, role: Key['role'], kid: string): boolean => inForce(keyset, role).some((key) => key.kid === kid);

/**
 * The way from a version that a machine knows to the newest one: each step is signed by a root that the one before it
 * knows, and is the newest such. Empty for who knows the newest, or a version that was never here.
 */
export const wayFrom = ({ all, newest }: Keysets, version: number): readonly Keyset[] => {
  const steps: Keyset[] = [];
  let at = all.find((each) => each.version === version);
  while (at && at !== newest) {
    const from = at;
    at = all.findLast((each) => each.version > from.version && knows(from, 'root', each.signedBy));
    if (at) steps.push(at);
  }
  return steps;
};
