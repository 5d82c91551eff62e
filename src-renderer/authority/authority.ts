import { createContext, use } from 'react';
import type { AuthorityEvent } from '../../src-shared/http/index.ts';
import type { Call, RouteName } from './routes.ts';

/** The way to the authority: HTTP in the portal, the passage through main in the app. */
export type Authority = {
  readonly call: Call;
  /** Hears of what changed there. Returns the function that stops it. */
  readonly onEvent: (listener: (event: AuthorityEvent) => void) => () => void;
  /** What was last read, by route and call, so that a page one comes back to stands at once. It belongs to one person. */
  readonly kept: Map<string, unknown>;
};

export const createAuthority = (way: Pick<Authority, 'call' | 'onEvent'>): Authority => ({ ...way, kept: new Map() });

export const keyOf = (name: RouteName, call: object): string => `${name} ${JSON.stringify(call)}`;

const AuthorityContext = createContext<Authority | null>(null);

export const AuthorityProvider = AuthorityContext.Provider;

export const useAuthority = (): Authority => {
  const authority = use(AuthorityContext);
  if (authority === null) throw new Error('no AuthorityProvider above');
  return authority;
};

/** Any operation of the contract, by its name. */
export const useCall = (): Call => useAuthority().call;
