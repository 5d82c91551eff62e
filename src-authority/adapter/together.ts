import type { Database as Sqlite } from 'better-sqlite3';
import type { Db, Trx } from './schema.ts';

/**
 * A commit whose write or fsync failed is undone in memory, but its pages may lie whole in the log, and a process that dies
 * then would find them there as a commit: what was refused would come true. So that a no stays a no, the same place of the
 * log is written over, durably, before anyone hears it; and as long as that fails nothing else is begun. Nothing that was
 * acknowledged rests on the failed fsync: each commit had one of its own, and the pages which failed are written anew.
 */
const createDoubt = (sqlite: Sqlite) => {
  let doubted = false;
  const settle = (): void => {
    if (!doubted) return;
    // It is written also when it is the same.
    const version = sqlite.pragma('user_version', { simple: true }) as number;
    sqlite.transaction(() => sqlite.pragma(`user_version = ${version}`)).immediate();
    doubted = false;
  };
  return {
    settle,
    after: (error: unknown): void => {
      if (!/^SQLITE_(IOERR|FULL)/.test(String((error as { readonly code?: unknown }).code))) return;
      doubted = true;
      try {
        settle();
      } catch {
        // The disk still fails: the next who come try again before they do anything.
      }
    },
  };
};

type Waiting = { readonly work: (trx: Trx) => Promise<unknown>; readonly resolve: (value: unknown) => void; readonly reject: (error: unknown) => void };

/** How many pieces of work may share a commit: enough that a commit's cost is small, few enough that nobody waits long. */
const MOST = 32;

/**
 * Runs pieces of work one after the other, each as if in a transaction of its own, and commits those that were waiting
 * together: a durable commit costs more than a checkout. Nobody is answered before the commit that holds their work; what one
 * throws undoes that one only; a commit that fails undoes and fails them all.
 */
export const workTogether = (db: Db, sqlite: Sqlite, begun: (trx: Trx) => void) => {
  const queue: Waiting[] = [];
  let isRunning = false;
  const doubt = createDoubt(sqlite);

  const one = async (trx: Trx, { work, resolve, reject }: Waiting): Promise<() => void> => {
    sqlite.exec('SAVEPOINT piece');
    try {
      const value = await work(trx);
      sqlite.exec('RELEASE piece');
      return () => resolve(value);
    } catch (error) {
      // Some failures (a full disk) end the whole transaction by themselves; then there is nothing to go back to.
      if (!sqlite.inTransaction) throw error;
      sqlite.exec('ROLLBACK TO piece; RELEASE piece');
      return () => reject(error);
    }
  };

  const run = async (): Promise<void> => {
    isRunning = true;
    while (queue.length > 0) {
      const batch = queue.splice(0, MOST);
      try {
        doubt.settle();
        const answers = await db.transaction().execute(async (trx) => {
          begun(trx);
          const done: (() => void)[] = [];
          for (const waiting of batch) done.push(await one(trx, waiting));
          return done;
        });
        for (const answer of answers) answer();
      } catch (error) {
        doubt.after(error);
        for (const { reject } of batch) reject(error);
      }
    }
    isRunning = false;
  };

  return <T>(work: (trx: Trx) => Promise<T>): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      queue.push({ work, resolve: resolve as (value: unknown) => void, reject });
      if (!isRunning) void run();
    });
};
