import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import type { Authority, Change, Kept, LeftOut, Loaded } from '../../src-authority/index.ts';
import type { Json } from '../../src-shared/errors.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import { outcome, printable, showTime, wantsJson } from '../command.ts';
import { isAbsence } from '../outputs.ts';

type WithAuthority = <T>(work: (authority: Authority) => Promise<Result<T>>) => Promise<Result<T>>;

/** The load file is ours to read whole, but not without bound. */
const LOAD_SIZE = 64 * 1024 * 1024;
const readJson = (path: string): Result<unknown> => {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENAMETOOLONG') return fail('INPUT_INVALID', { why: 'name-too-long', path });
    return fail('INPUT_INVALID', { why: isAbsence(code) ? 'not-found' : 'not-readable', path });
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) return fail('INPUT_INVALID', { why: 'not-a-file', path });
    if (stat.size > LOAD_SIZE) return fail('INPUT_INVALID', { why: 'size', path });
    // Some editors put a mark of the byte order before it.
    return ok(JSON.parse(readFileSync(file, 'utf8').replace(/^\ufeff/, '')));
  } catch (error) {
    return error instanceof SyntaxError ? fail('INPUT_INVALID', { why: 'json', path, problem: error.message }) : fail('INPUT_INVALID', { why: 'not-readable', path });
  } finally {
    closeSync(file);
  }
};

const fieldNames: { readonly [field: string]: string } = { validFrom: 'valid from', validUntil: 'valid until' };

const show = (field: string, value: Json): string => {
  if (value === null) return field.startsWith('valid') ? 'no limit' : 'none';
  if (field.startsWith('valid')) return showTime(value);
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

const describeField = (field: string, { from, to }: Change['fields'][string]): string => {
  if (field === 'password') return 'password';
  const lists = [from, to].map((each) => (Array.isArray(each) ? each.map(String) : []));
  if (field === 'assigned') {
    const [removed = [], added = []] = lists;
    return ['assigned', ...added.map((email) => `+${email}`), ...removed.map((email) => `-${email}`)].join(' ');
  }
  const name = fieldNames[field] ?? field;
  return from === null ? `${name} ${show(field, to)}` : `${name} ${show(field, from)} -> ${show(field, to)}`;
};

/** `license Stage Studio (lic_stage) of Northlight`. */
const describeSubject = ({ kind, id, name, organization }: Pick<Change, 'kind' | 'id' | 'name' | 'organization'>): string =>
  `${kind} ${name}${kind === 'person' || id === '' ? '' : ` (${id})`}${organization === null || kind === 'organization' ? '' : ` of ${organization}`}`;

const describeChange = (change: Change): string => {
  const fields = Object.entries(change.fields).map(([field, values]) => describeField(field, values));
  return `${change.how} ${describeSubject(change)}${fields.length === 0 ? '' : `: ${fields.join('; ')}`}`;
};

const keptWords: { readonly [W in Kept['why']]: (kept: Kept) => string } = {
  name: ({ is, file }) => `keeps the name ${String(is)}; the file says ${String(file)}`,
  role: ({ is, file }) => `stays ${String(is)}; the file says ${String(file)}`,
  removed: () => 'was removed by people, and stays so',
  deleted: () => 'was deleted by people, and stays so',
  unassigned: ({ file }) => `is no longer assigned to ${String(file)}, as people decided`,
};
const describeKept = (kept: Kept): string => `${describeSubject(kept)} ${keptWords[kept.why](kept)}`;

const describeLeftOut = (left: LeftOut): string => {
  const seats = left.seats === null ? '' : `, ${left.seats} seats${left.validUntil === null ? '' : ` until ${showTime(left.validUntil)}`}`;
  return `Warning: ${describeSubject(left)} was in the file before and is left out now. It stays as it is${seats}.`;
};

const listed = (title: string, lines: readonly string[]): readonly string[] => (lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)]);

/** Said in full where nothing was done yet; else only what is not as the file says. */
const describe = ({ products, organizations, users, licenses, seats, dryRun, changes, kept, leftOut }: Loaded): string =>
  [
    ...(dryRun
      ? ['Nothing was changed.', ...(changes.length === 0 ? ['The file says what is there already.'] : listed('To load the file would do this:', changes.map(describeChange)))]
      : [`Loaded ${organizations} organizations, ${users} memberships, ${products} products, ${licenses} licenses with ${seats} seats: ${changes.length === 0 ? 'all as it was' : `${changes.length} changes`}.`]),
    ...listed('People decided otherwise, and that stays (--reset-people sets it back):', kept.map(describeKept)),
    ...leftOut.map(describeLeftOut),
  ].join('\n');

/** Asks before people lose what they have set. Errors: `INPUT_INVALID` (why: usage), `CANCELLED`. */
const confirmed = async (resets: readonly Change[]): Promise<Result<null>> => {
  if (!process.stdin.isTTY || !process.stderr.isTTY || wantsJson()) return fail('INPUT_INVALID', { why: 'usage', message: '--reset-people undoes what people have set: see it with --dry-run, and say --yes' });
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    process.stderr.write(printable(`${listed('This sets back what people have changed:', resets.map(describeChange)).join('\n')}\n`));
    return (await terminal.question('Whoever gets another password is signed out everywhere. Type yes: ')).trim().toLowerCase() === 'yes' ? ok(null) : fail('CANCELLED');
  } finally {
    terminal.close();
  }
};

type LoadFlags = { readonly dryRun?: boolean; readonly resetPeople?: boolean; readonly yes?: boolean };

const load = async (authority: Authority, data: unknown, source: string, { dryRun = false, resetPeople = false, yes = false }: LoadFlags): Promise<Result<Loaded>> => {
  if (resetPeople && !dryRun && !yes) {
    const would = await authority.load(data, { source, resetPeople, dryRun: true });
    if (!would.ok) return would;
    const sure = await confirmed(would.value.changes);
    if (!sure.ok) return sure;
  }
  return authority.load(data, { source, dryRun, resetPeople });
};

/** `authority load`. */
export const addLoadCommand = (program: Command, withAuthority: WithAuthority): void => {
  program
    .command('load')
    .argument('<file>', 'products, organizations, people and licenses, as JSON')
    .option('--dry-run', 'show what would change, and change nothing')
    .option('--reset-people', 'also set back what people have changed since: names, passwords, roles, removals, assignments')
    .option('--yes', 'with --reset-people: without being asked')
    .description('take products, organizations, people and licenses from a file; loading again changes what the file owns, and nothing that people did')
    .action(async (path: string, flags: LoadFlags) => {
      const data = readJson(path);
      outcome(data.ok ? await withAuthority((authority) => load(authority, data.value, resolve(path), flags)) : data, { human: describe });
    });
};
