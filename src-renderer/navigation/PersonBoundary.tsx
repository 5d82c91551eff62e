import { useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import type { Account } from '../../src-shared/http/index.ts';
import type { Result } from '../../src-shared/result.ts';
import { organizationOf, PersonProvider, useQuery } from '../authority/index.ts';
import type { Person } from '../authority/index.ts';
import { setLanguage } from '../messages/index.ts';

export type PersonBoundaryProps = {
  readonly account: Account;
  readonly entry: Person['entry'];
  /** The organization that the entry shows where an address names none: in the app, the picker's. */
  readonly shown?: string | null | undefined;
  readonly setDefault: (organization: string) => Promise<Result<unknown>>;
  readonly refresh: () => Promise<unknown>;
  readonly children: ReactNode;
};

/** Says who looks at the pages below, and which organization they look at: the address', else the last one, else the default. */
export const PersonBoundary = ({ account, entry, shown = null, setDefault, refresh, children }: PersonBoundaryProps) => {
  const [path] = useLocation();
  const named = organizationOf(path);
  const [last, setLast] = useState<string | null>(null);
  const memberships = account.organizations;
  const isMember = named !== null && memberships.some(({ id }) => id === named);
  if (isMember && named !== last) setLast(named);
  useAccountLanguage();

  const person = useMemo((): Person => {
    const find = (id: string | null) => memberships.find((each) => each.id === id);
    const wanted = named ?? (entry === 'desktop' ? shown : null) ?? last ?? account.defaultOrganization;
    // An address that names no organization of theirs shows none: not another one in its place.
    const organization = find(wanted) ?? (named === null ? memberships[0] : undefined) ?? null;
    return { account, organization, setDefault, refresh, entry };
  }, [account, memberships, named, shown, last, setDefault, refresh, entry]);
  return <PersonProvider value={person}>{children}</PersonProvider>;
};

/** Pages speak the language that the person has chosen for their account, on every computer. */
const useAccountLanguage = (): void => {
  const locale = useQuery('security.profile', {}, { on: ['account'] }).value?.locale;
  useEffect(() => {
    if (locale !== undefined) void setLanguage(locale);
  }, [locale]);
};
