import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { project } from '../../support/build.ts';

/** The list for the first run on Electron, which a person goes through by its numbers. */
const page = readFileSync(join(project, 'docs/first-run.md'), 'utf8');
const lines = [...page.matchAll(/^\| (\d+) \[([^\]]+)\] \| (.+) \| (.+) \|$/gm)].map(([, number, rows = '', act = '', see = '']) => ({ number: Number(number), rows: rows.split(', '), act, see }));

test('each line has its number, what to do and what to see', () => {
  expect(lines.length).toBe([...page.matchAll(/^\| \d/gm)].length);
  expect(lines.map(({ number }) => number)).toEqual(lines.map((_, index) => index + 1));
  for (const { number, act, see } of lines) expect([number, act.length > 10, see.length > 10]).toEqual([number, true, true]);
});

test('everything that would have failed on Electron, and what a desktop user expects, has a line', () => {
  const named = new Set(lines.flatMap(({ rows }) => rows));
  for (const row of [...Array.from({ length: 15 }, (_, index) => String(index + 1)), 'E']) expect([row, named.has(row)]).toEqual([row, true]);
});

test('it takes forty minutes', () => {
  const minutes = [...page.matchAll(/^## .+ \((\d+) minutes( each)?/gm)].map(([, count, each]) => Number(count) * (each === undefined ? 1 : 3));
  expect(minutes.reduce((sum, each) => sum + each, 0)).toBe(40);
});
