import type { Entitlement } from '../../src-shared/license.ts';

export type EntitlementIndex = { readonly rows: readonly Entitlement[]; readonly texts: readonly string[] };
export type Shown = 'all' | 'available';

const fold = (text: string): string => text.normalize('NFKD').replace(/\p{Diacritic}/gu, '').toLowerCase();

/** The order of the picker, and what each row is found by; made once for a list. Available rows come first. */
export const indexEntitlements = (entitlements: readonly Entitlement[], held: ReadonlySet<string>, language: string): EntitlementIndex => {
  const { compare } = new Intl.Collator(language, { numeric: true, sensitivity: 'base' });
  const rank = ({ license, available }: Entitlement): number => (held.has(license) ? 0 : available ? 1 : 2);
  const rows = [...entitlements].sort((a, b) =>
    rank(a) - rank(b) || compare(a.product.name, b.product.name) || compare(a.edition ?? '', b.edition ?? '') || (a.license < b.license ? -1 : 1));
  const texts = rows.map(({ product, edition, features, organization, license }) =>
    fold([product.name, product.id, edition ?? '', ...features, organization.name, license].join('\n')));
  return { rows, texts };
};

/** The rows in which every word of the query occurs. */
export const filterEntitlements = ({ rows, texts }: EntitlementIndex, query: string, shown: Shown): readonly Entitlement[] => {
  const words = fold(query).split(/\s+/).filter((word) => word !== '');
  if (words.length === 0 && shown === 'all') return rows;
  return rows.filter((row, place) => (shown === 'all' || row.available) && words.every((word) => texts[place]?.includes(word)));
};
