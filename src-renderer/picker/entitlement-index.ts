import { fold } from '../../src-shared/fold.ts';
import { canBeTaken } from '../../src-shared/license.ts';
import type { Entitlement } from '../../src-shared/license.ts';

export type EntitlementIndex = {
  readonly rows: readonly Entitlement[];
  /** What each row is found by. Made when the first letter is typed, so that the list stands before. */
  readonly texts: () => readonly string[];
};
export type Shown = 'all' | 'available';

const textOf = ({ product, edition, features, organization, license }: Entitlement): string =>
  fold(`${product.name}\n${product.id}\n${edition ?? ''}\n${features.join('\n')}\n${organization.name}\n${license}`);

/**
 * The order of the picker: what is available before the rest. What this machine uses stands first, or last where another
 * license is wanted in its place.
 */
export const indexEntitlements = (entitlements: readonly Entitlement[], held: ReadonlySet<string>, language: string, heldStands: 'first' | 'last' = 'first'): EntitlementIndex => {
  const { compare } = new Intl.Collator(language, { numeric: true, sensitivity: 'base' });
  const rank = (each: Entitlement): number => (held.has(each.license) ? (heldStands === 'first' ? 0 : 3) : canBeTaken(each) ? 1 : 2);
  const rows = [...entitlements].sort((a, b) =>
    rank(a) - rank(b) || compare(a.product.name, b.product.name) || compare(a.edition ?? '', b.edition ?? '') || (a.license < b.license ? -1 : 1));
  let texts: readonly string[] | null = null;
  return { rows, texts: () => (texts ??= rows.map(textOf)) };
};

/** The rows in which every word of the query occurs. */
export const filterEntitlements = ({ rows, texts }: EntitlementIndex, query: string, shown: Shown): readonly Entitlement[] => {
  const words = fold(query).split(/\s+/).filter((word) => word !== '');
  if (words.length === 0) return shown === 'all' ? rows : rows.filter(canBeTaken);
  const found = texts();
  return rows.filter((row, place) => (shown === 'all' || canBeTaken(row)) && words.every((word) => found[place]?.includes(word)));
};
