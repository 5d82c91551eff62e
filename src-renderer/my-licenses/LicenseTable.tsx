import { useState } from 'react';
import { isInTransit, isUnconfirmed } from '../../src-shared/lease.ts';
import type { OwnLease } from '../../src-shared/license.ts';
import type { Failure, Ok } from '../../src-shared/result.ts';
import type { Problem } from '../../src-shared/desktop.ts';
import { useCommonWords, useLanguage } from '../messages/words.ts';
import { ProblemText } from '../problem/ProblemNote.tsx';
import { Badge, Button, Card, ConfirmDialog, RelativeTime, Table, Time, notify } from '../ui/index.ts';
import { OfflineReturnDialog } from './OfflineReturnDialog.tsx';
import { UnconfirmedText } from './UnconfirmedText.tsx';
import { useMyLicensesWords } from './words.ts';
import './my-licenses.css';

export type LicenseTableProps = {
  readonly leases: readonly OwnLease[];
  readonly now: number;
  /** The machine that the page is shown on, where it is one. */
  readonly thisMachine: string | null;
  readonly onRelease: (lease: OwnLease) => Promise<Ok<unknown> | Failure>;
};

/** The leases of one person on every machine, and the way to give each back. */
export const LicenseTable = ({ leases, now, thisMachine, onRelease }: LicenseTableProps) => {
  const t = useMyLicensesWords();
  const common = useCommonWords();
  const language = useLanguage();
  const [asked, setAsked] = useState<OwnLease | null>(null);
  const isHeld = ({ state, until }: OwnLease) => state === 'active' && until > now;
  const stateOf = (lease: OwnLease) => {
    if (isUnconfirmed(lease, now)) return <Badge tone="warn" hasDot>{common('unconfirmed.badge')}</Badge>;
    if (lease.state !== 'active') return <Badge tone={lease.state === 'revoked' ? 'danger' : 'neutral'}>{t(`state.${lease.state}`)}</Badge>;
    if (lease.until <= now) return <Badge>{t('state.ended')}</Badge>;
    return isInTransit(lease) ? <Badge tone="info" hasDot>{t('unconfirmed')}</Badge> : <Badge tone="ok" hasDot>{t('state.active')}</Badge>;
  };
  return (
    <Card padding="flush" className="mine-table">
      <Table
        label={t('list')}
        rows={leases}
        rowKey={({ id }) => id}
        columns={[
          {
            id: 'product', header: t('columns.product'), isRowHeader: true, sortBy: ({ product }) => product.name,
            cell: ({ product, edition, organization }) => <span className="mine-two"><span>{product.name} <span className="lk-soft">{edition}</span></span><span className="lk-small lk-soft">{organization.name}</span></span>,
          },
          {
            id: 'machine', header: t('columns.machine'), sortBy: ({ machine }) => machine.name,
            cell: ({ machine }) => <span className="mine-two"><span>{machine.name}</span><span className="lk-small lk-soft">{machine.id === thisMachine ? t('thisMachine') : machine.os}</span></span>,
          },
          { id: 'state', header: t('columns.state'), cell: (lease) => <span className="mine-two"><span>{stateOf(lease)}</span>{isUnconfirmed(lease, now) ? <UnconfirmedText lease={lease} /> : <span className="lk-small lk-soft">{common(lease.mode === 'online' ? 'mode.Online' : 'mode.Offline')}</span>}</span> },
          {
            id: 'until', header: t('columns.until'), sortBy: ({ until }) => until,
            cell: ({ until }) => <span className="mine-two"><Time seconds={until} locale={language} format="date" /><span className="lk-small lk-soft"><RelativeTime seconds={until} locale={language} now={now} /></span></span>,
          },
          { id: 'expiry', header: t('columns.expiry'), sortBy: ({ validUntil }) => validUntil, cell: ({ validUntil }) => (validUntil === null ? t('noEnd') : <Time seconds={validUntil} locale={language} format="date" />) },
          {
            id: 'actions', header: t('columns.actions'), isHeaderHidden: true, align: 'end',
            cell: (lease) => isHeld(lease) && (
              <Button size="small" onPress={() => setAsked(lease)} aria-label={lease.mode === 'online' ? t('releaseOf', names(lease)) : `${t('howBack')}: ${names(lease).product}, ${names(lease).machine}`}>
                {t(lease.mode === 'online' ? 'release' : 'howBack')}
              </Button>
            ),
          },
        ]}
      />
      {asked !== null && asked.mode === 'offline' && (
        <OfflineReturnDialog product={asked.product.name} machine={asked.machine.name} until={asked.busyUntil} onClose={() => setAsked(null)} />
      )}
      {asked !== null && asked.mode === 'online' && <ReleaseLicenseDialog lease={asked} onRelease={onRelease} onClose={() => setAsked(null)} />}
    </Card>
  );
};

const names = ({ product, machine }: OwnLease) => ({ product: product.name, machine: machine.name });

type ReleaseLicenseDialogProps = { readonly lease: OwnLease; readonly onRelease: LicenseTableProps['onRelease']; readonly onClose: () => void };

const ReleaseLicenseDialog = ({ lease, onRelease, onClose }: ReleaseLicenseDialogProps) => {
  const t = useMyLicensesWords();
  const common = useCommonWords();
  const [isPending, setPending] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const release = async () => {
    setPending(true);
    setProblem(null);
    const result = await onRelease(lease);
    setPending(false);
    if (!result.ok) return setProblem({ code: result.code, details: result.details });
    onClose();
    notify({ title: t('released', names(lease)) });
  };
  return (
    <ConfirmDialog
      isOpen
      onOpenChange={onClose}
      title={t('confirm.title')}
      confirmLabel={t('confirm.action')}
      cancelLabel={common('actions.cancel')}
      isDanger
      isPending={isPending}
      pendingLabel={t('confirm.pending')}
      onConfirm={() => void release()}
      error={problem !== null && <ProblemText problem={problem} />}
    >
      <p>{t('confirm.text', { ...names(lease), organization: lease.organization.name, until: lease.busyUntil })} {t('confirm.unsaved')}</p>
    </ConfirmDialog>
  );
};
