import { Refusal } from '../../src-shared/result.ts';
import { may, rolesGivenBy } from '../../src-shared/role.ts';
import type { Operation, Role } from '../../src-shared/role.ts';
import type { Db, Trx } from '../adapter/schema.ts';

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

/**
 * A person's role, when it allows the operation. To be asked inside the transaction of the change, so that a role that is
 * being taken away allows nothing any more. Errors (thrown): `NOT_FOUND`, `FORBIDDEN`.
 */
export const demand = async (db: Db, organization: string, user: string, operation: Operation): Promise<Role> => {
  const role = await roleOf(db, organization, user);
  if (role === null) throw new Refusal('NOT_FOUND', { organization });
  if (!may(role, operation)) throw new Refusal('FORBIDDEN', { operation, role });
  return role;
};

/** Whether somebody with this role may give and take a role; a manager never touches an owner. Errors (thrown): `FORBIDDEN`. */
export const demandGiving = (role: Role, given: Role, operation: Operation): void => {
  if (!rolesGivenBy(role).includes(given)) throw new Refusal('FORBIDDEN', { operation, role, given });
};

/**
 * There is always an owner. Asked inside the transaction that takes the role away: transactions follow one another, so of
 * two that would each leave the other one, the second is refused. Errors (thrown): `CONFLICT` (why: last-owner).
 */
export const demandAnotherOwner = async (trx: Trx, organization: string, user: string): Promise<void> => {
  const other = await trx
    .selectFrom('member').where('organization', '=', organization).where('role', '=', 'owner').where('user', '<>', user).select('user').limit(1).executeTakeFirst();
  if (!other) throw new Refusal('CONFLICT', { why: 'last-owner', organization });
};
