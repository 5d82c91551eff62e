import type { Problem } from '../../src-shared/desktop.ts';
import { ProblemText } from '../problem/ProblemNote.tsx';
import { useOrganizationWords, whyOf } from './words.ts';

/** Why a change was refused, for the `error` of a dialog or form. */
export const Refused = ({ problem }: { readonly problem: Problem }) => {
  const t = useOrganizationWords();
  const why = whyOf(problem);
  return why === null ? <ProblemText problem={problem} /> : t(`why.${why}`);
};
