import type { ZxcvbnResult } from '@zxcvbn-ts/core';

export type Strength = {
  readonly score: 0 | 1 | 2 | 3 | 4;
  /** The weakest thing about it; null for a good one. */
  readonly why: 'common' | 'name' | 'word' | 'keyboard' | 'repeat' | 'sequence' | 'date' | 'short' | null;
};

/** Judges a password here; it goes nowhere. `own` are words that it must not be built around, such as the name and e-mail. */
export type Judge = (password: string, own: readonly string[]) => Strength;

/** Longer passwords are judged by their beginning: the search for patterns grows with the square of the length. */
const JUDGED = 100;
const SHORTEST = 10;
/** Of 4, as the authority asks for. */
const GOOD_ENOUGH = 3;

let judge: Promise<Judge> | null = null;

/** More than a megabyte of common passwords and words, fetched when somebody begins to type one. */
export const loadJudge = (): Promise<Judge> => {
  judge ??= load();
  judge.catch(() => {
    judge = null;
  });
  return judge;
};

const load = async (): Promise<Judge> => {
  const [{ ZxcvbnFactory }, common, english, german] = await Promise.all([
    import('@zxcvbn-ts/core'), import('@zxcvbn-ts/language-common'), import('@zxcvbn-ts/language-en'), import('@zxcvbn-ts/language-de'),
  ]);
  const zxcvbn = new ZxcvbnFactory({ graphs: common.adjacencyGraphs, dictionary: { ...common.dictionary, ...english.dictionary, ...german.dictionary } });
  return (password, own) => {
    const judged = zxcvbn.check(password.slice(0, JUDGED));
    const rest = withoutOwn(password, own);
    const left = rest === password ? judged : zxcvbn.check(rest.slice(0, JUDGED));
    const score = Math.min(judged.score, left.score) as Strength['score'];
    if ([...password].length < SHORTEST) return { score: Math.min(score, 2) as Strength['score'], why: 'short' };
    return { score, why: score >= GOOD_ENOUGH ? null : left.score < judged.score ? 'name' : whyOf(judged) };
  };
};

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** What remains without the person's own words must be good enough, too; the authority judges it in the same way. */
const withoutOwn = (password: string, own: readonly string[]): string => {
  const parts = own.flatMap((each) => [each, ...each.split(/[\s@._-]+/)]).filter((part) => part.length > 2).toSorted((a, b) => b.length - a.length);
  return parts.length === 0 ? password : password.replace(new RegExp(parts.map(escape).join('|'), 'giu'), '');
};

const whyOf = ({ sequence }: ZxcvbnResult): Strength['why'] => {
  const longest = sequence.reduce<(typeof sequence)[number] | null>((most, match) => (most === null || match.token.length > most.token.length ? match : most), null);
  switch (longest?.pattern) {
    case 'dictionary':
      return byDictionary(String(longest.dictionaryName));
    case 'spatial':
      return 'keyboard';
    case 'repeat':
      return 'repeat';
    case 'sequence':
      return 'sequence';
    case 'date':
    case 'regex':
      return 'date';
    default:
      return 'short';
  }
};

const byDictionary = (name: string): Strength['why'] => {
  if (name.startsWith('passwords')) return 'common';
  if (name.startsWith('userInputs') || /^(first|last)names/.test(name)) return 'name';
  return 'word';
};
