import type { DesktopState } from '../../src-shared/desktop.ts';

/** The state that main shows and the renderer mirrors: set in one place, pushed slice by slice, only what changed. */
export type Mirror = {
  readonly state: () => DesktopState;
  readonly set: (changes: Partial<DesktopState>) => void;
  readonly subscribe: (listener: (changes: Partial<DesktopState>) => void) => () => void;
};

const same = (name: keyof DesktopState, before: unknown, after: unknown): boolean =>
  // The picker may hold thousands of rows; whoever sets it makes a new one only when something is new.
  before === after || (name !== 'picker' && JSON.stringify(before) === JSON.stringify(after));

export const createMirror = (initial: DesktopState): Mirror => {
  let state = initial;
  const listeners = new Set<(changes: Partial<DesktopState>) => void>();
  return {
    state: () => state,
    set: (changes) => {
      const names = (Object.keys(changes) as (keyof DesktopState)[]).filter((name) => !same(name, state[name], changes[name]));
      if (names.length === 0) return;
      const changed = Object.fromEntries(names.map((name) => [name, changes[name]])) as Partial<DesktopState>;
      state = { ...state, ...changed };
      for (const listener of listeners) listener(changed);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
};
