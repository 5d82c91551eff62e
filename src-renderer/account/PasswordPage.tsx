import { useState } from 'react';
import type { FormEvent } from 'react';
import { useAct, usePerson } from '../authority/index.ts';
import { NewPasswordField } from '../password/NewPasswordField.tsx';
import { Banner, Button, Card, notify } from '../ui/index.ts';
import { OwnPasswordField, Refused } from './OwnPasswordField.tsx';
import { useWords } from './words.ts';

/** The old and a new password. It ends every session, also this one. */
export const PasswordPage = () => {
  const t = useWords();
  const { account, refresh } = usePerson();
  const { run, isPending, problem, clear } = useAct('security.changePassword');
  const [old, setOld] = useState('');
  const [chosen, setChosen] = useState('');
  const [isTried, setTried] = useState(false);
  const typed = (set: (value: string) => void) => (value: string) => {
    set(value);
    clear();
  };

  const change = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (isPending || old === '' || chosen === '' || old === chosen) return;
    const result = await run({ body: { old, new: chosen } });
    if (!result.ok) return;
    notify({ title: t('change.done'), text: t('change.doneText') });
    // This session has ended: looking again leads to the sign-in.
    await refresh();
  };
  const wrongNew = problem?.code === 'PASSWORD_WEAK' ? t('change.weak') : !isTried ? undefined : chosen === '' ? t('change.newMissing') : chosen === old ? t('change.same') : undefined;
  return (
    <Card title={t('change.title')}>
      <form className="lk-stack account-form" noValidate onSubmit={(event) => void change(event)}>
        <input type="text" name="username" autoComplete="username" value={account.user.email} readOnly hidden />
        <OwnPasswordField
          label={t('change.old')} value={old} onChange={typed(setOld)}
          error={isTried && old === '' ? t('change.oldMissing') : problem?.code === 'CREDENTIALS_INVALID' ? t('passwordWrong') : undefined}
        />
        <NewPasswordField value={chosen} onChange={typed(setChosen)} own={[account.user.name, account.user.email]} error={wrongNew} />
        <Banner tone="warn" title={t('change.ends')} />
        <Refused problem={problem} except={['PASSWORD_WEAK', 'CREDENTIALS_INVALID']} />
        <div><Button type="submit" variant="primary" isPending={isPending} pendingLabel={t('change.pending')}>{t('change.confirm')}</Button></div>
      </form>
    </Card>
  );
};
