import { useMemo, useState } from 'react';
import type { Holding } from '../../src-shared/http/holdings.ts';
import { may } from '../../src-shared/role.ts';
import { organizationPath, useOrganization } from '../authority/index.ts';
import { FreeEarlyDialog } from '../machines/FreeEarlyDialog.tsx';
import { ReleaseDialog } from '../machines/ReleaseDialog.tsx';
import type { Releasable } from '../machines/ReleaseDialog.tsx';
import { useCommonWords, useLanguage } from '../messages/words.ts';
import { Button, Card, Link, Table, Time } from '../ui/index.ts';
import type { TableColumn } from '../ui/index.ts';
import { AskDialog } from './AskDialog.tsx';
import { Pager } from './Pager.tsx';
import { SeatStateBadge } from './SeatLedger.tsx';
import type { SeatRow } from './SeatLedger.tsx';
import { ModeBadge, nameOf } from './facts.tsx';
import { usePages } from './paging.ts';
import { holderNamesAmong } from '../people/names.ts';
import { useIsNarrow } from '../window/use-media.ts';
import { useAskWords } from './ask-words.ts';
import { useHoldingsWords } from './words.ts';

type Held = SeatRow & { readonly holder: NonNullable<SeatRow['holder']> };

/** Who holds a seat, on which machine; and the way to have it back. */
export const Holders = ({ license, ledger, onChanged }: { readonly license: Holding; readonly ledger: readonly SeatRow[]; readonly onChanged: () => void }) => {
  const t = useHoldingsWords();
  const ask = useAskWords();
  const common = useCommonWords();
  const language = useLanguage();
  const organization = useOrganization();
  const isNarrow = useIsNarrow();
  const [released, setReleased] = useState<Releasable | null>(null);
  const [freed, setFreed] = useState<Releasable | null>(null);
  const [asked, setAsked] = useState<Held['holder'] | null>(null);
  const rows = ledger.filter((seat): seat is Held => seat.holder !== null);
  const { offset, limit, setOffset } = usePages(rows.length, 25);
  const mayRelease = may(organization.role, 'lease.release-any');
  const product = nameOf(license);
  const named = useMemo(() => holderNamesAmong(ledger.flatMap(({ holder }) => holder ?? [])), [ledger]);
  const personOf = (holder: Held['holder']): string => (holder.yours ? t('license.holders.you') : named(holder) ?? t('license.holders.nobody'));
  const columns: readonly (TableColumn<Held> | false)[] = [
    { id: 'person', header: t('license.holders.person'), isRowHeader: true, cell: ({ holder }) => personOf(holder) },
    { id: 'machine', header: t('license.holders.machine'), cell: ({ holder }) => <Link href={organizationPath(organization.id, 'machines', holder.machine.id)}>{holder.machine.name}</Link> },
    { id: 'mode', header: t('license.holders.mode'), cell: ({ holder }) => <ModeBadge mode={holder.mode} /> },
    { id: 'until', header: t('license.holders.until'), cell: ({ holder, until }) => <Time seconds={until ?? holder.until} locale={language} /> },
    !isNarrow && { id: 'state', header: t('license.holders.state'), cell: ({ state, holder, until }) => (
      <span className="holdings-lines">
        <span><SeatStateBadge state={state} /></span>
        {holder.ended && <span className="lk-soft lk-small">{common('unconfirmed.text', { machine: holder.machine.name, until: until ?? holder.until })}</span>}
      </span>
    ) },
    {
      id: 'actions',
      header: t('license.holders.actions'),
      isHeaderHidden: true,
      align: 'end',
      cell: ({ holder, state }) => {
        const lease = { lease: holder.lease, product, machine: holder.machine.name, person: named(holder), mode: holder.mode, until: holder.until };
        if (state === 'at-risk') {
          return mayRelease && holder.ended && <Button size="small" aria-label={t('free.of', lease)} onPress={() => setFreed(lease)}>{t('free.action')}</Button>;
        }
        if (!mayRelease) {
          return !holder.yours && holder.person !== null && <Button size="small" aria-label={ask('releaseOf', { person: named(holder), product })} onPress={() => setAsked(holder)}>{ask('release')}</Button>;
        }
        return (
          <Button size="small" variant={holder.mode === 'online' ? 'secondary' : 'quiet'} aria-label={t(holder.mode === 'online' ? 'release.of' : 'release.howOf', lease)} onPress={() => setReleased(lease)}>
            {holder.mode === 'online' ? common('actions.release') : t('release.how')}
          </Button>
        );
      },
    },
  ];
  return (
    <Card title={t('license.holders.title')} padding="flush">
      <Table
        label={t('license.holders.list')}
        columns={columns.filter((column) => column !== false)}
        rows={rows.slice(offset, offset + limit)}
        rowKey={({ number }) => String(number)}
        empty={<p className="lk-soft holdings-fine holdings-inset">{t('license.holders.none')}</p>}
      />
      {rows.length > limit && <div className="holdings-inset holdings-inset-line"><Pager list={t('license.holders.list')} offset={offset} limit={limit} total={rows.length} onChange={setOffset} /></div>}
      {freed !== null && <FreeEarlyDialog lease={freed} onClose={() => setFreed(null)} onDone={onChanged} />}
      {released !== null && <ReleaseDialog leases={[released]} onClose={() => setReleased(null)} onDone={onChanged} />}
      {asked !== null && (
        <AskDialog
          organization={organization}
          product={product}
          request={{ kind: 'release', lease: asked.lease }}
          person={named(asked) ?? ''}
          onClose={() => setAsked(null)}
        />
      )}
    </Card>
  );
};
