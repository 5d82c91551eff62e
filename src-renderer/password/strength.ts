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

let judge: Promise<Judge> | null = null;

/** Half a megabyte of common passwords and words, fetched when somebody begins to type one. */
export const loadJudge = (): Promise<Judge> => {
  judge ??= load();
  judge.catch(() => {
    judge = null;
  });
  return judge;
};

const load = async (): Promise<Judge> => {
  const [{ ZxcvbnFactory }, common, english] = await Promise.all([
    import('@zxcvbn-ts/core'), import('@zxcvbn-ts/language-common'), import('@zxcvbn-ts/language-en'),
  ]);
  const zxcvbn = new ZxcvbnFactory({ graphs: common.adjacencyGraphs, dictionary: { ...common.dictionary, ...english.dictionary } });
  return (password, own) => {
    const result = zxcvbn.check(password.slice(0, JUDGED), own.flatMap(partsOf));
    return { score: result.score, why: whyOf(result) };
  };
};

const partsOf = (own: string): readonly string[] => [own, ...own.split(/[\s@._-]+/)].filter((part) => part.length > 2);

const whyOf = ({ score, sequence }: ZxcvbnResult): Strength['why'] => {
  if (score >= 3) return null;
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
