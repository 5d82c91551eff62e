import { useTranslation } from 'react-i18next';
import type { OwnLease } from '../../../src-shared/license.ts';
import { Button, Card, Table } from '../../ui/index.ts';
import type { TableColumn } from '../../ui/index.ts';
import { LastContact, MachineName, ModeBadge, ProductName, StandingBadge, Until } from './LeaseFacts.tsx';
import type { LeaseListProps } from './LeaseFacts.tsx';
import { standingOf } from './leases.ts';

export const LeaseTable = ({ leases, now, onRelease }: LeaseListProps) => {
  const { t } = useTranslation(['portal', 'common']);
  const column = (id: string, header: string, cell: TableColumn<OwnLease>['cell'], sortBy: NonNullable<TableColumn<OwnLease>['sortBy']>): TableColumn<OwnLease> =>
    ({ id, header, cell, sortBy });
  const columns: readonly TableColumn<OwnLease>[] = [
    { ...column('product', t('leases.product'), (lease) => <ProductName lease={lease} />, (lease) => `${lease.product.name} ${lease.edition ?? ''}`), isRowHeader: true },
    column('machine', t('leases.machine'), (lease) => <MachineName lease={lease} />, (lease) => lease.machine.name),
    column('mode', t('leases.mode'), (lease) => <ModeBadge lease={lease} />, (lease) => lease.mode),
    column('until', t('leases.until'), (lease) => <Until lease={lease} now={now} />, (lease) => lease.until),
    column('contact', t('leases.lastContact'), (lease) => <LastContact lease={lease} />, (lease) => lease.lastContact),
    column('state', t('leases.state'), (lease) => <StandingBadge lease={lease} now={now} />, (lease) => standingOf(lease, now)),
    {
      id: 'release',
      header: t('leases.actions'),
      isHeaderHidden: true,
      align: 'end',
      cell: (lease) => standingOf(lease, now) === 'active' && (
        <Button size="small" aria-label={t('release.of', { product: lease.product.name, machine: lease.machine.name })} onPress={() => onRelease(lease)}>
          {t('common:actions.release')}
        </Button>
      ),
    },
  ];
  return (
    <Card padding="flush">
      <Table label={t('nav.myLicenses')} columns={columns} rows={leases} rowKey={({ id }) => id} />
    </Card>
  );
};
