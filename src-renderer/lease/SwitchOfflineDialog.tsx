import { useAction } from '../desktop/use-desktop.ts';
import { useWords } from '../desktop/words.ts';
import { notify } from '../ui/index.ts';
import { PeriodDialog } from './PeriodDialog.tsx';
import type { LeaseDialogProps } from './ReleaseDialog.tsx';

/** Takes a lease in use into offline mode. */
export const SwitchOfflineDialog = ({ lease: { id, product, offlineDays, validUntil }, onClose }: LeaseDialogProps) => {
  const t = useWords();
  const { run, isPending, problem } = useAction('lease.switch-offline');
  const go = async (days: number) => {
    const result = await run({ lease: id, days });
    if (!result.ok) return;
    onClose();
    notify({ title: t('lease.switched.offline', { product: product.name }) });
  };
  return (
    <PeriodDialog
      title={t('goOffline.title', { product: product.name })}
      action={t('goOffline.action')}
      pendingLabel={t('goOffline.pending')}
      offlineDays={offlineDays}
      validUntil={validUntil}
      early={t('goOffline.lockElsewhere')}
      isPending={isPending}
      problem={problem}
      onGo={(days) => void go(days)}
      onClose={onClose}
    />
  );
};
