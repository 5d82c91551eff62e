import { useEffect } from 'react';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import { useCommonWords } from '../messages/words.ts';
import { Link, Page } from '../ui/index.ts';
import { PasswordPage } from './PasswordPage.tsx';
import { PrivacyPage } from './PrivacyPage.tsx';
import { ProfilePage } from './ProfilePage.tsx';
import { SessionsPage } from './SessionsPage.tsx';
import { TwoFactorPage } from './TwoFactorPage.tsx';
import { accountParts, accountPath } from './paths.ts';
import type { AccountPart } from './paths.ts';
import { useWords } from './words.ts';
import './account.css';

const pages = {
  profile: ProfilePage,
  password: PasswordPage,
  'two-factor': TwoFactorPage,
  sessions: SessionsPage,
  privacy: PrivacyPage,
} as const satisfies Record<AccountPart, () => React.ReactNode>;

/** Everything below `/account`. */
export const AccountPages = () => (
  <Switch>
    {accountParts.map((part) => <Route key={part} path={accountPath(part)}><Part part={part} /></Route>)}
    <Route><Redirect to={accountPath()} replace /></Route>
  </Switch>
);

const Part = ({ part }: { readonly part: AccountPart }) => {
  const t = useWords();
  const common = useCommonWords();
  const [path] = useLocation();
  const Content = pages[part];
  useEffect(() => {
    document.title = `${t(`parts.${part}`)} · ${common('brand')}`;
  }, [t, common, part]);
  return (
    <Page title={t('title')}>
      <nav aria-label={t('nav')} className="account-nav">
        {accountParts.map((each) => (
          <Link key={each} href={accountPath(each)} variant="quiet" className="account-nav-item" {...(accountPath(each) === path ? { 'aria-current': 'page' } : {})}>{t(`parts.${each}`)}</Link>
        ))}
      </nav>
      <Content />
    </Page>
  );
};
