import { create } from 'zustand';
import type { IpcPushes } from '../../src-shared/ipc.ts';

/** A document is at most 64 KiB; one byte more is enough for main to see that a file is too large. */
const MOST_BYTES = 64 * 1024 + 1;

/** A file that a person brought, by drop, by choice, or as it was opened. Nothing is read before its turn. */
export type BroughtFile = { readonly key: number; readonly name: string; readonly content: Blob };

type Files = { readonly current: BroughtFile | null; readonly waiting: readonly BroughtFile[] };

/** The files on the table: looked at one after the other, wherever in the window they were let go of. */
export const useFiles = create<Files>()(() => ({ current: null, waiting: [] }));

let lastKey = 0;
const brought = (name: string, content: Blob): BroughtFile => ({ key: (lastKey += 1), name, content });
const show = (queue: readonly BroughtFile[]): void => {
  const [current = null, ...waiting] = queue;
  useFiles.setState({ current, waiting });
};
const queue = (): readonly BroughtFile[] => {
  const { current, waiting } = useFiles.getState();
  return current === null ? waiting : [current, ...waiting];
};

/** Behind those that wait. */
export const bringFiles = (files: readonly File[]): void => show([...queue(), ...files.map((file) => brought(file.name, file))]);
/** Before all others, such as the keyset that the file in hand needs. */
export const bringFirst = (files: readonly File[]): void => show([...files.map((file) => brought(file.name, file)), ...queue()]);
/** What the desktop or the command line opened is what the person wants to see now. */
export const bringOpened = ({ name, bytes }: IpcPushes['open-file']): void => show([brought(name, new Blob([new Uint8Array(bytes)])), ...queue()]);
/** Puts the file in hand away, and takes the next one. */
export const nextFile = (): void => show(useFiles.getState().waiting);
export const leaveOut = (key: number): void => useFiles.setState(({ waiting }) => ({ waiting: waiting.filter((each) => each.key !== key) }));

/** Null for what cannot be read: a folder, or a file that is gone. */
export const readFile = async ({ content }: BroughtFile): Promise<Uint8Array | null> => {
  const bytes = await content.slice(0, MOST_BYTES).arrayBuffer().catch(() => null);
  return bytes === null ? null : new Uint8Array(bytes);
};
