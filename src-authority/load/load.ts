import type { Random, Seconds } from '../../src-shared/time.ts';
import { fail, ok, Refusal, settle, unwrap } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import { normalizeEmail } from '../accounts/accounts.ts';
import { recordAudit } from '../audit/audit.ts';
import type { AuditEntry } from '../audit/audit.ts';
import type { Passwords } from '../adapter/password.ts';
import type { Db, Trx } from '../adapter/schema.ts';
import type { Ground } from '../ground.ts';
import { loadFormat } from './format.ts';
import type { LoadFile } from './format.ts';
import { leftOutOf, leftOutOfFile } from './left-out.ts';
import { findLicenses, loadLicense } from './licenses.ts';
import { remember } from './memory.ts';
import { findOrganization } from './organizations.ts';
import type { Found, OrganizationEntry } from './organizations.ts';
import { loadPerson } from './people.ts';
import { differences } from './report.ts';
import type { Loaded, Report } from './report.ts';

export type LoadOptions = {
  /** Says what would happen, and changes nothing. */
  readonly dryRun?: boolean;
  /** Also sets back what people have changed: names, passwords, roles, memberships and assignments. */
  readonly resetPeople?: boolean;
  /** Which file it is, so that what it leaves out the next time can be told. */
  readonly source?: string;
};

/** What the parts of one load share; everything happens in its one transaction. */
export type Loading = {
  readonly trx: Trx;
  readonly ground: Pick<Ground, 'publicUrl'>;
  readonly random: Random;
  readonly now: Seconds;
  readonly resetPeople: boolean;
  readonly source: string | null;
  /** By address: of people who are new, and with `resetPeople` of those whose password is another one. */
  readonly hashes: ReadonlyMap<string, string>;
  readonly report: Report;
  /** The accounts that this load has made. */
  readonly created: Set<string>;
  readonly touchedPeople: Set<string>;
  readonly record: (entry: Pick<AuditEntry, 'organization' | 'action' | 'subject' | 'details'>) => void;
};

/** Undoes the transaction of a dry run and carries its result out. */
class DryRun extends Error {
  readonly loaded: Loaded;
  constructor(loaded: Loaded) {
    super('a dry run changes nothing');
    this.loaded = loaded;
  }
}

const parse = (data: unknown): Result<LoadFile> => {
  const parsed = loadFormat.safeParse(data);
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  const at = [...(issue?.path ?? []), ...(issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [])].join('.');
  return fail('INPUT_INVALID', { why: 'format', at, problem: issue?.message ?? 'invalid' });
};

/** Hashing takes a while, so it is done before the transaction. A dry run needs no hash, only to know that there would be one. */
const hashPasswords = async (db: Db, passwords: Passwords, file: LoadFile, { dryRun = false, resetPeople = false }: LoadOptions): Promise<Result<ReadonlyMap<string, string>>> => {
  const hashes = new Map<string, string>();
  const seen = new Set<string>();
  for (const entry of file.organizations.flatMap(({ users }) => users)) {
    const email = normalizeEmail(entry.email);
    if (entry.password === undefined || seen.has(email)) continue;
    seen.add(email);
    const known = await db.selectFrom('user').select('password').where('email', '=', email).executeTakeFirst();
    if (known && !resetPeople) continue;
    const same = known ? await passwords.verify(known.password, entry.password) : ok(false);
    if (!same.ok) return same;
    if (same.value) continue;
    const hash = dryRun ? ok('dry run') : await passwords.hash(entry.password);
    if (!hash.ok) return hash;
    hashes.set(email, hash.value);
  }
  return ok(hashes);
};

const loadProduct = async ({ trx, report, source }: Loading, product: LoadFile['products'][number]): Promise<void> => {
  const { id, name, kind } = product;
  const known = await trx.selectFrom('product').select(['name', 'kind']).where('id', '=', id).executeTakeFirst();
  await trx.insertInto('product').values(product).onConflict((on) => on.column('id').doUpdateSet({ name, kind })).execute();
  await remember(trx, { kind: 'product', organization: '', subject: id, content: {}, source });
  const fields = differences(known ?? {}, { name, kind });
  if (fields) report.changes.push({ kind: 'product', id, organization: null, name, how: known ? 'changed' : 'created', fields: known ? fields : {} });
};

/** The organization's name is the file's as long as people have not changed it. Errors (thrown): `CONFLICT` (why: name-taken). */
const nameOrganization = async ({ trx, report, record, source }: Loading, entry: OrganizationEntry, found: Exclude<Found, { kind: 'deleted' | 'new' }>): Promise<string> => {
  const { id, name: is, loadedAs } = found;
  await trx.deleteFrom('loaded').where('kind', '=', 'organization').where('organization', '=', id).execute();
  await remember(trx, { kind: 'organization', organization: id, subject: entry.name, content: {}, source });
  if (is === entry.name) return is;
  if (loadedAs !== is || loadedAs === entry.name) {
    report.kept.push({ kind: 'organization', id, organization: is, name: is, why: 'name', is, file: entry.name });
    return is;
  }
  const taken = await trx.selectFrom('organization').select('id').where('name', '=', entry.name).executeTakeFirst();
  if (taken) throw new Refusal('CONFLICT', { why: 'name-taken', name: entry.name });
  await trx.updateTable('organization').set({ name: entry.name }).where('id', '=', id).execute();
  report.changes.push({ kind: 'organization', id, organization: entry.name, name: entry.name, how: 'changed', fields: { name: { from: is, to: entry.name } } });
  record({ organization: id, action: 'organization.edited', subject: id, details: { changed: ['name'] } });
  return entry.name;
};

