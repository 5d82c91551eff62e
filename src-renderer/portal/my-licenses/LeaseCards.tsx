import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OwnLease } from '../../../src-shared/license.ts';
import { Button, KeyValueList, Select } from '../../ui/index.ts';
import { LastContact, MachineName, ModeBadge, ProductName, StandingBadge, Until } from './LeaseFacts.tsx';
import type { LeaseListProps } from './LeaseFacts.tsx';
import { standingOf } from './leases.ts';

type Order = 'newest' | 'product' | 'machine' | 'until';

const compare: { readonly [O in Order]: (a: OwnLease, b: OwnLease) => number } = {
  newest: (a, b) => b.issuedAt - a.issuedAt,
  product: (a, b) => a.product.name.localeCompare(b.product.name),
  machine: (a, b) => a.machine.name.localeCompare(b.machine.name),
  until: (a, b) => a.until - b.until,
};

/** The table of leases where there is no room for one. */
export const LeaseCards = ({ leases, now, onRelease }: LeaseListProps) => {
  const { t } = useTranslation(['portal', 'common']);
  const [order, setOrder] = useState<Order>('newest');
  const options = (Object.keys(compare) as Order[]).map((id) => ({ id, label: t(`leases.order.${id}`) }));
  return (
    <>
      {leases.length > 1 && <Select label={t('leases.sortBy')} options={options} value={order} onChange={setOrder} className="portal-leases-order" />}
      <ul className="portal-lease-cards" aria-label={t('nav.myLicenses')}>
        {[...leases].sort(compare[order]).map((lease) => (
          <li key={lease.id} className="portal-lease-card">
            <div className="portal-lease-card-head">
              <ProductName lease={lease} />
              <StandingBadge lease={lease} now={now} />
            </div>
            <KeyValueList
              layout="columns"
              items={[
                { key: 'machine', term: t('leases.machine'), value: <MachineName lease={lease} /> },
                { key: 'mode', term: t('leases.mode'), value: <ModeBadge lease={lease} /> },
                { key: 'until', term: t('leases.until'), value: <Until lease={lease} now={now} /> },
                { key: 'contact', term: t('leases.lastContact'), value: <LastContact lease={lease} /> },
              ]}
            />
            {standingOf(lease, now) === 'active' && (
              <Button aria-label={t('release.of', { product: lease.product.name, machine: lease.machine.name })} onPress={() => onRelease(lease)}>
                {t('common:actions.release')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </>
  );
};
