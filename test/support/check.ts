import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { ensurePackages, wishes } from './ensure-packages.ts';

/**
 * Everything that must hold before a change lands: types, lint with the walls, builds, then unit, flow, attack, crash,
 * fuzz and e2e tests. Goes on after a failed test step, so that one run tells all; ends with what failed, said once more
 * where nobody has to look for it, and the sum of all tests.
 */
const project = resolve(import.meta.dirname, '../..');
const reports = mkdtempSync(join(tmpdir(), 'latchkey-check-'));
const started = performance.now();

type Count = { readonly passed: number; readonly failed: number; readonly skipped: number };
type Report = { readonly count: Count; /** Each test that failed, with the beginning of what it said. */ readonly failures: readonly string[] };
type Step = {
  readonly name: string;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly report?: () => Report;
  /** Whether what follows is worthless when this fails. */
  readonly needed: boolean;
};

const run = (step: Step): Promise<boolean> =>
  new Promise((done) => {
    const [program = '', ...args] = step.command;
    const child = spawn(process.execPath, [join(project, 'node_modules/.bin', program), ...args], {
      cwd: project,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...step.env },
    });
    child.once('error', () => done(false));
    child.once('exit', (status) => done(status === 0));
  });

const read = (name: string): unknown => JSON.parse(readFileSync(join(reports, name), 'utf8'));
const stripped = (text: string): string => stripVTControlCharacters(text).split('\n').slice(0, 30).join('\n    ').slice(0, 4000);

type VitestReport = Readonly<Record<'numPassedTests' | 'numFailedTests' | 'numPendingTests', number>> & {
  readonly testResults: readonly { readonly name: string; readonly status: string; readonly message: string; readonly assertionResults: readonly { readonly fullName: string; readonly status: string; readonly failureMessages: readonly string[] }[] }[];
};
const vitestReport = (): Report => {
  const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped, testResults } = read('vitest.json') as VitestReport;
  const failures = testResults.flatMap(({ name, status, message, assertionResults }) => {
    const tests = assertionResults.filter((test) => test.status === 'failed').map((test) => `${relative(project, name)} › ${test.fullName}\n    ${stripped(test.failureMessages.join('\n'))}`);
    // A file that could not be read at all has no tests to name.
    return status === 'failed' && tests.length === 0 ? [`${relative(project, name)}\n    ${stripped(message)}`] : tests;
  });
  return { count: { passed, failed, skipped }, failures };
};

type PlaywrightSuite = {
  readonly suites?: readonly PlaywrightSuite[];
  readonly specs?: readonly { readonly file: string; readonly title: string; readonly ok: boolean; readonly tests: readonly { readonly results: readonly { readonly error?: { readonly message?: string } }[] }[] }[];
};
const playwrightReport = (): Report => {
  const { stats, suites } = read('playwright.json') as { readonly stats: Record<string, number>; readonly suites: readonly PlaywrightSuite[] };
  const failuresOf = (suite: PlaywrightSuite): readonly string[] => [
    ...(suite.specs ?? []).filter(({ ok }) => !ok).map(({ file, title, tests }) => `${file} › ${title}\n    ${stripped(tests.flatMap(({ results }) => results.map(({ error }) => error?.message ?? '')).join('\n'))}`),
    ...(suite.suites ?? []).flatMap(failuresOf),
  ];
  return { count: { passed: (stats['expected'] ?? 0) + (stats['flaky'] ?? 0), failed: stats['unexpected'] ?? 0, skipped: stats['skipped'] ?? 0 }, failures: suites.flatMap(failuresOf) };
};

const steps: readonly Step[] = [
  { name: 'types', command: ['tsc', '-b'], needed: false },
  { name: 'lint', command: ['oxlint'], needed: false },
  { name: 'build of the app', command: ['electron-vite', 'build', '--logLevel', 'warn'], needed: true },
  { name: 'build of the portal', command: ['vite', 'build', '--config', 'vite.portal.config.ts', '--logLevel', 'warn'], needed: true },
  { name: 'unit, flow, attack, crash and fuzz tests', command: ['vitest', 'run'], env: { LATCHKEY_TEST_REPORT: join(reports, 'vitest.json') }, report: vitestReport, needed: false },
  { name: 'e2e tests', command: ['playwright', 'test'], env: { LATCHKEY_TEST_REPORT: join(reports, 'playwright.json') }, report: playwrightReport, needed: false },
];

const missing = ensurePackages();
if (missing !== null) {
  console.error(missing);
  process.exit(1);
}

const wished = ensurePackages(wishes);
if (wished !== null) console.warn(`${wished} Tests that need it are skipped.`);

let total: Count = { passed: 0, failed: 0, skipped: 0 };
const failed: string[] = [];
const failures: string[] = [];
for (const step of steps) {
  const begun = performance.now();
  console.log(`\n== ${step.name}`);
  let passed = await run(step);
  if (step.report) {
    try {
      const { count, failures: ofStep } = step.report();
      failures.push(...ofStep);
      total = { passed: total.passed + count.passed, failed: total.failed + count.failed, skipped: total.skipped + count.skipped };
      passed &&= count.passed > 0;
    } catch {
      console.error(`${step.name}: no report was written`);
      passed = false;
    }
  }
  console.log(`== ${step.name}: ${passed ? 'passed' : 'FAILED'} in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  if (!passed) failed.push(step.name);
  if (!passed && step.needed) break;
}
rmSync(reports, { recursive: true, force: true });

for (const failure of failures) console.log(`\nFAILED: ${failure}`);
console.log(`\n${failed.length === 0 ? 'Everything holds' : `Failed: ${failed.join(', ')}`} (${((performance.now() - started) / 1000).toFixed(0)} s)`);
// A step without tests of its own counts as one failure, so that the sum never looks better than it is.
const silent = failed.length > 0 && total.failed === 0 ? 1 : 0;
console.log(`${total.passed} passed, ${total.failed + silent} failed, ${total.skipped} skipped`);
process.exit(failed.length === 0 ? 0 : 1);
