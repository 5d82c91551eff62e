import { Mail } from 'lucide-react';
import { useState } from 'react';
import type { FormEvent } from 'react';
import { useAct, usePerson } from '../authority/index.ts';
import { useCommonWords } from '../messages/words.ts';
import { Banner, Button, Card, notify, TextField } from '../ui/index.ts';
import { OwnPasswordField, Refused } from './OwnPasswordField.tsx';
import type { ProfileProps } from './ProfilePage.tsx';
import { useWords } from './words.ts';

/** The address stays until the link in the mail to the new one is clicked. */
export const EmailCard = ({ profile, onChange }: ProfileProps) => {
  const t = useWords();
  const { email } = usePerson().account.user;
  const [isOpen, setOpen] = useState(false);
  const pending = profile.pendingEmail;
  return (
    <Card title={t('email.title')} text={t('email.now', { email })} actions={!isOpen && <Button icon={<Mail aria-hidden="true" />} onPress={() => setOpen(true)}>{t('email.change')}</Button>}>
      {(pending !== null || isOpen) && (
        <div className="lk-stack">
          {pending !== null && <Banner tone="info" live="status" title={t('email.waits', { email: pending.email })}>{t('email.waitsText', { at: pending.expiresAt, now: email })}</Banner>}
          {isOpen && <EmailForm profile={profile} onChange={onChange} onClose={() => setOpen(false)} />}
        </div>
      )}
    </Card>
  );
};

const EmailForm = ({ onChange, onClose }: ProfileProps & { readonly onClose: () => void }) => {
  const t = useWords();
  const common = useCommonWords();
  const { email: now } = usePerson().account.user;
  const { run, isPending, problem, clear } = useAct('security.changeEmail');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [isTried, setTried] = useState(false);
  const wanted = email.trim();
  const wrongEmail = wanted === '' ? t('email.missing') : !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(wanted) ? t('email.malformed') : wanted.toLowerCase() === now.toLowerCase() ? t('email.same') : null;

  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (isPending || wrongEmail !== null || password === '') return;
    const result = await run({ body: { email: wanted, password } });
    if (!result.ok) return;
    onChange((old) => ({ ...old, pendingEmail: { email: result.value.pending, expiresAt: result.value.expiresAt } }));
    notify({ title: t('email.sent', { email: result.value.pending }) });
    onClose();
  };
  return (
    <form className="lk-stack" noValidate onSubmit={(event) => void send(event)}>
      <p className="lk-soft lk-small">{t('email.how', { email: now })}</p>
      <div className="account-pair">
        <TextField
          label={t('email.new')} type="email" name="email" autoComplete="email" maxLength={254} autoFocus value={email}
          onChange={(next) => {
            setEmail(next);
            clear();
          }}
          error={(isTried && wrongEmail) || (problem?.code === 'CONFLICT' && t('email.same'))}
        />
        <OwnPasswordField
          value={password}
          onChange={(next) => {
            setPassword(next);
            clear();
          }}
          error={isTried && password === '' ? t('passwordMissing') : problem?.code === 'CREDENTIALS_INVALID' ? t('passwordWrong') : undefined}
        />
      </div>
      <Refused problem={problem} except={['CONFLICT', 'CREDENTIALS_INVALID']} />
      <div className="lk-row">
        <Button type="submit" variant="primary" isPending={isPending} pendingLabel={t('email.pending')}>{t('email.send')}</Button>
        <Button onPress={onClose} isDisabled={isPending}>{common('actions.cancel')}</Button>
      </div>
    </form>
  );
};
