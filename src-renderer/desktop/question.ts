import type { IpcPushes } from '../../src-shared/ipc.ts';

/** What main asked a page to ask. */
export type Question = IpcPushes['ask'];
