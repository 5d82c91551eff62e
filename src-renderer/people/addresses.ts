/** What was typed or pasted, address by address. `malformed` and `duplicates` are as they were written. */
export type Addresses = { readonly good: readonly string[]; readonly malformed: readonly string[]; readonly duplicates: readonly string[] };

/** As much as the page can tell; the authority judges again. */
const FORM = /^[^\s@"(),:;<>[\\\]]+@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*\.[a-z]{2,}$/i;
const LONGEST = 254;

/** `ida.example.com`, which may have been meant as an address. */
const LOST_AT = /^[\w+-]+(?:\.[\w+-]+)*\.[a-z]{2,}$/i;

/** `Tom Berg <tom@example.com>` as mail programs copy it. */
const NAMED = /<([^<>]*)>/;

/**
 * Reads addresses separated by commas, semicolons, lines or tabs, as people type them, and as mail programs and spreadsheets
 * copy them: cells without an `@` beside one with it in the same line (names, departments) are not addresses that went wrong,
 * unless they look like one that lost its `@`.
 */
export const readAddresses = (text: string): Addresses => {
  const good: string[] = [];
  const malformed: string[] = [];
  const duplicates: string[] = [];
  const seen = new Set<string>();
  for (const line of text.split(/[\r\n]+/)) {
    const cells = cellsOf(line);
    const isRow = cells.some((cell) => cell.includes('@'));
    for (const cell of cells) {
      if (isRow && !cell.includes('@') && !LOST_AT.test(cell)) continue;
      for (const candidate of candidatesOf(cell).map(unquoted)) {
        const key = candidate.toLowerCase();
        if (candidate.length > LONGEST || !FORM.test(candidate)) malformed.push(candidate);
        else if (seen.has(key)) duplicates.push(candidate);
        else {
          seen.add(key);
          good.push(candidate);
        }
      }
    }
  }
  return { good, malformed, duplicates };
};

const cellsOf = (line: string): readonly string[] =>
  line.split(/[,;\t]/).map((cell) => unquoted(cell.trim()).trim()).filter((cell) => cell !== '');

// Not by an expression: one that looks for quotes at the end tries again at each quote of a long row of them.
const unquoted = (cell: string): string => {
  let [start, end] = [0, cell.length];
  const isQuote = (at: number): boolean => cell[at] === '"' || cell[at] === "'";
  while (start < end && isQuote(start)) start += 1;
  while (end > start && isQuote(end - 1)) end -= 1;
  return cell.slice(start, end);
};

// Several addresses with only spaces between them are several addresses; a name before its address is none of them.
const candidatesOf = (cell: string): readonly string[] => {
  const named = NAMED.exec(cell)?.[1];
  if (named !== undefined) return [named.trim()];
  const words = cell.replace(/^mailto:/i, '').split(/\s+/);
  const addresses = words.filter((word) => word.includes('@'));
  return addresses.length > 0 && words.length > 1 ? addresses : [words.join(' ')];
};
