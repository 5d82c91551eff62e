import type { StoreReader } from './store.ts';

/** What a change of license intends: written down before anything is asked. */
export type Intention = { readonly id: string; readonly lease: string; readonly license: string; readonly person: string | null };

const isIntention = (value: unknown): value is Intention => {
  const { id, lease, license, person } = (value ?? {}) as Partial<Record<keyof Intention, unknown>>;
  return [id, lease, license].every((each) => typeof each === 'string') && (person === null || typeof person === 'string');
};

export const intentionsIn = (store: Pick<StoreReader, 'setting'>): readonly Intention[] => {
  try {
    const rows: unknown = JSON.parse(store.setting('changes') ?? '[]');
    return Array.isArray(rows) ? rows.filter(isIntention) : [];
  } catch {
    return [];
  }
};

/** The licenses that unfinished changes wait for: their requests are still wanted. */
export const wantedLicenses = (store: Pick<StoreReader, 'setting'>): readonly string[] => intentionsIn(store).map(({ license }) => license);