const owners = async (trx: Trx, organization: string): Promise<number> =>
  (await trx.selectFrom('member').where('organization', '=', organization).where('role', '=', 'owner').select((eb) => eb.fn.countAll<number>().as('owners')).executeTakeFirstOrThrow()).owners;

/** Returns the organization's id; null where people have deleted it. Errors (thrown): those of its parts, `CONFLICT` (why: last-owner). */
const loadOrganization = async (loading: Loading, entry: OrganizationEntry, found: Found): Promise<string | null> => {
  const { trx, random, now, report, record, source } = loading;
  if (found.kind === 'deleted') {
    report.kept.push({ kind: 'organization', id: entry.id ?? '', organization: entry.name, name: entry.name, why: 'deleted', is: null, file: entry.name });
    return null;
  }
  const id = found.kind === 'known' ? found.id : (entry.id ?? random.id('org'));
  if (found.kind === 'new') {
    await trx.insertInto('organization').values({ id, name: entry.name, created_at: now }).execute();
    await remember(trx, { kind: 'organization', organization: id, subject: entry.name, content: {}, source });
    report.changes.push({ kind: 'organization', id, organization: entry.name, name: entry.name, how: 'created', fields: {} });
  }
  const name = found.kind === 'known' ? await nameOrganization(loading, entry, found) : entry.name;
  record({ organization: id, action: 'organization.loaded', subject: id, details: { name: entry.name, ...(loading.resetPeople ? { resetPeople: true } : {}) } });
  const ownedBefore = await owners(trx, id);
  const people = new Set<string>();
  for (const user of entry.users) people.add(await loadPerson(loading, user, { id, name }));
  if (ownedBefore > 0 && (await owners(trx, id)) === 0) throw new Refusal('CONFLICT', { why: 'last-owner', organization: id });
  const known = await findLicenses(trx, entry.licenses, id);
  const licenses = new Set<string>();
  for (const [index, license] of entry.licenses.entries()) licenses.add(await loadLicense(loading, license, known[index], { id, name }));
  report.leftOut.push(...(await leftOutOf(trx, { id, name }, { people, licenses })));
  return id;
};

const countsOf = (file: LoadFile) => ({
  products: file.products.length,
  organizations: file.organizations.length,
  users: file.organizations.reduce((sum, each) => sum + each.users.length, 0),
  licenses: file.organizations.reduce((sum, each) => sum + each.licenses.length, 0),
  seats: file.organizations.flatMap((each) => each.licenses).reduce((sum, each) => sum + each.seats, 0),
});

/**
 * Takes products, organizations, people and licenses from a file, all or nothing (docs/adr/0028-what-a-load-file-owns.md). It
 * sets what the file owns, also when it is loaded again: products, licenses, seats, validity, features, policy. What people did
 * stays, unless `resetPeople` is asked for; people themselves, roles and assignments come from the file where they are new in it.
 */
export const createLoad = (ground: Ground, passwords: Passwords) => {
  const { database, time, random, hub } = ground;

  /** Errors: `INPUT_INVALID` (`at`: the path of the first thing wrong), `CONFLICT`, those of `Passwords`. */
  return async (data: unknown, options: LoadOptions = {}): Promise<Result<Loaded>> => {
    const { dryRun = false, resetPeople = false, source = null } = options;
    const parsed = parse(data);
    if (!parsed.ok) return parsed;
    const file = parsed.value;
    const hashes = await hashPasswords(database.db, passwords, file, options);
    if (!hashes.ok) return hashes;
    const touched = new Set<string>();
    const touchedPeople = new Set<string>();

    const work = async (trx: Trx): Promise<Loaded> => {
      // Which seats are free is a matter of the time.
      const now = unwrap(await time.judge(trx));
      const entries: AuditEntry[] = [];
      const report: Report = { changes: [], kept: [], leftOut: [] };
      const loading: Loading = {
        trx, ground, random, now, resetPeople, source, hashes: hashes.value, report, created: new Set(), touchedPeople,
        record: (entry) => void entries.push({ at: now, actor: 'operator', ...entry }),
      };
      for (const product of file.products) await loadProduct(loading, product);
      for (const entry of file.organizations) {
        const id = await loadOrganization(loading, entry, await findOrganization(trx, entry, file));
        if (id === null) continue;
        if (touched.has(id)) throw new Refusal('CONFLICT', { why: 'organization-twice', organization: id, name: entry.name });
        touched.add(id);
      }
      report.leftOut.push(...(await leftOutOfFile(trx, source, { organizations: touched, products: new Set(file.products.map(({ id }) => id)) })));
      await recordAudit(trx, entries);
      const loaded = { ...countsOf(file), dryRun, ...report };
      if (dryRun) throw new DryRun(loaded);
      return loaded;
    };

    const result = await settle(async () => {
      try {
        return await database.transact(work);
      } catch (error) {
        if (error instanceof DryRun) return error.loaded;
        throw error;
      }
    });
    if (result.ok && !dryRun) {
      for (const user of touchedPeople) hub.publish({ type: 'account' }, { user });
      for (const organization of touched) hub.publish({ type: 'entitlements', organization }, { organization });
    }
    return result;
  };
};

export type Load = ReturnType<typeof createLoad>;
