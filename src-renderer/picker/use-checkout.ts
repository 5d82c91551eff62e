import { useCallback, useState } from 'react';
import { useLocation } from 'wouter';
import type { HeldLease, Problem } from '../../src-shared/desktop.ts';
import type { Entitlement } from '../../src-shared/license.ts';
import { leasePath } from '../desktop/paths.ts';
import { useDesktop, useDesktopState } from '../desktop/use-desktop.ts';
import { useWords } from '../desktop/words.ts';
import { useProblemWords } from '../problem/ProblemNote.tsx';
import { notify } from '../ui/index.ts';
import { licenseName } from './license-name.ts';

export type Refusal = { readonly license: string; readonly problem: Problem };

/** Takes a license, offline where days are given, and shows it in use; `old`: in exchange for that one. */
export const useCheckout = () => {
  const t = useWords();
  const words = useProblemWords();
  const { call } = useDesktop();
  const [, navigate] = useLocation();
  const [pending, setPending] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);

  const checkout = useCallback(async (entitlement: Entitlement, old: HeldLease | null, days?: number) => {
    const { license } = entitlement;
    setPending(license);
    setRefusal(null);
    const period = days === undefined ? {} : { days };
    const changed = old === null ? null : await call('lease.change', { lease: old.id, license, ...period });
    const taken = changed ?? (await call('lease.checkout', { license, ...period }));
    setPending(null);
    if (!taken.ok) {
      setRefusal({ license, problem: { code: taken.code, details: taken.details } });
      await call('picker.refresh', null);
      return;
    }
    navigate(leasePath(taken.value.lease));
    const unreleased = changed?.ok ? changed.value.unreleased : null;
    if (old !== null && unreleased !== null) notify({ tone: 'warn', title: t('picker.notReplaced', { old: licenseName(old) }), text: words(unreleased).text });
    else notify({ title: t('picker.done', { product: licenseName(entitlement) }), text: old === null ? undefined : t('picker.replaced', { old: licenseName(old) }) });
  }, [call, navigate, t, words]);

  // Once the list says it of the license, the list follows what is decided about the machine, and this does not.
  const isSaid = useDesktopState(({ picker }) => refusal?.problem.code === 'MACHINE_CLONED'
    && picker.entitlements.some(({ license, reasons }) => license === refusal.license && reasons.some(({ code }) => code === 'MACHINE_CLONED')));
  if (isSaid) setRefusal(null);
  const clear = useCallback(() => setRefusal(null), []);
  return { checkout, pending, refusal, clear };
};
