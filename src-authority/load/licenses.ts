import type { Json } from '../../src-shared/errors.ts';
import { Refusal } from '../../src-shared/result.ts';
import { normalizeEmail } from '../accounts/accounts.ts';
import type { Row, Trx } from '../adapter/schema.ts';
import { licenseName, pageLink, write } from '../holdings/common.ts';
import type { Reader } from '../holdings/common.ts';
import { countUsage } from '../leases/usage.ts';
import { assignedLetter, unassignedLetter } from '../mail/letters/holdings.ts';
import type { LoadFile } from './format.ts';
import type { Loading } from './load.ts';
import { licenseLoaded, personLoaded, remember } from './memory.ts';
import { accountFor } from './people.ts';
import { differences } from './report.ts';

export type LicenseEntry = LoadFile['organizations'][number]['licenses'][number];
type Organization = { readonly id: string; readonly name: string };
type Known = Row<'license'>;

/** Rows in one INSERT; far below SQLite's limit of parameters. */
const SEATS_AT_ONCE = 1000;

/** Gives a license the seats it owns. Only free seats are taken away. Errors (thrown): `CONFLICT` (why: seats-held). */
const resize = async (trx: Trx, license: string, seats: number, now: number): Promise<void> => {
  const { count } = await trx.selectFrom('seat').where('license', '=', license).select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow();
  for (let missing = seats - count; missing > 0; missing -= SEATS_AT_ONCE) {
    await trx.insertInto('seat').values(Array.from({ length: Math.min(missing, SEATS_AT_ONCE) }, () => ({ license }))).execute();
  }
  if (count <= seats) return;
  const busy = await busySeats(trx, license, now);
  if (busy > seats) throw new Refusal('CONFLICT', { why: 'seats-held', license, seats, held: busy });
  await (await countUsage(trx, license, now)).taken(0);
  const surplus = trx.selectFrom('seat').select('id').where('license', '=', license).where('busy_until', '<=', now).limit(count - seats);
  await trx.updateTable('lease').set({ seat: null }).where('seat', 'in', surplus).execute();
  await trx.deleteFrom('seat').where('id', 'in', surplus).execute();
};

const busySeats = async (trx: Trx, license: string, now: number): Promise<number> =>
  (await trx.selectFrom('seat').where('license', '=', license).where('busy_until', '>', now).select((eb) => eb.fn.countAll<number>().as('busy')).executeTakeFirstOrThrow()).busy;

/**
 * The licenses that the entries mean: by id, else the one of the organization with this product and edition. Errors (thrown):
 * `CONFLICT` (why: license-of-another-organization, license-twice, license-unclear: it could be one that is there).
 */
export const findLicenses = async (trx: Trx, entries: readonly LicenseEntry[], organization: string): Promise<readonly (Known | undefined)[]> => {
  const found: (Known | undefined)[] = [];
  for (const entry of entries) {
    const rows = await trx
      .selectFrom('license').selectAll()
      .$if(entry.id !== undefined, (query) => query.where('id', '=', entry.id ?? ''))
      .$if(entry.id === undefined, (query) =>
        query.where('organization', '=', organization).where('product', '=', entry.product).where('edition', 'is not distinct from', entry.edition ?? null))
      .orderBy('id').execute();
    const [known, second] = rows;
    if (known && known.organization !== organization) throw new Refusal('CONFLICT', { why: 'license-of-another-organization', license: known.id });
    if (known && second) throw new Refusal('CONFLICT', { why: 'license-unclear', license: known.id, product: entry.product, edition: entry.edition ?? null });
    found.push(known);
  }
  const ids = found.flatMap((known, index) => known?.id ?? entries[index]?.id ?? []);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new Refusal('CONFLICT', { why: 'license-twice', license: twice });
  for (const [index, entry] of entries.entries()) {
    if (entry.id !== undefined || found[index]) continue;
    // Without an id, another edition is another license. Where one without an id is no longer named, it is that one most likely.
    const others = await trx.selectFrom('license').where('organization', '=', organization).where('product', '=', entry.product).select('id').orderBy('id').execute();
    for (const { id } of others) {
      if (ids.includes(id) || (await licenseLoaded(trx, organization, id))?.named !== false) continue;
      throw new Refusal('CONFLICT', { why: 'license-unclear', license: id, product: entry.product, edition: entry.edition ?? null });
    }
    const same = entries.findIndex((each, at) => at > index && each.id === undefined && each.product === entry.product && each.edition === entry.edition);
    if (same >= 0) throw new Refusal('CONFLICT', { why: 'license-twice', license: null, product: entry.product });
  }
  return found;
};

