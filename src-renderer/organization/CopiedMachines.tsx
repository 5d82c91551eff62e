import { may } from '../../src-shared/role.ts';
import { organizationPath, useOrganization, useQuery } from '../authority/index.ts';
import { Banner, Link } from '../ui/index.ts';
import { useOrganizationWords } from './words.ts';

/** Machines that wait for a decision, told on the first page to whoever can decide. */
export const CopiedMachines = () => {
  const t = useOrganizationWords();
  const { id, role } = useOrganization();
  const mayDecide = may(role, 'lease.release-any');
  const { value } = useQuery('holdings.machines', { params: { organization: id }, query: { state: 'cloned', limit: 1 } }, { on: ['entitlements'], isEnabled: mayDecide });
  const [machine] = value?.machines ?? [];
  if (!mayDecide || value === null || machine === undefined) return null;
  const isOne = value.total === 1;
  return (
    <Banner
      tone="danger"
      live="status"
      title={t('home.copied', { count: value.total, machine: machine.name })}
      action={<Link variant="button" href={isOne ? organizationPath(id, 'machines', machine.id) : organizationPath(id, 'machines')}>{t('home.copiedAction')}</Link>}
    >
      {t('home.copiedText')}
    </Banner>
  );
};
