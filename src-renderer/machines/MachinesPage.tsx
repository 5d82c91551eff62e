import { Monitor, SearchX } from 'lucide-react';
import { useState } from 'react';
import type { MachineRow } from '../../src-shared/http/holdings.ts';
import { may } from '../../src-shared/role.ts';
import { organizationPath, useOrganization, useQuery } from '../authority/index.ts';
import { HoldingsPage } from '../holdings/HoldingsPage.tsx';
import { Pager } from '../holdings/Pager.tsx';
import { ModeBadge, nameOf } from '../holdings/facts.tsx';
import { useLast, usePaging } from '../holdings/paging.ts';
import { useIsNarrow } from '../window/use-media.ts';
import { useHoldingsWords } from '../holdings/words.ts';
import { useLanguage } from '../messages/words.ts';
import { Badge, Banner, Button, Card, Checkbox, EmptyState, Link, PastTime, SearchField, Table } from '../ui/index.ts';
import type { TableColumn } from '../ui/index.ts';
import { ReissuesBanner } from './ReissuesBanner.tsx';
import { ReleaseDialog } from './ReleaseDialog.tsx';
import { isHeld, releasable } from './leases.ts';
import { useNow } from '../window/use-now.ts';

const LEASES_SHOWN = 2;

/** Every machine that holds or held a license of the organization; releases what one or many hold. */
export const MachinesPage = () => {
  const t = useHoldingsWords();
  const organization = useOrganization();
  const now = useNow();
  const paging = usePaging();
  const query = useQuery('holdings.machines', { params: { organization: organization.id }, query: paging.query }, { on: ['entitlements', 'lease'] });
  const shown = useLast(query.value, organization.id);
  const [chosen, setChosen] = useState<ReadonlyMap<string, MachineRow>>(new Map());
  const [isReleasing, setReleasing] = useState(false);
  const isNone = shown !== null && shown.total === 0 && paging.query.search === '';
  const mayRelease = may(organization.role, 'lease.release-any');
  // They stand first in the list.
  const copied = shown?.machines.filter(({ clonedAt }) => clonedAt !== null).length ?? 0;
  // What one page brings anew counts, and what was chosen on another is as it was seen there.
  const fresh = new Map(shown?.machines.map((machine) => [machine.id, machine]));
  const machines = [...chosen].map(([id, machine]) => fresh.get(id) ?? machine);
  const leases = machines.flatMap((machine) => machine.leases.filter((lease) => isHeld(lease, now))).map(releasable);

  const choose = (rows: readonly MachineRow[], isChosen: boolean): void => setChosen((old) => {
    const next = new Map(old);
    for (const machine of rows) {
      if (isChosen) next.set(machine.id, machine);
      else next.delete(machine.id);
    }
    return next;
  });

  return (
    <HoldingsPage title={t('machines.title')} subtitle={t('machines.subtitle', { organization: organization.name })} query={query} isThere={shown !== null} loading={t('machines.loading')}>
      {isNone && <Card><EmptyState icon={<Monitor />} title={t('machines.none.title')} text={t('machines.none.text', { organization: organization.name })} /></Card>}
      {shown !== null && !isNone && (
        <div className="lk-stack">
          {copied > 0 && <Banner tone="danger" title={t('copied.listTitle', { count: copied })}>{t('copied.listText')}</Banner>}
          <ReissuesBanner />
          <div className="holdings-tools">
            <SearchField className="holdings-search" label={t('machines.search')} placeholder={t('machines.search')} value={paging.search} onChange={paging.setSearch} />
            {chosen.size > 0 && (
              <div className="machines-chosen">
                <span className="lk-small lk-soft" role="status">{t('machines.chosen', { count: chosen.size })}</span>
                <Button variant="quiet" onPress={() => setChosen(new Map())}>{t('machines.clear')}</Button>
                {leases.length > 0 && !leases.some(({ mode }) => mode === 'online')
                  ? <Button onPress={() => setReleasing(true)}>{t('release.how')}</Button>
                  : <Button variant="danger" isDisabled={leases.length === 0} onPress={() => setReleasing(true)}>{t('machines.release')}</Button>}
              </div>
            )}
          </div>
          {shown.machines.length > 0
            ? <MachineTable machines={shown.machines} chosen={mayRelease ? chosen : null} now={now} onChoose={choose} />
            : <Card><EmptyState icon={<SearchX />} title={t('list.noMatch', { query: paging.query.search })} action={<Button onPress={() => paging.setSearch('')}>{t('list.clear')}</Button>} /></Card>}
          <Pager list={t('machines.title')} offset={paging.offset} limit={paging.limit} total={shown.total} onChange={paging.setOffset} />
          <p role="status" className="lk-hidden-text">{t('machines.count', { count: shown.total })}</p>
        </div>
      )}
      {isReleasing && (
        <ReleaseDialog
          leases={leases}
          onClose={() => setReleasing(false)}
          onDone={() => {
            setChosen(new Map());
            void query.refresh();
          }}
        />
      )}
    </HoldingsPage>
  );
};

