import { expect, test } from 'vitest';
import { runKills } from '../support/crash/kills.ts';

/** `npm run crash -- --kills 1000` is the same run, longer. */
const KILLS = 100;

test(`${KILLS} kills at named steps and random moments lose nothing, give nothing twice, and every start is clean`, { timeout: 1_800_000 }, async () => {
  const { figures, violations } = await runKills({ kills: KILLS });
  expect(violations).toEqual([]);
  expect(figures.kills).toBe(KILLS);
  // Every operation was met, on every side, and most kills were aimed.
  expect(Object.keys(figures.byScenario).length).toBeGreaterThanOrEqual(24);
  expect(figures.named).toBeGreaterThan(KILLS / 2);
});
