import type { Database as Sqlite } from 'better-sqlite3';
import { fold } from '../../src-shared/fold.ts';

/** SQLite itself knows the letters of English only. */
export const teachFold = (sqlite: Sqlite): void =>
  void sqlite.function('fold', { deterministic: true }, (text: unknown) => (typeof text === 'string' ? fold(text) : null));
