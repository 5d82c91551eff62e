import { createContext, use, useCallback, useState } from 'react';
import { useStore } from 'zustand';
import type { DesktopState, Problem } from '../../src-shared/desktop.ts';
import type { IpcChannel, IpcInput, IpcValue } from '../../src-shared/ipc.ts';
import type { Result } from '../../src-shared/result.ts';
import type { App, Desktop, Mirror } from './store.ts';

export const DesktopContext = createContext<Desktop | null>(null);

export const useDesktop = (): Desktop => {
  const desktop = use(DesktopContext);
  if (desktop === null) throw new Error('no DesktopContext above');
  return desktop;
};

export const useMirror = <T>(select: (mirror: Mirror) => T): T => useStore(useDesktop().mirror, select);

const ready = (mirror: Mirror): Extract<Mirror, { phase: 'ready' }> => {
  if (mirror.phase !== 'ready') throw new Error('the pages stand only when the snapshot is there');
  return mirror;
};

/** A part of what main knows. Give a function that returns a slice as it is, not a new object. */
export const useDesktopState = <T>(select: (state: DesktopState) => T): T => useMirror((mirror) => select(ready(mirror).state));
export const useApp = (): App => useMirror((mirror) => ready(mirror).app);

export type Action<C extends IpcChannel> = {
  readonly run: (input: IpcInput<C>) => Promise<Result<IpcValue<C>>>;
  readonly isPending: boolean;
  readonly problem: Problem | null;
  readonly clear: () => void;
};

/** A call with its progress and its last refusal. */
export const useAction = <C extends IpcChannel>(channel: C): Action<C> => {
  const { call } = useDesktop();
  const [isPending, setPending] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const run = useCallback(async (input: IpcInput<C>) => {
    setPending(true);
    setProblem(null);
    const result = await call(channel, input);
    setPending(false);
    if (!result.ok) setProblem({ code: result.code, details: result.details });
    return result;
  }, [call, channel]);
  const clear = useCallback(() => setProblem(null), []);
  return { run, isPending, problem, clear };
};
