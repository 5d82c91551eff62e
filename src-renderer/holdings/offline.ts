import type { Details } from '../../src-shared/errors.ts';
import type { Seconds } from '../../src-shared/time.ts';

export type OfflineLease = { readonly license: string | null; readonly machine: string | null; readonly until: Seconds };

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const nameIn = (value: unknown): string | null => (typeof value === 'object' && value !== null && 'name' in value ? text(value.name) : null);
const leaseIn = (value: Details): OfflineLease => ({ license: text(value['license']), machine: nameIn(value['machine']), until: Number(value['until'] ?? 0) });

/** The leases in offline mode that a `LEASE_OFFLINE` names; the longest first. */
export const offlineLeases = (details: Details): readonly OfflineLease[] => {
  const { leases } = details;
  return Array.isArray(leases) && leases.length > 0 ? leases.map((lease) => leaseIn(lease as Details)) : [leaseIn(details)];
};
