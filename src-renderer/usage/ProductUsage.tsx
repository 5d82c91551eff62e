import type { CallValue } from '../authority/index.ts';
import { Pager } from '../holdings/Pager.tsx';
import { usePages } from '../holdings/paging.ts';
import { useHoldingsWords } from '../holdings/words.ts';
import { useLanguage } from '../messages/words.ts';
import { Card, Table, Time } from '../ui/index.ts';
import { UsageChart } from './UsageChart.tsx';

export type Series = CallValue<'holdings.usage'>['products'][number];
type Day = Series['days'][number];

/** One product: its figures in words, and its days as a chart or a table. */
export const ProductUsage = ({ series, view }: { readonly series: Series; readonly view: 'chart' | 'table' }) => {
  const t = useHoldingsWords();
  const { product, owned, days } = series;
  const peak = days.reduce((most, day) => Math.max(most, day.peak), 0);
  const refusals = days.reduce((sum, day) => sum + day.refusals, 0);
  return (
    <Card
      title={product.name}
      padding={view === 'table' ? 'flush' : 'normal'}
      actions={(
        <dl className="usage-figures">
          <div><dt>{t('usage.seatsOwned')}</dt><dd>{owned}</dd></div>
          <div><dt>{t('usage.highest')}</dt><dd>{peak}</dd></div>
          <div data-tone={refusals > 0 ? 'warn' : undefined}><dt>{t('usage.refused')}</dt><dd>{refusals}</dd></div>
        </dl>
      )}
    >
      {view === 'table' ? <DayTable product={product.name} days={days} /> : <UsageChart series={series} peak={peak} refusals={refusals} />}
    </Card>
  );
};

const DayTable = ({ product, days }: { readonly product: string; readonly days: readonly Day[] }) => {
  const t = useHoldingsWords();
  const language = useLanguage();
  const rows = days.toReversed();
  const { offset, limit, setOffset } = usePages(rows.length, 14);
  const label = t('usage.tableOf', { product });
  return (
    <>
      <Table
        label={label}
        columns={[
          { id: 'day', header: t('usage.day'), isRowHeader: true, cell: ({ at }: Day) => <Time seconds={at} locale={language} format="date" /> },
          { id: 'peak', header: t('usage.peak'), align: 'end', cell: ({ peak }: Day) => peak },
          { id: 'refusals', header: t('usage.refusals'), align: 'end', cell: ({ refusals }: Day) => refusals },
        ]}
        rows={rows.slice(offset, offset + limit)}
        rowKey={({ at }) => String(at)}
      />
      {rows.length > limit && <div className="holdings-inset holdings-inset-line"><Pager list={label} offset={offset} limit={limit} total={rows.length} onChange={setOffset} /></div>}
    </>
  );
};
