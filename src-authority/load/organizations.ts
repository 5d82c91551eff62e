import { Refusal } from '../../src-shared/result.ts';
import { normalizeEmail } from '../accounts/accounts.ts';
import type { Trx } from '../adapter/schema.ts';
import type { LoadFile } from './format.ts';
import { personLoaded, wasDeleted } from './memory.ts';

export type OrganizationEntry = LoadFile['organizations'][number];

/** `deleted`: people have deleted it, and a file does not bring it back. `loadedAs`: the name in the file that gave it last. */
export type Found =
  | { readonly kind: 'known'; readonly id: string; readonly name: string; readonly loadedAs: string | null }
  | { readonly kind: 'deleted' }
  | { readonly kind: 'new' };

const byId = (trx: Trx, id: string) => trx.selectFrom('organization').select(['id', 'name']).where('id', '=', id).executeTakeFirst();
const byName = (trx: Trx, name: string) => trx.selectFrom('organization').select(['id', 'name']).where('name', '=', name).executeTakeFirst();
const loadedAs = (trx: Trx, name: string) => trx.selectFrom('loaded').select('organization').where('kind', '=', 'organization').where('subject', '=', name).executeTakeFirst();
const nameLoaded = async (trx: Trx, id: string): Promise<string | null> =>
  (await trx.selectFrom('loaded').select('subject').where('kind', '=', 'organization').where('organization', '=', id).executeTakeFirst())?.subject ?? null;

const known = async (trx: Trx, id: string): Promise<Found | null> => {
  const there = await byId(trx, id);
  return there ? { kind: 'known', ...there, loadedAs: await nameLoaded(trx, id) } : null;
};

/** An organization that a file gave, that this one does not name, and whose owner the new one has too: most likely the same one under another name. */
const likely = async (trx: Trx, entry: OrganizationEntry, file: LoadFile): Promise<{ readonly id: string; readonly name: string } | null> => {
  const owners = entry.users.filter(({ role }) => role === 'owner').map(({ email }) => normalizeEmail(email));
  const named = new Set(file.organizations.flatMap(({ id, name }) => [name, ...(id === undefined ? [] : [id])]));
  const loaded = await trx
    .selectFrom('loaded').innerJoin('organization', 'organization.id', 'loaded.organization').where('loaded.kind', '=', 'organization')
    .select(['organization.id', 'organization.name', 'loaded.subject']).execute();
  for (const each of loaded) {
    if (named.has(each.id) || named.has(each.subject)) continue;
    for (const owner of owners) if ((await personLoaded(trx, each.id, owner))?.role === 'owner') return each;
  }
  return null;
};

/**
 * The organization that an entry means: by its id, else by the name that it was loaded under. What could be another one is
 * refused in words: it would get the seats of this one, or a second organization would. Errors (thrown): `CONFLICT` (why:
 * organization-id, organization-unclear).
 */
export const findOrganization = async (trx: Trx, entry: OrganizationEntry, file: LoadFile): Promise<Found> => {
  const earlier = await loadedAs(trx, entry.name);
  if (entry.id !== undefined) {
    const found = await known(trx, entry.id);
    if (found) return found;
    if (await wasDeleted(trx, { id: entry.id })) return { kind: 'deleted' };
    const other = earlier?.organization ?? (await byName(trx, entry.name))?.id;
    if (other !== undefined) throw new Refusal('CONFLICT', { why: 'organization-id', name: entry.name, given: entry.id, organization: other });
    return { kind: 'new' };
  }
  const found = earlier ? await known(trx, earlier.organization) : null;
  if (found) return found;
  if (await wasDeleted(trx, { name: entry.name })) return { kind: 'deleted' };
  // SECURITY: people name their organizations as they like; a name alone brings no license to one that no file has given.
  const unclear = (await byName(trx, entry.name)) ?? (await likely(trx, entry, file));
  if (unclear) throw new Refusal('CONFLICT', { why: 'organization-unclear', name: entry.name, organization: unclear.id, called: unclear.name });
  return { kind: 'new' };
};
