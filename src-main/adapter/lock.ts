import SQLite from 'better-sqlite3';
import type { CancelSignal } from '../../src-shared/cancel.ts';
import { Refusal } from '../../src-shared/result.ts';

/** A lock between processes, also of different containers: a database, because the operating system lets go of it when its holder dies. */
export type Lock = { readonly release: () => void };

/** Takes the lock of this file now. Null: another holds it. Throws where the file cannot be made or locked at all. */
export const tryLock = (path: string): Lock | null => {
  const database = new SQLite(path, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
    return { release: () => void database.close() };
  } catch (error) {
    database.close();
    if (error instanceof SQLite.SqliteError && error.code.startsWith('SQLITE_BUSY')) return null;
    throw error;
  }
};

const ASK_EVERY_MS = 25;

/**
 * Waits for the lock without holding up anything else of this process. Null after `waitMs`. Throws `Refusal('CANCELLED')`
 * when the signal is raised, and what `tryLock` throws.
 */
export const lockWithin = async (path: string, waitMs: number, signal?: CancelSignal): Promise<Lock | null> => {
  const until = performance.now() + waitMs;
  for (;;) {
    if (signal?.aborted) throw new Refusal('CANCELLED');
    const lock = tryLock(path);
    if (lock !== null || performance.now() >= until) return lock;
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
};
