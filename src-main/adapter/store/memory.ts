import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import type { Database } from 'better-sqlite3';

/**
 * A copy in memory of a database that can be read and not written (a full disk, one that is read-only), so that what is held
 * can still be used and shown. Nothing that is written to it lasts. Throws where it cannot be read either.
 */
export const openInMemory = (path: string): Database => {
  const wal = `${path}-wal`;
  const database = new SQLite(existsSync(wal) && statSync(wal).size > 0 ? merged(path, wal) : plain(readFileSync(path)));
  database.pragma('foreign_keys = ON');
  database.pragma('trusted_schema = OFF');
  return database;
};

/** What is still in the log belongs to it. Only SQLite reads that, and only beside a file. */
const merged = (path: string, wal: string): Buffer => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-read-'));
  try {
    const copy = join(folder, 'copy.db');
    copyFileSync(path, copy);
    copyFileSync(wal, `${copy}-wal`);
    const database = new SQLite(copy);
    try {
      database.pragma('wal_checkpoint(TRUNCATE)');
      return plain(database.serialize());
    } finally {
      database.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Bytes 18 and 19 of the header say whether there is a log; in memory there is none. */
const plain = (content: Buffer): Buffer => {
  content.set([1, 1], 18);
  return content;
};
