import { useEffect, useRef } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import type { Account } from '../../../src-shared/http/index.ts';
import { may } from '../../../src-shared/role.ts';
import { documentExtensions } from '../../../src-shared/inspection.ts';
import { WaitingFiles } from '../../document/WaitingFiles.tsx';
import { ProblemNote } from '../../problem/ProblemNote.tsx';
import { Banner, Button, Card, FileDrop, Page, Section, Skeleton } from '../../ui/index.ts';
import { DonePanel } from './DonePanel.tsx';
import { History } from './History.tsx';
import { Look } from './Look.tsx';
import { dropWaiting, nextFile, takeFiles, useExchange } from './exchange.ts';
import type { Current } from './exchange.ts';
import './offline-machines.css';

const extensions = documentExtensions.map((extension) => `.${extension}`);

/** Answers request files and accepts release proofs that a person carried here from machines without a network. */
export const OfflineMachinesPage = ({ account }: { readonly account: Account }) => {
  const { t } = useTranslation('portal');
  const { current, waiting, history } = useExchange();
  useEffect(() => {
    document.title = t('title', { page: t('nav.offlineMachines') });
  }, [t]);
  const canAnswer = account.organizations.some(({ role }) => may(role, 'exchange.answer'));
  return (
    <Page title={t('nav.offlineMachines')} subtitle={t('exchange.subtitle')}>
      {!canAnswer && <Banner tone="info" title={t('exchange.readOnly')}>{t('exchange.readOnlyText')}</Banner>}
      <div className="portal-drop" data-compact={current !== null || undefined}>
        <FileDrop
          title={current === null ? t('exchange.drop') : t('exchange.dropMore')}
          {...(current === null ? { text: t('exchange.dropText') } : {})}
          chooseLabel={t('exchange.choose')}
          accept={extensions}
          isMultiple
          onFiles={takeFiles}
        />
      </div>
      {current !== null && <InHand key={current.key} current={current} waiting={waiting.length} />}
      <WaitingFiles files={waiting} onLeaveOut={dropWaiting} />
      {current === null && history.length === 0 && <HowItWorks />}
      {history.length > 0 && <History history={history} />}
    </Page>
  );
};

/** The file in hand; it takes the focus when it comes, so that the keyboard and the screen reader follow. */
const InHand = ({ current, waiting }: { readonly current: Current; readonly waiting: number }) => {
  const { t } = useTranslation(['portal', 'common']);
  const element = useRef<HTMLDivElement>(null);
  const { stage } = current;
  useEffect(() => {
    if (stage !== 'reading') element.current?.focus();
  }, [stage]);
  return (
    <div ref={element} tabIndex={-1} role="group" className="portal-in-hand" aria-label={t('exchange.inHand', { name: current.name })}>
      {current.stage === 'reading' && (
        <Card>
          <div className="lk-stack" role="status">
            <span className="lk-hidden-text">{t('exchange.reading', { name: current.name })}</span>
            <Skeleton width={220} height={40} />
            <Skeleton lines={4} />
          </div>
        </Card>
      )}
      {current.stage === 'refused' && (
        <div className="lk-stack">
          <p className="lk-mono portal-refused-name">{current.name}</p>
          <ProblemNote problem={current.problem} live="alert" action={<Button onPress={nextFile}>{waiting > 0 ? t('exchange.next') : t('common:actions.dismiss')}</Button>} />
        </div>
      )}
      {current.stage === 'looked' && <Look current={current} />}
      {current.stage === 'done' && <DonePanel done={current.done} waiting={waiting} />}
    </div>
  );
};

const HowItWorks = () => {
  const { t } = useTranslation('portal');
  return (
    <div className="portal-how">
      {(['request', 'proof'] as const).map((way) => (
        <Section key={way} title={t(`exchange.how.${way}.title`)}>
          <ol className="portal-how-steps">
            {(['first', 'second', 'third'] as const).map((step) => (
              <li key={step}><Trans t={t} i18nKey={`exchange.how.${way}.${step}`} components={{ file: <span className="lk-mono" /> }} /></li>
            ))}
          </ol>
        </Section>
      ))}
    </div>
  );
};
