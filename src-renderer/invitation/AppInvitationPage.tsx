import { ExternalLink, Link2Off } from 'lucide-react';
import { useLocation } from 'wouter';
import { organizationPath, useAct, useQuery } from '../authority/index.ts';
import { DesktopPage } from '../desktop/DesktopPage.tsx';
import { paths } from '../desktop/paths.ts';
import { useDesktop, useDesktopState } from '../desktop/use-desktop.ts';
import { useCommonWords } from '../messages/words.ts';
import { ProblemNote, ProblemText } from '../problem/ProblemNote.tsx';
import { Banner, Button, Card, EmptyState, FormError, Link, notify, Skeleton } from '../ui/index.ts';
import { Offered } from './Offered.tsx';
import type { Invitation } from './Offered.tsx';
import { useInvitationWords } from './words.ts';

/**
 * What the address `latchkey://invitation/CODE` leads to in the app. Whoever is signed in as the person who was invited can join
 * here; everybody else answers in the portal, where an account is made.
 */
export const AppInvitationPage = ({ code }: { readonly code: string }) => {
  const t = useInvitationWords();
  const isAlone = useDesktopState(({ connection }) => connection.state === 'none');
  return isAlone
    ? <DesktopPage title={t('title')} width="narrow"><Card><EmptyState icon={<Link2Off />} title={t('app.alone')} text={t('app.aloneText')} /></Card></DesktopPage>
    : <OfCode key={code} code={code} />;
};

const OfCode = ({ code }: { readonly code: string }) => {
  const t = useInvitationWords();
  const common = useCommonWords();
  const account = useDesktopState((state) => state.account);
  const { value, problem, refresh, isLoading } = useQuery('people.readInvitation', { body: { token: code } });
  if (problem?.code === 'INVITE_ENDED' || problem?.code === 'NOT_FOUND') {
    return <DesktopPage title={t('title')} width="narrow"><Card><EmptyState icon={<Link2Off />} title={t('ended.title')} text={t('ended.text')} action={<Link variant="button" href={paths.picker}>{t('ended.action')}</Link>} /></Card></DesktopPage>;
  }
  if (value === null) {
    return (
      <DesktopPage title={t('title')} width="narrow">
        {problem === null
          ? <Card><p role="status" className="lk-hidden-text">{t('looking')}</p><Skeleton lines={4} /></Card>
          : <ProblemNote problem={problem} live="alert" action={<Button isPending={isLoading} onPress={() => void refresh()}>{common('actions.retry')}</Button>} />}
      </DesktopPage>
    );
  }
  return (
    <DesktopPage title={t('titleTo', { organization: value.organization.name })} subtitle={t('offer', { from: value.invitedBy, organization: value.organization.name, role: common(`role.${value.role}`) })} width="narrow">
      <div className="lk-stack">
        <Offered invitation={value} />
        {account !== null && account.user.email === value.email
          ? <Join code={code} invitation={value} />
          : (
            <>
              {account !== null && <Banner tone="warn" title={t('other.title', { actual: account.user.email })}>{t('app.otherText', { email: value.email })}</Banner>}
              <Card><InPortal code={code} variant="primary" /></Card>
            </>
          )}
      </div>
    </DesktopPage>
  );
};

const Join = ({ code, invitation: { organization } }: { readonly code: string; readonly invitation: Invitation }) => {
  const t = useInvitationWords();
  const [, navigate] = useLocation();
  const { call } = useDesktop();
  const { run, isPending, problem } = useAct('people.acceptInvitation');
  const accept = async () => {
    const result = await run({ body: { token: code } });
    if (!result.ok) return;
    await call('picker.refresh', null);
    notify({ title: t('joined', { organization: organization.name }) });
    navigate(organizationPath(result.value.organization, 'home'));
  };
  return (
    <Card>
      <div className="lk-row">
        <Button variant="primary" size="large" isPending={isPending} pendingLabel={t('accepting')} onPress={() => void accept()}>{t('accept', { organization: organization.name })}</Button>
        <InPortal code={code} variant="button" />
      </div>
      <FormError>{problem !== null && <ProblemText problem={problem} />}</FormError>
    </Card>
  );
};

/** The same page in the browser: the link that the mail has. */
const InPortal = ({ code, variant }: { readonly code: string; readonly variant: 'primary' | 'button' }) => {
  const t = useInvitationWords();
  const url = useDesktopState((state) => state.connection.url);
  return url === null ? null : <Link variant={variant} href={new URL(`/invitation#${code}`, url).href} target="_blank" icon={<ExternalLink aria-hidden="true" />}>{t('app.inPortal')}</Link>;
};
