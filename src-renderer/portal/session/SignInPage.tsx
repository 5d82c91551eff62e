import { useEffect, useState } from 'react';
import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../../src-shared/desktop.ts';
import { ProblemNote } from '../../problem/ProblemNote.tsx';
import { Banner, Button, Card, Page, PasswordField, TextField } from '../../ui/index.ts';
import { signIn, useSession } from './session.ts';

const textOf = (form: FormData, name: string): string => String(form.get(name) ?? '');

/** E-mail, password, and the code of the second factor once it is asked for. */
export const SignInPage = () => {
  const { t } = useTranslation(['portal', 'common']);
  const { hasEnded, account } = useSession();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [needsCode, setNeedsCode] = useState(false);
  const [isPending, setPending] = useState(false);
  useEffect(() => {
    document.title = t('title', { page: t('signIn.title') });
  }, [t]);

  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setPending(true);
    const otp = textOf(form, 'otp').trim();
    const result = await signIn({ email: textOf(form, 'email').trim(), password: textOf(form, 'password'), otp: otp === '' ? null : otp });
    setPending(false);
    if (result.ok) return;
    if (result.code === 'OTP_REQUIRED') setNeedsCode(true);
    setProblem(result);
  };

  const isCodeAsked = problem?.code === 'OTP_REQUIRED';
  return (
    <Page title={t('signIn.title')} subtitle={t('signIn.subtitle', { host: location.host })} width="narrow">
      {hasEnded && problem === null && <Banner tone="info" title={t('signIn.ended')}>{t('signIn.endedText')}</Banner>}
      <Card>
        <form className="lk-stack" onSubmit={(event) => void submit(event)}>
          <TextField
            label={t('common:signIn.email')}
            type="email"
            name="email"
            autoComplete="username"
            defaultValue={account?.user.email ?? ''}
            autoFocus={account === null}
            isRequired
          />
          <PasswordField
            label={t('common:signIn.password')}
            name="password"
            autoComplete="current-password"
            autoFocus={account !== null}
            showLabel={t('common:signIn.showPassword')}
            hideLabel={t('common:signIn.hidePassword')}
            isRequired
          />
          {needsCode && (
            <TextField
              label={t('common:signIn.otp')}
              name="otp"
              autoComplete="one-time-code"
              inputMode="numeric"
              description={t('signIn.codeText')}
              isMonospace
              autoFocus
              isRequired
            />
          )}
          {problem !== null && <ProblemNote problem={problem} live="alert" tone={isCodeAsked ? 'info' : undefined} />}
          <Button type="submit" variant="primary" size="large" isFullWidth isPending={isPending} pendingLabel={t('signIn.pending')}>{t('common:actions.signIn')}</Button>
        </form>
      </Card>
      <p className="lk-soft lk-small">{t('signIn.help')}</p>
    </Page>
  );
};