type MachineTableProps = {
  readonly machines: readonly MachineRow[];
  /** Null where nothing can be released. */
  readonly chosen: ReadonlyMap<string, MachineRow> | null;
  readonly now: number;
  readonly onChoose: (machines: readonly MachineRow[], isChosen: boolean) => void;
};

const MachineTable = ({ machines, chosen, now, onChoose }: MachineTableProps) => {
  const t = useHoldingsWords();
  const language = useLanguage();
  const organization = useOrganization();
  const isNarrow = useIsNarrow();
  const marks = chosen === null ? 0 : machines.filter(({ id }) => chosen.has(id)).length;
  const columns: readonly (TableColumn<MachineRow> | false)[] = [
    chosen !== null && {
      id: 'select',
      width: 40,
      header: (
        <Checkbox aria-label={t('machines.selectAll')} isSelected={marks > 0 && marks === machines.length} isIndeterminate={marks > 0 && marks < machines.length} onChange={(isChosen) => onChoose(machines, isChosen)}>{null}</Checkbox>
      ),
      cell: (machine) => <Checkbox aria-label={t('machines.selectOne', { name: machine.name })} isSelected={chosen.has(machine.id)} onChange={(isChosen) => onChoose([machine], isChosen)}>{null}</Checkbox>,
    },
    {
      id: 'machine',
      header: t('machines.machine'),
      isRowHeader: true,
      cell: ({ id, name, os, clonedAt, retiredAt }) => (
        <span className="holdings-lines">
          <span className="machines-lease">
            <Link href={organizationPath(organization.id, 'machines', id)}>{name}</Link>
            {clonedAt !== null && <Badge tone="danger" hasDot>{t('copied.badge')}</Badge>}
            {retiredAt !== null && <Badge>{t('copied.retiredBadge')}</Badge>}
          </span>
          <span className="lk-soft lk-small">{os}</span>
        </span>
      ),
    },
    {
      id: 'leases',
      header: t('machines.leases'),
      cell: ({ leases }) => {
        const held = leases.filter((lease) => isHeld(lease, now));
        return held.length === 0
          ? <span className="lk-soft">{t('machines.noLease')}</span>
          : (
            <span className="holdings-lines">
              {held.slice(0, LEASES_SHOWN).map((lease) => <span key={lease.id} className="machines-lease">{nameOf(lease)} <ModeBadge mode={lease.mode} /></span>)}
              {held.length > LEASES_SHOWN && <span className="lk-soft lk-small">{t('machines.more', { count: held.length - LEASES_SHOWN })}</span>}
            </span>
          );
      },
    },
    { id: 'contact', header: t('machines.contact'), cell: ({ lastContact }) => (lastContact === null ? <span className="lk-soft">{t('machines.never')}</span> : <PastTime seconds={lastContact} locale={language} now={now} />) },
    !isNarrow && {
      id: 'changes',
      header: t('machines.changes'),
      cell: ({ fingerprintChanges: count }) => count === 0 ? <span className="lk-soft">{t('machines.unchanged')}</span> : <Badge tone="warn">{t('machines.changed', { count })}</Badge>,
    },
  ];
  return (
    <Card padding="flush">
      <Table label={t('machines.title')} columns={columns.filter((column) => column !== false)} rows={machines} rowKey={({ id }) => id} />
    </Card>
  );
};
