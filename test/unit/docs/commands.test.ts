import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { CommanderError } from 'commander';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { argumentsOf, commandLines } from '../../support/command-lines.ts';
import type { Program } from '../../support/command-lines.ts';

/** What the pages tell people to type is what the two programs understand: asked of the programs' own definitions. */
const project = resolve(import.meta.dirname, '../../..');
const pages = globSync('{README,CONTRIBUTING}.md', { cwd: project }).concat(globSync('docs/*.md', { cwd: project })).toSorted();
const lines = pages.flatMap((page) => commandLines(page));

const programs = new Map<string, Command>();
vi.mock('../../../src-cli/command.ts', async (original) => ({
  ...(await original<Record<string, unknown>>()),
  runProgram: async (program: Command) => void programs.set(program.name(), program),
}));

const every = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(every)];

beforeAll(async () => {
  await import('../../../src-cli/authority.ts');
  await import('../../../src-cli/latchkey.ts');
  for (const command of [...programs.values()].flatMap(every)) {
    command.exitOverride().configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
    if (command.commands.length === 0) command.action(() => undefined);
  }
}, 240_000);

/** What a number stands for in a line. */
const values: Readonly<Record<string, string>> = { N: '30', DAYS: '60' };

/** Null, or what commander has against it. A part of a sentence may leave out what is required, and says nothing wrong all the same. */
const objection = async (name: Program, args: readonly string[], { complete }: { readonly complete: boolean }): Promise<string | null> => {
  const program = programs.get(name);
  if (!program) throw new Error(`there is no program ${name}`);
  const required = every(program).flatMap(({ options }) => options).filter(({ mandatory }) => mandatory);
  if (!complete) for (const option of required) option.mandatory = false;
  try {
    await program.parseAsync(args.map((word) => values[word] ?? word), { from: 'user' });
    return null;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return !complete && error.code === 'commander.missingArgument' ? null : error.message;
  } finally {
    for (const option of required) option.mandatory = true;
  }
};

describe('a command line of the pages', () => {
  test.each(lines.map(({ page, line, program, block }) => [line, page, program, block] as const))('%s (%s) is one that the program understands', async (line, _, program, block) => {
    for (const args of argumentsOf(line)) expect([args, await objection(program, args, { complete: block })]).toEqual([args, null]);
  });

  test.each([
    ['authority', 'keys export --keyset-file F', /unknown option/], ['authority', 'keys renew', /unknown command/], ['latchkey', 'checkot LICENSE', /unknown command/],
    ['authority', 'keys rotate --in soon', /whole number/], ['authority', 'machines resolve M --decision keep --reason TEXT', /Allowed choices/], ['latchkey', 'import F G', /too many arguments/],
    ['authority', 'serve --home H --trust-proxy nobody', /invalid/],
  ] as const)('%s %s would be noticed', async (program, line, what) => {
    expect(await objection(program, argumentsOf(`${program} ${line}`)[0] ?? [], { complete: false })).toMatch(what);
  });

  test('is found in each form in which the pages write one', () => {
    const all = new Set(lines.map(({ line }) => line));
    for (const line of ['authority init --home /srv/latchkey', 'authority serve', 'latchkey doctor', 'authority restored --accept', 'authority keys revoke KID --reason "..."', 'latchkey run --product stage -- ./stage-application']) expect(all).toContain(line);
  });
});

test('every command line of docs/operations.md is run by a test of its procedure, as it is written there', async () => {
  const walks = globSync('test/{flow,support}/operations*.ts', { cwd: project }).map((path) => readFileSync(join(project, path), 'utf8')).join('\n');
  const whole: string[] = [];
  for (const { line, program } of commandLines('docs/operations.md')) {
    const [args = []] = argumentsOf(line);
    if (await objection(program, args, { complete: true }) === null) whole.push(line);
  }
  expect(whole.length).toBeGreaterThan(25);
  expect(whole.filter((line) => !walks.includes(`'${line}'`))).toEqual([]);
});

test('what the pages start with npm is a script of the project', () => {
  const { scripts } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as { readonly scripts: Readonly<Record<string, string>> };
  const named = pages.flatMap((page) => [...readFileSync(join(project, page), 'utf8').matchAll(/npm run ([a-z][a-z:-]*)/g)].map(([, name = '']) => name));
  expect(named.length).toBeGreaterThan(10);
  expect([...new Set(named)].filter((name) => !(name in scripts))).toEqual([]);
});

describe('the tests that the pages name', () => {
  const text = (page: string): string => readFileSync(join(project, page), 'utf8');

  test('are there', () => {
    const named = new Set(pages.concat(globSync('docs/adr/*.md', { cwd: project })).flatMap((page) => [...text(page).matchAll(/test\/[\w/-]+\.(?:test|spec)\.ts/g)].map(([path]) => path)));
    expect(named.size).toBeGreaterThan(30);
    expect([...named].filter((path) => !existsSync(join(project, path)))).toEqual([]);
  });

  test('are all that attack: docs/security.md says of each what it attacks, beside its count', () => {
    const prose = text('docs/security.md').replace(/<!-- figures:begin[\s\S]*?figures:end \w+ -->/, '');
    expect(globSync('test/attack/*.test.ts', { cwd: project }).filter((path) => !prose.includes(basename(path)))).toEqual([]);
  });
});
