import { fail, ok, Refusal, settle } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import { normalizeEmail } from '../accounts/accounts.ts';
import { recordAudit } from '../audit/audit.ts';
import type { AuditEntry } from '../audit/audit.ts';
import type { Passwords } from '../adapter/password.ts';
import type { Trx } from '../adapter/schema.ts';
import type { Ground } from '../ground.ts';
import { countUsage } from '../leases/usage.ts';
import { loadFormat } from './format.ts';
import type { LoadFile } from './format.ts';

export type Loaded = { readonly products: number; readonly organizations: number; readonly users: number; readonly licenses: number; readonly seats: number };

type LicenseEntry = LoadFile['organizations'][number]['licenses'][number];
type UserEntry = LoadFile['organizations'][number]['users'][number];

/** Rows in one INSERT; far below SQLite's limit of parameters. */
const SEATS_AT_ONCE = 1000;

/** Gives a license the seats it owns. Only free seats are taken away. Errors (thrown): `CONFLICT`. */
const resize = async (trx: Trx, license: string, seats: number, now: number): Promise<void> => {
  const { count } = await trx.selectFrom('seat').where('license', '=', license).select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow();
  for (let missing = seats - count; missing > 0; missing -= SEATS_AT_ONCE) {
    await trx.insertInto('seat').values(Array.from({ length: Math.min(missing, SEATS_AT_ONCE) }, () => ({ license }))).execute();
  }
  if (count <= seats) return;
  const { busy } = await trx
    .selectFrom('seat').where('license', '=', license).where('busy_until', '>', now).select((eb) => eb.fn.countAll<number>().as('busy')).executeTakeFirstOrThrow();
  if (busy > seats) throw new Refusal('CONFLICT', { why: 'seats-held', license, seats, held: busy });
  await (await countUsage(trx, license, now)).taken(0);
  const surplus = trx.selectFrom('seat').select('id').where('license', '=', license).where('busy_until', '<=', now).limit(count - seats);
  await trx.updateTable('lease').set({ seat: null }).where('seat', 'in', surplus).execute();
  await trx.deleteFrom('seat').where('id', 'in', surplus).execute();
};

/**
 * Takes products, organizations, people and licenses from a file, all or nothing. What is there already, known by product
 * id, organization name, e-mail and license id, is brought up to date, so that the same file can be loaded again. A license
 * without an id is known by its organization, product and edition; of those there can be only one.
 */
