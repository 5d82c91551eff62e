import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import type { HeldLease } from '../../src-shared/desktop.ts';
import { useDesktopState } from '../desktop/use-desktop.ts';
import { useWords } from '../desktop/words.ts';
import { useLanguage } from '../messages/words.ts';
import { Badge, Card, IconButton, KeyValueList, PastTime, Time, copyText, notify } from '../ui/index.ts';
import { useModeWords } from './ModeBadge.tsx';
import { Parts } from './Parts.tsx';
import { useHolder } from './use-holder.ts';

/** What is known of a lease, for people and for support. */
export const LeaseFacts = ({ lease }: { readonly lease: HeldLease }) => {
  const { organization, lastContact, validUntil, features, file, fingerprint } = lease;
  const holder = useHolder(lease);
  const t = useWords();
  const said = useModeWords();
  const language = useLanguage();
  const machine = useDesktopState((state) => state.machine.name);
  return (
    <Card>
      <KeyValueList
        items={[
          { term: t('lease.organization'), value: organization.name },
          { term: t('lease.machine'), value: machine },
          ...(holder !== null && (holder.yours || holder.person !== null) ? [{ term: t('lease.takenBy'), value: holder.yours ? t('picker.you') : holder.person }] : []),
          { term: t('lease.mode'), value: said(lease) },
          { term: t('lease.lastContact'), value: lastContact === null ? t('lease.never') : <><PastTime seconds={lastContact} locale={language} /> <span className="lk-soft">(<Time seconds={lastContact} locale={language} />)</span></> },
          { term: t('lease.validUntil'), value: validUntil === null ? t('lease.noEnd') : <Time seconds={validUntil} locale={language} format="date" /> },
          ...(features.length > 0 ? [{ term: t('lease.features'), value: <span className="lk-row">{features.map((feature) => <Badge key={feature}>{feature}</Badge>)}</span> }] : []),
          { term: t('lease.fingerprint'), value: <Parts fingerprint={fingerprint} /> },
          { term: t('lease.file'), value: file === null ? t('lease.noFile') : <FilePath path={file} /> },
        ]}
      />
    </Card>
  );
};

const FilePath = ({ path }: { readonly path: string }) => {
  const t = useWords();
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    if (!(await copyText(path))) return;
    setCopied(true);
    notify({ title: t('lease.copied'), text: path });
  };
  return (
    <span className="lease-file">
      <span>
        <code className="lk-mono">{path}</code><br />
        <span className="lk-small lk-soft">{t('lease.fileText')}</span>
      </span>
      <IconButton size="small" label={t('lease.copyPath')} icon={isCopied ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />} onPress={() => void copy()} />
    </span>
  );
};
