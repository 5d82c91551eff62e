import { useCallback, useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { useAuthority } from '../authority/index.ts';
import { PersonBoundary } from '../navigation/index.ts';
import { useDesktop, useDesktopState } from './use-desktop.ts';

/** Who is signed in on this machine, for the pages that stand in both entries. Main keeps every answer that is the account itself. */
export const AppPerson = ({ children }: { readonly children: ReactNode }) => {
  const { call } = useDesktop();
  const account = useDesktopState((state) => state.account);
  const organization = useDesktopState((state) => state.picker.organization);
  useForgetting(account?.user.id ?? null);
  const setDefault = useCallback((id: string) => call('organization.set-default', { organization: id }), [call]);
  const { call: ask } = useAuthority();
  const refresh = useCallback(() => ask('accounts.me', {}), [ask]);
  if (account === null) return children;
  return (
    <PersonBoundary key={account.user.id} account={account} entry="desktop" shown={organization?.id ?? null} setDefault={setDefault} refresh={refresh}>
      {children}
    </PersonBoundary>
  );
};

/** What was read belongs to one person. */
const useForgetting = (person: string | null): void => {
  const { kept } = useAuthority();
  const before = useRef(person);
  useEffect(() => {
    if (before.current !== person) kept.clear();
    before.current = person;
  }, [kept, person]);
};