export const createLoad = (ground: Ground, passwords: Passwords) => {
  const { database, clock, random, hub } = ground;

  const loadUser = async (trx: Trx, entry: UserEntry, organization: string, hashes: ReadonlyMap<string, string>, now: number): Promise<AuditEntry> => {
    const email = normalizeEmail(entry.email);
    const known = await trx.selectFrom('user').select('id').where('email', '=', email).executeTakeFirst();
    const hash = hashes.get(email);
    if (!known && hash === undefined) throw new Refusal('INPUT_INVALID', { why: 'password', problem: 'a new person needs a password', at: email });
    const id = known?.id ?? random.id('usr');
    if (known) await trx.updateTable('user').set({ name: entry.name, ...(hash === undefined ? {} : { password: hash }) }).where('id', '=', id).execute();
    else {
      await trx
        .insertInto('user')
        .values({ id, email, name: entry.name, password: hash ?? '', default_organization: organization, created_at: now })
        .execute();
    }
    await trx
      .insertInto('member')
      .values({ organization, user: id, role: entry.role, joined_at: now })
      .onConflict((on) => on.columns(['organization', 'user']).doUpdateSet({ role: entry.role }))
      .execute();
    return { at: now, organization, actor: 'operator', action: 'user.loaded', subject: id, details: { role: entry.role } };
  };

  const loadLicense = async (trx: Trx, entry: LicenseEntry, organization: string, loaded: Set<string>, now: number): Promise<AuditEntry> => {
    const product = await trx.selectFrom('product').select('id').where('id', '=', entry.product).executeTakeFirst();
    if (!product) throw new Refusal('INPUT_INVALID', { why: 'product', problem: 'no such product', at: entry.product });
    const named = await trx
      .selectFrom('license')
      .select(['id', 'organization'])
      .$if(entry.id !== undefined, (query) => query.where('id', '=', entry.id ?? ''))
      .$if(entry.id === undefined, (query) =>
        query.where('organization', '=', organization).where('product', '=', entry.product).where('edition', 'is not distinct from', entry.edition ?? null))
      .executeTakeFirst();
    if (named && named.organization !== organization) throw new Refusal('CONFLICT', { why: 'license-of-another-organization', license: named.id });
    const id = named?.id ?? entry.id ?? random.id('lic');
    if (loaded.has(id)) throw new Refusal('CONFLICT', { why: 'license-twice', license: id, product: entry.product });
    loaded.add(id);
    const columns = {
      product: entry.product, edition: entry.edition ?? null, features: JSON.stringify(entry.features), access: entry.access,
      modes: JSON.stringify([...new Set(entry.modes)]), valid_from: entry.validFrom ?? null, valid_until: entry.validUntil ?? null,
      policy: JSON.stringify(entry.policy), seats: entry.seats,
    };
    if (named) await trx.updateTable('license').set(columns).where('id', '=', id).execute();
    else await trx.insertInto('license').values({ ...columns, id, organization, suspended_at: null, created_at: now }).execute();
    await resize(trx, id, entry.seats, now);
    await trx.deleteFrom('assignment').where('license', '=', id).execute();
    for (const email of new Set(entry.assigned.map(normalizeEmail))) {
      const member = await trx
        .selectFrom('user').innerJoin('member', 'member.user', 'user.id').where('email', '=', email).where('member.organization', '=', organization).select('user.id').executeTakeFirst();
      if (!member) throw new Refusal('INPUT_INVALID', { why: 'assigned', problem: 'not a member of the organization', at: email });
      await trx.insertInto('assignment').values({ license: id, user: member.id }).execute();
    }
    return { at: now, organization, actor: 'operator', action: 'license.loaded', subject: id, details: { product: entry.product, seats: entry.seats, access: entry.access } };
  };

  /** Errors: `INPUT_INVALID` (`at`: the path of the first thing wrong), `CONFLICT`, those of `Passwords`. */
  return async (data: unknown): Promise<Result<Loaded>> => {
    const parsed = loadFormat.safeParse(data);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      const at = [...(issue?.path ?? []), ...(issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [])].join('.');
      return fail('INPUT_INVALID', { why: 'format', at, problem: issue?.message ?? 'invalid' });
    }
    const file = parsed.data;
    // Hashing takes a while, so it is done before the transaction.
    const hashes = new Map<string, string>();
    for (const entry of file.organizations.flatMap((organization) => organization.users)) {
      const email = normalizeEmail(entry.email);
      if (entry.password === undefined || hashes.has(email)) continue;
      const known = await database.db.selectFrom('user').select('password').where('email', '=', email).executeTakeFirst();
      const matches = known === undefined ? ok(false) : await passwords.verify(known.password, entry.password);
      if (!matches.ok) return matches;
      const hash = known !== undefined && matches.value ? ok(known.password) : await passwords.hash(entry.password);
      if (!hash.ok) return hash;
      hashes.set(email, hash.value);
    }
    const touched: string[] = [];
    const result = await settle(() =>
      database.transact(async (trx) => {
        const now = clock.now();
        const entries: AuditEntry[] = [];
        const loaded = new Set<string>();
        for (const product of file.products) {
          await trx.insertInto('product').values(product).onConflict((on) => on.column('id').doUpdateSet({ name: product.name, kind: product.kind })).execute();
        }
        for (const entry of file.organizations) {
          const known = await trx.selectFrom('organization').select('id').where('name', '=', entry.name).executeTakeFirst();
          const id = known?.id ?? entry.id ?? random.id('org');
          if (!known) await trx.insertInto('organization').values({ id, name: entry.name, created_at: now }).execute();
          touched.push(id);
          entries.push({ at: now, organization: id, actor: 'operator', action: 'organization.loaded', subject: id, details: { name: entry.name } });
          for (const user of entry.users) entries.push(await loadUser(trx, user, id, hashes, now));
          for (const license of entry.licenses) entries.push(await loadLicense(trx, license, id, loaded, now));
        }
        await recordAudit(trx, entries);
        return {
          products: file.products.length,
          organizations: file.organizations.length,
          users: file.organizations.reduce((sum, each) => sum + each.users.length, 0),
          licenses: file.organizations.reduce((sum, each) => sum + each.licenses.length, 0),
          seats: file.organizations.flatMap((each) => each.licenses).reduce((sum, each) => sum + each.seats, 0),
        };
      }),
    );
    if (result.ok) for (const organization of touched) hub.publish({ type: 'entitlements', organization }, { organization });
    return result;
  };
};
