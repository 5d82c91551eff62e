import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The command lines that the pages show, as a reader would type them. */

export type Program = 'authority' | 'latchkey';
export type CommandLine = {
  readonly page: string;
  readonly program: Program;
  /** Without what starts it (`npm run`, `bin/`, `sudo`): `authority keys list`. */
  readonly line: string;
  /** What stands before it: `NAME=value`. */
  readonly env: Readonly<Record<string, string>>;
  /** On a line of its own, to be typed as it is; else a part of a sentence, which may leave out what it does not speak of. */
  readonly block: boolean;
};

const project = resolve(import.meta.dirname, '../..');
const shape = /^(?<env>(?:[A-Z_]+=\S+ )*)(?:sudo -u USER )?(?:npm run |bin\/)?(?<program>authority|latchkey) (?:-- )?(?<rest>[a-z].*)$/;

const readLine = (page: string, text: string, block: boolean): readonly CommandLine[] => {
  // What explains a line stands behind it, with room between the two.
  const { env = '', program, rest = '' } = shape.exec(text.trim().split(/ {2,}/)[0] ?? '')?.groups ?? {};
  if (program !== 'authority' && program !== 'latchkey') return [];
  const variables = Object.fromEntries(env.trim().split(' ').filter((pair) => pair !== '').map((pair) => [pair.split('=')[0] ?? '', pair.slice(pair.indexOf('=') + 1)]));
  return [{ page, program, line: `${program} ${rest}`, env: variables, block }];
};

/** Each once, in the order of the page: blocks (fenced and indented) line by line, then what stands between backticks. */
export const commandLines = (page: string): readonly CommandLine[] => {
  const text = readFileSync(join(project, page), 'utf8');
  const fence = /```.*\n([\s\S]*?)```/g;
  const prose = text.replaceAll(fence, '');
  const blocks = [...text.matchAll(fence)].flatMap(([, body = '']) => body.split('\n')).concat(prose.split('\n').filter((line) => /^ {4}/.test(line)));
  const found = [...blocks.flatMap((line) => readLine(page, line, true)), ...[...prose.matchAll(/`([^`\n]+)`/g)].flatMap(([, span = '']) => readLine(page, span, false))];
  return found.filter((one, place) => found.findIndex(({ line }) => line === one.line) === place);
};

/** As a shell parts it; `a|b` and `a | b` are one of the two, so there may be several. `...` is what the reader adds. */
export const argumentsOf = (line: string): readonly (readonly string[])[] => {
  const words = [...line.replaceAll(' | ', '|').matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? (plain === '...' ? null : (plain ?? ''))).filter((word) => word !== null).slice(1);
  return words.reduce<readonly (readonly string[])[]>((lines, word) => lines.flatMap((before) => word.split('|').map((one) => [...before, one])), [[]]);
};
