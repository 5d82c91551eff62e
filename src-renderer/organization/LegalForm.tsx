import { useMemo, useState } from 'react';
import type { FormEvent } from 'react';
import type { Problem } from '../../src-shared/desktop.ts';
import type { Legal, Organization } from '../../src-shared/http/organizations.ts';
import { useAct, usePerson } from '../authority/index.ts';
import { useLanguage } from '../messages/words.ts';
import { Button, Card, FormError, notify, Select, TextField } from '../ui/index.ts';
import { ClusterChoice } from './ClusterChoice.tsx';
import { countriesIn } from './countries.ts';
import { Refused } from './Refused.tsx';
import { useOrganizationWords } from './words.ts';

type Draft = Readonly<Record<Exclude<keyof Legal, never>, string>>;
type Field = keyof Draft;

const nothing: Draft = { companyName: '', street: '', postalCode: '', city: '', country: '', vatId: '', contactName: '', contactEmail: '', contactPhone: '' };
const needed: readonly Field[] = ['companyName', 'country', 'contactEmail'];

const draftOf = (legal: Legal | null): Draft => (legal === null ? nothing : { ...legal, vatId: legal.vatId ?? '', contactPhone: legal.contactPhone ?? '' });
const isEmpty = (draft: Draft): boolean => Object.values(draft).every((value) => value.trim() === '');
const legalOf = (draft: Draft): Legal | null => {
  if (isEmpty(draft)) return null;
  const or = (text: string): string | null => (text.trim() === '' ? null : text.trim());
  return { ...draft, vatId: or(draft.vatId), contactPhone: or(draft.contactPhone) };
};

export type LegalFormProps = { readonly organization: Organization; readonly onSaved: (organization: Organization) => void };

/** Name, legal contact data and cluster location: an owner's to change. What is wrong stands at its field. */
export const LegalForm = ({ organization, onSaved }: LegalFormProps) => {
  const t = useOrganizationWords();
  const locale = useLanguage();
  const { refresh } = usePerson();
  const countries = useMemo(() => countriesIn(locale), [locale]);
  const [name, setName] = useState(organization.name);
  const [cluster, setCluster] = useState(organization.cluster);
  const [draft, setDraft] = useState(() => draftOf(organization.legal));
  const [isAsked, setAsked] = useState(false);
  const { run, isPending, problem, clear } = useAct('organizations.edit');

  const isChanged = name !== organization.name || cluster !== organization.cluster || JSON.stringify(draft) !== JSON.stringify(draftOf(organization.legal));
  const lacks = isEmpty(draft) ? [] : needed.filter((field) => draft[field].trim() === '');
  const isTooShort = name.trim().length < 2;
  const wrong = wrongField(problem);
  const errorOf = (field: Field) => {
    if (isAsked && lacks.includes(field)) return t('legal.missing');
    if (wrong !== field) return undefined;
    if (field === 'vatId') return t('legal.wrong.vat-id', { country: countries.find(({ id }) => id === draft.country)?.label ?? draft.country });
    return field === 'country' ? t('legal.wrong.country') : field === 'contactEmail' ? t('legal.wrong.email') : t('legal.missing');
  };
  const set = (field: Field) => (value: string) => {
    clear();
    setDraft((old) => ({ ...old, [field]: value }));
  };
  const undo = () => {
    clear();
    setAsked(false);
    setName(organization.name);
    setCluster(organization.cluster);
    setDraft(draftOf(organization.legal));
  };
  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    setAsked(true);
    if (isPending || isTooShort || lacks.length > 0) {
      setTimeout(() => form.querySelector<HTMLElement>('[aria-invalid="true"], [data-invalid] button')?.focus());
      return;
    }
    const result = await run({ params: { organization: organization.id }, body: { name: name.trim(), legal: legalOf(draft), cluster } });
    if (!result.ok) return;
    setName(result.value.name);
    setDraft(draftOf(result.value.legal));
    setAsked(false);
    onSaved(result.value);
    notify({ title: t('settings.saved') });
    if (result.value.name !== organization.name) await refresh();
  };
  const field = (each: Field, autoComplete: string) => (
    <TextField label={t(`legal.${each}`)} value={draft[each]} onChange={set(each)} autoComplete={autoComplete} error={errorOf(each)} className={`legal-${each}`} {...(each === 'vatId' && { description: t('legal.vatIdText') })} {...(each === 'contactEmail' && { type: 'email' as const })} />
  );
  return (
    <form className="lk-stack" noValidate onSubmit={(event) => void save(event)}>
      <Card title={t('settings.general')}>
        <div className="lk-stack">
          <TextField label={t('settings.name')} value={name} onChange={(next) => { clear(); setName(next); }} maxLength={100} error={isAsked && isTooShort ? t('create.nameMissing') : problem !== null && problem.details['why'] === 'name-taken' ? t('why.name-taken') : undefined} />
          <ClusterChoice label={t('create.cluster')} description={t('clusterNote')} value={cluster} onChange={setCluster} />
          {cluster !== organization.cluster && <p className="lk-small settings-warn" role="status">{t('settings.clusterChange')}</p>}
        </div>
      </Card>
      <Card title={t('settings.legal')} text={<>{t('settings.legalText')} {t('settings.optional')}</>}>
        <div className="legal-fields">
          {field('companyName', 'organization')}
          {field('street', 'street-address')}
          {field('postalCode', 'postal-code')}
          {field('city', 'address-level2')}
          <Select label={t('legal.country')} placeholder={t('legal.countryPick')} value={draft.country === '' ? null : draft.country} onChange={set('country')} options={countries} error={errorOf('country')} />
          {field('vatId', 'off')}
          {field('contactName', 'name')}
          {field('contactEmail', 'email')}
          {field('contactPhone', 'tel')}
        </div>
      </Card>
      <FormError>{problem !== null && wrong === null && problem.details['why'] !== 'name-taken' && <Refused problem={problem} />}</FormError>
      <div className="lk-row settings-save">
        <Button type="submit" variant="primary" isPending={isPending} pendingLabel={t('settings.saving')} isDisabled={!isChanged}>{t('settings.save')}</Button>
        {isChanged && <Button variant="quiet" isDisabled={isPending} onPress={undo}>{t('settings.undo')}</Button>}
        {isChanged && <span className="lk-small lk-soft" role="status">{t('settings.unsaved')}</span>}
      </div>
    </form>
  );
};

/** The field that the authority (`at`) or the passage through main (`fields`) refuses. */
const wrongField = (problem: Problem | null): Field | null => {
  if (problem?.code !== 'INPUT_INVALID') return null;
  const { at, fields } = problem.details;
  const named = typeof at === 'string' ? at : Array.isArray(fields) ? String(fields[0]) : '';
  const last = named.split('.').at(-1) ?? '';
  return Object.hasOwn(nothing, last) ? (last as Field) : null;
};
