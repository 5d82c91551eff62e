import { useCallback, useEffect, useState } from 'react';
import type { Problem } from '../../src-shared/desktop.ts';
import type { Holding } from '../../src-shared/http/holdings.ts';
import { useCall } from '../authority/index.ts';

const AT_ONCE = 200;

export type AllHoldings = { readonly licenses: readonly Holding[] | null; readonly problem: Problem | null; readonly again: () => void };

/** Every license of the organization, for a choice among them. */
export const useAllHoldings = (organization: string): AllHoldings => {
  const call = useCall();
  const [found, setFound] = useState<{ readonly licenses: readonly Holding[] | null; readonly problem: Problem | null }>({ licenses: null, problem: null });
  const [round, setRound] = useState(0);
  useEffect(() => {
    const { signal, abort } = controller();
    const read = async (): Promise<void> => {
      const licenses: Holding[] = [];
      for (let total = Infinity; licenses.length < total;) {
        const part = await call('holdings.list', { params: { organization }, query: { offset: licenses.length, limit: AT_ONCE, search: '' } }, { signal });
        if (signal.aborted) return;
        if (!part.ok) return setFound({ licenses: null, problem: { code: part.code, details: part.details } });
        licenses.push(...part.value.licenses);
        total = part.value.licenses.length === 0 ? 0 : part.value.total;
      }
      setFound({ licenses, problem: null });
    };
    void read();
    return abort;
  }, [call, organization, round]);
  const again = useCallback(() => {
    setFound({ licenses: null, problem: null });
    setRound((old) => old + 1);
  }, []);
  return { ...found, again };
};

const controller = (): { readonly signal: AbortSignal; readonly abort: () => void } => {
  const each = new AbortController();
  return { signal: each.signal, abort: () => each.abort() };
};
