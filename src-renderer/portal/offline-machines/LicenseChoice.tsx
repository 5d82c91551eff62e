import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Inspection } from '../../../src-shared/inspection.ts';
import type { Lease } from '../../../src-shared/lease.ts';
import type { Entitlement } from '../../../src-shared/license.ts';
import { useProblemWords } from '../../problem/ProblemNote.tsx';
import { Badge, RadioGroup, SearchField, SeatBar } from '../../ui/index.ts';
import { isParticular } from './choices.ts';

export type LicenseChoiceProps = {
  readonly options: readonly Entitlement[];
  readonly inspection: Inspection;
  readonly lease: Lease | null;
  readonly value: string | null;
  readonly onChange: (license: string) => void;
  readonly isDisabled: boolean;
};

const SEARCHABLE_FROM = 8;

const textOf = (option: Entitlement): string => [option.product.name, option.edition, option.organization.name, ...option.features].join(' ').toLocaleLowerCase();

/** The licenses that could answer a request: those available first, each with its seats, or with why it is not available. */
export const LicenseChoice = ({ options, inspection, lease, value, onChange, isDisabled }: LicenseChoiceProps) => {
  const { t } = useTranslation('portal');
  const [query, setQuery] = useState('');
  const words = query.toLocaleLowerCase().split(/\s+/);
  // What is chosen stays in sight, whatever one searches.
  const found = options.filter((option) => option.license === value || words.every((word) => textOf(option).includes(word)));
  const isAskedFor = isParticular(inspection) || lease !== null;
  return (
    <div className="portal-choice" data-long={options.length >= SEARCHABLE_FROM || undefined}>
      {options.length >= SEARCHABLE_FROM && <SearchField label={t('answer.search')} placeholder={t('answer.search')} value={query} onChange={setQuery} />}
      <RadioGroup
        label={t('answer.license')}
        variant="cards"
        value={value}
        onChange={onChange}
        isDisabled={isDisabled}
        options={found.map((option) => {
          const isRenewed = lease !== null && option.license === lease.license;
          return {
            id: option.license,
            isDisabled: !option.available && !isRenewed,
            label: <OptionTitle option={option} isAskedFor={isAskedFor} />,
            text: <OptionText option={option} isRenewed={isRenewed} />,
          };
        })}
      />
    </div>
  );
};

const OptionTitle = ({ option, isAskedFor }: { readonly option: Entitlement; readonly isAskedFor: boolean }) => {
  const { t } = useTranslation('portal');
  const { product, edition, seats } = option;
  const counts = t('seats.of', { free: seats.free, owned: seats.owned });
  return (
    <span className="portal-option-title">
      <span><b>{product.name}</b>{edition !== null && <span className="lk-soft"> {edition}</span>}</span>
      {isAskedFor && <Badge tone="brass">{t('answer.askedFor')}</Badge>}
      <span className="portal-option-seats">
        <span className="lk-small lk-numeric" aria-hidden="true">{counts}</span>
        <SeatBar size="small" label={t('seats.spoken', { ...seats })} seats={seats} />
      </span>
    </span>
  );
};

const OptionText = ({ option, isRenewed }: { readonly option: Entitlement; readonly isRenewed: boolean }) => {
  const { t } = useTranslation('portal');
  const wordsOf = useProblemWords();
  const [reason] = option.reasons;
  const [contact] = option.contacts;
  return (
    <span className="portal-option-text">
      <span>
        {[
          option.organization.name,
          option.validUntil === null ? t('answer.endless') : t('answer.validUntil', { at: option.validUntil }),
          t('answer.most', { count: option.offlineDays }),
        ].join(' · ')}
      </span>
      {!isRenewed && reason !== undefined && (
        <span className="portal-option-reason">
          {wordsOf(reason).title}. {wordsOf(reason).text}{' '}
          {contact === undefined || reason.code === 'LEASE_LIMIT_EXCEEDED' ? wordsOf(reason).next : t('answer.askContact', { name: contact.name, email: contact.email })}
        </span>
      )}
    </span>
  );
};
