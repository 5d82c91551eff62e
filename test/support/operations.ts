import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testData } from './authority.ts';
import { argumentsOf, commandLines } from './command-lines.ts';
import { ask, good } from './programs.ts';
import type { Answered } from './programs.ts';

/** The command lines of docs/operations.md, run as they are written there: one that the page does not have cannot be run. */

/** The example home of the page is the test's own. */
const HOME = '/srv/latchkey';
const page = 'docs/operations.md';
const written = new Map(commandLines(page).map((one) => [one.line, one]));

export type Values = Readonly<Record<string, string>>;
export type Operations = {
  readonly folder: string;
  readonly at: (name: string) => string;
  /** What the line says, with a value for each of its placeholders; `more` is what the page says beside it (`--yes`). */
  readonly arguments: (line: string, values?: Values, more?: readonly string[]) => { readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> };
  /** Runs it; it has to succeed. */
  readonly step: <T = unknown>(line: string, values?: Values, more?: readonly string[]) => Promise<T>;
  /** Runs it, whatever comes. */
  readonly attempt: (line: string, values?: Values, more?: readonly string[]) => Promise<Answered>;
  /** What the page does not write out: another command of the machine, or of a second machine. */
  readonly machine: <T = unknown>(args: readonly string[], name?: string) => Promise<T>;
  readonly env: { readonly authority: Readonly<Record<string, string>>; readonly machine: (name?: string) => Readonly<Record<string, string>> };
  readonly close: () => void;
};

export const createOperations = (): Operations => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-operations-'));
  const at = (name: string): string => join(folder, name);
  writeFileSync(at('organizations.json'), JSON.stringify(testData));
  const env: Operations['env'] = { authority: { LATCHKEY_AUTHORITY_HOME: at('home') }, machine: (name = 'machine') => ({ LATCHKEY_HOME: at(name), LATCHKEY_TRUST: at('trust.lkkeys') }) };

  const read: Operations['arguments'] = (line, values = {}, more = []) => {
    const found = written.get(line);
    if (!found) throw new Error(`${page} does not say: ${line}`);
    const [words = []] = argumentsOf(line);
    const unused = Object.keys(values).filter((name) => !words.includes(name));
    if (unused.length > 0) throw new Error(`${line} has no ${unused.join(', ')}`);
    return { args: [...words.map((word) => (word === HOME ? at('home') : (values[word] ?? word))), ...more], env: found.env };
  };
  const prepare = (line: string, values?: Values, more?: readonly string[]) => {
    const { args, env: said } = read(line, values, more);
    const program = line.startsWith('authority ') ? 'authority' : 'latchkey';
    return { program, args, env: { ...(program === 'authority' ? env.authority : env.machine()), ...said } } as const;
  };
  return {
    folder, at, env,
    arguments: read,
    step: async <T>(line: string, values?: Values, more?: readonly string[]) => {
      const { program, args, env: variables } = prepare(line, values, more);
      return (await good(program, args, variables, folder)) as T;
    },
    attempt: (line, values, more) => {
      const { program, args, env: variables } = prepare(line, values, more);
      return ask(program, args, variables, folder);
    },
    machine: async <T>(args: readonly string[], name?: string) => (await good('latchkey', args, env.machine(name), folder)) as T,
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
};

/** An authority with people and licenses, and the keyset that its machines trust. */
export const startOperations = async (): Promise<Operations> => {
  const operations = createOperations();
  await operations.step('authority init --home /srv/latchkey');
  await operations.step('authority load organizations.json --home /srv/latchkey');
  await operations.step('authority keys export --out F', { F: 'trust.lkkeys' });
  return operations;
};

export type Key = { readonly kid: string; readonly role: 'root' | 'license'; readonly inUse: boolean; readonly revokedAt: number | null; readonly privatePart: boolean };

export const keyInUse = async ({ step }: Operations, role: Key['role']): Promise<string> =>
  (await step<Key[]>('authority keys list')).find((key) => key.role === role && key.inUse && key.revokedAt === null)?.kid ?? '';

/** A license file by the page's own words, on a machine without a network; says its lease. */
export const takeLicense = async ({ step, machine }: Operations, license = 'lic_stage', days = '30'): Promise<string> => {
  await machine(['request', '--license', license, '--days', days, '--out', 'first.lkreq']);
  const { lease } = await step<{ readonly lease: string }>('authority answer F.lkreq --days N --out F.lklic --keyset-out K.lkkeys', { 'F.lkreq': 'first.lkreq', N: days, 'F.lklic': 'first.lklic', 'K.lkkeys': 'first.lkkeys' });
  await step('latchkey import F.lklic', { 'F.lklic': 'first.lklic' });
  return lease;
};
