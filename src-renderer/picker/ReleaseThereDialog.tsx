import type { Entitlement, Holder } from '../../src-shared/license.ts';
import { useAction, useDesktop } from '../desktop/use-desktop.ts';
import { useWords } from '../desktop/words.ts';
import { useCommonWords } from '../messages/words.ts';
import { OfflineReturnDialog } from '../my-licenses/OfflineReturnDialog.tsx';
import { ProblemText } from '../problem/ProblemNote.tsx';
import { ConfirmDialog, notify } from '../ui/index.ts';

export type ReleaseThereDialogProps = { readonly entitlement: Entitlement; readonly holder: Holder; readonly onClose: () => void; readonly onReleased: () => void };

/** Gives back the person's own lease on another machine, so that the license can be used here. */
export const ReleaseThereDialog = ({ entitlement: { product }, holder, onClose, onReleased }: ReleaseThereDialogProps) => {
  const t = useWords();
  const common = useCommonWords();
  const { call } = useDesktop();
  const { run, isPending, problem } = useAction('leases.release-elsewhere');
  const values = { product: product.name, machine: holder.machine.name };
  if (holder.mode === 'offline') {
    return <OfflineReturnDialog product={product.name} machine={holder.machine.name} until={holder.until} onClose={onClose} />;
  }
  const release = async () => {
    const result = await run({ lease: holder.lease });
    if (!result.ok) return;
    await call('picker.refresh', null);
    onReleased();
    notify({ title: t('releaseThere.done', values), text: t('releaseThere.doneText') });
  };
  return (
    <ConfirmDialog
      isOpen
      onOpenChange={onClose}
      title={t('releaseThere.title', values)}
      confirmLabel={t('releaseThere.action')}
      cancelLabel={common('actions.cancel')}
      isDanger
      isPending={isPending}
      pendingLabel={t('releaseThere.pending')}
      onConfirm={() => void release()}
      error={problem !== null && <ProblemText problem={problem} />}
    >
      <p>{t('releaseThere.text', values)}</p>
      <p>{t('releaseThere.after')}</p>
    </ConfirmDialog>
  );
};
