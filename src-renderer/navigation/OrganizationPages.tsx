import { Suspense } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { organizationPath, organizationsPath, usePerson } from '../authority/index.ts';
import { EmptyState, Link, Page } from '../ui/index.ts';
import { LatePage, late } from './late.tsx';
import { useNavigationWords } from './words.ts';

const OrganizationsPage = late(() => import('../organization/OrganizationsPage.tsx').then((each) => each.OrganizationsPage));
const HomePage = late(() => import('../organization/HomePage.tsx').then((each) => each.HomePage));
const SettingsPage = late(() => import('../organization/SettingsPage.tsx').then((each) => each.SettingsPage));
const PeoplePage = late(() => import('../people/index.ts').then((each) => each.PeoplePage));
const InvitesPage = late(() => import('../people/index.ts').then((each) => each.InvitesPage));
const ProductsPage = late(() => import('../holdings/index.ts').then((each) => each.ProductsPage));
const LicensePage = late(() => import('../holdings/index.ts').then((each) => each.LicensePage));
const MachinesPage = late(() => import('../machines/index.ts').then((each) => each.MachinesPage));
const MachinePage = late(() => import('../machines/index.ts').then((each) => each.MachinePage));
const ReissuesPage = late(() => import('../machines/index.ts').then((each) => each.ReissuesPage));
const TasksPage = late(() => import('../tasks/index.ts').then((each) => each.TasksPage));
const UsagePage = late(() => import('../usage/index.ts').then((each) => each.UsagePage));

/** Everything below `/organizations`: the personal space, and the pages of each organization. */
export const OrganizationPages = () => (
  <Suspense fallback={<LatePage />}>
    <Switch>
      <Route path={organizationsPath}><OrganizationsPage /></Route>
      <Route path="/organizations/:organization/*?"><OfOne /></Route>
    </Switch>
  </Suspense>
);

/** The pages of one organization. A new one begins anew: nothing of the one before stays on the page. */
const OfOne = () => {
  const { organization } = usePerson();
  if (organization === null) return <NotMember />;
  return (
    <Switch key={organization.id}>
      <Route path="/organizations/:organization/home"><HomePage /></Route>
      <Route path="/organizations/:organization/people"><PeoplePage /></Route>
      <Route path="/organizations/:organization/invites"><InvitesPage /></Route>
      <Route path="/organizations/:organization/products/:license">{({ license }) => <LicensePage key={license} license={decodeURIComponent(license)} />}</Route>
      <Route path="/organizations/:organization/products"><ProductsPage /></Route>
      <Route path="/organizations/:organization/machines/reissues"><ReissuesPage /></Route>
      <Route path="/organizations/:organization/machines/:machine">{({ machine }) => <MachinePage key={machine} machine={decodeURIComponent(machine)} />}</Route>
      <Route path="/organizations/:organization/machines"><MachinesPage /></Route>
      <Route path="/organizations/:organization/tasks"><TasksPage /></Route>
      <Route path="/organizations/:organization/usage"><UsagePage /></Route>
      <Route path="/organizations/:organization/settings"><SettingsPage /></Route>
      <Route><Redirect to={organizationPath(organization.id, 'home')} replace /></Route>
    </Switch>
  );
};

const NotMember = () => {
  const t = useNavigationWords();
  return (
    <Page title={t('notMember.title')} width="narrow">
      <EmptyState title={t('notMember.text')} action={<Link variant="button" href={organizationsPath}>{t('notMember.action')}</Link>} />
    </Page>
  );
};
