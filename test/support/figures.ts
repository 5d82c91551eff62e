import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';

/**
 * `npm run figures -- [--kills N] [--history-seconds N] [--fuzz-seconds N]`: attacks, faults, kills, histories and fuzzing, run
 * for real, and their counts written between the markers of docs/security.md and docs/reliability.md. Writes nothing when
 * anything failed.
 */
const project = resolve(import.meta.dirname, '../..');

/** Which block of which page is written from what. */
export const blocks = { attacks: 'docs/security.md', reliability: 'docs/reliability.md' } as const;
export type Block = keyof typeof blocks;

const marker = (name: string, edge: 'begin' | 'end'): string => `<!-- figures:${edge} ${name} -->`;

/** The page with the text between a block's markers replaced; throws where the markers are not there exactly once, in order. */
export const withBlock = (page: string, name: string, text: string): string => {
  const [begin, end] = [marker(name, 'begin'), marker(name, 'end')];
  const [before = '', rest, ...tooMany] = page.split(begin);
  const [, after, ...more] = rest?.split(end) ?? [];
  if (rest === undefined || after === undefined || tooMany.length > 0 || more.length > 0) throw new Error(`the page must have ${begin} and ${end} once each`);
  return `${before}${begin}\n${text.trim()}\n${end}${after}`;
};

export type TestCounts = Readonly<Record<string, { readonly passed: number; readonly failed: number }>>;
export type Figures = {
  readonly head: string;
  readonly tests: TestCounts;
  readonly crash: { readonly kills: number; readonly named: number; readonly random: number; readonly steps: number; readonly violations: number; readonly seconds: number };
  readonly history: {
    readonly histories: number; readonly operations: number; readonly unknown: number; readonly crashes: number; readonly restores: number; readonly clockMoves: number;
    readonly violations: number; readonly variants: number; readonly caught: number; readonly seconds: number;
  };
  readonly fuzz: { readonly executions: number; readonly targets: number; readonly taken: number; readonly refused: number; readonly blocks: number; readonly findings: number; readonly seconds: number };
};

const number = (value: number): string => value.toLocaleString('en-US');
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string => [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
const under = (tests: TestCounts, folder: string) => Object.entries(tests).filter(([file]) => file.startsWith(folder)).toSorted(([a], [b]) => a.localeCompare(b));

export const blockTexts = ({ head, tests, crash, history, fuzz }: Figures): Readonly<Record<Block, string>> => {
  const attacks = under(tests, 'test/attack/');
  const sum = attacks.reduce((total, [, { passed }]) => total + passed, 0);
  return {
    attacks: [
      head, '', table(['attacks', 'tests, each refused as it must be'], [...attacks.map(([file, { passed }]) => [`\`${file}\``, number(passed)]), ['all', number(sum)]]), '',
      `${number(fuzz.executions)} inputs that nobody wrote were given to ${number(fuzz.targets)} parsers in ${number(fuzz.seconds)} s: ${number(fuzz.taken)} taken, ${number(fuzz.refused)} refused, ${number(fuzz.findings)} findings.`,
    ].join('\n'),
    reliability: [
      head, '',
      table(['what was tried', 'how often', 'what went wrong'], [
        ['kills (SIGKILL) of the client and the authority', `${number(crash.kills)}: ${number(crash.named)} at ${number(crash.steps)} named steps, ${number(crash.random)} at random moments`, `${number(crash.violations)} violations`],
        ...under(tests, 'test/crash/').filter(([file]) => !/(?:kills|history|invariants)\.test\.ts$/.test(file)).map(([file, { passed, failed }]) => [`faults: \`${file}\``, `${number(passed + failed)} tests`, `${number(failed)} failures`]),
        ['random concurrent histories', `${number(history.histories)}, with ${number(history.operations)} operations (${number(history.unknown)} without a reply), ${number(history.crashes)} crashes, ${number(history.restores)} restored machines, ${number(history.clockMoves)} clock moves`, `${number(history.violations)} violations`],
        ['broken authorities shown to the history checker', number(history.variants), `${number(history.variants - history.caught)} not caught`],
        ['inputs to parsers (fuzzing)', `${number(fuzz.executions)} to ${number(fuzz.targets)} parsers, reaching ${number(fuzz.blocks)} blocks of our code`, `${number(fuzz.findings)} findings`],
      ]), '',
      `The kills took ${number(crash.seconds)} s, the histories ${number(history.seconds)} s, the fuzzing ${number(fuzz.seconds)} s.`,
    ].join('\n'),
  };
};

const git = (...args: readonly string[]): string => execFileSync('git', args, { cwd: project, encoding: 'utf8' }).trim();

const main = (): number => {
  const { values } = parseArgs({ options: { kills: { type: 'string', default: '100' }, 'history-seconds': { type: 'string', default: '60' }, 'fuzz-seconds': { type: 'string', default: '60' } } });
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-figures-'));
  const failed: string[] = [];
  const run = (what: string, ...args: readonly string[]): void => {
    console.log(`\n== ${what}`);
    const { status } = spawnSync(process.execPath, args, { cwd: project, stdio: 'inherit', env: { ...process.env, LATCHKEY_FIGURES: folder, LATCHKEY_TEST_REPORT: join(folder, 'vitest.json') } });
    if (status !== 0) failed.push(what);
  };
  const read = <T>(name: string): T => JSON.parse(readFileSync(join(folder, name), 'utf8')) as T;
  try {
    const dirty = git('status', '--porcelain') === '' ? '' : ' and what is not committed yet';
    run('attacks and faults', join(project, 'node_modules/.bin/vitest'), 'run', '--project', 'attack', '--project', 'crash', '--exclude', '**/kills.test.ts', '--exclude', '**/history.test.ts');
    run('kills', 'test/support/crash/kills.ts', '--kills', values.kills);
    run('histories', 'test/support/history/index.ts', '--seconds', values['history-seconds'], '--variant', 'all');
    run('fuzzing', 'test/support/fuzz/index.ts', '--seconds', values['fuzz-seconds']);
    if (failed.length > 0) {
      console.error(`\nNothing was written: ${failed.join(', ')} failed`);
      return 1;
    }
    const report = read<{ readonly testResults: readonly { readonly name: string; readonly assertionResults: readonly { readonly status: string }[] }[] }>('vitest.json');
    const tests: TestCounts = Object.fromEntries(report.testResults.map(({ name, assertionResults }) => [
      relative(project, name).replaceAll('\\', '/'),
      { passed: assertionResults.filter(({ status }) => status === 'passed').length, failed: assertionResults.filter(({ status }) => status === 'failed').length },
    ]));
    const texts = blockTexts({
      head: `Measured ${new Date().toISOString().slice(0, 10)} at ${git('rev-parse', '--short', 'HEAD')}${dirty}, ${cpus().length} cores, Node ${process.versions.node}, ${process.platform} ${process.arch}; \`npm run figures\`.`,
      tests, crash: read('crash.json'), history: read('history.json'), fuzz: read('fuzz.json'),
    });
    for (const [name, page] of Object.entries(blocks)) writeFileSync(join(project, page), withBlock(readFileSync(join(project, page), 'utf8'), name, texts[name as Block]));
    console.log(`\nWritten: ${Object.values(blocks).join(', ')}`);
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

if (import.meta.main) process.exit(main());
