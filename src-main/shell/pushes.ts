import type { DesktopState } from '../../src-shared/desktop.ts';

/** Gathers the changes of one turn of the event loop into one push; each push has the next revision. */
export const createPushes = (send: (changes: Partial<DesktopState>, revision: number) => void) => {
  let revision = 0;
  let waiting: Partial<DesktopState> | null = null;
  let turn: NodeJS.Immediate | null = null;
  const flush = (): void => {
    const changes = waiting;
    waiting = null;
    turn = null;
    if (changes !== null) send(changes, ++revision);
  };
  return {
    revision: (): number => revision,
    add(changes: Partial<DesktopState>): void {
      waiting = { ...waiting, ...changes };
      turn ??= setImmediate(flush);
    },
    stop(): void {
      if (turn !== null) clearImmediate(turn);
      turn = null;
      waiting = null;
    },
  };
};
