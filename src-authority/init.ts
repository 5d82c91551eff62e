import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { importSigningKey, signDocument } from '../src-shared/documents/index.ts';
import { fail, ok } from '../src-shared/result.ts';
import type { Result } from '../src-shared/result.ts';
import type { Clock } from '../src-shared/time.ts';
import { openDatabase } from './adapter/database.ts';
import { generateKey, writeKey } from './adapter/signer.ts';
import { recordAudit } from './audit/audit.ts';
import { KEYSET_TERM } from './keys/change.ts';

export const databaseFile = (home: string): string => join(home, 'authority.db');

/**
 * Creates an authority: its home, keys and database. The home appears whole or not at all, and one that is there is never
 * touched. Errors: `CONFLICT` (why: home-in-use), `INPUT_INVALID` (why: not-writable).
 */
export const initAuthority = async (options: { readonly home: string; readonly clock: Clock }): Promise<Result<{ readonly authority: string; readonly home: string }>> => {
  const home = resolve(options.home);
  if (existsSync(home) && readdirSync(home).length > 0) return fail('CONFLICT', { why: 'home-in-use', path: home });
  let work: string;
  try {
    mkdirSync(dirname(home), { recursive: true });
    work = mkdtempSync(join(dirname(home), `.${basename(home)}-`));
  } catch {
    return fail('INPUT_INVALID', { why: 'not-writable', path: home });
  }
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
        await trx.insertInto('keyset').values({ version: 1, document, issued_at: now }).execute();
        await recordAudit(trx, [{ at: now, organization: null, actor: 'operator', action: 'authority.created', subject: authority, details: { root: root.kid, license: license.kid } }]);
      });
    } finally {
      await database.close();
    }
    if (existsSync(home)) rmdirSync(home);
    renameSync(work, home);
    return ok({ authority, home });
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
};
