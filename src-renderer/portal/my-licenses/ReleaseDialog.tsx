import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../../src-shared/desktop.ts';
import type { OwnLease } from '../../../src-shared/license.ts';
import { useUnconfirmedWords } from '../../my-licenses/UnconfirmedText.tsx';
import { ProblemText } from '../../problem/ProblemNote.tsx';
import { Button, ConfirmDialog, Dialog, Link, Stepper, notify } from '../../ui/index.ts';
import { releaseLease } from './leases.ts';

export type ReleaseDialogProps = { readonly lease: OwnLease | null; readonly onClose: () => void };

/** Asks before a lease is ended from here; one in offline mode says how it comes back instead. */
export const ReleaseDialog = ({ lease, onClose }: ReleaseDialogProps) => {
  const { t } = useTranslation(['portal', 'common']);
  const unconfirmed = useUnconfirmedWords();
  const [isPending, setPending] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  // The words stay while the dialog fades out.
  const [shown, setShown] = useState<OwnLease | null>(lease);
  if (lease !== null && lease !== shown) {
    setShown(lease);
    setProblem(null);
  }
  if (shown === null) return null;

  const names = { product: shown.product.name, machine: shown.machine.name };
  const release = async (): Promise<void> => {
    setPending(true);
    const result = await releaseLease(shown.id);
    setPending(false);
    if (!result.ok) return setProblem(result);
    onClose();
    notify({ title: t('release.done', names), text: unconfirmed(result.value) });
  };

  if (shown.mode === 'offline' || problem?.code === 'LEASE_OFFLINE') {
    const until = problem?.code === 'LEASE_OFFLINE' ? Number(problem.details['until'] ?? shown.until) : shown.until;
    return <OfflineDialog isOpen={lease !== null} onClose={onClose} names={names} until={until} freeAt={Math.max(until, shown.busyUntil)} />;
  }
  return (
    <ConfirmDialog
      isOpen={lease !== null}
      onOpenChange={onClose}
      title={t('release.title')}
      confirmLabel={t('common:actions.release')}
      cancelLabel={t('common:actions.cancel')}
      onConfirm={() => void release()}
      isDanger
      isPending={isPending}
      pendingLabel={t('release.pending')}
      error={problem === null ? undefined : <ProblemText problem={problem} />}
    >
      <p>{t('release.question', names)}</p>
      <p className="lk-soft portal-release-text">{t('release.text', { ...names, until: shown.busyUntil })}</p>
    </ConfirmDialog>
  );
};

const OfflineDialog = ({ isOpen, onClose, names, until, freeAt }: {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly names: { readonly product: string; readonly machine: string };
  readonly until: number;
  readonly freeAt: number;
}) => {
  const { t } = useTranslation(['portal', 'common']);
  const step = (id: 'save' | 'carry' | 'accept', state: 'current' | 'todo') => ({ id, state, title: t(`release.steps.${id}.title`, names), text: t(`release.steps.${id}.text`, names) });
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={onClose}
      title={t('release.title')}
      closeLabel={t('common:actions.close')}
      actions={(
        <>
          <Button onPress={onClose}>{t('common:actions.close')}</Button>
          <Link variant="primary" href="/offline-machines">{t('release.toOffline')}</Link>
        </>
      )}
    >
      <p>{t('release.offline', { ...names, until })}</p>
      <div className="portal-release-steps">
        <Stepper
          label={t('release.stepsLabel')}
          stateLabels={{ done: t('step.done'), current: t('step.current'), todo: t('step.todo') }}
          steps={[step('save', 'current'), step('carry', 'todo'), step('accept', 'todo')]}
        />
      </div>
      <p className="lk-soft lk-small">{t('release.without', { until: freeAt })}</p>
    </Dialog>
  );
};
