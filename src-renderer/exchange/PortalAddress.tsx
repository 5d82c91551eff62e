import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { useDesktopState } from '../desktop/use-desktop.ts';
import { useWords } from '../desktop/words.ts';
import { IconButton, copyText, notify } from '../ui/index.ts';

/** Where files are answered, to be read off and to be copied. A machine that works by files alone does not know. */
export const PortalAddress = () => {
  const t = useWords();
  const url = useDesktopState((state) => state.connection.url);
  const [isCopied, setCopied] = useState(false);
  if (url === null) return null;
  const address = new URL('/offline-machines', url).href;
  const copy = async () => {
    if (!(await copyText(address))) return;
    setCopied(true);
    notify({ title: t('exchange.portal.copied'), text: address });
  };
  return (
    <span className="portal-address">
      {t('exchange.portal.at')} <code className="lk-mono">{address}</code>
      <IconButton size="small" label={t('exchange.portal.copy')} icon={isCopied ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />} onPress={() => void copy()} />
    </span>
  );
};
