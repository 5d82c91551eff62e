/** What is under way for the page, by the names that it gave: so that a person can stop waiting. */
export type Calls = {
  /** Runs `work` with the signal that `cancel` raises. A call without a name cannot be cancelled, and a name that is taken names the first. */
  readonly under: <T>(id: string | undefined, work: (signal: AbortSignal) => T | Promise<T>) => Promise<T>;
  readonly cancel: (id: string) => void;
};

export const createCalls = (): Calls => {
  const going = new Map<string, AbortController>();
  return {
    under: async (id, work) => {
      const stop = new AbortController();
      if (id === undefined || going.has(id)) return work(stop.signal);
      going.set(id, stop);
      try {
        return await work(stop.signal);
      } finally {
        going.delete(id);
      }
    },
    cancel: (id) => going.get(id)?.abort(),
  };
};
