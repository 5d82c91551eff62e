import { sql } from 'kysely';
import type { Expression, SqlBool } from 'kysely';
import { beginningOf } from '../../src-shared/documents/index.ts';
import type { Seconds } from '../../src-shared/time.ts';
import type { Db } from '../adapter/schema.ts';
import type { Lease } from '../../src-shared/lease.ts';
import { leaseOf, selectLeases } from '../leases/view.ts';
import type { LeaseRow } from '../leases/view.ts';
import type { Key, Keyset } from './keysets.ts';

/**
 * Which leases rest on a license file that a key signed. Nothing is stored for it: the text of each file that a key signed
 * begins alike, by its header. The leases are found by their seats, which are indexed by the time until which they are busy.
 */
const signedBy = (text: Expression<string>, kids: readonly string[]) => {
  const each = kids.map((kid) => beginningOf('license', kid)).map((beginning) => sql<SqlBool>`substr(${text}, 1, ${beginning.length}) = ${beginning}`);
  return sql<SqlBool>`(${sql.join(each, sql` OR `)})`;
};

export const leasesSignedBy = (db: Db, kids: readonly string[], now: Seconds) =>
  selectLeases(db)
    .innerJoin('seat', (on) => on.onRef('seat.license', '=', 'license.id').onRef('seat.lease', '=', 'lease.id'))
    .innerJoin('license_file', (on) => on.onRef('license_file.lease', '=', 'lease.id').onRef('license_file.seq', '=', 'lease.file_seq'))
    .where('seat.busy_until', '>', now)
    .where('lease.state', '=', 'active')
    .where((eb) => signedBy(eb.ref('license_file.text'), kids));

/** How many leases in use rest on a file of this key. */
export const countHolding = async (db: Db, kid: string, now: Seconds): Promise<number> =>
  (await leasesSignedBy(db, [kid], now).clearSelect().select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()).total;

export const revokedKeys = ({ claims }: Keyset): readonly (Key & { readonly revokedAt: Seconds })[] =>
  claims.keys.flatMap((key) => (key.role === 'license' && key.revokedAt !== undefined ? [{ ...key, revokedAt: key.revokedAt }] : []));

/** A lease whose license file must be issued anew, and how that file travels. */
export type Reissue = { readonly lease: Lease; readonly carrier: 'network' | 'file'; readonly revokedAt: Seconds };

const reissueOf = (row: LeaseRow & { readonly revoked_at: Seconds }): Reissue => ({ lease: leaseOf(row), carrier: row.carrier, revokedAt: row.revoked_at });

/** Of one organization, or of all. Null when no key was ever revoked: then there is nothing to look for. */
export const reissuesOf = (db: Db, newest: Keyset, now: Seconds, organization: string | null) => {
  const revoked = revokedKeys(newest);
  if (revoked.length === 0) return null;
  const found = leasesSignedBy(db, revoked.map(({ kid }) => kid), now)
    .$if(organization !== null, (query) => query.where('license.organization', '=', organization));
  const whens = revoked.map(({ kid, revokedAt }) => {
    const beginning = beginningOf('license', kid);
    return sql`WHEN substr(license_file.text, 1, ${beginning.length}) = ${beginning} THEN ${revokedAt}`;
  });
  const revokedAt = sql<Seconds>`CASE ${sql.join(whens, sql` `)} END`;
  return {
    count: () =>
      found
        .clearSelect()
        .select((eb) => [
          eb.fn.countAll<number>().as('total'),
          sql<number>`total(lease.mode = 'online' AND lease.carrier = 'network')`.as('byThemselves'),
          eb.fn.max<Seconds | null>(revokedAt).as('revokedAt'),
        ])
        .executeTakeFirstOrThrow(),
    /** Those that wait for a person first. */
    rows: async (page: { readonly limit: number; readonly offset: number }): Promise<readonly Reissue[]> => {
      const rows = await found
        .select(revokedAt.as('revoked_at'))
        .orderBy(sql`lease.carrier = 'file'`, 'desc').orderBy('lease.mode').orderBy('machine.name').orderBy('lease.id')
        .limit(page.limit).offset(page.offset).execute();
      return rows.map(reissueOf);
    },
  };
};

const ALL = { limit: -1, offset: 0 };
/** Of every organization. */
export const allReissues = async (db: Db, newest: Keyset, now: Seconds): Promise<readonly Reissue[]> => (await reissuesOf(db, newest, now, null)?.rows(ALL)) ?? [];
