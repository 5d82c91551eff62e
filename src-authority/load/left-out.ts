import type { Trx } from '../adapter/schema.ts';
import { licenseName } from '../holdings/common.ts';
import type { PersonLoaded } from './memory.ts';
import type { LeftOut } from './report.ts';

/** What was loaded of an organization before, is still there, and is not in the file any more. */
export const leftOutOf = async (
  trx: Trx,
  { id: organization, name }: { readonly id: string; readonly name: string },
  given: { readonly people: ReadonlySet<string>; readonly licenses: ReadonlySet<string> },
): Promise<readonly LeftOut[]> => {
  const people = await trx
    .selectFrom('loaded').where('kind', '=', 'person').where('organization', '=', organization).orderBy('subject').select(['subject', 'content']).execute();
  const members = new Set((await trx.selectFrom('member').where('organization', '=', organization).select('user').execute()).map(({ user }) => user));
  const licenses = await trx
    .selectFrom('loaded')
    .innerJoin('license', (on) => on.onRef('license.id', '=', 'loaded.subject').onRef('license.organization', '=', 'loaded.organization'))
    .innerJoin('product', 'product.id', 'license.product')
    .where('loaded.kind', '=', 'license').where('loaded.organization', '=', organization).orderBy('license.id')
    .select(['license.id', 'license.seats', 'license.valid_until', 'license.edition', 'product.name as product_name']).execute();
  return [
    ...people
      .map(({ subject, content }) => ({ subject, user: (JSON.parse(content) as PersonLoaded).user }))
      .filter(({ user }) => members.has(user) && !given.people.has(user))
      .map(({ subject, user }): LeftOut => ({ kind: 'person', id: user, organization: name, name: subject, seats: null, validUntil: null })),
    ...licenses
      .filter(({ id }) => !given.licenses.has(id))
      .map((row): LeftOut => ({ kind: 'license', id: row.id, organization: name, name: licenseName(row), seats: row.seats, validUntil: row.valid_until })),
  ];
};

/** Organizations and products that this very file gave the last time, and does not name any more. */
export const leftOutOfFile = async (
  trx: Trx,
  source: string | null,
  given: { readonly organizations: ReadonlySet<string>; readonly products: ReadonlySet<string> },
): Promise<readonly LeftOut[]> => {
  if (source === null) return [];
  const organizations = await trx
    .selectFrom('loaded').innerJoin('organization', 'organization.id', 'loaded.organization')
    .where('loaded.kind', '=', 'organization').where('loaded.source', '=', source).orderBy('organization.name').select(['organization.id', 'organization.name']).execute();
  const products = await trx
    .selectFrom('loaded').innerJoin('product', 'product.id', 'loaded.subject')
    .where('loaded.kind', '=', 'product').where('loaded.source', '=', source).orderBy('product.id').select(['product.id', 'product.name']).execute();
  return [
    ...organizations.filter(({ id }) => !given.organizations.has(id)).map(({ id, name }): LeftOut => ({ kind: 'organization', id, organization: name, name, seats: null, validUntil: null })),
    ...products.filter(({ id }) => !given.products.has(id)).map(({ id, name }): LeftOut => ({ kind: 'product', id, organization: null, name, seats: null, validUntil: null })),
  ];
};
