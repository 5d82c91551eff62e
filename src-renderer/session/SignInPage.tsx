import { FolderSync } from 'lucide-react';
import type { EndedSession } from '../../src-shared/desktop.ts';
import { useCall } from '../authority/index.ts';
import { DesktopPage } from '../desktop/DesktopPage.tsx';
import { paths } from '../desktop/paths.ts';
import { useDesktop, useDesktopState } from '../desktop/use-desktop.ts';
import { useWords } from '../desktop/words.ts';
import type { session } from '../messages/en/session.ts';
import { wordsHook } from '../messages/words.ts';
import { ProblemNote } from '../problem/ProblemNote.tsx';
import { Card, Link } from '../ui/index.ts';
import { ForgotInPortal } from './ForgotInPortal.tsx';
import { SignInForm } from './SignInForm.tsx';
import './session.css';

const useSessionWords = wordsHook<typeof session>('session');

/** Sign in, or the way that needs no account. */
export const SignInPage = () => {
  const t = useWords();
  const said = useSessionWords();
  const { call } = useDesktop();
  const ask = useCall();
  const connection = useDesktopState((state) => state.connection);
  const ended = useDesktopState((state) => state.sessionEnded);
  const host = connection.url === null ? null : URL.parse(connection.url)?.host ?? connection.url;
  return (
    <DesktopPage title={said('signIn.title')} subtitle={host === null ? said('signIn.text') : said('signIn.to', { address: host })} width="narrow">
      {connection.state === 'unreachable' && <ProblemNote problem={{ code: 'AUTHORITY_UNREACHABLE', details: {} }} live="status" />}
      {ended !== null && <Ended ended={ended} />}
      <Card>
        <SignInForm
          key={ended?.email}
          initialEmail={ended?.email}
          onSubmit={(credentials) => call('session.sign-in', credentials)}
          onSendCode={({ email, password }) => ask('security.sendCode', { body: { email, password } })}
          forgot={<ForgotInPortal />}
        />
      </Card>
      <div className="no-network">
        <FolderSync aria-hidden="true" size={20} strokeWidth={1.5} />
        <div className="no-network-words">
          <p className="no-network-title">{t('signIn.noNetwork')}</p>
          <p className="lk-soft">{t('signIn.noNetworkText')}</p>
        </div>
        <Link href={paths.exchange} variant="button">{t('signIn.exchange')}</Link>
      </div>
    </DesktopPage>
  );
};

/** Why the form is here again, and that what is in use does not depend on it. */
const Ended = ({ ended }: { readonly ended: EndedSession }) => {
  const t = useWords();
  const leases = useDesktopState((state) => state.leases).filter(({ standing }) => standing.usable);
  return (
    <ProblemNote problem={{ code: 'NOT_SIGNED_IN', details: { ...(ended.why !== null && { why: ended.why }), at: ended.at } }} tone="info" live="status">
      {leases.map(({ id, product, until }) => <p key={id}>{t('signIn.goesOn', { product: product.name, until })}</p>)}
    </ProblemNote>
  );
};
