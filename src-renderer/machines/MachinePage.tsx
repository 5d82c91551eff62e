import { ArrowLeft } from 'lucide-react';
import { useState } from 'react';
import type { MachineRow } from '../../src-shared/http/holdings.ts';
import { isUnconfirmed } from '../../src-shared/lease.ts';
import type { Lease } from '../../src-shared/lease.ts';
import { may } from '../../src-shared/role.ts';
import { organizationPath, useOrganization, useQuery } from '../authority/index.ts';
import type { CallValue } from '../authority/index.ts';
import { CopyId } from '../document/CopyId.tsx';
import { HoldingsPage } from '../holdings/HoldingsPage.tsx';
import { Pager } from '../holdings/Pager.tsx';
import { ModeBadge, nameOf } from '../holdings/facts.tsx';
import { usePages } from '../holdings/paging.ts';
import { useIsNarrow } from '../window/use-media.ts';
import { useHoldingsWords } from '../holdings/words.ts';
import { useCommonWords, useLanguage } from '../messages/words.ts';
import { Badge, Button, Card, KeyValueList, Link, PastTime, Table, Time } from '../ui/index.ts';
import type { TableColumn, Tone } from '../ui/index.ts';
import { CopyNote } from './CopyNote.tsx';
import { FreeEarlyDialog } from './FreeEarlyDialog.tsx';
import { ReleaseDialog } from './ReleaseDialog.tsx';
import { isHeld, releasable, standingOf } from './leases.ts';
import type { Standing } from './leases.ts';
import { useNow } from '../window/use-now.ts';
import './machines.css';

export type MachinePageProps = { readonly machine: string };

/** One machine: what it holds and held, and how its fingerprint changed. */
export const MachinePage = ({ machine: id }: MachinePageProps) => {
  const t = useHoldingsWords();
  const language = useLanguage();
  const organization = useOrganization();
  const now = useNow();
  const query = useQuery('holdings.machine', { params: { organization: organization.id, machine: id } }, { on: ['entitlements', 'lease'] });
  const read = query.value;
  return (
    <HoldingsPage
      title={read?.machine.name ?? t('machines.title')}
      back={<Link href={organizationPath(organization.id, 'machines')} icon={<ArrowLeft aria-hidden="true" />}>{t('machine.back')}</Link>}
      query={query}
      isThere={read !== null}
      loading={t('machine.loading')}
    >
      {read !== null && (
        <>
          <CopyNote machine={read.machine} onChanged={() => void query.refresh()} />
          <Card>
            <KeyValueList
              layout="columns"
              items={[
                { term: t('machine.os'), value: read.machine.os === '' ? t('machine.unknown') : read.machine.os },
                { term: t('machine.app'), value: read.machine.app === '' ? t('machine.unknown') : read.machine.app },
                { term: t('machine.contact'), value: read.machine.lastContact === null ? t('machines.never') : <PastTime seconds={read.machine.lastContact} locale={language} now={now} /> },
                { term: t('machine.first'), value: <Time seconds={read.machine.firstSeen} locale={language} /> },
                { term: t('machine.id'), value: <CopyId id={read.machine.id} what={t('machine.id')} /> },
              ]}
            />
          </Card>
          <Leases machine={read.machine} now={now} onChanged={() => void query.refresh()} />
          <Fingerprint history={read.history} />
        </>
      )}
    </HoldingsPage>
  );
};

const tones: { readonly [S in Standing]: Tone } = { active: 'ok', transit: 'info', unconfirmed: 'warn', expired: 'neutral', released: 'neutral', revoked: 'warn' };

