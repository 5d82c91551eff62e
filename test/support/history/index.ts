import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { install, variants } from './variants.ts';

/**
 * `npm run history -- [--seconds N] [--seed N] [--variant NAME|all] [--json]`: random concurrent histories against a real
 * authority, each judged by itself. With a variant it must find a violation of the rules it breaks; without one it must find none. With
 * LATCHKEY_FIGURES, the counts go to `history.json` in that folder.
 */
const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, seed: { type: 'string' }, variant: { type: 'string' }, json: { type: 'boolean', default: false }, 'no-shrink': { type: 'boolean', default: false } },
});
const seconds = Number(values.seconds);
const say = (line: string): void => (values.json ? undefined : console.log(line));

export type Tally = {
  readonly histories: number; readonly operations: number; readonly unknown: number; readonly crashes: number; readonly restores: number; readonly clockMoves: number; readonly seconds: number;
  /** Calls that ended in a defect. A variant with many is broken in itself, and does not do what it says. */
  readonly defects: number;
  readonly violation: { readonly seed: number; readonly rule: string; readonly what: string; readonly plan: unknown } | null;
};

const search = async (): Promise<Tally> => {
  const { planOf } = await import('./plan.ts');
  const { runPlan } = await import('./run.ts');
  const { shrink } = await import('./shrink.ts');
  const started = performance.now();
  const given = values.seed === undefined ? null : Number(values.seed);
  let seed = given ?? Math.floor(Math.random() * 1_000_000_000);
  const sums = { histories: 0, operations: 0, unknown: 0, crashes: 0, restores: 0, clockMoves: 0, defects: 0 };
  let violation: Tally['violation'] = null;
  do {
    const plan = planOf(seed);
    const { history, violations } = await runPlan(plan);
    const marks = (kind: string): number => history.marks.filter((mark) => mark.kind === kind).length;
    sums.histories += 1;
    sums.operations += history.operations.length;
    sums.unknown += history.operations.filter(({ outcome }) => outcome.is === 'unknown').length;
    sums.crashes += marks('crash');
    sums.restores += marks('restore');
    sums.clockMoves += marks('clock');
    sums.defects += violations.filter(({ rule }) => rule === 'defect').length;
    // A variant shows by its own rule: what else it upsets may come to light first.
    const first = violations.find(({ rule }) => one === undefined || one.rules.includes(rule));
    if (first) {
      say(`seed ${seed}: ${first.rule}: ${first.what}`);
      const least = values['no-shrink'] ? plan : await shrink(plan, first.rule, performance.now() + 30_000);
      violation = { seed, rule: first.rule, what: first.what, plan: least };
      break;
    }
    seed += 1;
  } while (performance.now() - started < seconds * 1000);
  return { ...sums, seconds: Math.round((performance.now() - started) / 1000), violation };
};

const figures = (tally: Tally, caught: readonly string[]): void => {
  const folder = process.env['LATCHKEY_FIGURES'];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  const { violation, ...counts } = tally;
  writeFileSync(join(folder, 'history.json'), `${JSON.stringify({ ...counts, violations: violation ? 1 : 0, variants: variants.length, caught: caught.length })}\n`);
};

const one = variants.find(({ name }) => name === values.variant);
if (values.variant !== undefined && values.variant !== 'all' && !one) {
  console.error(`There is no variant ${values.variant}: ${variants.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
if (one) install(one);

const tally = await search();
if (values.json) console.log(JSON.stringify(tally));
say(`${tally.histories} histories, ${tally.operations} operations (${tally.unknown} without a reply), ${tally.crashes} crashes, ${tally.restores} restores, ${tally.clockMoves} clock moves in ${tally.seconds} s: ${tally.violation ? `VIOLATION of ${tally.violation.rule}` : 'no violation'}`);
if (tally.violation) say(`again: npm run history -- --seed ${tally.violation.seed} --seconds 0${one ? ` --variant ${one.name}` : ''}\n${JSON.stringify(tally.violation.plan)}`);

let isRight = one ? tally.violation !== null : tally.violation === null;
if (values.variant === 'all') {
  // The figures are of this run, not of those.
  const { LATCHKEY_FIGURES: _, ...env } = process.env;
  const caught = variants.filter(({ name, breaks }) => {
    const run = spawnSync(process.execPath, [import.meta.filename, '--variant', name, '--seconds', '60', '--no-shrink', '--json'], { encoding: 'utf8', env });
    say(`${run.status === 0 ? 'caught' : 'MISSED'}  ${name}: ${breaks}`);
    return run.status === 0;
  }).map(({ name }) => name);
  figures(tally, caught);
  isRight &&= caught.length === variants.length;
}
process.exit(isRight ? 0 : 1);
