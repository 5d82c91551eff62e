import { z } from 'zod';
import { route } from './route.ts';
import { account, clusterLocation, email, givenName, id, seconds } from './schema.ts';

const password = z.string().min(1).max(1024);
const token = z.string().min(20).max(128);
const otp = z.string().trim().min(4).max(64);

export const sessionRow = z.object({ id, agent: z.string().nullable(), createdAt: seconds, lastUsedAt: seconds, current: z.boolean() });
export const secondFactors = z.object({ email: z.boolean(), app: z.boolean(), recoveryCodesLeft: z.int() });
export const preferences = z.object({ productNews: z.boolean(), usageStatistics: z.boolean(), licenseMails: z.boolean() });
export type Preferences = z.output<typeof preferences>;
/** The name in its parts, the language of pages and mails, where one's own cloud data is, and the e-mail address that is asked for but not confirmed. */
export const profile = z.object({
  firstName: z.string(), lastName: z.string(), locale: z.enum(['en', 'de']), cluster: clusterLocation,
  pendingEmail: z.object({ email: z.string(), expiresAt: seconds }).nullable(),
});
export type Profile = z.output<typeof profile>;

/** A person's own account: name, e-mail, password, second factor, sessions, privacy. */
export const security = {
  profile: route({ method: 'GET', path: '/v1/me/profile', auth: 'person', summary: 'What one can change of oneself', reply: profile, codes: [] }),
  rename: route({
    method: 'PUT', path: '/v1/me/name', auth: 'person', summary: 'Change your name',
    body: z.strictObject({ firstName: givenName(1, 100), lastName: givenName(1, 100) }), reply: account, codes: [],
  }),
  setLocale: route({
    method: 'PUT', path: '/v1/me/locale', auth: 'person', summary: 'Language of pages and mails', body: z.strictObject({ locale: z.enum(['en', 'de']) }), reply: account, codes: [],
  }),
  setCluster: route({
    method: 'PUT', path: '/v1/me/cluster', auth: 'person', summary: "Where one's own cloud data is processed and stored", body: z.strictObject({ cluster: clusterLocation }), reply: account, codes: [],
  }),
  changeEmail: route({
    method: 'POST', path: '/v1/me/email', auth: 'person', summary: 'Ask for another e-mail address: a link goes to the new one, the old one is told and stays until it is clicked',
    body: z.strictObject({ email, password }), reply: z.object({ pending: z.string(), expiresAt: seconds }), codes: ['CREDENTIALS_INVALID', 'CONFLICT'],
  }),
  confirmEmail: route({
    method: 'POST', path: '/v1/email-confirmations', auth: 'none', summary: 'The link in the mail to the new address',
    body: z.strictObject({ token }), reply: z.object({ email: z.string() }), codes: ['NOT_FOUND', 'LINK_ENDED', 'CONFLICT'],
  }),
  changePassword: route({
    method: 'POST', path: '/v1/me/password', auth: 'person', summary: 'Change the password: every session ends, and one signs in again',
    body: z.strictObject({ old: password, new: password }), reply: z.null(), codes: ['CREDENTIALS_INVALID', 'PASSWORD_WEAK'],
  }),
  forgotPassword: route({
    method: 'POST', path: '/v1/password-resets', auth: 'none', summary: 'Send a link to set a new password; the reply is the same whether the account exists',
    body: z.strictObject({ email: z.string().min(3).max(254) }), reply: z.null(), codes: [],
  }),
  resetPassword: route({
    method: 'POST', path: '/v1/password-resets/completion', auth: 'none', summary: 'Set a new password by the link; every session ends',
    body: z.strictObject({ token, password }), reply: z.null(), codes: ['NOT_FOUND', 'LINK_ENDED', 'PASSWORD_WEAK'],
  }),
  /** When the password is right and a second factor is on, `signIn` answers `OTP_REQUIRED` with details.methods. This sends the e-mailed code. */
  sendCode: route({
    method: 'POST', path: '/v1/sessions/code', auth: 'none', summary: 'Send the e-mailed code for a sign-in whose password was right',
    body: z.strictObject({ email: z.string().min(3).max(254), password, known: z.string().max(200).exactOptional() }), reply: z.object({ expiresAt: seconds }), codes: ['CREDENTIALS_INVALID', 'CONFLICT'],
  }),
  secondFactors: route({ method: 'GET', path: '/v1/me/second-factors', auth: 'person', summary: 'Which second factors are on', reply: secondFactors, codes: [] }),
  beginApp: route({
    method: 'POST', path: '/v1/me/second-factors/app', auth: 'person', summary: 'Begin with an authenticator app: the secret and its QR address; on only once confirmed',
    body: z.strictObject({ password }), reply: z.object({ secret: z.string(), otpauth: z.string() }), codes: ['CREDENTIALS_INVALID', 'CONFLICT'],
  }),
  confirmApp: route({
    method: 'POST', path: '/v1/me/second-factors/app/confirmation', auth: 'person', summary: 'Turn it on by a code; the recovery codes are shown this once',
    body: z.strictObject({ otp }), reply: z.object({ recoveryCodes: z.array(z.string()) }), codes: ['OTP_INVALID', 'CONFLICT'],
  }),
  beginEmailCode: route({
    method: 'POST', path: '/v1/me/second-factors/email', auth: 'person', summary: 'Send a code to begin (or end) codes by e-mail', body: z.strictObject({ password }),
    reply: z.object({ expiresAt: seconds }), codes: ['CREDENTIALS_INVALID'],
  }),
  confirmEmailCode: route({
    method: 'POST', path: '/v1/me/second-factors/email/confirmation', auth: 'person', summary: 'Turn codes by e-mail on', body: z.strictObject({ otp }), reply: secondFactors, codes: ['OTP_INVALID', 'CONFLICT'],
  }),
  disable: route({
    method: 'POST', path: '/v1/me/second-factors/removal', auth: 'person', summary: 'Turn a second factor off, by a code of it or a recovery code', body: z.strictObject({ method: z.enum(['app', 'email']), otp }),
    reply: secondFactors, codes: ['OTP_INVALID', 'CONFLICT'],
  }),
  sessions: route({ method: 'GET', path: '/v1/me/sessions', auth: 'person', summary: 'Where you are signed in', reply: z.object({ sessions: z.array(sessionRow) }), codes: [] }),
  endSession: route({
    method: 'DELETE', path: '/v1/me/sessions/:session', auth: 'person', summary: 'Sign out one session', params: z.object({ session: id }), reply: z.null(), codes: ['NOT_FOUND'],
  }),
  endOtherSessions: route({ method: 'DELETE', path: '/v1/me/sessions', auth: 'person', summary: 'Sign out every other session', reply: z.object({ ended: z.int() }), codes: [] }),
  preferences: route({
    method: 'GET', path: '/v1/me/preferences', auth: 'person', summary: 'Communication and data use, and how they changed',
    reply: z.object({ preferences, history: z.array(z.object({ at: seconds, change: z.string(), from: z.boolean(), to: z.boolean() })) }), codes: [],
  }),
  setPreferences: route({ method: 'PUT', path: '/v1/me/preferences', auth: 'person', summary: 'Change them', body: preferences.strict(), reply: z.object({ preferences }), codes: [] }),
  export: route({ method: 'POST', path: '/v1/me/export', auth: 'person', summary: 'Download my data, as one JSON value', body: z.strictObject({ password }), reply: z.record(z.string(), z.json()), codes: ['CREDENTIALS_INVALID'] }),
  remove: route({
    method: 'POST', path: '/v1/me/deletion', auth: 'person', summary: 'Delete my account; refused while it is the last owner of an organization or holds an offline lease',
    body: z.strictObject({ password, email: z.string() }), reply: z.null(), codes: ['CREDENTIALS_INVALID', 'CONFLICT'],
  }),
} as const;
