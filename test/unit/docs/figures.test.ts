import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { blocks, blockTexts, withBlock } from '../../support/figures.ts';
import type { Block, Figures } from '../../support/figures.ts';

/** The figures of the pages are written by `npm run figures`, never by hand: pages and command must agree on where. */
const project = resolve(import.meta.dirname, '../../..');
const pages = [...new Set(Object.values(blocks))];
const read = (page: string): string => readFileSync(join(project, page), 'utf8');

const figures: Figures = {
  head: 'Measured today.',
  tests: { 'test/attack/a.test.ts': { passed: 1234, failed: 0 }, 'test/crash/network.test.ts': { passed: 5, failed: 0 }, 'test/crash/kills.test.ts': { passed: 9, failed: 0 } },
  crash: { kills: 100, named: 40, random: 60, steps: 20, violations: 0, seconds: 50 },
  history: { histories: 3, operations: 500, unknown: 20, crashes: 4, restores: 1, clockMoves: 6, violations: 0, variants: 9, caught: 9, seconds: 10 },
  fuzz: { executions: 70_000, targets: 207, taken: 9000, refused: 61_000, blocks: 300, findings: 0, seconds: 60 },
};

describe.each(Object.entries(blocks))('the block %s', (name, page) => {
  test(`stands once in ${page}, and has been filled by the command`, () => {
    const text = read(page);
    const written = withBlock(text, name, blockTexts(figures)[name as Block]);
    expect(written).toContain('Measured today.');
    expect(withBlock(written, name, blockTexts(figures)[name as Block])).toBe(written);
    expect(text).toMatch(new RegExp(`figures:begin ${name} -->\\nMeasured \\d{4}-\\d{2}-\\d{2} at [0-9a-f]{7,}`));
  });
});

test('no page has a block that the command does not know', () => {
  for (const page of pages) {
    const named = [...read(page).matchAll(/figures:begin ([a-z-]+)/g)].map(([, name]) => name);
    expect(named.toSorted()).toEqual(Object.keys(blocks).filter((name) => blocks[name as Block] === page).toSorted());
  }
});

test('a page without its markers is not written', () => {
  expect(() => withBlock('no markers', 'attacks', 'x')).toThrow('attacks');
  expect(() => withBlock('<!-- figures:end attacks --><!-- figures:begin attacks -->', 'attacks', 'x')).toThrow('attacks');
});

test('a fault run says how many failed, and kills and histories have their own rows', () => {
  const { reliability, attacks } = blockTexts(figures);
  expect(reliability).toContain('`test/crash/network.test.ts` | 5 tests | 0 failures');
  expect(reliability).not.toContain('kills.test.ts');
  expect(attacks).toContain('| `test/attack/a.test.ts` | 1,234 |');
});
