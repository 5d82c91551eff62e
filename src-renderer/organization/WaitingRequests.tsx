import { organizationPath, useOrganization } from '../authority/index.ts';
import { useWaitingRequests } from '../tasks/waiting.ts';
import { Banner, Link } from '../ui/index.ts';
import { useOrganizationWords } from './words.ts';

/** Requests that wait for the person's answer, told on the first page. */
export const WaitingRequests = () => {
  const t = useOrganizationWords();
  const { id } = useOrganization();
  const count = useWaitingRequests(id);
  if (count === 0) return null;
  return <Banner tone="info" live="status" title={t('home.requests', { count })} action={<Link variant="button" href={organizationPath(id, 'tasks')}>{t('home.requestsAction')}</Link>} />;
};
