import { useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import { useCommonWords } from '../messages/words.ts';
import { Button, Spinner, WaitContext } from '../ui/index.ts';
import { lateWaits } from './waits.ts';
import './waiting.css';

const Waiting = ({ place }: { readonly place: 'window' | 'dialog' }) => {
  const common = useCommonWords();
  const late = useSyncExternalStore(lateWaits.subscribe, lateWaits.all);
  return (
    <div className="waiting" data-place={place}>
      {/* It stands before it speaks: a screen reader hears only what changes in it. */}
      <p role="status" className="waiting-words">
        {late.length > 0 && <><span aria-hidden="true" className="waiting-mark"><Spinner label="" size="small" /></span>{common('waiting.text')}</>}
      </p>
      {late.length > 0 && <Button size="small" onPress={() => late.forEach(({ cancel }) => cancel())}>{common('waiting.stop')}</Button>}
    </div>
  );
};

/** Says what a long wait is for, and ends it: at the foot of the window, and in the dialog where one is open. */
export const WaitingShown = ({ children }: { readonly children: ReactNode }) => (
  <WaitContext value={<Waiting place="dialog" />}>
    {children}
    <Waiting place="window" />
  </WaitContext>
);