const columnsOf = (entry: LicenseEntry) => ({
  product: entry.product, edition: entry.edition ?? null, features: JSON.stringify(entry.features), access: entry.access,
  modes: JSON.stringify([...new Set(entry.modes)]), valid_from: entry.validFrom ?? null, valid_until: entry.validUntil ?? null,
  policy: JSON.stringify(entry.policy), seats: entry.seats,
});

const factsOf = (row: Omit<Known, 'id' | 'organization' | 'suspended_at' | 'suspended_reason' | 'created_at'>): Record<string, Json> => ({
  product: row.product, edition: row.edition, features: JSON.parse(row.features) as Json, access: row.access, modes: JSON.parse(row.modes) as Json,
  validFrom: row.valid_from, validUntil: row.valid_until, policy: JSON.parse(row.policy) as Json, seats: row.seats,
});

type Assigned = Reader & { readonly isMember: boolean };

/** Errors (thrown): `INPUT_INVALID` (why: assigned). Whoever was removed, or has deleted their account, is passed over. */
const assignedIn = async (loading: Loading, entry: LicenseEntry, organization: string): Promise<readonly Assigned[]> => {
  const { trx } = loading;
  const people = new Map<string, Assigned>();
  for (const email of new Set(entry.assigned.map(normalizeEmail))) {
    const account = await accountFor(loading, organization, email);
    const member = account && (await trx.selectFrom('member').select('role').where('organization', '=', organization).where('user', '=', account.id).executeTakeFirst());
    if (!account || (!member && (await personLoaded(trx, organization, email)) === null)) {
      throw new Refusal('INPUT_INVALID', { why: 'assigned', problem: 'not a member of the organization', at: email });
    }
    people.set(account.id, { id: account.id, email: account.email, locale: account.locale, isMember: member !== undefined });
  }
  return [...people.values()];
};

type Assigning = { readonly license: string; readonly organization: Organization; readonly product: { readonly product_name: string; readonly edition: string | null } };

/**
 * Gives the assignments that the file names for the first time, and takes back those that a file made and no longer names.
 * What people assign and take back stays as it is; with --reset-people it becomes exactly what the file says.
 */
