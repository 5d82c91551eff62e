import { ChartColumn, SearchX } from 'lucide-react';
import { useState } from 'react';
import { useOrganization, useQuery } from '../authority/index.ts';
import { HoldingsPage } from '../holdings/HoldingsPage.tsx';
import { Pager } from '../holdings/Pager.tsx';
import { useLast, usePages } from '../holdings/paging.ts';
import { useHoldingsWords } from '../holdings/words.ts';
import { Button, Card, EmptyState, SearchField, SegmentedControl } from '../ui/index.ts';
import { ProductUsage } from './ProductUsage.tsx';
import './usage.css';

const periods = { week: 7, month: 30, quarter: 90, year: 366 } as const;
type Period = keyof typeof periods;
const periodNames = Object.keys(periods) as readonly Period[];
const SEARCHED_FROM = 6;
const AT_ONCE = 10;

/** Use over time, product by product: as charts, or as tables. */
export const UsagePage = () => {
  const t = useHoldingsWords();
  const organization = useOrganization();
  const [period, setPeriod] = useState<Period>('month');
  const [view, setView] = useState<'chart' | 'table'>('chart');
  const [search, setSearch] = useState('');
  const query = useQuery('holdings.usage', { params: { organization: organization.id }, query: { days: periods[period] } }, { on: ['entitlements', 'lease'] });
  const shown = useLast(query.value, organization.id);
  const wanted = search.trim().toLocaleLowerCase();
  const found = shown?.products.filter(({ product }) => product.name.toLocaleLowerCase().includes(wanted)) ?? [];
  const { offset, limit, setOffset } = usePages(found.length, AT_ONCE);
  return (
    <HoldingsPage title={t('usage.title')} subtitle={t('usage.subtitle')} query={query} isThere={shown !== null} loading={t('usage.loading')}>
      {shown !== null && shown.products.length === 0
        ? <Card><EmptyState icon={<ChartColumn />} title={t('usage.none.title')} text={t('usage.none.text', { organization: organization.name })} /></Card>
        : (
          <div className="lk-stack">
            <div className="holdings-tools">
              {(shown?.products.length ?? 0) >= SEARCHED_FROM && (
                <SearchField className="holdings-search" label={t('usage.search')} placeholder={t('usage.search')} value={search} onChange={(next) => { setSearch(next); setOffset(0); }} />
              )}
              <SegmentedControl label={t('usage.days')} value={period} onChange={setPeriod} segments={periodNames.map((id) => ({ id, title: t(`usage.last.${id}`) }))} />
              <SegmentedControl label={t('usage.view')} value={view} onChange={setView} segments={[{ id: 'chart', title: t('usage.chart') }, { id: 'table', title: t('usage.table') }]} />
            </div>
            {found.slice(offset, offset + limit).map((series) => <ProductUsage key={series.product.id} series={series} view={view} />)}
            {found.length === 0 && <Card><EmptyState icon={<SearchX />} title={t('list.noMatch', { query: search })} action={<Button onPress={() => setSearch('')}>{t('list.clear')}</Button>} /></Card>}
            <Pager list={t('usage.title')} offset={offset} limit={limit} total={found.length} onChange={setOffset} />
          </div>
        )}
    </HoldingsPage>
  );
};
