import type { Problem } from '../../src-shared/desktop.ts';
import { people as german } from '../messages/de/people.ts';
import { people } from '../messages/en/people.ts';
import { pageWords } from '../messages/words.ts';
import { useProblemWords } from '../problem/ProblemNote.tsx';
import { notify } from '../ui/index.ts';

export const usePeopleWords = pageWords('people', { en: people, de: german });

const known = (why: unknown): why is keyof typeof people.why => typeof why === 'string' && Object.hasOwn(people.why, why);

/** Tells of a refusal in passing, in the words that fit it here. */
export const useRefusal = (): ((problem: Problem) => void) => {
  const t = usePeopleWords();
  const words = useProblemWords();
  return (problem) => {
    const { title, next } = words(problem);
    const { why } = problem.details;
    notify({ tone: 'danger', title, text: known(why) ? t(`why.${why}`) : next });
  };
};
