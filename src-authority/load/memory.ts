import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Role } from '../../src-shared/role.ts';
import type { Db, Row, Trx } from '../adapter/schema.ts';

/**
 * What the load files gave the last time. By it a file that has changed is told from what people have changed since: only
 * the former is done.
 */

type Kind = Row<'loaded'>['kind'];

export type PersonLoaded = { readonly user: string; readonly role: Role };
/** `named`: whether the file gave the id. `assigned`: whom the file named; `made`: those of them whom the file, and nobody before it, assigned. */
export type LicenseLoaded = { readonly named: boolean; readonly assigned: readonly string[]; readonly made: readonly string[] };
type Content = { readonly organization: Readonly<Record<string, never>>; readonly product: Readonly<Record<string, never>>; readonly person: PersonLoaded; readonly license: LicenseLoaded };

/** What is kept of what was deleted, an account's address or an organization's name and id: enough to know it again, and not to read it. */
const digestOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('base64url')}`;

export const remember = async <K extends Kind>(
  trx: Trx,
  { kind, organization, subject, content, source }: { readonly kind: K; readonly organization: string; readonly subject: string; readonly content: Content[K]; readonly source: string | null },
): Promise<void> => {
  if (kind === 'person') await trx.deleteFrom('loaded').where('kind', '=', kind).where('organization', '=', organization).where('subject', '=', digestOf(subject)).execute();
  const row = { content: JSON.stringify(content), source };
  await trx.insertInto('loaded').values({ kind, organization, subject, ...row }).onConflict((on) => on.columns(['kind', 'organization', 'subject']).doUpdateSet(row)).execute();
};

/** The person whom the file of this organization meant by an address; also when they have another address since. */
export const personLoaded = async (db: Db, organization: string, email: string): Promise<PersonLoaded | null> => {
  const row = await db
    .selectFrom('loaded').where('kind', '=', 'person').where('organization', '=', organization).where('subject', 'in', [email, digestOf(email)]).select('content').executeTakeFirst();
  return row ? (JSON.parse(row.content) as PersonLoaded) : null;
};

export const licenseLoaded = async (db: Db, organization: string, license: string): Promise<LicenseLoaded | null> => {
  const row = await db.selectFrom('loaded').where('kind', '=', 'license').where('organization', '=', organization).where('subject', '=', license).select('content').executeTakeFirst();
  return row ? (JSON.parse(row.content) as LicenseLoaded) : null;
};

/** An account is deleted: its addresses become digests, by which a file that names it again brings nobody back. */
export const forgetLoaded = async (trx: Trx, user: string): Promise<void> => {
  const rows = await trx
    .selectFrom('loaded').where('kind', '=', 'person').where(sql<boolean>`json_extract(content, '$.user') = ${user}`).select(['organization', 'subject']).execute();
  for (const { organization, subject } of rows) {
    if (subject.startsWith('sha256:')) continue;
    await trx.updateTable('loaded').set({ subject: digestOf(subject) }).where('kind', '=', 'person').where('organization', '=', organization).where('subject', '=', subject).execute();
  }
};

/** An organization is deleted: that there was one of this id and this name in a file is all that is kept. */
export const forgetLoadedOrganization = async (trx: Trx, organization: string): Promise<void> => {
  const rows = await trx.selectFrom('loaded').where('kind', '=', 'organization').where('organization', '=', organization).select('subject').execute();
  await trx.deleteFrom('loaded').where('organization', '=', organization).execute();
  for (const { subject } of rows) {
    await trx.insertInto('loaded').values({ kind: 'organization', organization: digestOf(organization), subject: digestOf(subject), content: '{}', source: null }).onConflict((on) => on.doNothing()).execute();
  }
};

/** Whether an organization that a file gave by this id, or without one by this name, was deleted. */
export const wasDeleted = async (db: Db, by: { readonly id: string } | { readonly name: string }): Promise<boolean> =>
  (await db
    .selectFrom('loaded').where('kind', '=', 'organization')
    .where('id' in by ? 'organization' : 'subject', '=', digestOf('id' in by ? by.id : by.name)).select('subject').limit(1).executeTakeFirst()) !== undefined;
