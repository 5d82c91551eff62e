import type { Role } from '../../src-shared/role.ts';
import type { Db } from '../adapter/schema.ts';

/** A person's role in an organization; null for a stranger, who is not told whether it exists. */
export const roleOf = async (db: Db, organization: string, user: string): Promise<Role | null> =>
  (await db.selectFrom('member').select('role').where('organization', '=', organization).where('user', '=', user).executeTakeFirst())?.role ?? null;

/** A person's organizations and roles, the default one first. */
export const membershipsOf = (db: Db, user: string): Promise<readonly { readonly organization: string; readonly role: Role }[]> =>
  db
    .selectFrom('member')
    .innerJoin('organization', 'organization.id', 'member.organization')
    .innerJoin('user', 'user.id', 'member.user')
    .where('member.user', '=', user)
    .orderBy((eb) => eb('user.default_organization', 'is not distinct from', eb.ref('member.organization')), 'desc')
    .orderBy('organization.name')
    .select(['member.organization', 'member.role'])
    .execute();
