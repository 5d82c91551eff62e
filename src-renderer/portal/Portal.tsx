import { ArrowLeftRight, KeyRound, Radio, RotateCw } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Redirect, Route, Router, Switch, useLocation } from 'wouter';
import type { Account } from '../../src-shared/http/index.ts';
import { AuthorityProvider } from '../authority/index.ts';
import { ProblemNote } from '../problem/ProblemNote.tsx';
import { AppShell, Brand, Button, EmptyState, LatchkeyMark, Link, NavItem, NavSection, Page, RouterProvider, Skeleton, ToastRegion } from '../ui/index.ts';
import { authority, tell } from './authority.ts';
import { listen, useLive } from './live.ts';
import { MyLicensesPage } from './my-licenses/MyLicensesPage.tsx';
import { refreshLeases } from './my-licenses/leases.ts';
import { OfflineMachinesPage } from './offline-machines/OfflineMachinesPage.tsx';
import { lookAgain, useExchange, waitingCount } from './offline-machines/exchange.ts';
import { SignInPage } from './session/SignInPage.tsx';
import { UserMenu } from './session/UserMenu.tsx';
import { startSession, useSession } from './session/session.ts';
import './portal.css';

/** The portal's window: sign-in, or the pages of the person who is signed in. */
export const Portal = () => {
  const { t } = useTranslation(['portal', 'common']);
  const { phase, account } = useSession();
  return (
    <Router>
      <AuthorityProvider value={authority}>
        <Routed>
          {phase === 'signed-in' && account !== null
            ? <SignedIn account={account} />
            : (
              <AppShell kind="portal" skipLabel={t('skip')} brand={<PortalBrand />}>
                {phase === 'signed-out' ? <SignInPage /> : phase === 'unreachable' ? <Unreachable /> : <Starting />}
              </AppShell>
            )}
        </Routed>
      </AuthorityProvider>
      <ToastRegion label={t('messages')} closeLabel={t('common:actions.close')} />
    </Router>
  );
};

/** Lets the kit's links go through the router. */
const Routed = ({ children }: { readonly children: React.ReactNode }) => {
  const [, navigate] = useLocation();
  return <RouterProvider navigate={navigate}>{children}</RouterProvider>;
};

const PortalBrand = () => {
  const { t } = useTranslation('common');
  return <Brand mark={<LatchkeyMark />} name={t('brand')} />;
};

const pages = [
  { href: '/my-licenses', name: 'myLicenses', icon: KeyRound },
  { href: '/offline-machines', name: 'offlineMachines', icon: ArrowLeftRight },
] as const;

/** The person's own pages. An organization's pages are to be a second section, for those whose role opens them. */
const PersonalNav = () => {
  const { t } = useTranslation('portal');
  const [path] = useLocation();
  const waiting = useExchange(waitingCount);
  return (
    <NavSection title={t('nav.personal')}>
      {pages.map(({ href, name, icon: Icon }) => (
        <NavItem
          key={href}
          href={href}
          icon={<Icon aria-hidden="true" />}
          isActive={path === href}
          aside={name === 'offlineMachines' && waiting > 0 ? waiting : undefined}
        >
          {t(`nav.${name}`)}
        </NavItem>
      ))}
    </NavSection>
  );
};

const SignedIn = ({ account }: { readonly account: Account }) => {
  const { t } = useTranslation(['portal', 'common']);
  useEffect(() => listen((event) => {
    tell(event);
    if (event.type === 'account') void startSession();
    if (event.type === 'entitlements') void lookAgain();
    if (event.type === 'lease' || event.type === 'entitlements' || event.type === 'hello') void refreshLeases();
  }), []);
  return (
    <AppShell
      kind="portal"
      skipLabel={t('skip')}
      brand={<PortalBrand />}
      navLabel={t('nav.label')}
      nav={<PersonalNav />}
      navFoot={<LiveState />}
      user={<UserMenu account={account} />}
    >
      <Switch>
        <Route path="/"><Redirect to="/my-licenses" replace /></Route>
        <Route path="/my-licenses"><MyLicensesPage /></Route>
        <Route path="/offline-machines"><OfflineMachinesPage account={account} /></Route>
        <Route><NoSuchPage /></Route>
      </Switch>
    </AppShell>
  );
};

const LiveState = () => {
  const { t } = useTranslation('portal');
  const isLive = useLive((state) => state.isLive);
  return (
    <span className="portal-live" data-live={isLive ?? undefined} role="status">
      <Radio aria-hidden="true" />{isLive === false ? t('live.lost') : isLive === true ? t('live.on') : t('live.opening')}
    </span>
  );
};

const Starting = () => {
  const { t } = useTranslation('portal');
  return (
    <div className="portal-starting" role="status">
      <span className="lk-hidden-text">{t('starting')}</span>
      <Skeleton width={160} height={28} />
      <Skeleton height={180} />
    </div>
  );
};

const Unreachable = () => {
  const { t } = useTranslation(['portal', 'common']);
  const problem = useSession((state) => state.problem);
  return (
    <Page title={t('unreachable')} width="narrow">
      {problem !== null && (
        <ProblemNote
          problem={problem}
          live="alert"
          action={<Button icon={<RotateCw aria-hidden="true" />} onPress={() => void startSession()}>{t('common:actions.retry')}</Button>}
        />
      )}
    </Page>
  );
};

const NoSuchPage = () => {
  const { t } = useTranslation('portal');
  return (
    <Page title={t('noPage.title')} width="narrow">
      <EmptyState title={t('noPage.text')} action={<Link variant="button" href="/my-licenses">{t('nav.myLicenses')}</Link>} />
    </Page>
  );
};
