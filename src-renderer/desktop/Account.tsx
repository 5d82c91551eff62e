import { lazy, Suspense, useState } from 'react';
import type { session } from '../messages/en/session.ts';
import { wordsHook } from '../messages/words.ts';
import { useProblemWords } from '../problem/ProblemNote.tsx';
import { UserMenu } from '../session/UserMenu.tsx';
import { Link, notify } from '../ui/index.ts';
import { paths } from './paths.ts';
import { useDesktop, useDesktopState } from './use-desktop.ts';
import { useWords } from './words.ts';

/** Asked for now and then: kept out of the app's first load. */
const LogOutDialog = lazy(async () => ({ default: (await import('../session/LogOutDialog.tsx')).LogOutDialog }));

const useSessionWords = wordsHook<typeof session>('session');

/** The user menu, or the way to sign in. */
export const Account = () => {
  const t = useWords();
  const said = useSessionWords();
  const words = useProblemWords();
  const { call } = useDesktop();
  const account = useDesktopState((state) => state.account);
  const organization = useDesktopState((state) => state.picker.organization);
  const hasAuthority = useDesktopState((state) => state.connection.state !== 'none');
  const [isLeaving, setLeaving] = useState(false);
  if (account === null) return hasAuthority ? <Link href={paths.picker} variant="button">{t('nav.signIn')}</Link> : null;

  const tell = async (work: ReturnType<typeof call>, done?: string) => {
    const result = await work;
    if (!result.ok) {
      const { title, text } = words({ code: result.code, details: result.details });
      notify({ tone: 'danger', title, text });
    } else if (done !== undefined) {
      notify({ title: done });
    }
  };
  return (
    <>
      <UserMenu
        account={account}
        organization={organization?.id ?? null}
        onChooseOrganization={(id) => void tell(call('organization.choose', { organization: id }))}
        onSetDefault={(id) => void tell(call('organization.set-default', { organization: id }), said('menu.defaultSet', { name: account.organizations.find((one) => one.id === id)?.name }))}
        onLogOut={() => setLeaving(true)}
      />
      {isLeaving && <Suspense fallback={null}><LogOutDialog onClose={() => setLeaving(false)} /></Suspense>}
    </>
  );
};
