import { importSigningKey, signDocument } from '../../src-shared/documents/index.ts';
import type { SigningKey } from '../../src-shared/documents/index.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import { DAY } from '../../src-shared/time.ts';
import type { Seconds } from '../../src-shared/time.ts';
import type { Trx } from '../adapter/schema.ts';
import { generateKey, privateKeysIn, readKey, writeKey } from '../adapter/signer.ts';
import { recordAudit } from '../audit/audit.ts';
import type { Ground } from '../ground.ts';
import { inForce } from './keysets.ts';
import type { Key, Keyset } from './keysets.ts';
import { countHolding } from './reissues.ts';

/** A keyset can be imported for this long; machines that trust it already go on trusting its keys. */
export const KEYSET_TERM = 3650 * DAY;
/** As many as the document's format has room for. */
const MOST = 64;

/** `from`: when the new key begins to sign. */
export type Rotated = { readonly kid: string; readonly role: Key['role']; readonly keyset: number; readonly from: Seconds };
export type Revoked = {
  readonly kid: string;
  readonly role: Key['role'];
  readonly keyset: number;
  readonly revokedAt: Seconds;
  /** The license key that signs from now on, where the one in use was revoked. */
  readonly replacedBy: string | null;
  /** Leases in use whose license file it signed. */
  readonly leases: number;
  /** It had been revoked before: nothing changed. */
  readonly again: boolean;
};

/** Changes of the authority's keys. Each is one transaction that writes the next keyset; a private key is on disk before it commits. */
export const createKeyChanges = (ground: Ground, home: string) => {
  const { database, keyring } = ground;

  /** A root that signs the next keyset: the newest that is here and that every machine with this keyset knows. */
  const rootFor = async (keyset: Keyset, except: string | null): Promise<Result<SigningKey>> => {
    const roots = inForce(keyset, 'root').filter(({ kid }) => kid !== except);
    if (roots.length === 0) return fail('CONFLICT', { why: 'last-root', kid: except });
    const there = privateKeysIn(home);
    const root = roots.findLast(({ kid }) => there.has(kid));
    return root ? readKey(home, root.kid) : fail('CONFLICT', { why: 'no-root-here', roots: roots.map(({ kid }) => kid) });
  };

  const makeKey = async (trx: Trx, role: Key['role'], notBefore: Seconds): Promise<Key> => {
    const jwk = generateKey();
    const { kid, jwk: publicPart } = await importSigningKey(jwk);
    writeKey(home, kid, jwk);
    await trx.insertInto('authority_key').values({ kid, role, jwk: JSON.stringify(publicPart), not_before: notBefore, revoked_at: null }).execute();
    return { kid, jwk: publicPart, role, notBefore };
  };

  /** Where the format has no room, the keys that were revoked first are left out: unknown is refused as well as revoked. */
  const withRoom = (keys: readonly Key[], more: number): Result<readonly Key[]> => {
    const over = keys.length + more - MOST;
    const revoked = keys.filter((key) => key.revokedAt !== undefined).toSorted((a, b) => (a.revokedAt ?? 0) - (b.revokedAt ?? 0));
    if (over > revoked.length) return fail('CONFLICT', { why: 'keyset-full', most: MOST });
    const left = new Set(revoked.slice(0, Math.max(0, over)));
    return ok(keys.filter((key) => !left.has(key)));
  };

  const publish = async (trx: Trx, before: Keyset, keys: readonly Key[], root: SigningKey, now: Seconds): Promise<number> => {
    const version = before.version + 1;
    const document = await signDocument('keyset', { iss: ground.authority, version, iat: now, exp: now + KEYSET_TERM, keys: [...keys] }, root);
    await trx.insertInto('keyset').values({ version, document, issued_at: now }).execute();
    await ground.time.signed(trx, now);
    return version;
  };

  return {
    /**
     * A new license key, or a new root. What the earlier ones signed stays good. A new root is announced by an old one, so
     * that whoever trusts that one can go on; a new license key may begin to sign later (`inDays`), when licensed
     * applications have been given its keyset. Errors: `CONFLICT` (why: no-root-here, keyset-full), `STORE_UNUSABLE`.
     */
    rotate: ({ role, inDays = 0 }: { readonly role: Key['role']; readonly inDays?: number }): Promise<Result<Rotated>> =>
      database.transact(async (trx): Promise<Result<Rotated>> => {
        const time = await ground.time.judge(trx);
        if (!time.ok) return time;
        const now = time.value;
        const keysets = await keyring.keysets(trx);
        if (!keysets.ok) return keysets;
        const { newest } = keysets.value;
        const root = await rootFor(newest, null);
        if (!root.ok) return root;
        const kept = withRoom(newest.claims.keys, 1);
        if (!kept.ok) return kept;
        const key = await makeKey(trx, role, now + inDays * DAY);
        const keyset = await publish(trx, newest, [...kept.value, key], root.value, now);
        await recordAudit(trx, [
          { at: now, organization: null, actor: 'operator', action: 'key.rotated', subject: key.kid, details: { role, keyset, signedBy: root.value.kid, from: key.notBefore } },
        ]);
        return ok({ kid: key.kid, role, keyset, from: key.notBefore });
      }),

    /**
     * From the next keyset on, nothing that this key signed is believed. The license key in use is replaced in the same
     * transaction. Errors: `NOT_FOUND`, `CONFLICT` (why: last-root, no-root-here, keyset-full), `STORE_UNUSABLE`.
     */
    revoke: ({ kid, reason }: { readonly kid: string; readonly reason: string | null }): Promise<Result<Revoked>> =>
      database.transact(async (trx): Promise<Result<Revoked>> => {
        const time = await ground.time.judge(trx);
        if (!time.ok) return time;
        const now = time.value;
        const keysets = await keyring.keysets(trx);
        if (!keysets.ok) return keysets;
        const { newest } = keysets.value;
        const key = newest.claims.keys.find((each) => each.kid === kid);
        if (!key) return fail('NOT_FOUND', { kid });
        const { role } = key;
        const leases = role === 'license' ? await countHolding(trx, kid, now) : 0;
        if (key.revokedAt !== undefined) {
          const keyset = newest.version;
          return ok({ kid, role, keyset, revokedAt: key.revokedAt, replacedBy: null, leases, again: true });
        }
        // A root never signs its own end: a keyset must be good by what it says itself.
        const root = await rootFor(newest, role === 'root' ? kid : null);
        if (!root.ok) return root;
        const isInUse = inForce(newest, 'license', now).at(-1)?.kid === kid;
        const marked = newest.claims.keys.map((each) => (each.kid === kid ? { ...each, revokedAt: now } : each));
        const kept = withRoom(marked, isInUse ? 1 : 0);
        if (!kept.ok) return kept;
        const next = isInUse ? await makeKey(trx, 'license', now) : null;
        await trx.updateTable('authority_key').set({ revoked_at: now }).where('kid', '=', kid).execute();
        const keyset = await publish(trx, newest, next ? [...kept.value, next] : kept.value, root.value, now);
        const replacedBy = next?.kid ?? null;
        await recordAudit(trx, [
          { at: now, organization: null, actor: 'operator', action: 'key.revoked', subject: kid, details: { role, reason, keyset, signedBy: root.value.kid, replacedBy, leases } },
        ]);
        return ok({ kid, role, keyset, revokedAt: now, replacedBy, leases, again: false });
      }),
  };
};
