import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { importSigningKey, signDocument } from '../src-shared/documents/index.ts';
import { fail, ok } from '../src-shared/result.ts';
import type { Result } from '../src-shared/result.ts';
import type { Clock } from '../src-shared/time.ts';
import { openDatabase } from './adapter/database.ts';
import { generateKey, keysFolder, writeKey } from './adapter/signer.ts';
import { recordAudit } from './audit/audit.ts';
import { KEYSET_TERM } from './keys/change.ts';

export const databaseFile = (home: string): string => join(home, 'authority.db');

type Place = {
  /** Where the home is made. */
  readonly work: string;
  /** Brings it to where it is looked for. */
  readonly settle: () => void;
};

/** What is in a folder that nobody has put anything in: a volume's own, and what an `init` that was broken off has left. */
const isNothing = (name: string): boolean => name === 'lost+found' || name.startsWith('.init-');

/**
 * A home that is not there appears by one rename. A folder that is there, and empty, may be a mounted volume: it cannot be
 * replaced, and its parent may not be ours. There the keys come first, which only one of several at once can do, and the
 * database last, without which it is no authority. Errors: `CONFLICT` (why: home-in-use), `INPUT_INVALID` (why: not-a-folder, name-too-long, not-writable).
 */
const placeFor = (home: string): Result<Place> => {
  try {
    if (!existsSync(home)) {
      mkdirSync(dirname(home), { recursive: true });
      const work = mkdtempSync(join(dirname(home), `.${basename(home)}-`));
      return ok({ work, settle: () => renameSync(work, home) });
    }
    if (!statSync(home).isDirectory()) return fail('INPUT_INVALID', { why: 'not-a-folder', path: home });
    if (readdirSync(home).some((name) => !isNothing(name))) return fail('CONFLICT', { why: 'home-in-use', path: home });
    const work = mkdtempSync(join(home, '.init-'));
    return ok({ work, settle: () => {
      renameSync(keysFolder(work), keysFolder(home));
      renameSync(databaseFile(work), databaseFile(home));
    } });
  } catch (error) {
    return fail('INPUT_INVALID', { why: (error as NodeJS.ErrnoException).code === 'ENAMETOOLONG' ? 'name-too-long' : 'not-writable', path: home });
  }
};

/**
 * Creates an authority: its home, keys and database. The home appears whole or not at all (in a folder that is there
 * already: keys first), and what is in it is never touched. Errors: `CONFLICT` (why: home-in-use), `INPUT_INVALID` (why: not-a-folder, name-too-long, not-writable).
 */
export const initAuthority = async (options: { readonly home: string; readonly clock: Clock }): Promise<Result<{ readonly authority: string; readonly home: string }>> => {
  const home = resolve(options.home);
  const place = placeFor(home);
  if (!place.ok) return place;
  const { work, settle } = place.value;
  try {
    const now = options.clock.now();
    const [rootJwk, licenseJwk] = [generateKey(), generateKey()];
    const [root, license] = [await importSigningKey(rootJwk), await importSigningKey(licenseJwk)];
    const authority = `aut_${root.kid}`;
    writeKey(work, root.kid, rootJwk);
    writeKey(work, license.kid, licenseJwk);
    const keys = [
      { kid: root.kid, jwk: root.jwk, role: 'root' as const, notBefore: now },
      { kid: license.kid, jwk: license.jwk, role: 'license' as const, notBefore: now },
    ];
    const document = await signDocument('keyset', { iss: authority, version: 1, iat: now, exp: now + KEYSET_TERM, keys }, root);
    writeFileSync(databaseFile(work), '', { mode: 0o600 });
    const opened = openDatabase(databaseFile(work), { now, create: true });
    if (!opened.ok) return opened;
    const database = opened.value;
    try {
      await database.transact(async (trx) => {
        await trx.insertInto('authority').values({ one: 1, id: authority, created_at: now }).execute();
        await trx
          .insertInto('authority_key')
          .values(keys.map((key) => ({ kid: key.kid, role: key.role, jwk: JSON.stringify(key.jwk), not_before: now, revoked_at: null })))
          .execute();
        await trx.updateTable('authority_time').set({ highest: now }).execute();
        await trx.insertInto('keyset').values({ version: 1, document, issued_at: now }).execute();
        await recordAudit(trx, [{ at: now, organization: null, actor: 'operator', action: 'authority.created', subject: authority, details: { root: root.kid, license: license.kid } }]);
      });
    } finally {
      await database.close();
    }
    settle();
    return ok({ authority, home });
  } catch (error) {
    // Another `init` was there first.
    if (['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(String((error as NodeJS.ErrnoException).code))) return fail('CONFLICT', { why: 'home-in-use', path: home });
    throw error;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
};
