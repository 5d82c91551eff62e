import { useMemo } from 'react';
import type { Entitlement } from '../../src-shared/license.ts';
import { useApp, useDesktopState } from '../desktop/use-desktop.ts';

type Named = { readonly id: string; readonly name: string };

const byName = (products: readonly Named[]): ReadonlyMap<string, string> =>
  new Map([...new Map(products.map(({ id, name }) => [id, name] as const))].sort(([, a], [, b]) => a.localeCompare(b)));

/** Whether licenses of the product are known here, and none of them can be used offline. */
export const isOnlineOnly = (product: string, entitlements: readonly Entitlement[]): boolean => {
  const its = entitlements.filter((each) => each.product.id === product);
  return its.length > 0 && its.every(({ product: { kind }, modes }) => kind === 'cloud' || !modes.includes('offline'));
};

const useKnown = (): { readonly known: readonly Named[]; readonly entitlements: readonly Entitlement[] } => {
  const { catalog } = useApp();
  const entitlements = useDesktopState((state) => state.picker.entitlements);
  const leases = useDesktopState((state) => state.leases);
  const known = useMemo(() => [...entitlements.map(({ product }) => product), ...leases.map(({ product }) => product), ...catalog], [catalog, entitlements, leases]);
  return { known, entitlements };
};

/** The products that this machine knows by name: those the build is for, and those the picker has shown. */
export const useProducts = (): ReadonlyMap<string, string> => {
  const { known } = useKnown();
  return useMemo(() => byName(known), [known]);
};

/** Those of them that an activation request can be answered with. */
export const useOfflineProducts = (): ReadonlyMap<string, string> => {
  const { known, entitlements } = useKnown();
  return useMemo(() => byName(known.filter(({ id }) => !isOnlineOnly(id, entitlements))), [known, entitlements]);
};
