import { expect, test } from 'vitest';
import { printable } from '../../../src-cli/command.ts';
import { csvCell, csvRow } from '../../../src-cli/csv.ts';

test('a cell that a spreadsheet would take for a formula is text, however it begins', () => {
  for (const formula of ['=1+1', '+1', '-1', '@SUM(A1)', '=cmd|\'/C calc\'!A0', '\t=1', '\r=1', '\n=1', '  =1', '＝1', '＋1', '－1', '＠1', '=HYPERLINK("http://evil.example","click")']) {
    expect(csvCell(formula).startsWith(`"'`)).toBe(true);
  }
  expect([csvCell('Ada Lovelace'), csvCell('a=b'), csvCell(''), csvCell(null), csvCell(-5)]).toEqual(['"Ada Lovelace"', '"a=b"', '""', '""', '"-5"']);
});

test('nothing in a cell ends the cell or begins another', () => {
  expect(csvRow(['a"b', 'c,d', 'e\r\nf', { note: '"' }])).toBe('"a""b","c,d","e\r\nf","{""note"":""\\""""}"\r\n');
  expect(csvCell('","=1+1')).toBe('""",""=1+1"');
});

test('what is printed steers no terminal and turns no line', () => {
  expect(printable('WS\u001b[2J\u0007 \u202egnp.exe\u2066 tab\tline\n')).toBe('WS\ufffd[2J\ufffd \ufffdgnp.exe\ufffd tab\tline\n');
});
