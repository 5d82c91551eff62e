import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import { organizationsPath } from '../authority/index.ts';
import { ClockBanner } from '../clock/ClockBanner.tsx';
import { bringFiles, bringOpened, useFiles } from '../exchange/files.ts';
import { LatePage, OrganizationNav, OrganizationPages, OrganizationSwitcher } from '../navigation/index.ts';
import { isUnrenewed, UnrenewedBanner } from '../lease/UnrenewedBanner.tsx';
import { AppShell, Brand, LatchkeyMark, notify, WindowDrop } from '../ui/index.ts';
import { Account } from './Account.tsx';
import { AppPerson } from './AppPerson.tsx';
import { ConnectionMark } from './ConnectionMark.tsx';
import { Navigation } from './Navigation.tsx';
import { useNotices } from './Notices.tsx';
import { AccountPages, ExchangePage, InvitationPage, LeasePage, loadNext, MyLicensesPage, PickerPage, SettingsPage, SignInPage } from './pages.ts';
import { RecoveryNote } from './RecoveryNote.tsx';
import { StrangerNote } from './StrangerNote.tsx';
import { takeGoing } from './going.ts';
import { leasePath, paths, pathTo } from './paths.ts';
import type { Asked, Sent } from './sent.ts';
import { UnsavedNote } from './UnsavedNote.tsx';
import { useApp, useDesktop, useDesktopState, useMirror } from './use-desktop.ts';
import { useWords } from './words.ts';
import { useCommonWords } from '../messages/words.ts';

/** Seldom needed, so not part of the first load. */
const EndedNote = lazy(() => import('./EndedNote.tsx').then((each) => ({ default: each.EndedNote })));

const next = <T,>(value: T) => ({ serial }: Sent<T>): Sent<T> => ({ serial: serial + 1, value });
const taken = <T,>({ serial }: Sent<T>): Sent<T> => ({ serial, value: null });

