import { useState } from 'react';
import { useLocation } from 'wouter';
import { proofPath } from '../desktop/paths.ts';
import { useAction } from '../desktop/use-desktop.ts';
import { useWords } from '../desktop/words.ts';
import { useCommonWords } from '../messages/words.ts';
import { ProblemText } from '../problem/ProblemNote.tsx';
import { Checkbox, ConfirmDialog } from '../ui/index.ts';
import { useSave } from '../saving/use-save.ts';
import type { LeaseDialogProps } from './ReleaseDialog.tsx';
import { useOtherHolder } from './use-holder.ts';

/** Explains and confirms that a license is given up for good, and saves the proof of it. */
export const ReleaseProofDialog = ({ lease, onClose }: LeaseDialogProps) => {
  const { id, product, until } = lease;
  const other = useOtherHolder(lease);
  const t = useWords();
  const common = useCommonWords();
  const [, navigate] = useLocation();
  const [isUnderstood, setUnderstood] = useState(false);
  const { run, isPending, problem } = useAction('exchange.release-proof');
  const save = useSave();
  const give = async () => {
    const result = await run({ lease: id });
    if (!result.ok) return;
    void save({ name: result.value.name, content: result.value.text }, { text: t('proof.doneText', { product: product.name }) });
    onClose();
    navigate(proofPath(id));
  };
  return (
    <ConfirmDialog
      isOpen
      onOpenChange={onClose}
      title={t('proof.title', { product: product.name })}
      confirmLabel={t('proof.action')}
      cancelLabel={common('actions.cancel')}
      isDanger
      isPending={isPending}
      pendingLabel={t('proof.pending')}
      isConfirmDisabled={!isUnderstood}
      onConfirm={() => void give()}
      error={problem !== null && <ProblemText problem={problem} />}
    >
      <div className="lk-stack">
        {other !== null && <p><strong>{t('lease.takenByOther', { person: other })}</strong></p>}
        <p>{t('proof.text')}</p>
        <p><strong>{t('proof.never')}</strong></p>
        <p>{t('proof.carry', { until })} {t('proof.again')}</p>
        <Checkbox isSelected={isUnderstood} onChange={setUnderstood} isDisabled={isPending}>{t('proof.confirm', { product: product.name })}</Checkbox>
      </div>
    </ConfirmDialog>
  );
};
