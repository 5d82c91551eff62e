import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { IconButton, Section } from '../ui/index.ts';
import './words.ts';
import './waiting-files.css';

export type WaitingFilesProps = {
  readonly files: readonly { readonly key: number; readonly name: string }[];
  readonly onLeaveOut: (key: number) => void;
};

/** The files that come after the one in hand. */
export const WaitingFiles = ({ files, onLeaveOut }: WaitingFilesProps) => {
  const { t } = useTranslation('document');
  if (files.length === 0) return null;
  return (
    <Section title={t('waiting', { count: files.length })}>
      <ul className="waiting-files">
        {files.map(({ key, name }) => (
          <li key={key}>
            <span className="lk-mono lk-truncate">{name}</span>
            <IconButton size="small" label={t('leaveOut', { name })} icon={<X aria-hidden="true" />} onPress={() => onLeaveOut(key)} />
          </li>
        ))}
      </ul>
    </Section>
  );
};
