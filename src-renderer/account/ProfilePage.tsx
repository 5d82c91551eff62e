import { useState } from 'react';
import type { FormEvent } from 'react';
import type { Profile } from '../../src-shared/http/security.ts';
import { useAct, usePerson, useQuery } from '../authority/index.ts';
import { setLanguage } from '../messages/index.ts';
import { languages } from '../messages/language.ts';
import type { Language } from '../messages/language.ts';
import { useCommonWords } from '../messages/words.ts';
import { ClusterChoice } from '../organization/ClusterChoice.tsx';
import { useProblemWords } from '../problem/ProblemNote.tsx';
import { Button, Card, notify, RadioGroup, Select, TextField } from '../ui/index.ts';
import { EmailCard } from './EmailCard.tsx';
import { Loaded } from './Loaded.tsx';
import { Refused } from './OwnPasswordField.tsx';
import { useWords } from './words.ts';

/** Name, language, e-mail address, default organization and cluster location. */
export const ProfilePage = () => {
  const profile = useQuery('security.profile', {}, { on: ['account'] });
  return (
    <Loaded query={profile}>
      {(value) => (
        <>
          <NameCard profile={value} onChange={profile.change} />
          <EmailCard profile={value} onChange={profile.change} />
          <div className="account-pair">
            <LanguageCard profile={value} onChange={profile.change} />
            <OrganizationCard />
          </div>
          <ClusterCard profile={value} onChange={profile.change} />
        </>
      )}
    </Loaded>
  );
};

export type ProfileProps = { readonly profile: Profile; readonly onChange: (next: (profile: Profile) => Profile) => void };

const NameCard = ({ profile, onChange }: ProfileProps) => {
  const t = useWords();
  const common = useCommonWords();
  const { refresh } = usePerson();
  const { run, isPending, problem } = useAct('security.rename');
  const [first, setFirst] = useState(profile.firstName);
  const [last, setLast] = useState(profile.lastName);
  const [isTried, setTried] = useState(false);
  const name = { firstName: first.trim(), lastName: last.trim() };
  const isSame = name.firstName === profile.firstName && name.lastName === profile.lastName;

  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (isPending || name.firstName === '' || name.lastName === '') return;
    const result = await run({ body: name });
    if (!result.ok) return;
    onChange((old) => ({ ...old, ...name }));
    void refresh();
    notify({ title: t('name.saved') });
  };
  return (
    <Card title={t('name.title')} text={t('name.text')}>
      <form className="lk-stack" noValidate onSubmit={(event) => void save(event)}>
        <div className="account-pair">
          <TextField label={t('name.first')} name="first-name" autoComplete="given-name" maxLength={100} value={first} onChange={setFirst} error={isTried && name.firstName === '' && t('name.missing')} />
          <TextField label={t('name.last')} name="last-name" autoComplete="family-name" maxLength={100} value={last} onChange={setLast} error={isTried && name.lastName === '' && t('name.missing')} />
        </div>
        <Refused problem={problem} />
        <div><Button type="submit" isPending={isPending} isDisabled={isSame} pendingLabel={t('name.pending')}>{common('actions.save')}</Button></div>
      </form>
    </Card>
  );
};

const LanguageCard = ({ profile, onChange }: ProfileProps) => {
  const t = useWords();
  const words = useProblemWords();
  const { run, isPending } = useAct('security.setLocale');
  const choose = async (locale: Language): Promise<void> => {
    if (locale === profile.locale) return;
    const result = await run({ body: { locale } });
    if (!result.ok) {
      const { title, next } = words(result);
      notify({ tone: 'danger', title, text: next });
      return;
    }
    onChange((old) => ({ ...old, locale }));
    await setLanguage(locale);
  };
  return (
    <Card title={t('language.title')}>
      <RadioGroup
        label={t('language.label')} value={profile.locale} onChange={(locale) => void choose(locale)} isDisabled={isPending} description={t('language.text')}
        options={languages.map((id) => ({ id, label: <span lang={id}>{t(`language.${id}`)}</span> }))}
      />
    </Card>
  );
};

const OrganizationCard = () => {
  const t = useWords();
  const words = useProblemWords();
  const { account, setDefault } = usePerson();
  const { organizations, defaultOrganization } = account;
  const choose = async (organization: string): Promise<void> => {
    if (organization === defaultOrganization) return;
    const result = await setDefault(organization);
    if (result.ok) {
      notify({ title: t('organization.saved', { name: organizations.find(({ id }) => id === organization)?.name ?? '' }) });
      return;
    }
    const { title, next } = words(result);
    notify({ tone: 'danger', title, text: next });
  };
  return (
    <Card title={t('organization.title')}>
      {organizations.length === 0
        ? <p className="lk-soft lk-small">{t('organization.none')}</p>
        : (
          <Select
            label={t('organization.label')} isLabelHidden value={defaultOrganization} onChange={(id) => void choose(id)} placeholder={t('organization.choose')} description={t('organization.text')}
            options={organizations.map(({ id, name }) => ({ id, label: name }))}
          />
        )}
    </Card>
  );
};

const ClusterCard = ({ profile, onChange }: ProfileProps) => {
  const t = useWords();
  const common = useCommonWords();
  const words = useProblemWords();
  const { run, isPending } = useAct('security.setCluster');
  const choose = async (cluster: Profile['cluster']): Promise<void> => {
    if (cluster === profile.cluster) return;
    const result = await run({ body: { cluster } });
    if (!result.ok) {
      const { title, next } = words(result);
      notify({ tone: 'danger', title, text: next });
      return;
    }
    onChange((old) => ({ ...old, cluster }));
    notify({ title: t('cluster.saved', { place: common(`cluster.${cluster}`) }) });
  };
  return (
    <Card title={t('cluster.title')}>
      <ClusterChoice label={t('cluster.label')} description={t('cluster.text')} value={profile.cluster} onChange={(cluster) => void choose(cluster)} isDisabled={isPending} />
    </Card>
  );
};
