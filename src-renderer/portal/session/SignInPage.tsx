import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useCall } from '../../authority/index.ts';
import { ProblemNote } from '../../problem/ProblemNote.tsx';
import { SignInForm } from '../../session/SignInForm.tsx';
import { useSignInWords } from '../../session/words.ts';
import { Banner, Card, Link, Page } from '../../ui/index.ts';
import { signIn, useSession } from './session.ts';

/** E-mail, password, and the code of the second factor once it is asked for. */
export const SignInPage = () => {
  const { t } = useTranslation('portal');
  const said = useSignInWords();
  const call = useCall();
  const { ended, account } = useSession();
  useEffect(() => {
    document.title = t('title', { page: t('signIn.title') });
  }, [t]);
  return (
    <Page title={t('signIn.title')} subtitle={t('signIn.subtitle', { host: location.host })} width="narrow">
      {ended !== null && (typeof ended.details['why'] === 'string' ? <ProblemNote problem={ended} tone={ended.details['why'] === 'binding' ? 'warn' : 'info'} live="status" /> : <Banner tone="info" title={t('signIn.ended')}>{t('signIn.endedText')}</Banner>)}
      <Card>
        <SignInForm
          initialEmail={account?.user.email}
          onSubmit={({ email, password, otp }) => signIn({ email, password, otp: otp ?? null })}
          onSendCode={({ email, password }) => call('security.sendCode', { body: { email, password } })}
          forgot={<Link href="/password-reset">{said('forgot')}</Link>}
        />
      </Card>
      <p className="lk-soft lk-small">{t('signIn.help')}</p>
    </Page>
  );
};
