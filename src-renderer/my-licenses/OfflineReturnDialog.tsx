import { useCommonWords } from '../messages/words.ts';
import { Button, Dialog } from '../ui/index.ts';
import { useMyLicensesWords } from './words.ts';
import './my-licenses.css';

export type OfflineReturnDialogProps = { readonly product: string; readonly machine: string; readonly until: number; readonly onClose: () => void };

/** Why a license in offline mode cannot be released from here, and how it comes back. */
export const OfflineReturnDialog = ({ product, machine, until, onClose }: OfflineReturnDialogProps) => {
  const t = useMyLicensesWords();
  const common = useCommonWords();
  return (
    <Dialog isOpen onOpenChange={onClose} size="small" title={t('offline.title', { machine })} actions={<Button variant="primary" autoFocus onPress={onClose}>{common('actions.close')}</Button>}>
      <div className="lk-stack">
        <p>{t('offline.text', { product, machine, until })}</p>
        <ul className="mine-ways">
          <li>{t('offline.connected')}</li>
          <li>{t('offline.byFile')}</li>
          <li>{t('offline.lost', { until })}</li>
        </ul>
      </div>
    </Dialog>
  );
};
