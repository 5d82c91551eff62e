import { FileDown } from 'lucide-react';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { Trans, useTranslation } from 'react-i18next';
import { fingerprintParts } from '../../../src-shared/fingerprint.ts';
import type { Inspection } from '../../../src-shared/inspection.ts';
import type { Lease } from '../../../src-shared/lease.ts';
import type { Entitlement } from '../../../src-shared/license.ts';
import { DAY } from '../../../src-shared/time.ts';
import type { Seconds } from '../../../src-shared/time.ts';
import { Banner, Button, EmptyState, Time } from '../../ui/index.ts';
import { LicenseChoice } from './LicenseChoice.tsx';
import { PeriodChoice } from './PeriodChoice.tsx';
import { daysFor, endOf, firstChoice, isParticular } from './choices.ts';
import { answerRequest } from './exchange.ts';

export type AnswerFormProps = {
  readonly inspection: Inspection;
  readonly options: readonly Entitlement[];
  readonly lease: Lease | null;
  readonly answered: boolean;
  readonly now: Seconds;
  readonly isWorking: boolean;
  readonly putAside: ReactNode;
};

const ENOUGH_PARTS = 3;

/** Chooses the license and the period that answer a request, and says what that locks before it happens. */
export const AnswerForm = (props: AnswerFormProps) => (props.answered ? <SameAnswer {...props} /> : <FirstAnswer {...props} />);

const FirstAnswer = ({ inspection, options, lease, now, isWorking, putAside }: AnswerFormProps) => {
  const { t, i18n } = useTranslation('portal');
  const wanted = inspection.want?.days ?? null;
  const [license, setLicense] = useState<string | null>(() => firstChoice(options, inspection, lease));
  const [typed, setTyped] = useState<number | null>(null);
  const chosen = options.find((option) => option.license === license);
  const days = chosen === undefined ? null : typed ?? daysFor(wanted, chosen.offlineDays);
  const end = chosen === undefined || days === null ? null : endOf(now, days, chosen);

  if (options.length === 0) {
    return (
      <>
        <EmptyState title={t('answer.nothingFits')} text={t(isParticular(inspection) ? 'answer.nothingFitsText' : 'answer.noLicenses')} />
        <div className="portal-step-actions">{putAside}</div>
      </>
    );
  }
  return (
    <form
      className="lk-stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (chosen !== undefined && days !== null && end !== null) void answerRequest(chosen.license, days);
      }}
    >
      <FewParts shown={inspection.fingerprint} />
      <LicenseChoice options={options} inspection={inspection} lease={lease} value={license} onChange={setLicense} isDisabled={isWorking} />
      {chosen !== undefined && days !== null && (
        <>
          <PeriodChoice days={days} wanted={wanted} most={chosen.offlineDays} onChange={setTyped} isWrong={end === null} isDisabled={isWorking} />
          {end !== null && (
            <Banner
              tone="warn"
              title={<Trans t={t} i18nKey={end.isCut ? 'answer.untilLicenseEnd' : 'answer.until'} components={{ at: <Time seconds={end.until} locale={i18n.language} /> }} />}
            >
              {t('answer.locks')}
            </Banner>
          )}
        </>
      )}
      <div className="portal-step-actions">
        {putAside}
        <Button type="submit" variant="primary" icon={<FileDown aria-hidden="true" />} isDisabled={end === null} isPending={isWorking} pendingLabel={t('answer.pending')}>
          {t('answer.confirm')}
        </Button>
      </div>
    </form>
  );
};

/** Where fewer parts are shown than a computer that has changed must still have. */
const FewParts = ({ shown }: { readonly shown: readonly string[] }) => {
  const { t, i18n } = useTranslation(['portal', 'common']);
  if (shown.length >= ENOUGH_PARTS) return null;
  const missing = fingerprintParts.filter((part) => !shown.includes(part)).map((part) => t(`common:part.${part}`));
  return (
    <Banner tone="warn" title={t('portal:answer.fewParts', { shown: shown.length })}>
      {t('portal:answer.fewPartsText', { missing: new Intl.ListFormat(i18n.language, { type: 'conjunction' }).format(missing) })}
    </Banner>
  );
};

/** The request has its answer already; whatever is chosen now, it is the same file. */
const SameAnswer = ({ inspection, options, lease, isWorking, putAside }: AnswerFormProps) => {
  const { t, i18n } = useTranslation('portal');
  const license = lease?.license ?? inspection.want?.license ?? options[0]?.license ?? null;
  const days = lease === null ? daysFor(inspection.want?.days ?? null, 365) : Math.max(1, Math.ceil((lease.until - lease.issuedAt) / DAY));
  return (
    <div className="lk-stack">
      <Banner tone="info" title={t('answer.again')}>
        {lease !== null && (
          <p>
            <Trans
              t={t}
              i18nKey="answer.againWith"
              values={{ product: lease.product.name, organization: lease.organization.name }}
              components={{ at: <Time seconds={lease.until} locale={i18n.language} /> }}
            />
          </p>
        )}
        <p>{t('answer.againText')}</p>
      </Banner>
      <div className="portal-step-actions">
        {putAside}
        <Button
          variant="primary"
          icon={<FileDown aria-hidden="true" />}
          isDisabled={license === null}
          isPending={isWorking}
          pendingLabel={t('answer.pending')}
          onPress={() => license !== null && void answerRequest(license, days)}
        >
          {t('answer.sameFile')}
        </Button>
      </div>
    </div>
  );
};
