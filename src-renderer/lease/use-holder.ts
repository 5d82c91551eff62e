import type { DesktopState, HeldLease } from '../../src-shared/desktop.ts';
import type { Holder } from '../../src-shared/license.ts';
import { useDesktopState } from '../desktop/use-desktop.ts';

/** Who took a lease of this machine, as the authority last told the organization's people. The machine itself keeps no names. */
export const holderOf = ({ picker }: Pick<DesktopState, 'picker'>, lease: Pick<HeldLease, 'id' | 'license'>): Holder | null =>
  picker.entitlements.find(({ license }) => license === lease.license)?.holders.find((holder) => holder.lease === lease.id) ?? null;

export const useHolder = (lease: Pick<HeldLease, 'id' | 'license'>): Holder | null => useDesktopState((state) => holderOf(state, lease));

/** The other person who took it; null where it was the one signed in, or nobody knows. */
export const useOtherHolder = (lease: Pick<HeldLease, 'id' | 'license'>): string | null => {
  const holder = useHolder(lease);
  return holder === null || holder.yours ? null : holder.person;
};
