import type { TFunction } from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ErrorCode } from '../../../src-shared/errors.ts';
import type { Inspection } from '../../../src-shared/inspection.ts';
import type { Lease } from '../../../src-shared/lease.ts';
import type { Entitlement, Reason } from '../../../src-shared/license.ts';
import { usePerson } from '../../authority/index.ts';
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
            text: <OptionText option={option} isRenewed={isRenewed} machine={inspection.machine?.id ?? null} />,
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

/** What an owner or manager changes in the portal; everything else is not theirs to change. */
const byManagers = new Set<ErrorCode>(['LICENSE_NOT_ASSIGNED', 'ROLE_NOT_ALLOWED']);

const nextFor = ({ contacts }: Entitlement, { code }: Reason, me: string, t: TFunction<'portal'>): string | null => {
  if (!byManagers.has(code)) return null;
  if (contacts.some(({ email }) => email === me)) return t('answer.assignYourself');
  const [contact] = contacts;
  return contact === undefined ? null : t('answer.askContact', { name: contact.name, email: contact.email });
};

const OptionText = ({ option, isRenewed, machine }: { readonly option: Entitlement; readonly isRenewed: boolean; readonly machine: string | null }) => {
  const { t } = useTranslation('portal');
  const wordsOf = useProblemWords();
  const { account } = usePerson();
  const [reason] = option.reasons;
  const isHere = machine !== null && option.holders.some((holder) => holder.machine.id === machine);
  return (
    <span className="portal-option-text">
      <span>
        {[
          option.organization.name,
          option.validUntil === null ? t('answer.endless') : t('answer.validUntil', { at: option.validUntil }),
          t('answer.most', { count: option.offlineDays }),
        ].join(' · ')}
      </span>
      {!isRenewed && isHere && reason === undefined && <span className="portal-option-here">{t('answer.here')}</span>}
      {!isRenewed && reason !== undefined && (
        <span className="portal-option-reason">
          {wordsOf(reason).title}. {wordsOf(reason).text}{' '}
          {nextFor(option, reason, account.user.email, t) ?? wordsOf(reason).next}
        </span>
      )}
    </span>
  );
};
