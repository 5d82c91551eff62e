import { useTranslation } from 'react-i18next';
import type { Seats } from '../../../src-shared/license.ts';
import { DownloadButton } from '../../saving/DownloadButton.tsx';
import { Banner, Button, Card, SeatBar, Stepper, Time } from '../../ui/index.ts';
import { nextFile } from './exchange.ts';
import type { Done } from './exchange.ts';

/** What was done, what to carry where, and the file once more. */
export const DonePanel = ({ done, waiting }: { readonly done: Done; readonly waiting: number }) => {
  const { t, i18n } = useTranslation(['portal', 'common']);
  const { kind, lease, machine, fileName, content, keysets, seats } = done;
  const words = { product: lease?.product.name ?? '', machine, file: fileName };
  const step = (id: 'saved' | 'carry' | 'import', state: 'done' | 'current' | 'todo') =>
    ({ id, state, title: t(`done.${kind}.${id}.title`, words), text: t(`done.${kind}.${id}.text`, words) });
  return (
    <Card>
      <div className="lk-stack">
        <Banner tone="ok" live="status" title={t(`done.${kind}.title${done.again ? 'Again' : ''}`, words)}>
          {kind === 'answered' && lease !== null && <>{t('done.answered.until')} <Time seconds={lease.until} locale={i18n.language} /></>}
          {kind === 'accepted' && seats === null && t('done.accepted.seatBack')}
        </Banner>
        {seats !== null && <SeatsChange before={seats.before} after={seats.after} />}
        {keysets.length > 0 && (
          <Banner tone="warn" title={t('done.keyset.title', { count: keysets.length, ...words, keyset: keysets[0]?.version })}>
            <p>{t(`done.keyset.${kind}`, { count: keysets.length, ...words })}</p>
            <div className="portal-keysets">
              {keysets.map((keyset) => <DownloadButton key={keyset.version} fileName={keyset.fileName} content={keyset.document}>{t('done.keyset.save', { keyset: keyset.version })}</DownloadButton>)}
            </div>
          </Banner>
        )}
        <Stepper
          label={t('done.steps')}
          stateLabels={{ done: t('step.done'), current: t('step.current'), todo: t('step.todo') }}
          steps={[step('saved', 'done'), step('carry', 'current'), step('import', 'todo')]}
        />
        <div className="portal-step-actions">
          <DownloadButton fileName={fileName} content={content}>{t('done.downloadAgain')}</DownloadButton>
          <Button variant="primary" onPress={nextFile}>{waiting > 0 ? t('done.next', { count: waiting }) : t('done.finish')}</Button>
        </div>
      </div>
    </Card>
  );
};

const SeatsChange = ({ before, after }: { readonly before: Seats; readonly after: Seats }) => {
  const { t } = useTranslation('portal');
  return (
    <dl className="portal-seats">
      {([['before', before], ['after', after]] as const).map(([when, seats]) => (
        <div key={when}>
          <dt>{t(`seats.${when}`)}</dt>
          <dd>
            <span className="lk-numeric">{t('seats.of', { free: seats.free, owned: seats.owned })}</span>
            <SeatBar size="small" label={t('seats.spoken', { ...seats })} seats={seats} />
          </dd>
        </div>
      ))}
    </dl>
  );
};
