import { resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { tryInput } from '../support/fuzz/engine.ts';
import { kept } from '../support/fuzz/regressions.ts';
import { jsonOf } from '../support/json-process.ts';
import { cleanUp } from '../support/fuzz/targets-borders.ts';
import { allTargets } from '../support/fuzz/targets.ts';
import type { FuzzCounts } from '../support/fuzz/watchdog.ts';

/** Every parser of what comes from outside, tried with inputs that nobody wrote: docs/adr/0016-history-and-fuzzing.md. */
const SECONDS = Number(process.env['LATCHKEY_FUZZ_SECONDS'] ?? 60);
const targets = await allTargets();
afterAll(cleanUp);

type Report = { readonly seed: number; readonly counts: FuzzCounts | null; readonly targets: readonly string[]; readonly findings: readonly { readonly target: string; readonly kind: string; readonly what: string; /** base64 */ readonly input: string }[] };
const run = (...args: readonly string[]): Promise<Report> => jsonOf<Report>(resolve(import.meta.dirname, '../support/fuzz/index.ts'), ...args);

describe('an input that once broke a parser', () => {
  test.each(kept().map((each) => [each.name, each] as const))('%s breaks it no more', async (_, { target, input }) => {
    const of = targets.find(({ name }) => name === target);
    expect(of, `there is no parser ${target}`).toBeDefined();
    expect(await tryInput(of!, input)).toBeNull();
  });
});

test('what each parser was made for is taken by it', async () => {
  const refusing: string[] = [];
  for (const target of targets) {
    const verdicts: string[] = [];
    for (const seed of target.seeds) verdicts.push(await target.run(seed));
    if (!verdicts.includes('taken')) refusing.push(target.name);
  }
  expect(refusing).toEqual([]);
});

test('a planted defect is found', async () => {
  const { findings, counts } = await run('--planted', '--seconds', '60', '--seed', '1');
  expect(findings).toMatchObject([{ target: 'planted', kind: 'threw' }]);
  expect(counts?.executions).toBeGreaterThan(0);
});

test('no input makes a parser throw what it does not declare, work for long, take what it must not, or leave a trace', async () => {
  const { findings, counts, seed, targets: tried } = await run('--seconds', String(SECONDS));
  // All of it stands in the message: what is kept in `regressions` is gone with a clone that was made for one check.
  const told = findings.map(({ target, kind, what, input }) => `${target} ${kind}: ${what}\n${input.slice(0, 3000)}`).join('\n');
  expect(findings.length, `${told}\nagain: npm run fuzz -- --seed ${seed} --seconds ${SECONDS}`).toBe(0);
  expect(tried.length).toBe(targets.length);
  expect(Object.keys(counts?.byTarget ?? {}).length, 'every parser had its turn').toBe(targets.length);
  expect(counts?.executions).toBeGreaterThan(50 * SECONDS);
});
