import { KeyRound, RotateCw, SearchX } from 'lucide-react';
import { useDeferredValue, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Lease } from '../../../src-shared/lease.ts';
import type { OwnLease } from '../../../src-shared/license.ts';
import { ProblemNote } from '../../problem/ProblemNote.tsx';
import { Button, Card, EmptyState, IconButton, Link, Page, SearchField, SegmentedControl, Skeleton } from '../../ui/index.ts';
import { useIsNarrow } from '../../window/use-media.ts';
import { useNow } from '../../window/use-now.ts';
import { LeaseCards } from './LeaseCards.tsx';
import { LeaseTable } from './LeaseTable.tsx';
import { ReleaseDialog } from './ReleaseDialog.tsx';
import { matches, refreshLeases, standingOf, useLeases } from './leases.ts';
import './my-licenses.css';

type View = 'active' | 'ended';

/** The leases of the person, on every machine, and the way to release each. */
export const MyLicensesPage = () => {
  const { t } = useTranslation(['portal', 'common']);
  const { leases, problem, isLoading } = useLeases();
  const now = useNow();
  const [view, setView] = useState<View>('active');
  const [query, setQuery] = useState('');
  const wanted = useDeferredValue(query);
  const [releasing, setReleasing] = useState<OwnLease | null>(null);
  const isNarrow = useIsNarrow();
  useEffect(() => {
    document.title = t('title', { page: t('nav.myLicenses') });
    void refreshLeases();
  }, [t]);

  // One that is not confirmed still takes its seat: whoever released it looks for it here.
  const inView = (lease: Lease): boolean => ['active', 'unconfirmed'].includes(standingOf(lease, now)) === (view === 'active');
  const shown = leases?.filter((lease) => inView(lease) && matches(lease, wanted)) ?? [];
  const List = isNarrow ? LeaseCards : LeaseTable;
  return (
    <Page
      title={t('nav.myLicenses')}
      subtitle={t('leases.subtitle')}
      width="wide"
      actions={<IconButton label={t('common:actions.refresh')} icon={<RotateCw aria-hidden="true" />} isPending={isLoading && leases !== null} onPress={() => void refreshLeases()} />}
    >
      {problem !== null && (
        <ProblemNote problem={problem} live="status" action={<Button size="small" onPress={() => void refreshLeases()}>{t('common:actions.retry')}</Button>}>
          {leases !== null && <p>{t('leases.asBefore')}</p>}
        </ProblemNote>
      )}
      {leases === null && problem === null && <Loading />}
      {leases !== null && leases.length === 0 && (
        <Card>
          <EmptyState
            icon={<KeyRound />}
            title={t('leases.none.title')}
            text={t('leases.none.text')}
            action={<Link variant="button" href="/offline-machines">{t('leases.none.action')}</Link>}
          />
        </Card>
      )}
      {leases !== null && leases.length > 0 && (
        <div className="lk-stack">
          <div className="portal-leases-tools">
            <SearchField label={t('leases.search')} placeholder={t('leases.search')} value={query} onChange={setQuery} />
            <SegmentedControl
              label={t('leases.view')}
              value={view}
              onChange={setView}
              segments={[{ id: 'active', title: t('leases.views.active') }, { id: 'ended', title: t('leases.views.ended') }]}
            />
          </div>
          {shown.length > 0
            ? <List leases={shown} now={now} onRelease={(lease) => setReleasing({ ...lease })} />
            : <Card><NothingShown view={view} query={wanted} onClear={() => setQuery('')} /></Card>}
          <p role="status" className="lk-hidden-text">{t('leases.count', { count: shown.length })}</p>
        </div>
      )}
      <ReleaseDialog lease={releasing} onClose={() => setReleasing(null)} />
    </Page>
  );
};

const NothingShown = ({ view, query, onClear }: { readonly view: View; readonly query: string; readonly onClear: () => void }) => {
  const { t } = useTranslation('portal');
  return query === ''
    ? <EmptyState icon={<KeyRound />} title={t(`leases.noneIn.${view}.title`)} text={t(`leases.noneIn.${view}.text`)} />
    : (
      <EmptyState
        icon={<SearchX />}
        title={t('leases.noMatch', { query })}
        action={<Button onPress={onClear}>{t('leases.clear')}</Button>}
      />
    );
};

const Loading = () => {
  const { t } = useTranslation('portal');
  return (
    <div className="lk-stack" role="status">
      <span className="lk-hidden-text">{t('leases.loading')}</span>
      <Skeleton width={280} height={32} />
      <Card padding="flush">
        {[0, 1, 2].map((row) => <div key={row} className="portal-leases-skeleton"><Skeleton width="34%" lines={2} /><Skeleton width="22%" /><Skeleton width="14%" /></div>)}
      </Card>
    </div>
  );
};