const Leases = ({ machine, now, onChanged }: { readonly machine: MachineRow; readonly now: number; readonly onChanged: () => void }) => {
  const t = useHoldingsWords();
  const common = useCommonWords();
  const language = useLanguage();
  const organization = useOrganization();
  const [released, setReleased] = useState<readonly Lease[] | null>(null);
  const [freed, setFreed] = useState<Lease | null>(null);
  const mayRelease = may(organization.role, 'lease.release-any');
  const rows = machine.leases.toSorted((a, b) => Number(isHeld(b, now)) - Number(isHeld(a, now)) || b.issuedAt - a.issuedAt);
  const held = rows.filter((lease) => isHeld(lease, now));
  const online = held.filter(({ mode }) => mode === 'online');
  const { offset, limit, setOffset } = usePages(rows.length, 25);
  const columns: readonly TableColumn<Lease>[] = [
    { id: 'product', header: t('machine.leases.product'), isRowHeader: true, cell: (lease) => <Link href={organizationPath(organization.id, 'products', lease.license)}>{nameOf(lease)}</Link> },
    { id: 'person', header: t('machine.leases.person'), cell: ({ holder }) => holder?.name ?? t('machine.leases.byFile') },
    { id: 'mode', header: t('machine.leases.mode'), cell: ({ mode }) => <ModeBadge mode={mode} /> },
    { id: 'until', header: t('machine.leases.until'), cell: ({ until }) => <Time seconds={until} locale={language} /> },
    {
      id: 'state',
      header: t('machine.leases.state'),
      cell: (lease) => {
        const standing = standingOf(lease, now);
        return (
          <span className="holdings-lines">
            <span><Badge tone={tones[standing]} hasDot>{t(`machine.leases.standing.${standing}`)}</Badge></span>
            {!isHeld(lease, now) && lease.busyUntil > now && <span className="lk-soft lk-small">{standing === 'unconfirmed' ? common('unconfirmed.text', { machine: machine.name, until: lease.busyUntil }) : t('machine.leases.heldUntil', { at: lease.busyUntil })}</span>}
          </span>
        );
      },
    },
    {
      id: 'actions',
      header: t('machine.leases.actions'),
      isHeaderHidden: true,
      align: 'end',
      cell: (lease) => mayRelease && isUnconfirmed(lease, now)
        ? <Button size="small" aria-label={t('free.of', { product: nameOf(lease), machine: machine.name })} onPress={() => setFreed(lease)}>{t('free.action')}</Button>
        : mayRelease && isHeld(lease, now) && (
          lease.mode === 'online'
            ? <Button size="small" aria-label={t('release.of', { product: nameOf(lease), machine: machine.name })} onPress={() => setReleased([lease])}>{common('actions.release')}</Button>
            : <Button size="small" variant="quiet" aria-label={t('release.howOf', { product: nameOf(lease), machine: machine.name })} onPress={() => setReleased([lease])}>{t('release.how')}</Button>
        ),
    },
  ];
  return (
    <Card
      title={t('machine.leases.title')}
      padding="flush"
      actions={mayRelease && online.length > 1 ? <Button variant="danger" onPress={() => setReleased(held)}>{t('release.action', { count: online.length })}</Button> : undefined}
    >
      <Table
        label={t('machine.leases.list')}
        columns={columns}
        rows={rows.slice(offset, offset + limit)}
        rowKey={({ id }) => id}
        empty={<p className="lk-soft holdings-fine holdings-inset">{t('machine.leases.none')}</p>}
      />
      {rows.length > limit && <div className="holdings-inset holdings-inset-line"><Pager list={t('machine.leases.list')} offset={offset} limit={limit} total={rows.length} onChange={setOffset} /></div>}
      {freed !== null && <FreeEarlyDialog lease={releasable(freed)} onClose={() => setFreed(null)} onDone={onChanged} />}
      {released !== null && <ReleaseDialog leases={released.map(releasable)} onClose={() => setReleased(null)} onDone={onChanged} />}
    </Card>
  );
};

type Seen = CallValue<'holdings.machine'>['history'][number];
const knownParts = ['os', 'board', 'cpu', 'disk', 'net'] as const;
const isKnown = (part: string): part is (typeof knownParts)[number] => (knownParts as readonly string[]).includes(part);

/** A row for each time the fingerprint was new, a column for each of its parts. */
const Fingerprint = ({ history }: { readonly history: readonly Seen[] }) => {
  const t = useHoldingsWords();
  const common = useCommonWords();
  const language = useLanguage();
  const isNarrow = useIsNarrow();
  const rows = history.toSorted((a, b) => b.at - a.at);
  const { offset, limit, setOffset } = usePages(rows.length, 25);
  const named = new Set(rows.flatMap(({ parts }) => Object.keys(parts)));
  const parts = [...knownParts.filter((part) => named.has(part)), ...[...named].filter((part) => !isKnown(part))];
  const isSteady = rows.length > 0 && rows.every(({ parts: each }) => !Object.values(each).includes('changed'));
  const columns: readonly TableColumn<Seen>[] = [
    { id: 'at', header: t('machine.fingerprint.at'), isRowHeader: true, cell: ({ at }) => <Time seconds={at} locale={language} format={isNarrow ? 'date' : 'dateTime'} /> },
    ...parts.map((part): TableColumn<Seen> => ({
      id: part,
      header: isKnown(part) ? common(`part.${part}`) : part,
      cell: (seen) => {
        const state = seen.parts[part] ?? 'absent';
        return <span className="machines-part" data-part={state}>{t(`machine.fingerprint.part.${state}`)}</span>;
      },
    })),
  ];
  return (
    <Card title={t('machine.fingerprint.title')} text={t('machine.fingerprint.text')} padding="flush">
      {isSteady && <p className="lk-soft holdings-fine holdings-inset">{t('machine.fingerprint.steady')}</p>}
      <div className={isSteady ? 'holdings-inset-line machines-parts' : 'machines-parts'}>
        <Table
          label={t('machine.fingerprint.list')}
          columns={columns}
          rows={rows.slice(offset, offset + limit)}
          rowKey={(seen) => `${seen.at} ${rows.indexOf(seen)}`}
          empty={<p className="lk-soft holdings-fine holdings-inset">{t('machine.fingerprint.none')}</p>}
        />
      </div>
      {rows.length > limit && <div className="holdings-inset holdings-inset-line"><Pager list={t('machine.fingerprint.list')} offset={offset} limit={limit} total={rows.length} onChange={setOffset} /></div>}
    </Card>
  );
};
