import type { Database as Sqlite } from 'better-sqlite3';
import { createFailedCommits } from '../../src-shared/failed-commit.ts';
import type { Db, Trx } from './schema.ts';

type Waiting = { readonly work: (trx: Trx) => Promise<unknown>; readonly resolve: (value: unknown) => void; readonly reject: (error: unknown) => void };

/** How many pieces of work may share a commit: enough that a commit's cost is small, few enough that nobody waits long. */
const MOST = 32;

/**
 * How often the event loop goes round before a batch begins. Whoever came while the one before ran has a signature checked
 * now, which is two rounds through the thread pool; not waited for, half of them would need a commit more. A loop with nothing
 * else to do goes round in microseconds, so that who comes alone does not wait.
 */
const TURNS = 3;

/**
 * Runs pieces of work one after the other, each as if in a transaction of its own, and commits those that were waiting
 * together: a durable commit costs more than a checkout. Nobody is answered before the commit that holds their work; what one
 * throws undoes that one only; a commit that fails undoes and fails them all. `checkFile` throws when the database is another file by now.
 */
export const workTogether = (db: Db, sqlite: Sqlite, checkFile: () => void, begun: (trx: Trx) => void) => {
  const queue: Waiting[] = [];
  let isRunning = false;
  const failedCommits = createFailedCommits(sqlite);

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
      for (let turn = 0; turn < TURNS && queue.length < MOST; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      const batch = queue.splice(0, MOST);
      try {
        checkFile();
        failedCommits.settle();
        const answers = await db.transaction().execute(async (trx) => {
          begun(trx);
          const done: (() => void)[] = [];
          for (const waiting of batch) done.push(await one(trx, waiting));
          return done;
        });
        // A commit into a file that lost its place meanwhile holds nothing.
        checkFile();
        for (const answer of answers) answer();
      } catch (error) {
        failedCommits.after(error);
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
