import { z } from 'zod';
import { route } from './route.ts';
import { account, id, seconds } from './schema.ts';

/** Sign-in and the person's own account. */
export const accounts = {
  signIn: route({
    method: 'POST',
    path: '/v1/sessions',
    auth: 'none',
    summary: 'Sign in with e-mail and password',
    body: z.strictObject({
      email: z.string().min(3).max(254),
      password: z.string().min(1).max(1024),
      otp: z.string().max(64).exactOptional(),
      /** The token that an earlier sign-in of this app gave (`known` of its reply): wrong guesses of strangers do not make it wait. */
      known: z.string().max(200).exactOptional(),
      /** What the person sees in their list of sessions, such as "Latchkey on WS-042". */
      agent: z.string().max(200).exactOptional(),
      /** `cookie` (the portal): the token is set as an HttpOnly cookie and not in the reply; every call must carry `binding` as `x-latchkey-binding`. */
      carrier: z.enum(['bearer', 'cookie']).default('bearer'),
    }),
    /** `known`: to be kept, and sent with the next sign-in of the same app; null for a cookie, which brings its own. */
    reply: z.object({ token: z.string().nullable(), binding: z.string().nullable(), expiresAt: seconds, account, known: z.string().nullable().default(null) }),
    codes: ['CREDENTIALS_INVALID', 'OTP_REQUIRED', 'OTP_INVALID'],
  }),
  signOut: route({
    method: 'DELETE',
    path: '/v1/sessions/current',
    auth: 'person',
    summary: 'End this session',
    reply: z.null(),
    codes: [],
  }),
  me: route({
    method: 'GET',
    path: '/v1/me',
    auth: 'person',
    summary: 'The signed-in person, their organizations and roles',
    reply: account,
    codes: [],
  }),
  setDefaultOrganization: route({
    method: 'PUT',
    path: '/v1/me/default-organization',
    auth: 'person',
    summary: 'Choose the organization that the picker shows first',
    body: z.strictObject({ organization: id }),
    reply: account,
    codes: ['NOT_FOUND'],
  }),
} as const;
