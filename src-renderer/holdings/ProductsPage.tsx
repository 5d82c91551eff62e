import { PackageOpen, SearchX } from 'lucide-react';
import type { Holding } from '../../src-shared/http/holdings.ts';
import { organizationPath, useOrganization, useQuery } from '../authority/index.ts';
import { useCommonWords } from '../messages/words.ts';
import { Badge, Button, Card, EmptyState, Link, SearchField, SeatBar, Table } from '../ui/index.ts';
import type { TableColumn } from '../ui/index.ts';
import { HoldingsPage } from './HoldingsPage.tsx';
import { Pager } from './Pager.tsx';
import { isOver, nameOf, StatusBadge, validityOf } from './facts.tsx';
import { useLast, usePaging } from './paging.ts';
import { useIsNarrow, useMedia } from '../window/use-media.ts';
import { useHoldingsWords } from './words.ts';

const FEATURES_SHOWN = 3;

/** Every license of the organization: how it stands, its seats, and who it is for. */
export const ProductsPage = () => {
  const t = useHoldingsWords();
  const organization = useOrganization();
  const paging = usePaging();
  const query = useQuery('holdings.list', { params: { organization: organization.id }, query: paging.query }, { on: ['entitlements', 'lease'] });
  const shown = useLast(query.value, organization.id);
  const isNone = shown !== null && shown.total === 0 && paging.query.search === '';
  return (
    <HoldingsPage title={t('products.title')} subtitle={t('products.subtitle', { organization: organization.name })} query={query} isThere={shown !== null} loading={t('products.loading')}>
      {isNone && (
        <Card><EmptyState icon={<PackageOpen />} title={t('products.none.title')} text={t('products.none.text', { organization: organization.name })} /></Card>
      )}
      {shown !== null && !isNone && (
        <div className="lk-stack">
          <SearchField className="holdings-search" label={t('products.search')} placeholder={t('products.search')} value={paging.search} onChange={paging.setSearch} />
          {shown.licenses.length > 0
            ? <LicenseTable licenses={shown.licenses} />
            : <Card><EmptyState icon={<SearchX />} title={t('list.noMatch', { query: paging.query.search })} action={<Button onPress={() => paging.setSearch('')}>{t('list.clear')}</Button>} /></Card>}
          <Pager list={t('products.title')} offset={paging.offset} limit={paging.limit} total={shown.total} onChange={paging.setOffset} />
          <p role="status" className="lk-hidden-text">{t('products.count', { count: shown.total })}</p>
        </div>
      )}
    </HoldingsPage>
  );
};

const LicenseTable = ({ licenses }: { readonly licenses: readonly Holding[] }) => {
  const t = useHoldingsWords();
  const common = useCommonWords();
  const organization = useOrganization();
  const isNarrow = useIsNarrow();
  const isSlim = useMedia('(max-width: 640px)');
  const columns: readonly (TableColumn<Holding> | false)[] = [
    {
      id: 'product',
      header: t('products.product'),
      isRowHeader: true,
      cell: (license) => (
        <span className="holdings-lines">
          <span>
            <Link href={organizationPath(organization.id, 'products', license.license)}>{nameOf(license)}</Link>
            {license.requests > 0 && <> <Badge tone="info">{t('products.requests', { count: license.requests })}</Badge></>}
          </span>
          {license.features.length > 0 && (
            <span className="lk-soft lk-small">
              {license.features.slice(0, FEATURES_SHOWN).join(', ')}{license.features.length > FEATURES_SHOWN && ` +${license.features.length - FEATURES_SHOWN}`}
            </span>
          )}
          {isSlim && (
            <span className="holdings-under">
              <StatusBadge status={license.status} />
              <span className="lk-small">{validityOf(license, t)}</span>
            </span>
          )}
        </span>
      ),
    },
    !isSlim && { id: 'status', header: t('products.status'), cell: (license) => <StatusBadge status={license.status} /> },
    {
      id: 'seats',
      header: t('products.seats'),
      width: isSlim ? 120 : isNarrow ? 150 : 220,
      cell: (license) => isOver(license)
        ? <span className="lk-small lk-soft">{t('products.seatsOver', { count: license.seats.owned })}</span>
        : (
          <span className="holdings-seats">
            <span className="lk-small lk-numeric">{common('seats.freeOf', license.seats)}</span>
            <SeatBar size="small" label={`${license.product.name}: ${t('seats.spoken', license.seats)}`} seats={license.seats} />
          </span>
        ),
    },
    !isSlim && { id: 'valid', header: t('products.valid'), cell: (license) => <span className="holdings-valid" data-one={license.validFrom === null || license.validUntil === null || undefined}>{validityOf(license, t)}</span> },
    !isNarrow && {
      id: 'assigned',
      header: t('products.assigned'),
      cell: ({ access, assigned }) => access === 'everyone' ? t('products.everyone') : assigned === 0 ? t('products.nobody') : t('products.people', { count: assigned }),
    },
  ];
  return (
    <Card padding="flush">
      <Table label={t('products.title')} columns={columns.filter((column) => column !== false)} rows={licenses} rowKey={({ license }) => license} />
    </Card>
  );
};
