import type { HeldLease } from '../../src-shared/desktop.ts';
import type { Entitlement } from '../../src-shared/license.ts';
import { useWords } from '../desktop/words.ts';
import { useCommonWords } from '../messages/words.ts';
import { ConfirmDialog } from '../ui/index.ts';

export type ChangeDialogProps = {
  readonly from: HeldLease;
  readonly to: Entitlement;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
};

const nameOf = ({ product, edition }: Pick<HeldLease, 'product' | 'edition'>): string => [product.name, edition].filter((part) => part !== null).join(' ');

/** Asks before the license in use is given up for another. */
export const ChangeDialog = ({ from, to, onConfirm, onClose }: ChangeDialogProps) => {
  const t = useWords();
  const common = useCommonWords();
  return (
    <ConfirmDialog isOpen onOpenChange={onClose} title={t('picker.confirmChange.title')} confirmLabel={t('picker.confirmChange.action')} cancelLabel={common('actions.cancel')} onConfirm={onConfirm}>
      <p>{t('picker.confirmChange.text', { old: nameOf(from), new: nameOf(to) })}</p>
      {from.mode === 'offline' && <p>{t('picker.confirmChange.offline')}</p>}
    </ConfirmDialog>
  );
};
