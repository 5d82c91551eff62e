import { Link2Off, Mail, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import type { FormEvent } from 'react';
import { useAct } from '../../authority/index.ts';
import { NewPasswordField } from '../../password/NewPasswordField.tsx';
import { ProblemText, useProblemWords } from '../../problem/ProblemNote.tsx';
import { useSignInWords } from '../../session/words.ts';
import { Button, Card, FormError, Link, TextField } from '../../ui/index.ts';
import { LinkEnd, LinkPage } from './LinkPage.tsx';
import { startSession } from './session.ts';
import { useLinkToken } from './use-link-token.ts';

/** `/password-reset`: asks for the link; with the link's token, sets the new password. */
export const PasswordResetPage = () => {
  const token = useLinkToken();
  const [isAsking, setAsking] = useState(false);
  return token === null || isAsking ? <AskForLink /> : <SetPassword key={token} token={token} onAskAgain={() => setAsking(true)} />;
};

const AskForLink = () => {
  const t = useSignInWords();
  const { run, isPending, problem } = useAct('security.forgotPassword');
  const [email, setEmail] = useState('');
  const [isTried, setTried] = useState(false);
  const [sentTo, setSentTo] = useState<string | null>(null);
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setTried(true);
    const address = email.trim();
    if (isPending || address.length < 3) return;
    const result = await run({ body: { email: address } });
    if (result.ok) setSentTo(address);
  };
  if (sentTo !== null) {
    return <LinkPage title={t('reset.ask')}><LinkEnd icon={<Mail />} title={t('reset.sent')} text={t('reset.sentText', { email: sentTo })} action={<Link variant="button" href="/">{t('start')}</Link>} /></LinkPage>;
  }
  return (
    <LinkPage title={t('reset.ask')} text={t('reset.askText')}>
      <Card>
        <form className="lk-stack" noValidate onSubmit={(event) => void send(event)}>
          <TextField label={t('reset.email')} type="email" name="email" autoComplete="username" maxLength={254} autoFocus value={email} onChange={setEmail} error={isTried && email.trim().length < 3 && t('emailMissing')} />
          <FormError>{problem !== null && <ProblemText problem={problem} />}</FormError>
          <Button type="submit" variant="primary" size="large" isFullWidth isPending={isPending} pendingLabel={t('reset.sending')}>{t('reset.send')}</Button>
          <div className="sign-in-forgot"><Link href="/">{t('start')}</Link></div>
        </form>
      </Card>
    </LinkPage>
  );
};

const SetPassword = ({ token, onAskAgain }: { readonly token: string; readonly onAskAgain: () => void }) => {
  const t = useSignInWords();
  const words = useProblemWords();
  const { run, isPending, problem, clear } = useAct('security.resetPassword');
  const [password, setPassword] = useState('');
  const [isTried, setTried] = useState(false);
  const [isDone, setDone] = useState(false);
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setTried(true);
    if (isPending || password === '') return;
    const result = await run({ body: { token, password } });
    if (!result.ok) return;
    setDone(true);
    // Who was signed in here no longer is.
    await startSession();
  };
  if (isDone) return <LinkPage title={t('reset.set')}><LinkEnd icon={<ShieldCheck />} title={t('reset.done')} text={t('reset.doneText')} /></LinkPage>;
  const isOver = problem !== null && ['LINK_ENDED', 'NOT_FOUND', 'INPUT_INVALID'].includes(problem.code);
  if (isOver) {
    const ended = words({ code: 'LINK_ENDED', details: problem.details });
    return (
      <LinkPage title={t('reset.set')}>
        <LinkEnd icon={<Link2Off />} title={ended.title} text={ended.text} action={<Button variant="primary" onPress={onAskAgain}>{t('reset.again')}</Button>} />
      </LinkPage>
    );
  }
  return (
    <LinkPage title={t('reset.set')} text={t('reset.setText')}>
      <Card>
        <form className="lk-stack" noValidate onSubmit={(event) => void save(event)}>
          <NewPasswordField
            value={password} own={[]} autoFocus
            onChange={(next) => {
              setPassword(next);
              clear();
            }}
            error={problem?.code === 'PASSWORD_WEAK' ? t('reset.weak') : isTried && password === '' ? t('reset.newMissing') : undefined}
          />
          <FormError>{problem !== null && problem.code !== 'PASSWORD_WEAK' && <ProblemText problem={problem} />}</FormError>
          <Button type="submit" variant="primary" size="large" isFullWidth isPending={isPending} pendingLabel={t('reset.saving')}>{t('reset.save')}</Button>
        </form>
      </Card>
    </LinkPage>
  );
};
