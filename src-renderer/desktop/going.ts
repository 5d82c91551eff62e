import type { IpcPushes } from '../../src-shared/ipc.ts';

/** Where main asked to go while the window did not stand yet: between the snapshot and the first page. */
let waiting: IpcPushes['navigate'] | null = null;

export const keepGoing = (to: IpcPushes['navigate']): void => {
  waiting = to;
};

/** Once. */
export const takeGoing = (): IpcPushes['navigate'] | null => {
  const to = waiting;
  waiting = null;
  return to;
};
