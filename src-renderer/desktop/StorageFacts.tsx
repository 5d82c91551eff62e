import type { Problem } from '../../src-shared/desktop.ts';
import { whyOf } from '../../src-shared/whys.ts';
import { useProblemWords } from '../problem/ProblemNote.tsx';
import { useWords } from './words.ts';

const named = ['full', 'read-only', 'foreign-file'] as const;

/** Which file cannot be written, whose it is, and what to do about it. */
export const StorageFacts = ({ problem }: { readonly problem: Problem }) => {
  const t = useWords();
  const words = useProblemWords()(problem);
  const { path, owner } = problem.details;
  const why = whyOf(problem.code, problem.details);
  const text = words.text;
  const known = named.find((each) => each === why);
  return (
    <>
      <p>{known === undefined ? text : t(`storage.${known}`)}</p>
      {typeof path === 'string' && !(known === undefined && text.includes(path)) && (
        <p><code className="lk-mono">{path}</code>{typeof owner === 'string' && <> {t('storage.owner', { owner })}</>}</p>
      )}
      <p className="problem-next">{known === undefined ? words.next : t(`storage.next.${known}`)}</p>
    </>
  );
};
