import { createContext, use } from 'react';
import type { Account } from '../../src-shared/http/index.ts';
import type { Result } from '../../src-shared/result.ts';

export type Membership = Account['organizations'][number];

/** Who looks at the pages, and what they look at. Each entry provides it: the portal from its session, the app from main's state. */
export type Person = {
  readonly account: Account;
  /** The organization shown; null while the personal space is, or when there is none. */
  readonly organization: Membership | null;
  readonly setDefault: (organization: string) => Promise<Result<unknown>>;
  /** The account has changed by what this page did: look again. */
  readonly refresh: () => Promise<unknown>;
  /** `desktop`: the same page inside the app. */
  readonly entry: 'portal' | 'desktop';
};

const PersonContext = createContext<Person | null>(null);

export const PersonProvider = PersonContext.Provider;

export const usePerson = (): Person => {
  const person = use(PersonContext);
  if (person === null) throw new Error('no PersonProvider above');
  return person;
};

/** The organization whose page this is, with the person's role in it. Its pages stand only where there is one. */
export const useOrganization = (): Membership => {
  const { organization } = usePerson();
  if (organization === null) throw new Error('an organization’s page without an organization');
  return organization;
};
