import type { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { fail } from '../../src-shared/result.ts';
import type { Failure } from '../../src-shared/result.ts';

const SHORTEST = 10;
/** Of 4: "safely unguessable", more than 10^8 guesses. */
const GOOD_ENOUGH = 3;
/** Longer passwords are judged by their beginning: the search for patterns grows with the square of the length. */
const JUDGED = 100;

let judge: Promise<ZxcvbnFactory> | null = null;

/** The dictionaries take half a second to read, which only who chooses a password should wait for. */
const loadJudge = async (): Promise<ZxcvbnFactory> => {
  const [core, common, english, german] = await Promise.all([
    import('@zxcvbn-ts/core'), import('@zxcvbn-ts/language-common'), import('@zxcvbn-ts/language-en'), import('@zxcvbn-ts/language-de'),
  ]);
  return new core.ZxcvbnFactory({ graphs: common.adjacencyGraphs, dictionary: { ...common.dictionary, ...english.dictionary, ...german.dictionary } });
};

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/**
 * Whether a new password is good enough; null when it is. `own` are the person's names and e-mail: what remains of the
 * password without them must be good enough too. Errors: `PASSWORD_WEAK` (why: short, guessable).
 */
export const judgePassword = async (password: string, own: readonly string[]): Promise<Failure | null> => {
  if ([...password].length < SHORTEST) return fail('PASSWORD_WEAK', { why: 'short', least: SHORTEST });
  judge ??= loadJudge();
  const { check } = await judge.then((loaded) => ({ check: (text: string) => loaded.check(text.slice(0, JUDGED)).score }));
  const parts = [...new Set(own.flatMap((each) => [each, ...each.split(/[\s@._-]+/)]).map((part) => part.toLowerCase()))].filter((part) => part.length > 2);
  const rest = parts.length === 0 ? password : password.replace(new RegExp(parts.sort((a, b) => b.length - a.length).map(escape).join('|'), 'giu'), '');
  const score = Math.min(check(password), rest === password ? 4 : check(rest));
  return score >= GOOD_ENOUGH ? null : fail('PASSWORD_WEAK', { why: 'guessable', score });
};
