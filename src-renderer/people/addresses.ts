import { isEmail } from '../../src-shared/email.ts';

/** What was typed or pasted, address by address. `malformed` and `duplicates` are as they were written. */
export type Addresses = { readonly good: readonly string[]; readonly malformed: readonly string[]; readonly duplicates: readonly string[] };

/** `ida.example.com`, which may have been meant as an address. */
const LOST_AT = /^[\w+-]+(?:\.[\w+-]+)*\.[a-z]{2,}$/i;

/** `"Berg, Tom" <tom@example.com>`: what is in quotes before an address separates nothing. */
const QUOTED_NAME = /"[^"]*"\s*(?=<)/g;

/** `Tom Berg <tom@example.com>` as mail programs copy it. */
const NAMED = /<([^<>]*)>/;

/**
 * Reads addresses separated by commas, semicolons, lines or tabs, as people type them, and as mail programs and spreadsheets
 * copy them. Whatever stands between separators and is no address is told as one that went wrong, but for names: those before
 * an address in angle brackets, and the other columns of a table's row, unless they look like an address that lost its `@`.
 */
export const readAddresses = (text: string): Addresses => {
  const good: string[] = [];
  const malformed: string[] = [];
  const duplicates: string[] = [];
  const seen = new Set<string>();
  for (const candidate of text.split(/[\r\n]+/).flatMap(candidatesOfLine).map(unquoted)) {
    const key = candidate.toLowerCase();
    if (!isEmail(candidate)) malformed.push(candidate);
    else if (seen.has(key)) duplicates.push(candidate);
    else {
      seen.add(key);
      good.push(candidate);
    }
  }
  return { good, malformed, duplicates };
};

const candidatesOfLine = (line: string): readonly string[] => {
  const columns = line.replace(QUOTED_NAME, '').split('\t');
  const isRow = columns.length > 1 && line.includes('@');
  return columns.flatMap((column) => (isRow && !column.includes('@') ? partsOf(column).filter((part) => LOST_AT.test(part)) : cellsOf(column).flatMap(candidatesOf)));
};

/** Where semicolons separate, as in Outlook, the comma of `Berg, Tom <tom@example.com>` is one of the name. */
const cellsOf = (column: string): readonly string[] => {
  const sections = column.split(';');
  return sections.flatMap((section) => (sections.length > 1 && isOneNamed(section) ? [section.trim()] : partsOf(section)));
};

const isOneNamed = (section: string): boolean => {
  const at = section.indexOf('@');
  return at > 0 && at === section.lastIndexOf('@') && section.lastIndexOf(',') < section.indexOf('<') && section.indexOf('<') < at;
};

const partsOf = (text: string): readonly string[] => text.split(/[,;]/).map((cell) => unquoted(cell.trim()).trim()).filter((cell) => cell !== '');

// Not by an expression: one that looks for quotes at the end tries again at each quote of a long row of them.
const unquoted = (cell: string): string => {
  let [start, end] = [0, cell.length];
  const isQuote = (at: number): boolean => cell[at] === '"' || cell[at] === "'";
  while (start < end && isQuote(start)) start += 1;
  while (end > start && isQuote(end - 1)) end -= 1;
  return cell.slice(start, end);
};

// Several addresses with only spaces between them are several addresses; a name before its address is none of them.
const candidatesOf = (cell: string): readonly string[] =>
  cell.split(/(?<=>)/).map((piece) => piece.trim()).filter((piece) => piece !== '').flatMap((piece) => {
    const named = NAMED.exec(piece)?.[1]?.trim();
    if (named !== undefined) return [named === '' ? piece : named];
    const words = piece.replace(/^mailto:/i, '').split(/\s+/);
    const addresses = words.filter((word) => word.includes('@'));
    return addresses.length > 0 && words.length > 1 ? addresses : [words.join(' ')];
  });
