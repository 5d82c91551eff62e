import type { HeldLease } from '../../src-shared/desktop.ts';
import type { Entitlement } from '../../src-shared/license.ts';
import { useWords } from '../desktop/words.ts';
import { useOtherHolder } from '../lease/use-holder.ts';
import { useCommonWords } from '../messages/words.ts';
import { ConfirmDialog } from '../ui/index.ts';
import { licenseName } from './license-name.ts';

export type ChangeDialogProps = {
  readonly from: HeldLease;
  readonly to: Entitlement;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
};

/** What is given up for a license, and what that means. */
export const GivingUp = ({ from, to }: Pick<ChangeDialogProps, 'from' | 'to'>) => {
  const t = useWords();
  const other = useOtherHolder(from);
  return (
    <>
      <p>{t('picker.confirmChange.text', { old: licenseName(from), new: licenseName(to) })}</p>
      {other !== null && <p><strong>{t('lease.takenByOther', { person: other })}</strong></p>}
      {from.mode === 'offline' && <p>{t('picker.confirmChange.offline')}</p>}
    </>
  );
};

/** Asks before the license in use is given up for another. */
export const ChangeDialog = ({ from, to, onConfirm, onClose }: ChangeDialogProps) => {
  const t = useWords();
  const common = useCommonWords();
  return (
    <ConfirmDialog isOpen onOpenChange={onClose} title={t('picker.confirmChange.title')} confirmLabel={t('picker.confirmChange.action')} cancelLabel={common('actions.cancel')} onConfirm={onConfirm}>
      <GivingUp from={from} to={to} />
    </ConfirmDialog>
  );
};
