import { Building2, ChartColumn, House, Inbox, Monitor, Package, Users } from 'lucide-react';
import { useLocation } from 'wouter';
import { organizationOf, organizationPath, usePerson } from '../authority/index.ts';
import { useWaitingRequests } from '../tasks/waiting.ts';
import { NavItem, NavSection } from '../ui/index.ts';
import { canOpen, pageOf } from './pages.ts';
import { useNavigationWords } from './words.ts';

const entries = [
  { page: 'home', icon: House },
  { page: 'people', icon: Users },
  { page: 'products', icon: Package },
  { page: 'machines', icon: Monitor },
  { page: 'tasks', icon: Inbox },
  { page: 'usage', icon: ChartColumn },
  { page: 'settings', icon: Building2 },
] as const;

/** The pages of the organization shown that the person's role opens. */
export const OrganizationNav = () => {
  const t = useNavigationWords();
  const { organization } = usePerson();
  const [path] = useLocation();
  const waiting = useWaitingRequests(organization?.id ?? null);
  if (organization === null) return null;
  const page = organizationOf(path) === organization.id ? pageOf(path) : null;
  const shown = page === 'invites' ? 'people' : page;
  return (
    <NavSection title={organization.name}>
      {entries.filter((entry) => canOpen(organization.role, entry.page)).map(({ page: each, icon: Icon }) => (
        <NavItem key={each} href={organizationPath(organization.id, each)} icon={<Icon aria-hidden="true" />} isActive={shown === each} aside={each === 'tasks' && waiting > 0 ? waiting : undefined}>{t(`pages.${each}`)}</NavItem>
      ))}
    </NavSection>
  );
};
