import type { IpcPushes } from '../../src-shared/ipc.ts';

export type Question = IpcPushes['ask'];

/** What main sent for a page, with a number that tells one sending from the next; null once the page has taken it. */
export type Sent<T> = { readonly serial: number; readonly value: T | null };
export type Asked = Sent<Question>;
