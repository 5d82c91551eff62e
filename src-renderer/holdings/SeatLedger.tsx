import { useMemo, useState } from 'react';
import type { Holding, holdings } from '../../src-shared/http/holdings.ts';
import type { ValueOf } from '../../src-shared/http/index.ts';
import { useCommonWords, useLanguage } from '../messages/words.ts';
import { holderNamesAmong } from '../people/names.ts';
import { Badge, Card, SeatBar, SegmentedControl, Table, Time } from '../ui/index.ts';
import type { TableColumn, Tone } from '../ui/index.ts';
import { Pager } from './Pager.tsx';
import { isOver, ModeBadge } from './facts.tsx';
import { usePages } from './paging.ts';
import { useHoldingsWords } from './words.ts';

export type SeatRow = ValueOf<typeof holdings.read>['ledger'][number];
type Which = 'all' | 'taken' | 'free';

const tones: { readonly [S in SeatRow['state']]: Tone } = { 'free': 'neutral', 'in-use': 'ok', 'in-transit': 'info', 'at-risk': 'warn' };
const dash = '–';

export const SeatStateBadge = ({ state }: Pick<SeatRow, 'state'>) => {
  const t = useHoldingsWords();
  return <Badge tone={tones[state]} hasDot>{t(`seats.state.${state}`)}</Badge>;
};

/** The seat ledger: a bar, and the table behind it. */
export const SeatLedger = ({ license, ledger }: { readonly license: Holding; readonly ledger: readonly SeatRow[] }) => {
  const t = useHoldingsWords();
  const common = useCommonWords();
  const [view, setView] = useState<'bar' | 'table'>('bar');
  const { seats, product } = license;
  return (
    <Card
      title={t('license.seats.title')}
      text={t('license.seats.text')}
      padding={view === 'table' ? 'flush' : 'normal'}
      actions={(
        <SegmentedControl
          label={t('license.seats.view')}
          value={view}
          onChange={setView}
          segments={[{ id: 'bar', title: t('license.seats.asBar') }, { id: 'table', title: t('license.seats.asTable') }]}
        />
      )}
    >
      {isOver(license) && view === 'bar' && <p className="lk-soft holdings-fine">{t('license.seats.over', { count: seats.owned })}</p>}
      {!isOver(license) && view === 'bar' && (
        <>
          <SeatBar
            label={`${product.name}: ${t('seats.spoken', seats)}`}
            seats={seats}
            legend={{ inUse: common('seats.inUse'), inTransit: common('seats.inTransit'), atRisk: common('seats.atRisk'), free: common('seats.free') }}
          />
          {seats.inTransit > 0 && <p className="lk-soft lk-small holdings-explain">{t('license.seats.explain.inTransit')}</p>}
          {seats.atRisk > 0 && <p className="lk-soft lk-small holdings-explain">{t('license.seats.explain.atRisk')}</p>}
        </>
      )}
      {view === 'table' && <SeatTable ledger={ledger} />}
    </Card>
  );
};

const SeatTable = ({ ledger }: { readonly ledger: readonly SeatRow[] }) => {
  const t = useHoldingsWords();
  const language = useLanguage();
  const [which, setWhich] = useState<Which>('all');
  const rows = which === 'all' ? ledger : ledger.filter(({ state }) => (state === 'free') === (which === 'free'));
  const { offset, limit, setOffset } = usePages(rows.length, 25);
  const named = useMemo(() => holderNamesAmong(ledger.flatMap(({ holder }) => holder ?? [])), [ledger]);
  const columns: readonly TableColumn<SeatRow>[] = [
    { id: 'number', header: t('license.seats.number'), isRowHeader: true, cell: ({ number }) => <span className="lk-numeric">{number}</span> },
    { id: 'state', header: t('license.seats.state'), cell: ({ state }) => <SeatStateBadge state={state} /> },
    { id: 'person', header: t('license.seats.person'), cell: ({ holder }) => holder === null ? dash : holder.yours ? t('license.holders.you') : named(holder) ?? t('license.holders.nobody') },
    { id: 'machine', header: t('license.seats.machine'), cell: ({ holder }) => holder?.machine.name ?? dash },
    { id: 'mode', header: t('license.seats.mode'), cell: ({ holder }) => (holder === null ? dash : <ModeBadge mode={holder.mode} />) },
    { id: 'until', header: t('license.seats.until'), cell: ({ until }) => (until === null ? dash : <Time seconds={until} locale={language} />) },
  ];
  return (
    <>
      <div className="holdings-inset">
        <SegmentedControl
          label={t('license.seats.filter')}
          value={which}
          onChange={(next) => { setWhich(next); setOffset(0); }}
          segments={[{ id: 'all', title: t('license.seats.all') }, { id: 'taken', title: t('license.seats.taken') }, { id: 'free', title: t('license.seats.free') }]}
        />
      </div>
      <div className="holdings-inset-line">
        <Table
          label={t('license.seats.title')}
          columns={columns}
          rows={rows.slice(offset, offset + limit)}
          rowKey={({ number }) => String(number)}
          empty={<p className="lk-soft holdings-fine holdings-inset">{t('license.seats.none')}</p>}
        />
      </div>
      {rows.length > limit && <div className="holdings-inset holdings-inset-line"><Pager list={t('license.seats.title')} offset={offset} limit={limit} total={rows.length} onChange={setOffset} /></div>}
    </>
  );
};
