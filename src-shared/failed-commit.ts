/** As much of a better-sqlite3 connection as is needed here. */
type Sqlite = {
  readonly pragma: (source: string, options?: { readonly simple: true }) => unknown;
  readonly transaction: (work: () => unknown) => { readonly immediate: () => unknown };
};

/**
 * A commit whose write or fsync failed is undone in memory, but its pages may lie whole in the log, and a process that starts
 * after a crash would find them there as a commit: what was refused would come true. So that a no stays a no, the same place
 * of the log is written over, durably, before anyone hears it; and as long as that fails nothing else is begun. Nothing that
 * was acknowledged rests on the failed fsync: each commit had one of its own, and the pages which failed are written anew.
 */
export const createFailedCommits = (sqlite: Sqlite) => {
  let doubted = false;
  /** To be called before anything is begun. Throws what SQLite says as long as the log cannot be written. */
  const settle = (): void => {
    if (!doubted) return;
    // It is written also when it is the same.
    const version = sqlite.pragma('user_version', { simple: true });
    sqlite.transaction(() => sqlite.pragma(`user_version = ${String(version)}`)).immediate();
    doubted = false;
  };
  return {
    settle,
    /** To be called with whatever a transaction threw, before it is passed on. */
    after: (error: unknown): void => {
      if (!/^SQLITE_(IOERR|FULL)/.test(String((error as { readonly code?: unknown }).code))) return;
      doubted = true;
      try {
        settle();
      } catch {
        // The disk still fails: whoever comes next tries again before anything is done.
      }
    },
  };
};
