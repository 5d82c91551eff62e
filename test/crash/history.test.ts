import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Tally } from '../support/history/index.ts';
import { jsonOf } from '../support/json-process.ts';
import { fits, variants } from '../support/history/variants.ts';

/**
 * Random concurrent histories of many machines against a real authority that crashes, loses replies and is asked again:
 * docs/adr/0016-history-and-fuzzing.md. Each run is a process of its own, so that a variant is the whole authority.
 */
const SECONDS = Number(process.env['LATCHKEY_HISTORY_SECONDS'] ?? 15);

const run = (...args: readonly string[]): Promise<Tally> => jsonOf<Tally>(resolve(import.meta.dirname, '../support/history/index.ts'), ...args);

test('no history shows more leases than seats, an answer that changes, a lease that is lost, or numbers that do not add up', async () => {
  const tally = await run('--seconds', String(SECONDS));
  expect(tally.violation, `${tally.violation?.rule}: ${tally.violation?.what}; again: npm run history -- --seed ${tally.violation?.seed} --seconds 0`).toBeNull();
  expect(tally.histories).toBeGreaterThan(0);
  expect(tally.unknown, 'replies were lost').toBeGreaterThan(0);
});

describe('an authority or a machine that', { timeout: 1_200_000 }, () => {
  test.each(variants.map((variant) => [variant.breaks, variant] as const))('%s is caught', async (_, variant) => {
    fits(variant);
    // Most are caught in the first seconds; a busy computer gets the time it needs.
    const { violation, histories, defects } = await run('--variant', variant.name, '--seconds', '900', '--no-shrink');
    expect(variant.rules, `not caught in ${histories} histories, with ${defects} defects`).toContain(violation?.rule);
  });
});
