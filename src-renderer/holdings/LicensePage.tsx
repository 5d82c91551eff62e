import { ArrowLeft } from 'lucide-react';
import { may } from '../../src-shared/role.ts';
import { organizationPath, useOrganization, useQuery } from '../authority/index.ts';
import { Badge, Banner, Card, KeyValueList, Link } from '../ui/index.ts';
import { AssignedPeople } from './AssignedPeople.tsx';
import { Holders } from './Holders.tsx';
import { HoldingsPage } from './HoldingsPage.tsx';
import { SeatLedger } from './SeatLedger.tsx';
import { modesOf, nameOf, StatusBadge, validityOf } from './facts.tsx';
import { useHoldingsWords } from './words.ts';

export type LicensePageProps = { readonly license: string };

/** One license: its seats, who holds them, and whom it is assigned to. */
export const LicensePage = ({ license: id }: LicensePageProps) => {
  const t = useHoldingsWords();
  const organization = useOrganization();
  const query = useQuery('holdings.read', { params: { organization: organization.id, license: id } }, { on: ['entitlements', 'lease'] });
  const read = query.value;
  return (
    <HoldingsPage
      title={read === null ? t('products.title') : nameOf(read.license)}
      back={<Link href={organizationPath(organization.id, 'products')} icon={<ArrowLeft aria-hidden="true" />}>{t('license.back')}</Link>}
      query={query}
      isThere={read !== null}
      loading={t('license.loading')}
    >
      {read !== null && (
        <>
          {read.license.status === 'expired' && <Banner tone="info" title={t('license.ended', { at: read.license.validUntil })}>{t('license.endedText')}</Banner>}
          {read.license.suspended !== undefined && (
            <Banner tone="warn" title={t('license.suspended', { at: read.license.suspended.at })}>
              {read.license.suspended.reason !== '' && <p>{read.license.suspended.reason}</p>}
              <p>{t('license.suspendedText')}</p>
            </Banner>
          )}
          <Card>
            <KeyValueList
              layout="columns"
              items={[
                { term: t('license.status'), value: <StatusBadge status={read.license.status} /> },
                { term: t('license.valid'), value: validityOf(read.license, t) },
                { term: t('license.modes'), value: modesOf(read.license.modes, t) },
                { term: t('license.access'), value: t(`access.${read.license.access}`) },
                {
                  term: t('license.features'),
                  value: read.license.features.length === 0 ? t('license.noFeatures') : <span className="lk-row">{read.license.features.map((feature) => <Badge key={feature}>{feature}</Badge>)}</span>,
                },
              ]}
            />
          </Card>
          <SeatLedger license={read.license} ledger={read.ledger} />
          <Holders license={read.license} ledger={read.ledger} onChanged={() => void query.refresh()} />
          <AssignedPeople license={read.license} people={read.assigned} mayAssign={may(organization.role, 'license.assign')} onChanged={() => void query.refresh()} />
        </>
      )}
    </HoldingsPage>
  );
};
