import { fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { privateKeysIn } from '../adapter/signer.ts';
import type { Ground } from '../ground.ts';
import { createKeyChanges } from './change.ts';
import type { Revoked, Rotated } from './change.ts';
import { inForce, wayFrom } from './keysets.ts';
import type { Key, Keyset } from './keysets.ts';
import { allReissues, countHolding } from './reissues.ts';
import type { Reissue } from './reissues.ts';

export type { Revoked, Rotated } from './change.ts';
export type { Reissue } from './reissues.ts';

export type KeyListing = {
  readonly kid: string;
  readonly role: Key['role'];
  readonly notBefore: Seconds;
  readonly revokedAt: Seconds | null;
  /** Whether its private part is on this computer. */
  readonly privatePart: boolean;
  /** Whether it signs what is issued now (license) or the next keyset (root). */
  readonly inUse: boolean;
  /** Of a license key: the leases in use that rest on a file it signed. */
  readonly leases: number;
};

/** What the operator does with the authority's keys. Those of the ledger go through `ground.keyring`. */
export type Keys = {
  /** In the order in which they were made. */
  readonly list: () => Promise<readonly KeyListing[]>;
  /** The newest keyset; or version `version`; or the one that leads on for who knows version `after`. Errors: `NOT_FOUND`. */
  readonly keyset: (which?: { readonly version?: number; readonly after?: number }) => Promise<Result<Keyset>>;
  /** Errors: `CONFLICT` (why: no-root-here, keyset-full), `STORE_UNUSABLE`. */
  readonly rotate: (input: { readonly role: Key['role']; readonly inDays?: number }) => Promise<Result<Rotated>>;
  /** Errors: `NOT_FOUND`, `CONFLICT` (why: last-root, no-root-here, keyset-full), `STORE_UNUSABLE`. */
  readonly revoke: (input: { readonly kid: string; readonly reason: string | null }) => Promise<Result<Revoked>>;
  /** The leases in use whose license file was signed by a key that has been revoked since. */
  readonly reissues: () => Promise<readonly Reissue[]>;
};

export const createKeys = (ground: Ground, home: string): Keys => {
  const { keyring, clock, database } = ground;
  const { db } = database;
  return {
    ...createKeyChanges(ground, home),
    list: async () => {
      const { claims, ...newest } = await keyring.document();
      const now = clock.now();
      const there = privateKeysIn(home);
      const inUse = new Set((['root', 'license'] as const).map((role) => inForce({ claims, ...newest }, role, now).findLast(({ kid }) => there.has(kid))?.kid));
      const listed: KeyListing[] = [];
      for (const { kid, role, notBefore, revokedAt = null } of claims.keys) {
        const leases = role === 'license' ? await countHolding(db, kid, now) : 0;
        listed.push({ kid, role, notBefore, revokedAt, privatePart: there.has(kid), inUse: inUse.has(kid), leases });
      }
      return listed;
    },
    keyset: async ({ version, after } = {}) => {
      const keysets = await keyring.keysets();
      if (!keysets.ok) return keysets;
      const { all, newest } = keysets.value;
      const asked = version ?? after;
      const named = asked === undefined ? newest : all.find((each) => each.version === asked);
      if (!named) return fail('NOT_FOUND', { keyset: asked ?? null, newest: newest.version });
      return ok(after === undefined ? named : (wayFrom(keysets.value, after)[0] ?? newest));
    },
    reissues: async () => allReissues(db, await keyring.document(), clock.now()),
  };
};
