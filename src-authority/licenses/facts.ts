import { defaultPolicy } from '../../src-shared/policy.ts';
import type { Policy } from '../../src-shared/policy.ts';
import type { LeaseMode } from '../../src-shared/lease.ts';
import type { OrganizationRef, Product } from '../../src-shared/license.ts';
import type { Role } from '../../src-shared/role.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { prepared } from '../adapter/prepared.ts';
import type { Db } from '../adapter/schema.ts';

/** A license, and what one person is to it. */
export type LicenseFacts = {
  readonly id: string;
  readonly organization: OrganizationRef;
  readonly product: Product;
  readonly edition: string | null;
  readonly features: readonly string[];
  readonly access: 'everyone' | 'assigned';
  readonly modes: readonly LeaseMode[];
  readonly validFrom: Seconds | null;
  readonly validUntil: Seconds | null;
  readonly suspendedAt: Seconds | null;
  readonly suspendedReason: string | null;
  readonly policy: Policy;
  readonly seats: number;
  /** The person's role in the license's organization; null: not a member, or nobody was asked about. */
  readonly role: Role | null;
  readonly assigned: boolean;
};

const licensesFor = (db: Db, user: string) =>
  db
    .selectFrom('license')
    .innerJoin('product', 'product.id', 'license.product')
    .innerJoin('organization', 'organization.id', 'license.organization')
    .leftJoin('member', (on) => on.onRef('member.organization', '=', 'license.organization').on('member.user', '=', user))
    .leftJoin('assignment', (on) => on.onRef('assignment.license', '=', 'license.id').on('assignment.user', '=', user))
    .select([
      'license.id', 'license.edition', 'license.features', 'license.access', 'license.modes', 'license.valid_from', 'license.valid_until',
      'license.suspended_at', 'license.suspended_reason', 'license.policy', 'license.seats', 'license.organization', 'organization.name as organization_name',
      'license.product', 'product.name as product_name', 'product.kind', 'member.role', 'assignment.user as assigned_user',
    ]);

type FactsRow = Awaited<ReturnType<ReturnType<typeof licensesFor>['execute']>>[number];

const factsOf = (row: FactsRow): LicenseFacts => ({
  id: row.id,
  organization: { id: row.organization, name: row.organization_name },
  product: { id: row.product, name: row.product_name, kind: row.kind },
  edition: row.edition,
  features: JSON.parse(row.features) as readonly string[],
  access: row.access,
  modes: JSON.parse(row.modes) as readonly LeaseMode[],
  validFrom: row.valid_from,
  validUntil: row.valid_until,
  suspendedAt: row.suspended_at,
  suspendedReason: row.suspended_reason,
  policy: { ...defaultPolicy, ...(JSON.parse(row.policy) as Partial<Policy>) },
  seats: row.seats,
  role: row.role,
  assigned: row.assigned_user !== null,
});

const oneLicense = prepared((db, p: { license: string; user: string }) => licensesFor(db, p.user).where('license.id', '=', p.license));

/** One license as `user` stands to it. */
export const licenseFacts = async (db: Db, license: string, user: string | null): Promise<LicenseFacts | null> => {
  const [row] = await oneLicense(db, { license, user: user ?? '' });
  return row ? factsOf(row) : null;
};

/** Every license of an organization as `user` stands to it, by product name and edition. */
export const licensesOfOrganization = async (db: Db, organization: string, user: string): Promise<readonly LicenseFacts[]> => {
  const rows = await licensesFor(db, user)
    .where('license.organization', '=', organization)
    .orderBy('product.name')
    .orderBy('license.edition')
    .orderBy('license.id')
    .execute();
  return rows.map(factsOf);
};
