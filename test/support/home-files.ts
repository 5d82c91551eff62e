import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';

/** The files of a client's home, by hand: put back, taken away, edited, compared. The client must be stopped. */
export const databaseOf = (home: string): string => join(home, 'latchkey.db');

/** A copy of the files named (all of the home when none is), to be put back later. */
export const snapshot = (home: string, to: string): void => cpSync(home, to, { recursive: true });

/** Puts the files named back as they were; one that was not there then is taken away. */
export const putBack = (home: string, from: string, names: readonly string[]): void => {
  for (const name of names) {
    rmSync(join(home, name), { recursive: true, force: true });
    if (existsSync(join(from, name))) cpSync(join(from, name), join(home, name), { recursive: true });
  }
};

export const databaseFiles = ['latchkey.db', 'latchkey.db-wal', 'latchkey.db-shm'] as const;

export const setAsides = (home: string): string[] => readdirSync(home).filter((name) => /^latchkey\.db\.damaged-[0-9]+(-[0-9]+)?$/.test(name)).sort();

/** Changes the database as somebody with a tool would. */
export const edit = (home: string, work: (database: SQLite.Database) => void): void => {
  const database = new SQLite(databaseOf(home));
  try {
    work(database);
  } finally {
    database.close();
  }
};

/** Every row of every table that a document could change; `except` are those that a refusal may write. */
export const everyRow = (path: string, except: readonly string[] = []): Record<string, readonly unknown[]> => {
  const database = new SQLite(path, { readonly: true });
  try {
    const tables = database.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`).pluck().all() as string[];
    return Object.fromEntries(tables.filter((name) => !except.includes(name)).map((name) => [name, database.prepare(`SELECT * FROM ${name}`).all()]));
  } finally {
    database.close();
  }
};
