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
 * Another process that writes for long is waited for here, ten seconds at most, and not in SQLite, which would hold up the whole
 * process: reading needs no lock and goes on. SQLite itself waits only for the few milliseconds that a commit takes.
 */
export const BUSY_TIMEOUT_MS = 20;
const PAUSE_MS = 30;
const ATTEMPTS = 10_000 / (BUSY_TIMEOUT_MS + PAUSE_MS);
const isBusy = (error: unknown): boolean => String((error as { readonly code?: unknown }).code).startsWith('SQLITE_BUSY');

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

  const commit = async (batch: readonly Waiting[]): Promise<void> => {
    for (let attempt = 1; ; attempt += 1) {
      let isBegun = false;
      try {
        checkFile();
        failedCommits.settle();
        const answers = await db.transaction().execute(async (trx) => {
          isBegun = true;
          begun(trx);
          const done: (() => void)[] = [];
          for (const waiting of batch) done.push(await one(trx, waiting));
          return done;
        });
        // A commit into a file that lost its place meanwhile holds nothing.
        checkFile();
        for (const answer of answers) answer();
        return;
      } catch (error) {
        if (!isBegun && isBusy(error) && attempt < ATTEMPTS) {
          await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
          continue;
        }
        failedCommits.after(error);
        for (const { reject } of batch) reject(error);
        return;
      }
    }
  };

  const run = async (): Promise<void> => {
    isRunning = true;
    while (queue.length > 0) {
      for (let turn = 0; turn < TURNS && queue.length < MOST; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      await commit(queue.splice(0, MOST));
    }
    isRunning = false;
  };

  return <T>(work: (trx: Trx) => Promise<T>): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      queue.push({ work, resolve: resolve as (value: unknown) => void, reject });
      if (!isRunning) void run();
    });
};