/** The frame around the pages, and what main asks of it: open a file, go to a page, ask a question. */
export const Window = () => {
  const t = useWords();
  const common = useCommonWords();
  const { call, on } = useDesktop();
  const { version, endedUnexpectedly } = useApp();
  const [path, navigate] = useLocation();
  const [question, setQuestion] = useState<Asked>({ serial: 0, value: null });
  const machine = useDesktopState((state) => state.machine);
  const account = useDesktopState((state) => state.account);
  const clock = useDesktopState((state) => state.clock);
  const recovery = useDesktopState((state) => state.recovery);
  const unsaved = useDesktopState((state) => state.unsaved);
  const leases = useDesktopState((state) => state.leases);
  const holdsLease = leases.length > 0;
  const unrenewed = leases.filter(isUnrenewed);
  const connection = useDesktopState((state) => state.connection.state);
  const [hasEnded, setEnded] = useState(endedUnexpectedly);
  const forgetQuestion = useCallback(() => setQuestion(taken), []);
  useNotices();
  useEffect(loadNext, []);

  // The last license is gone while it was being looked at: what is wanted next is another one.
  const heldLease = useRef(holdsLease);
  useEffect(() => {
    const isLost = heldLease.current && !holdsLease;
    heldLease.current = holdsLease;
    if (isLost && path.startsWith(paths.lease) && connection !== 'none') navigate(paths.picker, { replace: true });
  }, [holdsLease, path, connection, navigate]);

  // A file that was opened before the window stood.
  useEffect(() => {
    if (useFiles.getState().current !== null) navigate(paths.exchange, { replace: true });
  }, [navigate]);

  // A page that was asked for before the window stood.
  const goTo = useMirror((mirror) => (mirror.phase === 'ready' ? mirror.goTo : undefined));
  useEffect(() => {
    if (goTo !== undefined) navigate(pathTo(goTo), { replace: true });
  }, [goTo, navigate]);

  useEffect(() => {
    const stops = [
      on('open-file', (value) => {
        bringOpened(value);
        navigate(paths.exchange);
      }),
      on('navigate', (to) => {
        takeGoing();
        navigate(pathTo(to));
      }),
      on('ask', (value) => {
        setQuestion(next(value));
        navigate(leasePath(value.lease));
      }),
    ];
    const early = takeGoing();
    if (early !== null) navigate(pathTo(early), { replace: true });
    return () => stops.forEach((stop) => stop());
  }, [on, navigate]);

  const needsAccount = account === null && connection !== 'none' && (path.startsWith(paths.picker) || path === paths['my-licenses'] || path.startsWith(organizationsPath) || path.startsWith('/account'));
  const isPlain = needsAccount && !holdsLease;
  return (
    <AppPerson>
      <AppShell
        kind="desktop"
        skipLabel={t('shell.skip')}
        brand={<Brand mark={<LatchkeyMark />} name={common('brand')} />}
        {...(!isPlain && {
          nav: <><Navigation path={path} />{account !== null && <OrganizationNav />}</>,
          ...(account !== null && { switcher: <OrganizationSwitcher onChange={(organization) => void call('organization.choose', { organization })} /> }),
          navLabel: t('shell.nav'),
          navFoot: <><p className="lk-truncate" title={machine.name}>{machine.name}</p><p>{t('shell.version', { version })}</p></>,
        })}
        top={<ConnectionMark />}
        {...(!isPlain && { user: <Account /> })}
        banner={!hasEnded && clock.ok && recovery === null && unsaved === null && unrenewed.length === 0 && connection !== 'stranger' ? null : (
          <>
            {hasEnded && <Suspense fallback={null}><EndedNote onClose={() => setEnded(false)} /></Suspense>}
            {!clock.ok && <ClockBanner clock={clock} />}
            {unsaved !== null && <UnsavedNote problem={unsaved} />}
            {connection === 'stranger' && <StrangerNote />}
            {unrenewed.map((lease) => <UnrenewedBanner key={lease.id} lease={lease} />)}
            {recovery !== null && <RecoveryNote recovery={recovery} />}
          </>
        )}
      >
        <Suspense fallback={<LatePage />}>
          {needsAccount
            ? <SignInPage />
            : (
              <Switch>
                <Route path="/picker/instead-of/:lease">{({ lease }) => <PickerPage key={lease} insteadOf={decodeURIComponent(lease)} />}</Route>
                <Route path={paths.picker}>{connection === 'none' ? <Redirect to={paths.exchange} replace /> : <PickerPage insteadOf={null} />}</Route>
                <Route path="/exchange/renew/:lease">{({ lease }) => <ExchangePage key={lease} renew={decodeURIComponent(lease)} />}</Route>
                <Route path="/exchange/bind/:lease">{({ lease }) => <ExchangePage key={lease} renew={null} bind={decodeURIComponent(lease)} />}</Route>
                <Route path="/exchange/given-up/:lease">{({ lease }) => <ExchangePage key={lease} renew={null} proof={decodeURIComponent(lease)} />}</Route>
                <Route path={paths.exchange}><ExchangePage renew={null} /></Route>
                <Route path={paths['my-licenses']}><MyLicensesPage /></Route>
                <Route path="/invitation/:code">{({ code }) => <InvitationPage code={decodeURIComponent(code)} />}</Route>
                <Route path={paths.settings}><SettingsPage /></Route>
                <Route path="/organizations/*?"><OrganizationPages /></Route>
                {account !== null && <Route path="/account/*?"><AccountPages /></Route>}
                <Route path="/lease/:lease">{({ lease }) => <LeasePage lease={decodeURIComponent(lease)} question={question} onQuestionTaken={forgetQuestion} />}</Route>
                <Route path={paths.lease}><LeasePage lease={null} question={question} onQuestionTaken={forgetQuestion} /></Route>
                <Route><Redirect to={holdsLease ? paths.lease : connection === 'none' ? paths.exchange : paths.picker} replace /></Route>
              </Switch>
            )}
        </Suspense>
      </AppShell>
      <WindowDrop
        title={t('shell.drop.title')}
        text={t('shell.drop.text')}
        onFiles={(files) => {
          bringFiles(files);
          navigate(paths.exchange);
        }}
        onRefused={() => notify({ tone: 'warn', title: t('shell.drop.refused'), text: t('shell.drop.refusedText') })}
      />
    </AppPerson>
  );
};
