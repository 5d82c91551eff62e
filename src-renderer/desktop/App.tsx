import { useEffect, useState } from 'react';
import { Router } from 'wouter';
import { useHashLocation } from 'wouter/use-hash-location';
import { ProblemNote } from '../problem/ProblemNote.tsx';
import { Button, RouterProvider, ToastRegion } from '../ui/index.ts';
import { useCommonWords } from '../messages/words.ts';
import { WaitingShown } from '../waiting/Waiting.tsx';
import { Window } from './Window.tsx';
import { bringOpened } from '../exchange/files.ts';
import { useDesktop, useMirror } from './use-desktop.ts';
import { useWords } from './words.ts';
import './desktop.css';

/** The app: its routes once the snapshot is there, else why it is not. */
export const App = () => {
  const phase = useMirror((mirror) => mirror.phase);
  const t = useWords();
  const common = useCommonWords();
  return (
    <Router hook={useHashLocation}>
      <Routing>
        <WaitingShown>{phase === 'ready' ? <Window /> : <Failure />}</WaitingShown>
      </Routing>
      <ToastRegion label={t('shell.messages')} closeLabel={common('actions.dismiss')} />
    </Router>
  );
};

const Routing = ({ children }: { readonly children: React.ReactNode }) => {
  const [, navigate] = useHashLocation();
  return <RouterProvider navigate={navigate} useHref={(href) => (href.startsWith('/') ? `#${href}` : href)}>{children}</RouterProvider>;
};

const Failure = () => {
  const t = useWords();
  const { connect } = useDesktop();
  const mirror = useMirror((now) => now);
  const [isPending, setPending] = useState(false);
  useEffect(() => {
    document.title = t('shell.page', { page: t('shell.failed') });
  }, [t]);
  if (mirror.phase !== 'failed') return null;
  const again = async () => {
    setPending(true);
    (await connect()).forEach(bringOpened);
    setPending(false);
  };
  return (
    <main className="failure">
      <h1 className="lk-page-title">{t('shell.failed')}</h1>
      <ProblemNote problem={mirror.problem} action={<Button isPending={isPending} onPress={() => void again()}>{t('shell.startAgain')}</Button>} />
    </main>
  );
};
