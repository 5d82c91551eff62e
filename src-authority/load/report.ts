import type { Json } from '../../src-shared/errors.ts';

/** What loading a file did, or with `dryRun` would do. `name`: how people know it; of a person the address in the file. */

type About = {
  readonly kind: 'product' | 'organization' | 'person' | 'license';
  readonly id: string;
  /** The organization's name; null for a product. */
  readonly organization: string | null;
  readonly name: string;
};

/** `reset`: set back to what the file says, against what people had done (`--reset-people`). */
export type Change = About & { readonly how: 'created' | 'changed' | 'reset'; readonly fields: { readonly [field: string]: { readonly from: Json; readonly to: Json } } };

/** Where the file says something else than people have made of it, and people keep it. */
export type Kept = About & { readonly why: 'name' | 'role' | 'removed' | 'deleted' | 'unassigned'; readonly is: Json; readonly file: Json };

/** What the file gave before and does not name any more: it stays as it is. */
export type LeftOut = About & { readonly seats: number | null; readonly validUntil: number | null };

export type Loaded = {
  readonly products: number;
  readonly organizations: number;
  readonly users: number;
  readonly licenses: number;
  readonly seats: number;
  readonly dryRun: boolean;
  readonly changes: readonly Change[];
  readonly kept: readonly Kept[];
  readonly leftOut: readonly LeftOut[];
};

export type Report = { readonly changes: Change[]; readonly kept: Kept[]; readonly leftOut: LeftOut[] };

/** The fields that differ; none: null. */
export const differences = (was: { readonly [field: string]: Json }, is: { readonly [field: string]: Json }): Change['fields'] | null => {
  const fields = Object.keys(is).filter((field) => JSON.stringify(was[field] ?? null) !== JSON.stringify(is[field] ?? null));
  return fields.length === 0 ? null : Object.fromEntries(fields.map((field) => [field, { from: was[field] ?? null, to: is[field] ?? null }]));
};
