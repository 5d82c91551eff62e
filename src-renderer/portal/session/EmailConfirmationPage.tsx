import { Link2Off, MailCheck } from 'lucide-react';
import { useState } from 'react';
import { useAct } from '../../authority/index.ts';
import { ProblemText, useProblemWords } from '../../problem/ProblemNote.tsx';
import { useSignInWords } from '../../session/words.ts';
import { Button, Card, FormError } from '../../ui/index.ts';
import { LinkEnd, LinkPage } from './LinkPage.tsx';
import { startSession } from './session.ts';
import { useLinkToken } from './use-link-token.ts';

/** `/email-confirmation#token`. A press confirms, and not the visit: mail scanners follow links, too. */
export const EmailConfirmationPage = () => {
  const t = useSignInWords();
  const token = useLinkToken();
  if (token === null) return <LinkPage title={t('confirm.title')}><LinkEnd icon={<Link2Off />} title={t('noLink.title')} text={t('noLink.text')} /></LinkPage>;
  return <Confirm key={token} token={token} />;
};

const Confirm = ({ token }: { readonly token: string }) => {
  const t = useSignInWords();
  const words = useProblemWords();
  const { run, isPending, problem } = useAct('security.confirmEmail');
  const [email, setEmail] = useState<string | null>(null);
  const confirm = async (): Promise<void> => {
    const result = await run({ body: { token } });
    if (!result.ok) return;
    setEmail(result.value.email);
    await startSession();
  };
  if (email !== null) return <LinkPage title={t('confirm.title')}><LinkEnd icon={<MailCheck />} title={t('confirm.done', { email })} text={t('confirm.doneText')} /></LinkPage>;
  if (problem !== null && ['LINK_ENDED', 'NOT_FOUND', 'INPUT_INVALID', 'CONFLICT'].includes(problem.code)) {
    const ended = words({ code: 'LINK_ENDED', details: problem.details });
    return (
      <LinkPage title={t('confirm.title')}>
        <LinkEnd icon={<Link2Off />} title={ended.title} text={problem.code === 'CONFLICT' ? t('confirm.taken') : `${ended.text} ${t('confirm.ended')}`} />
      </LinkPage>
    );
  }
  return (
    <LinkPage title={t('confirm.title')} text={t('confirm.text')}>
      <Card>
        <div className="lk-stack">
          <FormError>{problem !== null && <ProblemText problem={problem} />}</FormError>
          <Button variant="primary" size="large" isFullWidth autoFocus isPending={isPending} pendingLabel={t('confirm.pending')} onPress={() => void confirm()}>{t('confirm.action')}</Button>
        </div>
      </Card>
    </LinkPage>
  );
};
