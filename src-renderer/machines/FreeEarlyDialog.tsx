import { useState } from 'react';
import { useAct } from '../authority/index.ts';
import { useHoldingsWords } from '../holdings/words.ts';
import { useCommonWords } from '../messages/words.ts';
import { ProblemText } from '../problem/ProblemNote.tsx';
import { ConfirmDialog, TextField, notify } from '../ui/index.ts';
import type { Releasable } from './ReleaseDialog.tsx';

export type FreeEarlyDialogProps = { readonly lease: Releasable; readonly onClose: () => void; readonly onDone: () => void };

/** Frees the seat of a lease that was ended from elsewhere before its machine has confirmed it: a decision that is recorded. */
export const FreeEarlyDialog = ({ lease, onClose, onDone }: FreeEarlyDialogProps) => {
  const t = useHoldingsWords();
  const common = useCommonWords();
  const [reason, setReason] = useState('');
  const { run, isPending, problem } = useAct('leases.free');
  const free = async (): Promise<void> => {
    const result = await run({ params: { lease: lease.lease }, body: { reason } });
    if (!result.ok) return;
    onDone();
    onClose();
    notify({ title: t('free.done', lease) });
  };
  return (
    <ConfirmDialog
      isOpen
      onOpenChange={onClose}
      title={t('free.title')}
      confirmLabel={t('free.confirm')}
      cancelLabel={common('actions.cancel')}
      isDanger
      isPending={isPending}
      pendingLabel={t('free.pending')}
      onConfirm={() => void free()}
      error={problem !== null && <ProblemText problem={problem} />}
    >
      <div className="lk-stack">
        <p>{t('free.text', lease)}</p>
        <p className="lk-soft">{t('free.bound')}</p>
        <TextField label={t('free.reason')} description={t('free.recorded')} value={reason} onChange={setReason} maxLength={500} />
      </div>
    </ConfirmDialog>
  );
};
