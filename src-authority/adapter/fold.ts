import type { Database as Sqlite } from 'better-sqlite3';

/** A text as people look for it: without case, accents and other marks, so that "Åsa" is found by "asa" and stands at A. */
export const fold = (text: string): string =>
  PLAIN.test(text) ? text.toLowerCase() : text.normalize('NFKD').replace(/\p{M}+/gu, '').toLowerCase().replaceAll('ß', 'ss');

/** Most names, and ten times as fast: a list of ten thousand people is folded for every page of it. */
const PLAIN = /^[ -~]*$/;

/** SQLite itself knows the letters of English only. */
export const teachFold = (sqlite: Sqlite): void =>
  void sqlite.function('fold', { deterministic: true }, (text: unknown) => (typeof text === 'string' ? fold(text) : null));
