import { useCallback, useEffect, useRef, useState } from 'react';
import type { Problem } from '../../src-shared/desktop.ts';
import type { AuthorityEvent } from '../../src-shared/http/index.ts';
import { keyOf, useAuthority } from './authority.ts';
import type { CallInput, CallValue, RouteName } from './routes.ts';

export type Query<V> = {
  /** Null until the first answer. The last answer stays while it is brought up to date, and when that fails. */
  readonly value: V | null;
  /** Why it could not be brought up to date. */
  readonly problem: Problem | null;
  /** An answer is under way. */
  readonly isLoading: boolean;
  readonly refresh: () => Promise<void>;
  /** Shows a change before the authority has told it, or what a change has answered. */
  readonly change: (next: (value: V) => V) => void;
};

export type QueryOptions = {
  /** The events after which it is looked at again. `hello`, which opens every stream, always is one. */
  readonly on?: readonly AuthorityEvent['type'][] | undefined;
  /** Absent or true: asks. */
  readonly isEnabled?: boolean | undefined;
};

type Held<V> = { readonly key: string; readonly value: V | null; readonly problem: Problem | null; readonly isLoading: boolean };

/** Events come in groups: they are answered together. */
const GATHER_MS = 150;

/**
 * Reads by a route of the contract, keeps it up to date by the authority's events, and gives up when the page goes.
 * Another `call` (another page of a list, another search) is another question: its answer alone is shown.
 */
export const useQuery = <N extends RouteName>(name: N, call: CallInput<N>, { on = [], isEnabled = true }: QueryOptions = {}): Query<CallValue<N>> => {
  type V = CallValue<N>;
  const { call: ask, onEvent, kept } = useAuthority();
  const key = keyOf(name, call as object);
  const fresh = (): Held<V> => ({ key, value: (kept.get(key) as V | undefined) ?? null, problem: null, isLoading: isEnabled });
  const [state, setHeld] = useState(fresh);
  const held = state.key === key ? state : fresh();

  const latest = useRef({ name, call, key });
  useEffect(() => {
    latest.current = { name, call, key };
  });
  const under = useRef<AbortController | null>(null);

  const refresh = useCallback(async (): Promise<void> => {
    const asked = latest.current;
    under.current?.abort();
    const { signal } = (under.current = new AbortController());
    const before = (old: Held<V>): Held<V> => (old.key === asked.key ? old : { key: asked.key, value: (kept.get(asked.key) as V | undefined) ?? null, problem: null, isLoading: true });
    setHeld((old) => ({ ...before(old), isLoading: true }));
    const result = await ask(asked.name, asked.call, { signal });
    if (signal.aborted) return;
    if (result.ok) {
      kept.set(asked.key, result.value);
      setHeld({ key: asked.key, value: result.value, problem: null, isLoading: false });
    } else {
      setHeld((old) => ({ ...before(old), problem: { code: result.code, details: result.details }, isLoading: false }));
    }
  }, [ask, kept]);

  useEffect(() => {
    if (!isEnabled) return;
    void refresh();
    return () => under.current?.abort();
  }, [key, isEnabled, refresh]);

  const listened = on.join(' ');
  useEffect(() => {
    if (!isEnabled) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = onEvent(({ type }) => {
      if (type !== 'hello' && !listened.split(' ').includes(type)) return;
      clearTimeout(timer);
      timer = setTimeout(() => void refresh(), GATHER_MS);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [onEvent, listened, isEnabled, refresh]);

  const change = useCallback((next: (value: V) => V) => {
    setHeld((old) => {
      if (old.value === null) return old;
      const value = next(old.value);
      kept.set(old.key, value);
      return { ...old, value };
    });
  }, [kept]);

  return { value: held.value, problem: held.problem, isLoading: held.isLoading, refresh, change };
};
