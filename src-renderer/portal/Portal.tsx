import { ArrowLeftRight, KeyRound, LayoutGrid, Radio, RotateCw } from 'lucide-react';
import { Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Redirect, Route, Router, Switch, useLocation } from 'wouter';
import type { Account } from '../../src-shared/http/index.ts';
import { AuthorityProvider, organizationPath, organizationsPath } from '../authority/index.ts';
import { LatePage, late, OrganizationNav, OrganizationPages, OrganizationSwitcher, PersonBoundary, useNavigationWords } from '../navigation/index.ts';
import { ProblemNote } from '../problem/ProblemNote.tsx';
import { AppShell, Brand, Button, EmptyState, LatchkeyMark, Link, NavItem, NavSection, Page, RouterProvider, Skeleton, ToastRegion, WindowDrop, notify } from '../ui/index.ts';
import { authority, tell } from './authority.ts';
import { listen, useLive } from './live.ts';
import { refreshLeases } from './my-licenses/leases.ts';
import { lookAgain, takeFiles, useExchange, waitingCount } from './offline-machines/exchange.ts';
import { SignInPage } from './session/SignInPage.tsx';
import { UserMenu } from './session/UserMenu.tsx';
import { setDefaultOrganization, startSession, useSession } from './session/session.ts';
import { WaitingShown } from '../waiting/Waiting.tsx';
import './portal.css';

const PasswordResetPage = late(() => import('./session/PasswordResetPage.tsx').then((each) => each.PasswordResetPage));
const EmailConfirmationPage = late(() => import('./session/EmailConfirmationPage.tsx').then((each) => each.EmailConfirmationPage));
const AccountPages = late(() => import('../account/index.ts').then((each) => each.AccountPages));
const MyLicensesPage = late(() => import('./my-licenses/MyLicensesPage.tsx').then((each) => each.MyLicensesPage));
const OfflineMachinesPage = late(() => import('./offline-machines/OfflineMachinesPage.tsx').then((each) => each.OfflineMachinesPage));
const InvitationPage = late(() => import('../invitation/index.ts').then((each) => each.InvitationPage));

/** The portal's window: sign-in, or the pages of the person who is signed in. */
export const Portal = () => {
  const { t } = useTranslation(['portal', 'common']);
  const { phase, account } = useSession();
  // Beside the first screen, so that going there is no wait.
  useEffect(() => [MyLicensesPage, OfflineMachinesPage].forEach((page) => void page.load()), []);
  return (
    <Router>
      <AuthorityProvider value={authority}>
        <Routed>
          <Switch>
            <Route path="/password-reset"><LinkShell><PasswordResetPage /></LinkShell></Route>
            <Route path="/email-confirmation"><LinkShell><EmailConfirmationPage /></LinkShell></Route>
            <Route path="/invitation">
              <AppShell kind="portal" skipLabel={t('skip')} brand={<PortalBrand />}>
                {phase === 'starting' ? <Starting /> : <Suspense fallback={<LatePage />}><InvitationPage /></Suspense>}
              </AppShell>
            </Route>
            <Route>
              {phase === 'signed-in' && account !== null
                ? <SignedIn key={account.user.id} account={account} />
                : (
                  <AppShell kind="portal" skipLabel={t('skip')} brand={<PortalBrand />}>
                    {phase === 'signed-out' ? <SignInPage /> : phase === 'unreachable' ? <Unreachable /> : <Starting />}
                  </AppShell>
                )}
            </Route>
          </Switch>
        </Routed>
      </AuthorityProvider>
      <ToastRegion label={t('messages')} closeLabel={t('common:actions.dismiss')} />
    </Router>
  );
};

/** The frame of pages that links in mails lead to: they stand whoever is signed in, or nobody. */
const LinkShell = ({ children }: { readonly children: React.ReactNode }) => {
  const { t } = useTranslation('portal');
  return <AppShell kind="portal" skipLabel={t('skip')} brand={<PortalBrand />}><Suspense fallback={<LatePage />}>{children}</Suspense></AppShell>;
};

/** Lets the kit's links go through the router. */
const Routed = ({ children }: { readonly children: React.ReactNode }) => {
  const [, navigate] = useLocation();
  return <RouterProvider navigate={navigate}><WaitingShown>{children}</WaitingShown></RouterProvider>;
};

const PortalBrand = () => {
  const { t } = useTranslation('common');
  return <Brand mark={<LatchkeyMark />} name={t('brand')} />;
};

const pages = [
  { href: '/my-licenses', name: 'myLicenses', icon: KeyRound },
  { href: '/offline-machines', name: 'offlineMachines', icon: ArrowLeftRight },
] as const;

/** The person's own pages. */
const PersonalNav = () => {
  const { t } = useTranslation('portal');
  const said = useNavigationWords();
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
      <NavItem href={organizationsPath} icon={<LayoutGrid aria-hidden="true" />} isActive={path === organizationsPath}>{said('organizations')}</NavItem>
    </NavSection>
  );
};

const SignedIn = ({ account }: { readonly account: Account }) => {
  const { t } = useTranslation(['portal', 'common']);
  const [, navigate] = useLocation();
  const person = account.user.id;
  useEffect(() => listen(person, (event) => {
    tell(event);
    if (event.type === 'account') void startSession();
    if (event.type === 'entitlements' || event.type === 'keys') void lookAgain();
    if (event.type === 'lease' || event.type === 'entitlements' || event.type === 'hello') void refreshLeases();
  }), [person]);
  return (
    <PersonBoundary account={account} entry="portal" setDefault={setDefaultOrganization} refresh={startSession}>
      <AppShell
        kind="portal"
        skipLabel={t('skip')}
        brand={<PortalBrand />}
        switcher={<OrganizationSwitcher />}
        navLabel={t('nav.label')}
        nav={<><PersonalNav /><OrganizationNav /></>}
        navFoot={<LiveState />}
        user={<UserMenu account={account} />}
      >
        <Suspense fallback={<LatePage />}>
          <Switch>
            <Route path="/"><Redirect to={account.defaultOrganization === null ? '/my-licenses' : organizationPath(account.defaultOrganization, 'home')} replace /></Route>
            <Route path="/organizations/*?"><OrganizationPages /></Route>
            <Route path="/account/*?"><AccountPages /></Route>
            <Route path="/my-licenses"><MyLicensesPage /></Route>
            <Route path="/offline-machines"><OfflineMachinesPage account={account} /></Route>
            <Route><NoSuchPage /></Route>
          </Switch>
        </Suspense>
      </AppShell>
      <WindowDrop
        title={t('drop.title')}
        text={t('drop.text')}
        onFiles={(files) => {
          takeFiles(files);
          navigate('/offline-machines');
        }}
        onRefused={() => notify({ tone: 'warn', title: t('drop.refused'), text: t('drop.refusedText') })}
      />
    </PersonBoundary>
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
      <span className="lk-soft boot-soon">{t('starting')}…</span>
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
