import { FileDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Banner, Button } from '../../ui/index.ts';
import { tellTime } from './exchange.ts';

export type TimeFormProps = { readonly machine: string | null; readonly isAgain: boolean; readonly isWorking: boolean; readonly putAside: ReactNode };

/** Why a machine asks for the time, and the way to tell it. */
export const TimeForm = ({ machine, isAgain, isWorking, putAside }: TimeFormProps) => {
  const { t } = useTranslation('portal');
  return (
    <div className="lk-stack">
      <Banner tone="info" title={t('time.asks', machine === null ? {} : { machine, context: 'named' })}>
        <p>{t('time.why')}</p>
        <p>{t(isAgain ? 'time.again' : 'time.effect')}</p>
      </Banner>
      <div className="portal-step-actions">
        {putAside}
        <Button variant="primary" icon={<FileDown aria-hidden="true" />} isPending={isWorking} pendingLabel={t('time.pending')} onPress={() => void tellTime()}>
          {t(isAgain ? 'time.sameTicket' : 'time.confirm')}
        </Button>
      </div>
    </div>
  );
};
