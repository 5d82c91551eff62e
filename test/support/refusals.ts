import { globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isErrorCode } from '../../src-shared/errors.ts';
import type { ErrorCode } from '../../src-shared/errors.ts';

/** What the sources refuse with, as it stands in their text: for tests that keep words and table in step with them. */
export type RefusalSite = {
  readonly file: string;
  readonly code: ErrorCode;
  /** Names of the details that are given; null where they are not written out on the spot. */
  readonly names: readonly string[] | null;
  /** The `why`s that stand there; empty for none. `computed`: it is worked out while the program runs. */
  readonly whys: readonly string[];
  readonly computed: boolean;
};

const project = join(import.meta.dirname, '../..');

/** The text from a bracket to the one that closes it, brackets left out. Strings of ours hold no brackets of this kind unpaired. */
const within = (text: string, open: number): string => {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    if ('([{'.includes(text[at] ?? '')) depth += 1;
    else if (')]}'.includes(text[at] ?? '')) depth -= 1;
    if (depth === 0) return text.slice(open + 1, at);
  }
  throw new Error('unbalanced');
};

const parts = (text: string): readonly string[] => {
  const found: string[] = [];
  let depth = 0;
  let from = 0;
  [...`${text},`].forEach((letter, at) => {
    if ('([{'.includes(letter)) depth += 1;
    else if (')]}'.includes(letter)) depth -= 1;
    else if (letter === ',' && depth === 0) {
      const part = text.slice(from, at).trim();
      if (part !== '') found.push(part);
      from = at + 1;
    }
  });
  return found;
};

const details = (text: string): Pick<RefusalSite, 'names' | 'whys' | 'computed'> => {
  if (text === '') return { names: [], whys: [], computed: false };
  if (!text.startsWith('{')) return { names: null, whys: [], computed: /\bwhy\b/.test(text) };
  const members = parts(within(text, 0));
  const why = members.find((member) => /^why\b/.test(member));
  const [, value = why] = /^why:\s*(.*)$/s.exec(why ?? '') ?? [];
  const chosen = /^[^?]+\?(.*)$/s.exec(value ?? '')?.[1];
  const whys = value === undefined ? [] : [...(chosen ?? value).matchAll(/'([^']+)'/g)].map(([, literal]) => literal ?? '');
  const isLiteral = value !== undefined && (/^'[^']+'$/.test(value) || (chosen !== undefined && /^\s*'[^']+'\s*:\s*'[^']+'\s*$/.test(chosen)));
  return {
    names: members.some((member) => member.startsWith('...')) ? null : members.map((member) => /^['"]?(\w+)/.exec(member)?.[1] ?? ''),
    whys: isLiteral ? whys : [],
    computed: why !== undefined && !isLiteral,
  };
};

/** Every refusal that stands in the sources. */
export const refusalSites = (): readonly RefusalSite[] =>
  globSync('src-*/**/*.{ts,tsx}', { cwd: project }).filter((path) => !path.includes('/out-tsc/')).flatMap((path) => {
    const text = readFileSync(join(project, path), 'utf8');
    const file = relative(project, join(project, path));
    const sites: RefusalSite[] = [];
    for (const match of text.matchAll(/\b(?:fail|Refusal|problem|raise)\(\s*'([A-Z_]+)'/g)) {
      const [, code = ''] = match;
      const [, given = ''] = parts(within(text, match.index + match[0].indexOf('(')));
      if (isErrorCode(code)) sites.push({ file, code, ...details(given) });
    }
    for (const match of text.matchAll(/\bcode: '([A-Z_]+)', details: (?=\{)/g)) {
      const [, code = ''] = match;
      if (isErrorCode(code)) sites.push({ file, code, ...details(`{${within(text, match.index + match[0].length)}}`) });
    }
    return sites;
  });

/** The `why`s that small helpers are called with, such as `notGenuine('signature')`. */
export const whysGivenTo = (helper: string): readonly string[] =>
  globSync('src-*/**/*.ts', { cwd: project }).flatMap((path) => [...readFileSync(join(project, path), 'utf8').matchAll(new RegExp(`\\b${helper}\\('([^']+)'`, 'g'))].map(([, why]) => why ?? ''));
