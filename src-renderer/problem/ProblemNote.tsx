import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { errorTable } from '../../src-shared/errors.ts';
import type { Problem } from '../../src-shared/desktop.ts';
import { wordsFor } from '../messages/index.ts';
import type { Words } from '../messages/index.ts';
import { Banner } from '../ui/index.ts';
import type { BannerTone } from '../ui/index.ts';
import './problem.css';

/** What happened, the facts, and the next step, in the language shown. */
export const useProblemWords = (): ((problem: Problem) => Words) => {
  const { i18n } = useTranslation();
  return (problem) => wordsFor(i18n, problem);
};

export type ProblemNoteProps = {
  readonly problem: Problem;
  /** A Button or Link that takes the next step. */
  readonly action?: ReactNode;
  /** Absent: `warn` for what passes by itself (the network), else `danger`. */
  readonly tone?: BannerTone | undefined;
  /** `alert` where it answers something that the person just did; absent for what is there from the start. */
  readonly live?: 'status' | 'alert' | undefined;
  readonly onClose?: (() => void) | undefined;
  readonly closeLabel?: string | undefined;
  /** More facts, below the words. */
  readonly children?: ReactNode;
};

/** A refusal as a note on the page: its title, what is known, and what to do next. */
export const ProblemNote = ({ problem, action, tone, live, onClose, closeLabel, children }: ProblemNoteProps) => {
  const words = useProblemWords()(problem);
  return (
    <Banner
      tone={tone ?? (errorTable[problem.code].area === 'network' ? 'warn' : 'danger')}
      title={words.title}
      live={live}
      onClose={onClose}
      closeLabel={closeLabel}
      {...(action === undefined ? {} : { action })}
    >
      <p>{words.text}</p>
      {children}
      <p className="problem-next">{words.next}</p>
    </Banner>
  );
};

/** The same words on one paragraph, for the `error` of a dialog or form. */
export const ProblemText = ({ problem }: { readonly problem: Problem }) => {
  const words = useProblemWords()(problem);
  return <><strong>{words.title}.</strong> {words.text} {words.next}</>;
};
