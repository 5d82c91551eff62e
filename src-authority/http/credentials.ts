import type { FastifyReply, FastifyRequest } from 'fastify';
import { fail } from '../../src-shared/result.ts';
import type { Failure } from '../../src-shared/result.ts';
import { DAY } from '../../src-shared/time.ts';
import type { Seconds } from '../../src-shared/time.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Authenticate } from './implement.ts';

/** How a session's token travels: as bearer (the app, the command line), or in a cookie (the portal). */

/**
 * SECURITY: under https by a name that browsers take from this host only, for all paths, and only over https: a page of a
 * neighbouring name, such as another host of the same domain, cannot put its own cookie in the place of ours.
 */
const cookieName = (request: FastifyRequest): string => (request.site.isSecure ? '__Host-latchkey_session' : 'latchkey_session');
const cookieOf = (request: FastifyRequest): string | undefined => request.cookies[cookieName(request)];

/** The second secret of a session in a cookie. No browser sends it by itself, and no other site can. */
const BINDING = /^[A-Za-z0-9_-]{20,100}$/;
const BEARER = /^Bearer ([A-Za-z0-9_-]{20,100})$/i;

const isSafe = (method: string): boolean => method === 'GET' || method === 'HEAD';

/**
 * SECURITY: a browser adds the cookie also when another site asks it to. So a request that changes something must carry a
 * header that no other site can set without our leave, and come from our own origin by the browser's word.
 */
export const refuseForeign = (request: FastifyRequest): Failure | null => {
  if (isSafe(request.method)) return null;
  const { origin } = request.headers;
  const { origins } = request.site;
  const foreign = fail('FORBIDDEN', { why: 'origin', expected: origins[0] });
  const site = request.headers['sec-fetch-site'];
  if (request.headers['x-latchkey'] === undefined) return fail('FORBIDDEN', { why: 'header' });
  if (site !== undefined && site !== 'same-origin') return fail('FORBIDDEN', { why: 'site' });
  if (origin !== undefined && !origins.includes(origin)) return foreign;
  if (site === undefined && origin === undefined) return foreign;
  return null;
};

const cookieOptions = (request: FastifyRequest) => ({ httpOnly: true, sameSite: 'strict', path: '/', secure: request.site.isSecure }) as const;

export const setCookie = (request: FastifyRequest, reply: FastifyReply, token: string, maxAge: Seconds): void => {
  void reply.setCookie(cookieName(request), token, { ...cookieOptions(request), maxAge });
};

export const clearCookie = (request: FastifyRequest, reply: FastifyReply): void => {
  if (cookieOf(request) !== undefined) void reply.clearCookie(cookieName(request), cookieOptions(request));
};

/** SECURITY: as `cookieName`. It outlives the session, and is worth nothing alone: whoever has it may guess a password, apart from strangers. */
const knownName = (request: FastifyRequest): string => (request.site.isSecure ? '__Host-latchkey_known' : 'latchkey_known');
/** Browsers keep no cookie longer. */
const KNOWN_TERM: Seconds = 400 * DAY;
/** People who share a browser. */
const MOST_KNOWN = 5;

/** What an app brings in the body. */
export const knownIn = ({ known }: { readonly known?: string }): readonly string[] => (known === undefined ? [] : [known]);

/** The tokens of accounts that were signed in to with this browser, the last one first. */
export const knownTokens = (request: FastifyRequest): readonly string[] => (request.cookies[knownName(request)] ?? '').split('~').filter((each) => each !== '').slice(0, MOST_KNOWN);

export const keepKnown = (request: FastifyRequest, reply: FastifyReply, token: string): void =>
  void reply.setCookie(knownName(request), [token, ...knownTokens(request).filter((each) => each !== token)].slice(0, MOST_KNOWN).join('~'), { ...cookieOptions(request), maxAge: KNOWN_TERM });

/** Whether the caller is known by a cookie, and not by a bearer token. */
export const usesCookie = (request: FastifyRequest): boolean => request.headers.authorization === undefined && cookieOf(request) !== undefined;

export const cookieToken = (request: FastifyRequest): string | null => cookieOf(request) ?? null;

const bindingOf = (request: FastifyRequest): string | null => {
  const given = request.headers['x-latchkey-binding'];
  return typeof given === 'string' && BINDING.test(given) ? given : null;
};

/** A bearer token counts before a cookie, and one that is malformed is not made good by a cookie. */
export const createAuthenticate = (accounts: Accounts): Authenticate => async (request) => {
  const { authorization } = request.headers;
  const cookie = cookieOf(request);
  const token = authorization === undefined ? cookie : BEARER.exec(authorization)?.[1];
  if (token === undefined) return fail('NOT_SIGNED_IN');
  if (authorization === undefined) {
    const foreign = refuseForeign(request);
    if (foreign) return foreign;
  }
  return accounts.authenticate(token, authorization === undefined ? { as: 'cookie', binding: bindingOf(request) } : { as: 'bearer' });
};
