import { sql } from 'kysely';
import { fail } from '../../src-shared/result.ts';
import type { Failure } from '../../src-shared/result.ts';
import { may } from '../../src-shared/role.ts';
import type { Operation, Role } from '../../src-shared/role.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { fold } from '../../src-shared/fold.ts';
import type { Db, Locale, Trx } from '../adapter/schema.ts';
import type { Ground, Person } from '../ground.ts';
import type { Letter } from '../mail/letter.ts';
import { portalLink, queueMail } from '../mail/queue.ts';
import { roleOf } from '../organizations/membership.ts';

/** What the modules of an organization's holdings share. */

/** The rows of a page, and what is looked for in them. */
export type Paging = { readonly offset: number; readonly limit: number; readonly search: string };

/** Whether one of these texts has what a person types, whatever its case and accents; nothing of it is a wildcard. */
export const containing = (search: string, texts: readonly string[]) => {
  const like = `%${fold(search.trim()).replace(/[\\%_]/g, '\\$&')}%`;
  return sql<boolean>`(${sql.join(texts.map((text) => sql`fold(${sql.raw(text)}) LIKE ${like} ESCAPE '\\'`), sql` OR `)})`;
};

/** The role of a member who may do this. Errors: `NOT_FOUND` (a stranger, who is told nothing), `FORBIDDEN`. */
export const roleFor = async (db: Db, organization: string, person: string, operation: Operation): Promise<{ readonly role: Role } | Failure> => {
  const role = await roleOf(db, organization, person);
  if (role === null) return fail('NOT_FOUND', { organization });
  return may(role, operation) ? { role } : fail('FORBIDDEN', { operation, role });
};

export const isFailure = (found: object): found is Failure => 'ok' in found;

/** A license as people call it: its product, with the edition. */
export const licenseName = (license: { readonly product_name: string; readonly edition: string | null }): string =>
  license.edition === null ? license.product_name : `${license.product_name} ${license.edition}`;

export type Reader = { readonly id: string; readonly email: string; readonly locale: Locale };

const AT_ONCE = 500;

/** Letters about licenses go to those who have not said that they want none. What they tell of stands in the portal, too. */
export const write = async <Facts>(trx: Trx, letter: Letter<Facts>, readers: readonly Reader[], facts: Facts, at: Seconds): Promise<void> => {
  for (let from = 0; from < readers.length; from += AT_ONCE) {
    const some = readers.slice(from, from + AT_ONCE);
    const without = await trx
      .selectFrom('preference').select('user').where('name', '=', 'licenseMails').where('value', '=', 0).where('user', 'in', some.map(({ id }) => id)).execute();
    const silent = new Set(without.map(({ user }) => user));
    for (const { id, email, locale } of some) if (!silent.has(id)) await queueMail(trx, { to: email, locale, letter, facts, at });
  }
};

/** A member of an organization, as letters need them. */
export const memberOf = (db: Db, organization: string, person: string): Promise<(Reader & { readonly name: string; readonly role: Role }) | undefined> =>
  db
    .selectFrom('member')
    .innerJoin('user', 'user.id', 'member.user')
    .where('member.organization', '=', organization)
    .where('member.user', '=', person)
    .select(['user.id', 'user.name', 'user.email', 'user.locale', 'member.role'])
    .executeTakeFirst();

/** The organization's name. */
export const nameOf = async (db: Db, organization: string): Promise<string> =>
  (await db.selectFrom('organization').select('name').where('id', '=', organization).executeTakeFirstOrThrow()).name;

export const pageLink = (ground: Pick<Ground, 'publicUrl'>, organization: string, page: 'tasks' | 'products' | 'machines'): string =>
  portalLink(ground, `/organizations/${encodeURIComponent(organization)}/${page}`);

export type Acting = { readonly organization: string; readonly person: Person };
