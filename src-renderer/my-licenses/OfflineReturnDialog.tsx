import { myLicenses } from '../messages/en/my-licenses.ts';
import { useCommonWords, wordsHook } from '../messages/words.ts';
import { Button, Dialog } from '../ui/index.ts';
import './my-licenses.css';

const useWords = wordsHook('myLicenses', myLicenses);

export type OfflineReturnDialogProps = { readonly product: string; readonly machine: string; readonly organization: string; readonly until: number; readonly onClose: () => void };

/** Why a license in offline mode cannot be released from here, and how it comes back. */
export const OfflineReturnDialog = ({ product, machine, organization, until, onClose }: OfflineReturnDialogProps) => {
  const t = useWords();
  const common = useCommonWords();
  return (
    <Dialog isOpen onOpenChange={onClose} size="small" title={t('offline.title', { machine })} actions={<Button variant="primary" autoFocus onPress={onClose}>{common('actions.close')}</Button>}>
      <div className="lk-stack">
        <p>{t('offline.text', { product, machine, until })}</p>
        <ul className="mine-ways">
          <li>{t('offline.connected')}</li>
          <li>{t('offline.byFile')}</li>
          <li>{t('offline.lost', { organization })}</li>
        </ul>
      </div>
    </Dialog>
  );
};
