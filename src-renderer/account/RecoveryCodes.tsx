import { Check, Copy, Download, Printer } from 'lucide-react';
import { useEffect, useState } from 'react';
import { usePerson } from '../authority/index.ts';
import { useSave } from '../saving/use-save.ts';
import { Button, Checkbox, copyText, Dialog } from '../ui/index.ts';
import { useWords } from './words.ts';

/** Shown this once: it closes only when the person says that they are saved. */
export const RecoveryCodes = ({ codes, onDone }: { readonly codes: readonly string[]; readonly onDone: () => void }) => {
  const t = useWords();
  const { email } = usePerson().account.user;
  const [at] = useState(() => Math.floor(Date.now() / 1000));
  const [isSaved, setSaved] = useState(false);
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const save = useSave();
  const title = t('codes.fileTitle', { email, at });
  return (
    <Dialog isOpen isBusy onOpenChange={onDone} title={t('codes.title')} actions={<Button variant="primary" isDisabled={!isSaved} onPress={onDone}>{t('codes.done')}</Button>}>
      <div className="lk-stack recovery-codes">
        <p className="recovery-screen">{t('codes.text')}</p>
        <p className="recovery-print">{title}</p>
        <ol data-secret className="recovery-list" aria-label={t('codes.list')}>{codes.map((code) => <li key={code}><code>{code}</code></li>)}</ol>
        <div className="lk-row recovery-screen">
          <Button size="small" icon={isCopied ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />} onPress={() => void copyText(codes.join('\n')).then(setCopied)}>
            {isCopied ? t('codes.copied') : t('codes.copy')}
          </Button>
          <Button size="small" icon={<Download aria-hidden="true" />} onPress={() => void save({ name: t('codes.file'), content: `${title}\n\n${codes.join('\n')}\n`, type: 'text/plain;charset=utf-8' })}>{t('codes.download')}</Button>
          <Button size="small" icon={<Printer aria-hidden="true" />} onPress={() => window.print()}>{t('codes.print')}</Button>
          <span role="status" className="lk-hidden-text">{isCopied ? t('codes.copied') : ''}</span>
        </div>
        <div className="recovery-screen"><Checkbox isSelected={isSaved} onChange={setSaved}>{t('codes.saved')}</Checkbox></div>
      </div>
    </Dialog>
  );
};
