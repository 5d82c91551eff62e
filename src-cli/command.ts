import { closeSync, constants, fstatSync, lstatSync, openSync, readSync } from 'node:fs';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { DOCUMENT_SIZE } from '../src-shared/documents/index.ts';
import { errorTable } from '../src-shared/errors.ts';
import { fail, ok, Refusal } from '../src-shared/result.ts';
import type { Failure, Result } from '../src-shared/result.ts';
import { messageFor } from './messages.ts';
import { nextFor } from './next-steps.ts';
import { isAbsence } from './outputs.ts';

/**
 * What both command-line programs share. With `--json` the result is one JSON value on stdout and a failure is
 * `{"error":{code,message,details}}` on stderr; without, both are short sentences, and a failure is followed by what to do next. The exit status is the error table's.
 */
export { messageFor, showTime } from './messages.ts';

/** Columns, as commander sets its own. */
const describeEnvironment = (variables: Readonly<Record<string, string>>): string => {
  const width = Math.max(...Object.keys(variables).map((name) => name.length)) + 2;
  return `\nEnvironment:\n${Object.entries(variables).map(([name, text]) => `  ${name.padEnd(width)}${text}`).join('\n')}\n`;
};

/** A program with the options and manners that both have; `environment` is what it reads there. Actions end in `outcome`. */
export const createProgram = (name: string, description: string, version: string, environment: Readonly<Record<string, string>>): Command => {
  const program = new Command(name)
    .description(description)
    .version(version)
    .option('--json', 'the result as one JSON value, a failure as {"error":{code,message,details}}')
    .addHelpText('after', describeEnvironment({ ...environment, LATCHKEY_DEBUG: 'not empty: where a defect happened, and what goes on, on stderr' }))
    .addHelpText('after', 'Every error code, its exit status and what to do: docs/errors.md')
    .showHelpAfterError(false);
  return program;
};

/** Whether the caller wants JSON; also right when the arguments cannot be parsed. What follows `--` is another program's. */
export const wantsJson = (argv: readonly string[] = process.argv.slice(2)): boolean => {
  const end = argv.indexOf('--');
  return (end < 0 ? argv : argv.slice(0, end)).includes('--json');
};

const writeError = (failure: Failure): void => {
  const message = messageFor(failure.code, failure.details);
  process.stderr.write(wantsJson() ? `${JSON.stringify({ error: { code: failure.code, message, details: failure.details } })}\n` : printable(`${message}\n${nextFor(failure.code, failure.details)}\n`));
  process.exitCode = errorTable[failure.code].exit;
};

/** SECURITY: names of people and machines stand in what is printed; nothing of it may steer the terminal or turn the direction of a line. */
export const printable = (text: string): string => text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');

/** Writes a result where it belongs and sets the exit status. */
export const outcome = <T>(
  result: Result<T>,
  show: { readonly json?: (value: T) => unknown; readonly human: (value: T) => string },
): void => {
  if (!result.ok) return writeError(result);
  if (wantsJson()) process.stdout.write(`${JSON.stringify(show.json ? show.json(result.value) : (result.value ?? null))}\n`);
  else {
    const human = printable(show.human(result.value));
    if (human !== '') process.stdout.write(human.endsWith('\n') ? human : `${human}\n`);
  }
};

/**
 * A reader that goes away (`| head`) is not a failure of ours; an output that cannot be written is one. Where it is stderr there is
 * nobody to be told, and work goes on: an authority does not stop serving because nobody reads its log.
 */
const surviveClosedPipes = (): void => {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    writeError(fail('INPUT_INVALID', { why: 'output', problem: error.code ?? error.message }));
    process.exit(process.exitCode || errorTable.INPUT_INVALID.exit);
  });
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') process.exitCode ||= errorTable.INPUT_INVALID.exit;
  });
};

const prepare = (command: Command): void => {
  command.exitOverride();
  command.configureOutput({ writeErr: () => undefined });
  for (const each of command.commands) prepare(each);
};

/**
 * Runs a program to its end. Wrong usage is `INPUT_INVALID` (2); a `Refusal` is its own code, and what `refusalOf` knows is that; anything else thrown is a
 * defect (`INTERNAL`, 70), whose stack is shown only with `LATCHKEY_DEBUG`.
 */
export const runProgram = async (
  program: Command,
  { argv = process.argv, refusalOf = () => null }: { readonly argv?: readonly string[]; readonly refusalOf?: (error: unknown) => Failure | null } = {},
): Promise<void> => {
  surviveClosedPipes();
  prepare(program);
  try {
    await program.parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      // Help and version were asked for, and have been written to stdout. `commander.help` is a program called without a command.
      if (error.exitCode === 0) return;
      if (error.code === 'commander.help' && !wantsJson()) {
        process.stderr.write(program.helpInformation());
        process.exitCode = errorTable.INPUT_INVALID.exit;
        return;
      }
      const message = error.code === 'commander.help' ? 'a command is missing' : error.message.replace(/^error: /, '');
      return writeError(fail('INPUT_INVALID', { why: 'usage', message }));
    }
    const refused = error instanceof Refusal ? error.failure : refusalOf(error);
    if (refused) return writeError(refused);
    if (process.env['LATCHKEY_DEBUG']) process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    writeError(fail('INTERNAL', { message: error instanceof Error ? error.message : String(error) }));
  }
};

/** For commander: a whole number within bounds. */
export const wholeNumber = (least: number, most: number) => (text: string): number => {
  const value = Number(text);
  if (!/^[0-9]+$/.test(text) || value < least || value > most) throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  return value;
};

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';

/**
 * Reads a document from a regular file of at most 64 KiB; the size is checked before anything is read, and a pipe does
 * not make it wait. A link is refused, so that what is read is what was named; `links` is for files that are the operator's
 * own configuration. Errors: `INPUT_INVALID` (why: not-found, not-readable), `FILE_MALFORMED` (why: not-a-file, size).
 */
export const readDocumentFile = (path: string, { links = false } = {}): Result<Uint8Array> => {
  let file: number;
  try {
    // Windows has no O_NOFOLLOW, and a look before is what there is.
    if (!links && constants.O_NOFOLLOW === undefined && lstatSync(path).isSymbolicLink()) return fail('FILE_MALFORMED', { why: 'not-a-file', path });
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (links ? 0 : (constants.O_NOFOLLOW ?? 0)));
  } catch (error) {
    const code = codeOf(error);
    if (['ENXIO', 'EISDIR', 'ELOOP', 'ENODEV', 'EOPNOTSUPP'].includes(code)) return fail('FILE_MALFORMED', { why: 'not-a-file', path });
    if (code === 'ENAMETOOLONG') return fail('INPUT_INVALID', { why: 'name-too-long', path });
    return fail('INPUT_INVALID', { why: isAbsence(code) ? 'not-found' : 'not-readable', path });
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) return fail('FILE_MALFORMED', { why: 'not-a-file', path });
    if (stat.size > DOCUMENT_SIZE) return fail('FILE_MALFORMED', { why: 'size', path });
    // One byte more than allowed, so that a file that grows meanwhile is noticed.
    const buffer = new Uint8Array(DOCUMENT_SIZE + 1);
    let length = 0;
    for (;;) {
      const read = readSync(file, buffer, length, buffer.length - length, null);
      if (read === 0) break;
      length += read;
    }
    return length > DOCUMENT_SIZE ? fail('FILE_MALFORMED', { why: 'size', path }) : ok(buffer.slice(0, length));
  } catch {
    // A disk that fails, or a file of the system that is no file.
    return fail('INPUT_INVALID', { why: 'not-readable', path });
  } finally {
    closeSync(file);
  }
};