const assign = async (loading: Loading, entry: LicenseEntry, { license, organization, product }: Assigning): Promise<{ readonly added: readonly string[]; readonly removed: readonly string[] }> => {
  const { trx, ground, now, report, resetPeople, source, record, created } = loading;
  const before = await licenseLoaded(trx, organization.id, license);
  const named = await assignedIn(loading, entry, organization.id);
  const there = new Set((await trx.selectFrom('assignment').where('license', '=', license).select('user').execute()).map(({ user }) => user));
  const add = named.filter(({ id, isMember }) => isMember && !there.has(id) && (resetPeople || !before?.assigned.includes(id)));
  const isNamed = (user: string): boolean => named.some(({ id }) => id === user);
  const gone = resetPeople ? [...there].filter((user) => !isNamed(user)) : (before?.made ?? []).filter((user) => there.has(user) && !isNamed(user));
  for (const { id, email, isMember } of named) {
    if (!isMember || there.has(id) || add.some((each) => each.id === id)) continue;
    report.kept.push({ kind: 'license', id: license, organization: organization.name, name: licenseName(product), why: 'unassigned', is: null, file: email });
  }
  if (add.length > 0) {
    await trx.insertInto('assignment').values(add.map(({ id }) => ({ license, user: id }))).execute();
    await trx
      .updateTable('task').set({ state: 'granted', answered_by: null, answered_at: now })
      .where('kind', '=', 'assignment').where('state', '=', 'open').where('license', '=', license).where('asked_by', 'in', add.map(({ id }) => id)).execute();
  }
  if (gone.length > 0) await trx.deleteFrom('assignment').where('license', '=', license).where('user', 'in', gone).execute();
  const lost = gone.length === 0 ? [] : await trx.selectFrom('user').select(['id', 'email', 'locale']).where('id', 'in', gone).execute();
  for (const { id } of add) record({ organization: organization.id, action: 'license.assigned', subject: license, details: { person: id } });
  for (const { id } of lost) record({ organization: organization.id, action: 'license.unassigned', subject: license, details: { person: id, ended: [] } });
  const products = [licenseName(product)];
  const link = pageLink(ground, organization.id, 'products');
  // Who has an account since this file only is told by whoever gives them their password.
  await write(trx, assignedLetter, add.filter(({ id }) => !created.has(id)), { organization: organization.name, by: null, products, link }, now);
  await write(trx, unassignedLetter, lost, { organization: organization.name, by: null, products, ended: [] }, now);
  const made = [...new Set([...(before?.made ?? []).filter((user) => !gone.includes(user)), ...add.map(({ id }) => id)])].toSorted();
  const content = { named: entry.id !== undefined, assigned: named.map(({ id }) => id).toSorted(), made };
  await remember(trx, { kind: 'license', organization: organization.id, subject: license, content, source });
  return { added: add.map(({ email }) => email), removed: lost.map(({ email }) => email) };
};

/**
 * Sets what a file owns of a license: all but who is assigned by people, and whether it is suspended. Returns its id. Errors
 * (thrown): `INPUT_INVALID` (why: product, assigned), `CONFLICT` (why: product-leased, seats-held).
 */
export const loadLicense = async (loading: Loading, entry: LicenseEntry, known: Known | undefined, organization: Organization): Promise<string> => {
  const { trx, random, now, report, record } = loading;
  const product = await trx.selectFrom('product').select('name').where('id', '=', entry.product).executeTakeFirst();
  if (!product) throw new Refusal('INPUT_INVALID', { why: 'product', problem: 'no such product', at: entry.product });
  const id = known?.id ?? entry.id ?? random.id('lic');
  const columns = columnsOf(entry);
  // A renewal grants what the license says now: under a lease in use that would be another product.
  if (known && known.product !== entry.product) {
    const held = await busySeats(trx, id, now);
    if (held > 0) throw new Refusal('CONFLICT', { why: 'product-leased', license: id, product: known.product, wanted: entry.product, held });
  }
  if (known) await trx.updateTable('license').set(columns).where('id', '=', id).execute();
  else await trx.insertInto('license').values({ ...columns, id, organization: organization.id, suspended_at: null, created_at: now }).execute();
  await resize(trx, id, entry.seats, now);
  const named = { product_name: product.name, edition: columns.edition };
  const { added, removed } = await assign(loading, entry, { license: id, organization, product: named });
  const fields = {
    ...(known ? differences(factsOf(known), factsOf(columns)) : { seats: { from: null, to: entry.seats } }),
    ...(added.length + removed.length === 0 ? {} : { assigned: { from: removed, to: added } }),
  };
  if (!known || Object.keys(fields).length > 0) {
    report.changes.push({ kind: 'license', id, organization: organization.name, name: licenseName(named), how: known ? 'changed' : 'created', fields });
    record({ organization: organization.id, action: 'license.loaded', subject: id, details: { product: entry.product, seats: entry.seats, access: entry.access, changed: Object.keys(fields) } });
  }
  return id;
};
