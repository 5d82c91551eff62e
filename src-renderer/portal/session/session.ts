import { create } from 'zustand';
import type { Problem } from '../../../src-shared/desktop.ts';
import type { Account } from '../../../src-shared/http/index.ts';
import { fail } from '../../../src-shared/result.ts';
import type { Result } from '../../../src-shared/result.ts';
import { createCall } from '../../authority/over-http.ts';
import { bindingKept, forgetBinding, keepBinding } from './binding.ts';

/** Who is signed in. While `signed-out` the page in the address stays, so that signing in goes on where one was. */
export type SessionState = {
  readonly phase: 'starting' | 'signed-out' | 'signed-in' | 'unreachable';
  readonly account: Account | null;
  /** The refusal that showed that the session had ended by itself, or that this browser does not hold all of it. */
  readonly ended: Problem | null;
  /** Why the session could not be looked up. */
  readonly problem: Problem | null;
};

export const useSession = create<SessionState>()(() => ({ phase: 'starting', account: null, ended: null, problem: null }));

const forgetters = new Set<() => void>();

/** `forget` is called when somebody signs out, or another person signs in: what was shown belongs to one person. */
export const onPersonLeft = (forget: () => void): void => void forgetters.add(forget);

const personLeft = (): void => forgetters.forEach((forget) => forget());

/** The one caller of the portal's pages. */
export const call = createCall((...request) => globalThis.fetch(...request), bindingKept, (refusal) => {
  const { phase } = useSession.getState();
  // Of many calls that are refused at once the first one says why.
  if (phase === 'signed-out') return;
  useSession.setState({ phase: 'signed-out', ended: phase === 'signed-in' || refusal.details['why'] === 'binding' ? refusal : null });
});

const PERSON = 'latchkey.person';
/** Pages that links in mails lead to: they stand whoever is signed in. */
const LINKED = /^\/(?:invitation|password-reset|email-confirmation)(?:\/|$)/;

/** A page of the person before may be none of the next one's. */
const goHome = (): void => {
  if (!LINKED.test(location.pathname)) history.replaceState(null, '', '/');
};

/** Whom this tab has shown before, also before it was loaded anew. */
const takeTurn = (person: string): string | null => {
  try {
    const before = sessionStorage.getItem(PERSON);
    sessionStorage.setItem(PERSON, person);
    return before;
  } catch {
    return null;
  }
};

const enter = (account: Account): void => {
  const before = takeTurn(account.user.id) ?? useSession.getState().account?.user.id ?? account.user.id;
  if (before !== account.user.id) {
    personLeft();
    goHome();
  }
  useSession.setState({ phase: 'signed-in', account, ended: null, problem: null });
};

/** Finds out who is signed in, and again when the account has changed. */
export const startSession = async (): Promise<void> => {
  const me = await call('accounts.me', {});
  if (me.ok) enter(me.value);
  else if (me.code !== 'NOT_SIGNED_IN' && useSession.getState().phase !== 'signed-in') useSession.setState({ phase: 'unreachable', problem: me });
};

export const signIn = async (input: { readonly email: string; readonly password: string; readonly otp: string | null }): Promise<Result<null>> => {
  const { email, password, otp } = input;
  const result = await call('accounts.signIn', {
    body: { email, password, agent: 'Latchkey portal', carrier: 'cookie', ...(otp === null ? {} : { otp }) },
  });
  if (!result.ok) return result;
  keepBinding(result.value.binding);
  enter(result.value.account);
  return { ok: true, value: null };
};

export const setDefaultOrganization = async (organization: string): Promise<Result<null>> => {
  const result = await call('accounts.setDefaultOrganization', { body: { organization } });
  if (!result.ok) return result;
  useSession.setState({ account: result.value });
  return { ok: true, value: null };
};

export const signOut = async (): Promise<Result<null>> => {
  const result = await call('accounts.signOut', {});
  if (!result.ok && result.code !== 'NOT_SIGNED_IN') return fail(result.code, result.details);
  forgetBinding();
  personLeft();
  goHome();
  useSession.setState({ phase: 'signed-out', account: null, ended: null, problem: null });
  return { ok: true, value: null };
};
