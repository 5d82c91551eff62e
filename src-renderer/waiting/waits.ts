/** What is being waited for longer than a moment, and how to stop: every call to the authority passes here, in both entries. */
const MOMENT_MS = 1000;

type Wait = { readonly cancel: () => void };

let late: readonly Wait[] = [];
const listeners = new Set<() => void>();
const show = (next: readonly Wait[]): void => {
  late = next;
  for (const listener of listeners) listener();
};

/** Waits for an answer; `cancel` makes it come at once. */
export const waitFor = async <T>(answer: Promise<T>, cancel: () => void): Promise<T> => {
  const wait: Wait = { cancel };
  const timer = setTimeout(() => show([...late, wait]), MOMENT_MS);
  try {
    return await answer;
  } finally {
    clearTimeout(timer);
    if (late.includes(wait)) show(late.filter((each) => each !== wait));
  }
};

export const lateWaits = {
  all: (): readonly Wait[] => late,
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
};
