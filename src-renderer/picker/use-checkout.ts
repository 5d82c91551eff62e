import { useCallback, useState } from 'react';
import { useLocation } from 'wouter';
import type { HeldLease, Problem } from '../../src-shared/desktop.ts';
import type { Entitlement } from '../../src-shared/license.ts';
import { leasePath } from '../desktop/paths.ts';
import { useDesktop } from '../desktop/use-desktop.ts';
import { useWords } from '../desktop/words.ts';
import { useProblemWords } from '../problem/ProblemNote.tsx';
import { notify } from '../ui/index.ts';
import { licenseName } from './license-name.ts';

export type Refusal = { readonly license: string; readonly problem: Problem };

/** Takes a license, offline where days are given, and shows it in use. The old one is given up only when the new one is there. */
export const useCheckout = () => {
  const t = useWords();
  const words = useProblemWords();
  const { call } = useDesktop();
  const [, navigate] = useLocation();
  const [pending, setPending] = useState<string | null>(null);
  const [refusal, setRefusal] = useState<Refusal | null>(null);

  const checkout = useCallback(async (entitlement: Entitlement, old: HeldLease | null, days?: number) => {
    const { license, organization } = entitlement;
    setPending(license);
    setRefusal(null);
    const taken = await call('lease.checkout', { license, organization: organization.id, ...(days !== undefined && { days }) });
    if (!taken.ok) {
      setPending(null);
      setRefusal({ license, problem: { code: taken.code, details: taken.details } });
      await call('picker.refresh', null);
      return;
    }
    const released = old === null ? null : await call('lease.release', { lease: old.id, reason: 'change' });
    setPending(null);
    navigate(leasePath(taken.value.lease));
    if (old !== null && released !== null && !released.ok) {
      notify({ tone: 'warn', title: t('picker.notReplaced', { old: licenseName(old) }), text: words({ code: released.code, details: released.details }).text });
    } else {
      notify({ title: t('picker.done', { product: licenseName(entitlement) }), text: old === null ? undefined : t('picker.replaced', { old: licenseName(old) }) });
    }
  }, [call, navigate, t, words]);

  const clear = useCallback(() => setRefusal(null), []);
  return { checkout, pending, refusal, clear };
};
