import { useMemo } from 'react';
import { useApp, useDesktopState } from '../desktop/use-desktop.ts';

/** The products that this machine knows by name: those the build is for, and those the picker has shown. */
export const useProducts = (): ReadonlyMap<string, string> => {
  const { catalog } = useApp();
  const entitlements = useDesktopState((state) => state.picker.entitlements);
  const leases = useDesktopState((state) => state.leases);
  return useMemo(() => {
    const known = [...entitlements.map(({ product }) => product), ...leases.map(({ product }) => product), ...catalog].map(({ id, name }) => [id, name] as const);
    return new Map([...new Map(known)].sort(([, a], [, b]) => a.localeCompare(b)));
  }, [catalog, entitlements, leases]);
};
