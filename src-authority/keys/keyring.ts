import type { SigningKey } from '../../src-shared/documents/index.ts';
import { parseDocument } from '../../src-shared/documents/index.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import type { Clock, Seconds } from '../../src-shared/time.ts';
import type { Database } from '../adapter/database.ts';
import { prepared } from '../adapter/prepared.ts';
import type { Db, Trx } from '../adapter/schema.ts';
import { privateKeysIn, readKey, signerOf } from '../adapter/signer.ts';
import type { Signer } from '../adapter/signer.ts';
import { inForce, knows, readKeysets, wayFrom } from './keysets.ts';
import type { Keyset, Keysets } from './keysets.ts';

/** Who signs, and what the machine that is to read it must know first. */
export type Signing = {
  readonly signer: Signer;
  /** The keysets that the machine must take in before, in this order; empty when it knows the key already. */
  readonly first: readonly Keyset[];
};

/** What shows which keys a machine knows: the version that its request names, or a document that it has accepted. */
export type MachineKnows = { readonly keyset: number } | { readonly signed: string };

/**
 * The authority's keys. Another process may rotate or revoke them at any time, so whoever signs asks inside the transaction
 * that issues: a key that was revoked before it began never signs again.
 */
export type Keyring = {
  /**
   * Signs with the newest license key that the machine knows, else with the newest. Errors: `STORE_UNUSABLE` (why: key,
   * no-license-key, keyset).
   */
  readonly signing: (trx: Trx, machine: MachineKnows) => Promise<Result<Signing>>;
  /** The keyset documents as they are now; whose, in which order. Errors: `STORE_UNUSABLE`. */
  readonly keysets: (db?: Db) => Promise<Result<Keysets>>;
  /** The newest version, or the next step for who knows version `after`. */
  readonly document: (after?: number) => Promise<Keyset>;
  /**
   * What is to be known before a document is given out again: whether the key that signed it has been revoked, and when; and the
   * keysets that this machine must take in before it can read it. Errors: `STORE_UNUSABLE`.
   */
  readonly again: (db: Db, text: string, machine: MachineKnows) => Promise<Result<{ readonly revokedAt: Seconds | null; readonly first: readonly Keyset[] }>>;
};

const kidOf = (text: string): string => {
  const parsed = parseDocument(text);
  return parsed.ok ? parsed.value.kid : '';
};

const newestDocument = prepared((db, _: Readonly<Record<string, never>>) => db.selectFrom('keyset').select('document').orderBy('version', 'desc').limit(1));

type Loaded = { readonly keysets: Keysets; readonly here: ReadonlyMap<string, SigningKey>; readonly whole: boolean };

export type KeyringOptions = { readonly authority: string; readonly home: string; readonly database: Database; readonly clock: Clock };

/** Opens the keyring. Errors: `STORE_UNUSABLE` (why: not-an-authority, keyset, no-license-key, key: the newest license key is not here). */
export const openKeyring = async ({ authority, home, database, clock }: KeyringOptions): Promise<Result<Keyring>> => {
  let loaded: Loaded | null = null;

  const load = async (db: Db): Promise<Result<Loaded>> => {
    const keysets = await readKeysets(db, authority);
    if (!keysets.ok) return keysets;
    const there = privateKeysIn(home);
    const here = new Map<string, SigningKey>();
    let whole = true;
    for (const { kid } of inForce(keysets.value.newest, 'license')) {
      if (!there.has(kid)) continue;
      const known = loaded?.here.get(kid);
      const read = known ? ok(known) : await readKey(home, kid);
      // A file that is not that key does not stop the others from signing.
      if (read.ok) here.set(kid, read.value);
      else if (read.details['why'] === 'disk') whole = false;
    }
    return ok({ keysets: keysets.value, here, whole });
  };

  /** What was read, as long as the newest document is the same to the letter: a version may be used twice when a commit fails. */
  const current = async (db: Db): Promise<Result<Loaded>> => {
    const [newest] = await newestDocument(db, {});
    if (loaded && newest?.document === loaded.keysets.newest.document) return ok(loaded);
    const fresh = await load(db);
    // A key whose file could not be read a moment ago is looked for again: a disk may fail once.
    if (fresh.ok && fresh.value.whole) loaded = fresh.value;
    return fresh;
  };

  /** Who has accepted what a key signed knows at least the first keyset that names it. */
  const knownBy = (keysets: Keysets, machine: MachineKnows): Keyset | undefined => {
    if ('keyset' in machine) return keysets.all.find(({ version }) => version === machine.keyset);
    const kid = kidOf(machine.signed);
    return keysets.all.find((keyset) => knows(keyset, 'license', kid));
  };

  const keyring: Keyring = {
    signing: async (trx, machine) => {
      const found = await current(trx);
      if (!found.ok) return found;
      const { keysets, here, whole } = found.value;
      const able = inForce(keysets.newest, 'license', clock.now()).flatMap(({ kid }) => here.get(kid) ?? []);
      const newest = able.at(-1);
      if (!newest) return fail('STORE_UNUSABLE', { why: whole ? 'no-license-key' : 'disk' });
      const known = knownBy(keysets, machine);
      const shared = able.findLast(({ kid }) => known !== undefined && knows(known, 'license', kid));
      return ok({ signer: signerOf(shared ?? newest), first: shared || !known ? [] : wayFrom(keysets, known.version) });
    },
    keysets: async (db = database.db) => {
      const found = await current(db);
      return found.ok ? ok(found.value.keysets) : found;
    },
    document: async (after) => {
      const keysets = await newest(keyring);
      return (after === undefined ? undefined : wayFrom(keysets, after)[0]) ?? keysets.newest;
    },
    again: async (db, text, machine) => {
      const found = await current(db);
      if (!found.ok) return found;
      const { keysets } = found.value;
      const kid = kidOf(text);
      const known = knownBy(keysets, machine);
      // The newest one that names it: a keyset that is full has no room for those revoked first.
      const named = keysets.all.findLast(({ claims }) => claims.keys.some((key) => key.kid === kid));
      return ok({
        revokedAt: named?.claims.keys.find((key) => key.kid === kid)?.revokedAt ?? null,
        first: known === undefined || knows(known, 'license', kid) ? [] : wayFrom(keysets, known.version),
      });
    },
  };

  const first = await current(database.db);
  if (!first.ok) return first;
  const license = inForce(first.value.keysets.newest, 'license', clock.now()).at(-1);
  if (!license) return fail('STORE_UNUSABLE', { why: 'no-license-key' });
  // Beginning with an older key because the newest one's file was forgotten would go unnoticed for long.
  if (first.value.here.has(license.kid)) return ok(keyring);
  const unread = await readKey(home, license.kid);
  return unread.ok ? ok(keyring) : unread;
};

/** For those who cannot go on without: a keyset that was good when it was opened and is not now is a defect. */
const newest = async (keyring: Keyring): Promise<Keysets> => {
  const found = await keyring.keysets();
  if (!found.ok) throw new Error(`the keyset cannot be used: ${JSON.stringify(found.details)}`);
  return found.value;
};
