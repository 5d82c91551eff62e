import { useCallback, useEffect, useRef, useState } from 'react';
import type { Problem } from '../../src-shared/desktop.ts';
import type { Result } from '../../src-shared/result.ts';
import { useCall } from './authority.ts';
import type { CallInput, CallValue, RouteName } from './routes.ts';

export type Act<N extends RouteName> = {
  readonly run: (call: CallInput<N>) => Promise<Result<CallValue<N>>>;
  readonly isPending: boolean;
  /** The refusal of the last run; null again when the next begins. */
  readonly problem: Problem | null;
  readonly clear: () => void;
};

/** A change by a route of the contract, with its progress and its last refusal. It is not given up when the page goes. */
export const useAct = <N extends RouteName>(name: N): Act<N> => {
  const ask = useCall();
  const [isPending, setPending] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const isThere = useRef(true);
  useEffect(() => {
    isThere.current = true;
    return () => {
      isThere.current = false;
    };
  }, []);
  const run = useCallback(async (call: CallInput<N>) => {
    setPending(true);
    setProblem(null);
    const result = await ask(name, call);
    if (isThere.current) {
      setPending(false);
      if (!result.ok) setProblem({ code: result.code, details: result.details });
    }
    return result;
  }, [ask, name]);
  const clear = useCallback(() => setProblem(null), []);
  return { run, isPending, problem, clear };
};
