import { useAction } from '../desktop/use-desktop.ts';
import { useWords } from '../desktop/words.ts';
import { useCommonWords } from '../messages/words.ts';
import { ProblemText } from '../problem/ProblemNote.tsx';
import { ConfirmDialog, notify } from '../ui/index.ts';
import type { LeaseDialogProps } from './ReleaseDialog.tsx';

/** Asks before an offline period is ended for online mode. */
export const SwitchOnlineDialog = ({ lease: { id, product, until }, onClose }: LeaseDialogProps) => {
  const t = useWords();
  const common = useCommonWords();
  const { run, isPending, problem } = useAction('lease.switch-online');
  const go = async () => {
    const result = await run({ lease: id });
    if (!result.ok) return;
    onClose();
    notify({ title: t('lease.switched.online', { product: product.name }) });
  };
  return (
    <ConfirmDialog
      isOpen
      onOpenChange={onClose}
      title={t('goOnline.title', { product: product.name })}
      confirmLabel={t('goOnline.action')}
      cancelLabel={common('actions.cancel')}
      isPending={isPending}
      pendingLabel={t('goOnline.pending')}
      onConfirm={() => void go()}
      error={problem !== null && <ProblemText problem={problem} />}
    >
      <p>{t('goOnline.text', { until })}</p>
    </ConfirmDialog>
  );
};
