import { ArrowLeft, CircleCheck } from 'lucide-react';
import type { ReissueRow } from '../../src-shared/http/holdings.ts';
import { organizationPath, useOrganization, usePerson, useQuery } from '../authority/index.ts';
import { HoldingsPage } from '../holdings/HoldingsPage.tsx';
import { Pager } from '../holdings/Pager.tsx';
import { ModeBadge, nameOf } from '../holdings/facts.tsx';
import { useLast, usePaging } from '../holdings/paging.ts';
import { useHoldingsWords } from '../holdings/words.ts';
import { useLanguage } from '../messages/words.ts';
import { DownloadButton } from '../saving/DownloadButton.tsx';
import { Card, EmptyState, Link, PastTime, Section, Table, Time } from '../ui/index.ts';
import type { TableColumn } from '../ui/index.ts';
import { useIsNarrow } from '../window/use-media.ts';
import { useNow } from '../window/use-now.ts';
import './machines.css';

/** What has to happen with a lease whose file's key was revoked. */
const stepOf = ({ lease, carrier }: ReissueRow): 'byItself' | 'whenConnected' | 'byFile' =>
  carrier === 'file' ? 'byFile' : lease.mode === 'online' ? 'byItself' : 'whenConnected';

/** The machines that hold license files signed by a revoked key, and what to do for each. */
export const ReissuesPage = () => {
  const t = useHoldingsWords();
  const language = useLanguage();
  const organization = useOrganization();
  const { entry } = usePerson();
  const now = useNow();
  const paging = usePaging();
  const { offset, limit } = paging;
  const query = useQuery('holdings.reissues', { params: { organization: organization.id }, query: { offset, limit } }, { on: ['entitlements', 'lease', 'keys'] });
  const shown = useLast(query.value, organization.id);
  const keyset = shown?.keyset ?? null;
  const isNarrow = useIsNarrow();
  const columns = ([
    {
      id: 'machine',
      header: t('machines.machine'),
      isRowHeader: true,
      cell: ({ lease: { machine, holder } }) => (
        <span className="holdings-lines">
          <Link href={organizationPath(organization.id, 'machines', machine.id)}>{machine.name}</Link>
          <span className="lk-soft lk-small">{holder?.name ?? t('machine.leases.byFile')}</span>
        </span>
      ),
    },
    { id: 'license', header: t('machine.leases.product'), cell: ({ lease }) => <span className="machines-lease">{nameOf(lease)} <ModeBadge mode={lease.mode} /></span> },
    !isNarrow && { id: 'until', header: t('machine.leases.until'), cell: ({ lease }) => <Time seconds={lease.until} locale={language} /> },
    !isNarrow && {
      id: 'contact',
      header: t('machines.contact'),
      cell: ({ lease }) => (lease.lastContact === null ? <span className="lk-soft">{t('machines.never')}</span> : <PastTime seconds={lease.lastContact} locale={language} now={now} />),
    },
    { id: 'step', header: t('reissues.step'), cell: (row) => <span className="machines-step">{t(`reissues.steps.${stepOf(row)}`, { keyset: keyset?.version ?? 0 })}</span> },
  ] satisfies readonly (TableColumn<ReissueRow> | false)[]).filter((column) => column !== false);
  return (
    <HoldingsPage
      title={t('reissues.title')}
      subtitle={t('reissues.subtitle')}
      back={<Link href={organizationPath(organization.id, 'machines')} icon={<ArrowLeft aria-hidden="true" />}>{t('machine.back')}</Link>}
      query={query}
      isThere={shown !== null}
      loading={t('machines.loading')}
    >
      {shown !== null && keyset === null && <Card><EmptyState icon={<CircleCheck />} title={t('reissues.none.title')} text={t('reissues.none.text')} /></Card>}
      {shown !== null && keyset !== null && (
        <div className="lk-stack">
          {shown.total > shown.byThemselves && (
            <Section title={t('reissues.how.title')}>
              <ol className="machines-how">
                {(['request', 'answer', 'carry'] as const).map((step) => <li key={step}>{t(`reissues.how.${step}`, { keyset: keyset.version })}</li>)}
              </ol>
              <div className="machines-how-actions">
                <DownloadButton fileName={keyset.fileName} content={keyset.document}>{t('reissues.save', { keyset: keyset.version })}</DownloadButton>
                {entry === 'portal' && <Link href="/offline-machines" variant="button">{t('offline.toOffline')}</Link>}
              </div>
            </Section>
          )}
          <Card padding="flush"><Table label={t('reissues.title')} columns={columns} rows={shown.reissues} rowKey={({ lease }) => lease.id} /></Card>
          <Pager list={t('reissues.title')} offset={offset} limit={limit} total={shown.total} onChange={paging.setOffset} />
        </div>
      )}
    </HoldingsPage>
  );
};
