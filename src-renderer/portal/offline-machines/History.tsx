import { useTranslation } from 'react-i18next';
import { DownloadButton } from '../../saving/DownloadButton.tsx';
import { Badge, Card, Time } from '../../ui/index.ts';
import type { Done } from './exchange.ts';

/** What was done since the page was opened, with every file for those who lost it on the way. */
export const History = ({ history }: { readonly history: readonly Done[] }) => {
  const { t, i18n } = useTranslation(['portal', 'common']);
  return (
    <Card title={t('history.title')} text={t('history.text')} padding="flush">
      <ul className="portal-history">
        {history.map((done) => (
          <li key={done.key}>
            <div className="portal-history-words">
              <p>
                <Badge tone={done.kind === 'accepted' ? 'ok' : 'brass'}>{t(`history.${done.kind}`)}</Badge>{' '}
                <b>{done.lease?.product.name ?? t('history.time')}</b> <span className="lk-soft">{t('history.machine', { machine: done.machine })}</span>
              </p>
              <p className="lk-soft lk-small"><Time seconds={done.at} locale={i18n.language} format="time" /> · <span className="lk-mono">{done.fileName}</span></p>
            </div>
            <DownloadButton size="small" fileName={done.fileName} content={done.content} aria-label={t('history.download', { file: done.fileName })}>
              {t('common:actions.download')}
            </DownloadButton>
          </li>
        ))}
      </ul>
    </Card>
  );
};
