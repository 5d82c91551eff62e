import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton, copyText } from '../ui/index.ts';
import './words.ts';
import './inspection-card.css';

/** `mch_Q2f8…x41c`: enough to tell two apart, the prefix kept. */
export const shortId = (id: string): string => (id.length <= 16 ? id : `${id.slice(0, 8)}…${id.slice(-4)}`);

/** An id, shortened, with a button that copies all of it. `what` names it for screen readers. */
export const CopyId = ({ id, what }: { readonly id: string; readonly what: string }) => {
  const { t } = useTranslation('document');
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [isCopied]);
  return (
    <span className="lk-copy-id">
      <span className="lk-mono" title={id}>{shortId(id)}</span>
      <IconButton
        size="small"
        label={isCopied ? t('copied') : t('copy', { what })}
        icon={isCopied ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />}
        onPress={() => void copyText(id).then(setCopied)}
      />
      <span role="status" className="lk-hidden-text">{isCopied ? t('copied') : ''}</span>
    </span>
  );
};
