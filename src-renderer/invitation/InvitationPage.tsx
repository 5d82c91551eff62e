import { Link2Off, MailX } from 'lucide-react';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { organizationPath, useAct, useCall, useQuery } from '../authority/index.ts';
import { useCommonWords } from '../messages/words.ts';
import { LinkEnd, LinkPage } from '../portal/session/LinkPage.tsx';
import { signIn, signOut, startSession, useSession } from '../portal/session/session.ts';
import { useLinkToken } from '../portal/session/use-link-token.ts';
import { ProblemNote, ProblemText } from '../problem/ProblemNote.tsx';
import { SignInForm } from '../session/SignInForm.tsx';
import { useSignInWords } from '../session/words.ts';
import { Banner, Button, Card, ConfirmDialog, FormError, Link, notify, Skeleton } from '../ui/index.ts';
import { Offered } from './Offered.tsx';
import type { Invitation } from './Offered.tsx';
import { SignUpForm } from './SignUpForm.tsx';
import { useInvitationWords } from './words.ts';
import './invitation.css';

/** What an invitation offers, and the way to answer it: by signing up, by signing in, or at once with the account it was sent to. */
export const InvitationPage = () => {
  const t = useInvitationWords();
  const token = useLinkToken();
  // The authority takes no shorter one: a link cut by a mail program.
  if (token === null || token.length < 20) {
    return <LinkPage title={t('title')}><LinkEnd icon={<Link2Off />} title={t('none.title')} text={t('none.text')} action={<Start>{t('none.action')}</Start>} /></LinkPage>;
  }
  return <OfToken key={token} token={token} />;
};

const Start = ({ children }: { readonly children: string }) => <Link variant="button" href="/">{children}</Link>;

const OfToken = ({ token }: { readonly token: string }) => {
  const t = useInvitationWords();
  const common = useCommonWords();
  const { value, problem, refresh, isLoading } = useQuery('people.readInvitation', { body: { token } });
  const [isDeclined, setDeclined] = useState(false);
  if (isDeclined && value !== null) {
    return <LinkPage title={t('title')}><LinkEnd icon={<MailX />} title={t('declined')} text={t('declinedText', { from: value.invitedBy })} action={<Start>{t('none.action')}</Start>} /></LinkPage>;
  }
  if (problem?.code === 'INVITE_ENDED' || problem?.code === 'NOT_FOUND') {
    return <LinkPage title={t('title')}><LinkEnd icon={<Link2Off />} title={t('ended.title')} text={t('ended.text')} action={<Start>{t('ended.action')}</Start>} /></LinkPage>;
  }
  if (value === null) {
    return (
      <LinkPage title={t('title')}>
        {problem === null
          ? <Card><p role="status" className="lk-hidden-text">{t('looking')}</p><Skeleton lines={4} /></Card>
          : <ProblemNote problem={problem} live="alert" action={<Button isPending={isLoading} onPress={() => void refresh()}>{common('actions.retry')}</Button>} />}
      </LinkPage>
    );
  }
  return (
    <LinkPage title={t('titleTo', { organization: value.organization.name })} text={t('offer', { from: value.invitedBy, organization: value.organization.name, role: common(`role.${value.role}`) })}>
      <div className="lk-stack">
        <Offered invitation={value} />
        <Answer token={token} invitation={value} onDeclined={() => setDeclined(true)} onEnded={() => void refresh()} />
      </div>
    </LinkPage>
  );
};

type AnswerProps = { readonly token: string; readonly invitation: Invitation; readonly onDeclined: () => void; readonly onEnded: () => void };

const Answer = ({ token, invitation, onDeclined, onEnded }: AnswerProps) => {
  const t = useInvitationWords();
  const { phase, account } = useSession();
  const said = useSignInWords();
  const call = useCall();
  const decline = <DeclineButton token={token} invitation={invitation} onDeclined={onDeclined} />;
  const { email, hasAccount } = invitation;
  if (phase === 'signed-in' && account !== null) {
    return account.user.email.toLowerCase() === email.toLowerCase()
      ? <Join token={token} invitation={invitation} onEnded={onEnded}>{decline}</Join>
      : <Other actual={account.user.email} email={email} />;
  }
  if (!hasAccount) return <SignUpForm token={token} invitation={invitation} onEnded={onEnded}>{decline}</SignUpForm>;
  return (
    <Card title={t('signIn.title')} text={t('signIn.text', { email })}>
      <SignInForm
        initialEmail={email}
        onSubmit={(credentials) => signIn({ email: credentials.email, password: credentials.password, otp: credentials.otp ?? null })}
        onSendCode={(credentials) => call('security.sendCode', { body: { email: credentials.email, password: credentials.password } })}
        forgot={<Link href="/password-reset" target="_blank">{said('forgot')}</Link>}
      />
      <div className="invitation-decline">{decline}</div>
    </Card>
  );
};

const Join = ({ token, invitation: { organization }, onEnded, children }: Omit<AnswerProps, 'onDeclined'> & { readonly children: ReactNode }) => {
  const t = useInvitationWords();
  const [, navigate] = useLocation();
  const { run, isPending, problem } = useAct('people.acceptInvitation');
  const accept = async () => {
    const result = await run({ body: { token } });
    if (!result.ok) {
      if (result.code === 'INVITE_ENDED') onEnded();
      return;
    }
    await startSession();
    notify({ title: t('joined', { organization: organization.name }) });
    navigate(organizationPath(result.value.organization, 'home'));
  };
  return (
    <Card>
      <div className="lk-row">
        <Button variant="primary" size="large" isPending={isPending} pendingLabel={t('accepting')} onPress={() => void accept()}>{t('accept', { organization: organization.name })}</Button>
        {children}
      </div>
      <FormError>{problem !== null && <ProblemText problem={problem} />}</FormError>
    </Card>
  );
};

const Other = ({ actual, email }: { readonly actual: string; readonly email: string }) => {
  const t = useInvitationWords();
  const [isPending, setPending] = useState(false);
  const leave = async () => {
    setPending(true);
    await signOut();
    setPending(false);
  };
  return <Banner tone="warn" title={t('other.title', { actual })} action={<Button size="small" isPending={isPending} onPress={() => void leave()}>{t('other.action')}</Button>}>{t('other.text', { actual, email })}</Banner>;
};

const DeclineButton = ({ token, invitation: { organization }, onDeclined }: Omit<AnswerProps, 'onEnded'>) => {
  const t = useInvitationWords();
  const [isAsking, setAsking] = useState(false);
  const { run, isPending, problem } = useAct('people.declineInvitation');
  const decline = async () => {
    const result = await run({ body: { token } });
    if (result.ok) onDeclined();
  };
  return (
    <>
      <Button variant="quiet" size="large" onPress={() => setAsking(true)}>{t('decline')}</Button>
      <ConfirmDialog
        isOpen={isAsking}
        onOpenChange={setAsking}
        title={t('declineTitle')}
        confirmLabel={t('decline')}
        cancelLabel={t('declineKeep')}
        isDanger
        isPending={isPending}
        pendingLabel={t('declining')}
        onConfirm={() => void decline()}
        error={problem !== null && <ProblemText problem={problem} />}
      >
        <p>{t('declineText', { organization: organization.name })}</p>
      </ConfirmDialog>
    </>
  );
};
