import { useState } from 'react';
import type { Problem } from '../../src-shared/desktop.ts';
import type { Json } from '../../src-shared/errors.ts';
import { organizationsPath, useAct, usePerson } from '../authority/index.ts';
import { Banner, Link, notify, TextField } from '../ui/index.ts';
import { FormDialog } from './FormDialog.tsx';
import { OwnPasswordField, Refused } from './OwnPasswordField.tsx';
import { useWords } from './words.ts';

/** The end of the account: the person types their address and password, and hears why not and what to do first. */
export const RemoveDialog = ({ onClose }: { readonly onClose: () => void }) => {
  const t = useWords();
  const { account, refresh } = usePerson();
  const { run, isPending, problem, clear } = useAct('security.remove');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [isTried, setTried] = useState(false);
  const isRight = email.trim().toLowerCase() === account.user.email.toLowerCase();
  const typed = (set: (value: string) => void) => (value: string) => {
    set(value);
    if (problem?.code !== 'CONFLICT') clear();
  };
  const remove = async (): Promise<void> => {
    setTried(true);
    if (!isRight || password === '') return;
    const result = await run({ body: { email: email.trim(), password } });
    if (!result.ok) return;
    notify({ title: t('remove.done') });
    onClose();
    await refresh();
  };
  const list = new Intl.ListFormat(document.documentElement.lang, { type: 'conjunction' });
  return (
    <FormDialog title={t('remove.dialog')} submitLabel={t('remove.confirm')} pendingLabel={t('remove.pending')} isDanger isPending={isPending} onSubmit={remove} onClose={onClose}>
      <p>{t('remove.dialogText')}</p>
      <ul className="account-points">
        {account.organizations.length > 0 && <li>{t('remove.leaves', { count: account.organizations.length, names: list.format(account.organizations.map(({ name }) => name)) })}</li>}
        <li>{t('remove.licenses')}</li>
        <li>{t('remove.log')}</li>
      </ul>
      <TextField
        label={t('remove.email', { email: account.user.email })} name="confirm-email" autoComplete="off" value={email} onChange={typed(setEmail)} autoFocus
        error={isTried && !isRight && t('remove.emailWrong')}
      />
      <OwnPasswordField
        value={password} onChange={typed(setPassword)}
        error={isTried && password === '' ? t('passwordMissing') : problem?.code === 'CREDENTIALS_INVALID' ? t('passwordWrong') : undefined}
      />
      {problem?.code === 'CONFLICT' ? <Reasons problem={problem} onLeave={onClose} /> : <Refused problem={problem} except={['CREDENTIALS_INVALID']} />}
    </FormDialog>
  );
};

type Facts = Readonly<Record<string, Json>>;
const facts = (value: Json | undefined): readonly Facts[] => (Array.isArray(value) ? value.filter((each): each is Facts => typeof each === 'object' && each !== null && !Array.isArray(each)) : []);
const nameOf = (value: Json | undefined): string => (typeof value === 'object' && value !== null && !Array.isArray(value) ? String((value as Facts)['name'] ?? '') : String(value ?? ''));

/** What stands against it, and the way to the page where that can be changed. */
const Reasons = ({ problem, onLeave }: { readonly problem: Problem; readonly onLeave: () => void }) => {
  const t = useWords();
  const { entry } = usePerson();
  const owned = facts(problem.details['organizations']);
  const leases = facts(problem.details['leases']);
  const list = new Intl.ListFormat(document.documentElement.lang, { type: 'conjunction' });
  if (owned.length === 0 && leases.length === 0) return <Refused problem={problem} />;
  return (
    <>
      {owned.length > 0 && (
        <Banner tone="danger" live="alert" title={t('remove.lastOwner', { names: list.format(owned.map(({ name }) => nameOf(name))) })} action={<Link variant="button" href={organizationsPath} onPress={onLeave}>{t('remove.toOrganizations')}</Link>}>
          {t('remove.lastOwnerText')}
        </Banner>
      )}
      {leases.length > 0 && (
        <Banner
          tone="danger" live="alert" title={t('remove.offline')}
          action={entry === 'portal' ? <Link variant="button" href="/offline-machines" onPress={onLeave}>{t('remove.toOffline')}</Link> : undefined}
        >
          <ul className="account-points">{leases.map(({ lease, product, machine, until }) => <li key={String(lease)}>{t('remove.offlineLease', { product: nameOf(product), machine: nameOf(machine), until: Number(until) })}</li>)}</ul>
          <p>{t('remove.offlineText')}</p>
        </Banner>
      )}
    </>
  );
};
