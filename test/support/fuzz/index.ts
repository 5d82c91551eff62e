import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { keep } from './regressions.ts';
import { watched } from './watchdog.ts';

/**
 * `npm run fuzz -- [--seconds N] [--seed N] [--only TARGET] [--json]`: every parser of what comes from outside, guided by which
 * blocks of our source an input reaches. What it finds is made small and kept in `test/fuzz/regressions`. `--planted` tries
 * a parser with a known defect instead. With LATCHKEY_FIGURES, the counts go to `fuzz.json` in that folder.
 */
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' }, seed: { type: 'string' }, only: { type: 'string' }, planted: { type: 'boolean', default: false }, unguided: { type: 'boolean', default: false }, json: { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds);
const seed = values.seed === undefined ? Math.floor(Math.random() * 1_000_000_000) : Number(values.seed);
const say = (line: string): void => (values.json ? undefined : console.log(line));
say(`seed ${seed}`);

const started = performance.now();
const { counts, targets, findings } = await watched({ seconds, seed, only: values.only ?? null, planted: values.planted, guided: !values.unguided }, (finding) => {
  const where = values.planted ? 'nowhere: it is planted' : keep(finding.target, finding.input);
  say(`${finding.target} ${finding.kind}: ${finding.what}\n  kept in ${where}\n  ${JSON.stringify(Buffer.from(finding.input.subarray(0, 200)).toString())}`);
});
const took = Math.round((performance.now() - started) / 1000);
if (counts) {
  say(`${counts.executions} executions of ${targets.length} parsers (${counts.taken} taken, ${counts.refused} refused), ${counts.blocks} blocks reached, ${counts.corpus} inputs kept, ${findings.length} findings in ${took} s`);
  const folder = process.env['LATCHKEY_FIGURES'];
  if (folder !== undefined && !values.planted) {
    mkdirSync(folder, { recursive: true });
    const { byTarget: _, ...sums } = counts;
    writeFileSync(join(folder, 'fuzz.json'), `${JSON.stringify({ ...sums, targets: targets.length, findings: findings.length, seconds: took })}\n`);
  }
}
if (values.json) console.log(JSON.stringify({ seed, counts, targets, findings: findings.map(({ target, kind, what, input }) => ({ target, kind, what, input: Buffer.from(input).toString('base64') })) }));
process.exit(counts !== null && findings.length === 0 ? 0 : 1);
