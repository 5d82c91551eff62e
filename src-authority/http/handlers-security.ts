import { ok } from '../../src-shared/result.ts';
import type { security } from '../../src-shared/http/security.ts';
import type { Accounts, Session } from '../accounts/accounts.ts';
import type { Ground } from '../ground.ts';
import { clearCookie, keepKnown, knownIn, knownTokens, refuseForeign, setCookie, usesCookie } from './credentials.ts';
import type { Circumstances, Handlers } from './implement.ts';

/** The routes of a person's own account. */
export const createSecurityHandlers = (ground: Ground, accounts: Accounts): Handlers<{ readonly security: typeof security }>['security'] => {
  const { profile, passwords, secondFactors, sessions, preferences } = accounts;

  /** SECURITY: after a change of what it takes to sign in, a browser goes on with another token. A bearer's holder keeps its own. */
  const rotate = async (session: Session, { request, reply }: Circumstances): Promise<void> => {
    if (usesCookie(request)) setCookie(request, reply, await sessions.rotate(session), session.expiresAt - ground.clock.now());
  };

  return {
    profile: async ({ session }) => ok(await profile.read(session.person.id)),
    rename: async ({ session, body }) => ok(await profile.rename(session.person.id, body)),
    setCluster: async ({ session, body }) => ok(await profile.setCluster(session.person.id, body.cluster)),
    setLocale: async ({ session, body }) => ok(await profile.setLocale(session.person.id, body.locale)),
    changeEmail: ({ session, body }) => profile.changeEmail(session.person, body),
    confirmEmail: ({ body }) => profile.confirmEmail(body.token),
    changePassword: async ({ session, body, http }) => {
      const changed = await passwords.change(session.person, { ...body, address: http.address });
      if (!changed.ok) return changed;
      if (usesCookie(http.request)) keepKnown(http.request, http.reply, changed.value.known);
      clearCookie(http.request, http.reply);
      return ok(null);
    },
    forgotPassword: async ({ body, http }) =>
      passwords.forgot({ email: body.email, address: http.address, onDefect: (error) => http.request.log.error({ err: error }, 'a defect') }),
    resetPassword: async ({ body, http }) => {
      const reset = await passwords.reset({ ...body, address: http.address });
      if (!reset.ok) return reset;
      // From a page of ours: the browser that the person goes on with.
      if (refuseForeign(http.request) === null) keepKnown(http.request, http.reply, reset.value.known);
      return ok(null);
    },
    sendCode: ({ body, http }) => accounts.sendCode({ email: body.email, password: body.password, from: { address: http.address, known: [...knownIn(body), ...(refuseForeign(http.request) === null ? knownTokens(http.request) : [])] } }),
    secondFactors: async ({ session }) => ok(await secondFactors.read(session.person.id)),
    beginApp: ({ session, body }) => secondFactors.beginApp(session.person, body.password),
    confirmApp: async ({ session, body, http }) => {
      const confirmed = await secondFactors.confirmApp(session.person, body.otp);
      if (confirmed.ok) await rotate(session, http);
      return confirmed;
    },
    beginEmailCode: ({ session, body }) => secondFactors.beginEmailCode(session.person, body.password),
    confirmEmailCode: async ({ session, body, http }) => {
      const confirmed = await secondFactors.confirmEmailCode(session.person, body.otp);
      if (confirmed.ok) await rotate(session, http);
      return confirmed;
    },
    disable: async ({ session, body, http }) => {
      const disabled = await secondFactors.disable(session.person, body.method, body.otp);
      if (disabled.ok) await rotate(session, http);
      return disabled;
    },
    sessions: async ({ session }) => ok({ sessions: [...(await sessions.list(session))] }),
    endSession: async ({ session, params, http }) => {
      const ended = await sessions.end(session, params.session);
      if (ended.ok && params.session === session.id) clearCookie(http.request, http.reply);
      return ended;
    },
    endOtherSessions: async ({ session }) => ok({ ended: await sessions.endOthers(session) }),
    preferences: async ({ session }) => {
      const read = await preferences.read(session.person.id);
      return ok({ ...read, history: [...read.history] });
    },
    setPreferences: async ({ session, body }) => ok({ preferences: await preferences.set(session.person.id, body) }),
    export: async ({ session, body }) => {
      const confirmed = await accounts.confirm(session.person, body.password);
      return confirmed.ok ? ok((await accounts.export(session.person)) as Record<string, never>) : confirmed;
    },
    remove: async ({ session, body, http }) => {
      const removed = await accounts.remove(session.person, body);
      if (removed.ok) clearCookie(http.request, http.reply);
      return removed;
    },
  };
};
