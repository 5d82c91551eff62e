import { useEffect, useRef } from 'react';
import type { Seconds } from '../../src-shared/time.ts';
import { useAskWords } from './ask-words.ts';

export type AskedNoteProps = {
  readonly at: Seconds | null;
  /** It stands where the button was that has just asked: the keyboard's place goes on here. */
  readonly takesFocus: boolean;
};

/** That something was asked for, and when, in place of the button that asks. */
export const AskedNote = ({ at, takesFocus }: AskedNoteProps) => {
  const t = useAskWords();
  const note = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (takesFocus && document.activeElement === document.body) note.current?.focus();
  }, [takesFocus]);
  return <p ref={note} tabIndex={-1} className="lk-small lk-soft" role="status">{t('asked', { at })}</p>;
};
