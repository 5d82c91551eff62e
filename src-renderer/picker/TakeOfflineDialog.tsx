import type { HeldLease, Problem } from '../../src-shared/desktop.ts';
import type { Entitlement } from '../../src-shared/license.ts';
import { useWords } from '../desktop/words.ts';
import { PeriodDialog } from '../lease/PeriodDialog.tsx';
import { GivingUp } from './ChangeDialog.tsx';

export type TakeOfflineDialogProps = {
  /** The lease that is given up for it. */
  readonly from: HeldLease | null;
  readonly to: Entitlement;
  readonly isPending: boolean;
  readonly problem: Problem | null;
  readonly onConfirm: (days: number) => void;
  readonly onClose: () => void;
};

/** Takes a license that is given out for offline use only. */
export const TakeOfflineDialog = ({ from, to, isPending, problem, onConfirm, onClose }: TakeOfflineDialogProps) => {
  const t = useWords();
  return (
    <PeriodDialog
      title={t('takeOffline.title', { product: to.product.name })}
      action={t('takeOffline.action')}
      pendingLabel={t('picker.takingItOf', { product: to.product.name })}
      offlineDays={to.offlineDays}
      validUntil={to.validUntil}
      early={t('goOffline.lockOnly')}
      isPending={isPending}
      problem={problem}
      onGo={onConfirm}
      onClose={onClose}
    >
      {from !== null && <GivingUp from={from} to={to} />}
    </PeriodDialog>
  );
};
