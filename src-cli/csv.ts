/**
 * A cell that a spreadsheet takes for a formula begins so (OWASP, CSV Injection); also after spaces, and in the wide forms of
 * East Asian keyboards.
 */
const FORMULA = /^\s*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/u;

/** A cell as text, whatever it is: a formula gets a quotation mark before it, and nothing ends the cell or the row. */
export const csvCell = (value: unknown): string => {
  const text = value === null || value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);
  const harmless = typeof value === 'string' && FORMULA.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
};

/** A row of RFC 4180. */
export const csvRow = (cells: readonly unknown[]): string => `${cells.map(csvCell).join(',')}\r\n`;

/** The head of a table. Spreadsheets take a file without a byte order mark for one in the computer's old encoding. */
export const csvHead = (columns: readonly string[]): string => `\ufeff${csvRow(columns)}`;
