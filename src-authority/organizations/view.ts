import type { Legal, Organization } from '../../src-shared/http/organizations.ts';
import type { Db } from '../adapter/schema.ts';
import { may } from '../../src-shared/role.ts';

/** Organizations as one of their people sees them: all of theirs, or the one that is named. */
export const organizationsOf = async (db: Db, user: string, organization?: string): Promise<readonly Organization[]> => {
  const rows = await db
    .selectFrom('member')
    .innerJoin('organization', 'organization.id', 'member.organization')
    .leftJoin('ownership_offer as offer', 'offer.organization', 'organization.id')
    .leftJoin('user as offerer', 'offerer.id', 'offer.offered_by')
    .leftJoin('user as offered', 'offered.id', 'offer.offered_to')
    .where('member.user', '=', user)
    .$if(organization !== undefined, (query) => query.where('organization.id', '=', organization ?? ''))
    .orderBy('organization.name')
    .select((eb) => [
      'organization.id', 'organization.name', 'organization.created_at', 'organization.legal', 'organization.cluster', 'member.role',
      'offer.at as offer_at', 'offer.offered_by', 'offer.offered_to', 'offerer.name as offerer_name', 'offered.name as offered_name',
      eb.selectFrom('member as each').whereRef('each.organization', '=', 'organization.id').select((of) => of.fn.countAll<number>().as('count')).as('people'),
      eb.selectFrom('license').whereRef('license.organization', '=', 'organization.id').select((of) => of.fn.countAll<number>().as('count')).as('licenses'),
    ])
    .execute();
  return rows.map((row) => {
    const { offer_at: at, offered_by: from, offered_to: to } = row;
    // The two whom it concerns see the offer, and the other owners.
    const transfer =
      at !== null && from !== null && to !== null && (to === user || may(row.role, 'organization.transfer'))
        ? { to: { id: to, name: row.offered_name ?? '' }, from: { id: from, name: row.offerer_name ?? '' }, at, yours: to === user }
        : null;
    return {
      id: row.id, name: row.name, role: row.role, people: row.people ?? 0, licenses: row.licenses ?? 0, createdAt: row.created_at,
      legal: row.legal === null ? null : (JSON.parse(row.legal) as Legal), cluster: row.cluster, transfer,
    };
  });
};
