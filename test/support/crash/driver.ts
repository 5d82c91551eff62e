import { createInterface } from 'node:readline';
import type { Result } from '../../../src-shared/result.ts';
import { arm, recorded } from './trap.ts';
import type { TrapOrder } from './trap.ts';
import { perform, visit } from './visit.ts';
import type { Act, Place } from './visit.ts';

/**
 * The main side of the app as a process of its own, one operation a line. It stands warm, so that a kill costs no start; every
 * operation opens the home anew.
 */
export type Told = { readonly result: Result<unknown>; readonly steps: readonly string[] };

for await (const line of createInterface({ input: process.stdin })) {
  const { place, act, trap } = JSON.parse(line) as { place: Place; act: Act; trap: TrapOrder | null };
  arm(trap);
  const result = await visit(place, (licensing) => perform(licensing, act));
  const told: Told = { result, steps: [...recorded()] };
  arm(null);
  process.stdout.write(`${JSON.stringify(told)}\n`);
}
