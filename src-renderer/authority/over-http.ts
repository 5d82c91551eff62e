import { isErrorCode } from '../../src-shared/errors.ts';
import type { Details } from '../../src-shared/errors.ts';
import { pathOf } from '../../src-shared/http/route.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Failure, Result } from '../../src-shared/result.ts';
import { waitFor } from '../waiting/waits.ts';
import { routes } from './routes.ts';
import type { Call } from './routes.ts';

/** A browser by itself waits for minutes. */
const TIMEOUT_MS = 30_000;

/** What the portal's requests carry, which a form on another site cannot send. */
const PORTAL_HEADER = { 'x-latchkey': 'portal' } as const;
export const portalHeaders = (binding: string | null): Record<string, string> => ({ ...PORTAL_HEADER, ...(binding === null ? {} : { 'x-latchkey-binding': binding }) });

/**
 * Calls the authority that served this page. The person's session travels as a cookie that no script can read.
 * With it goes the session's binding, which only this page can read. `onSignedOut` hears of every NOT_SIGNED_IN, whatever asked.
 */
export const createCall = (fetch: typeof globalThis.fetch, binding: () => string | null, onSignedOut: (refusal: Failure) => void): Call => async (name, call, options = {}) => {
  const { method } = routes[name];
  const { body } = call as { readonly body?: unknown };
  const stop = new AbortController();
  const cancel = AbortSignal.any([stop.signal, ...(options.signal === undefined ? [] : [options.signal])]);
  const signal = AbortSignal.any([cancel, AbortSignal.timeout(TIMEOUT_MS)]);
  const ask = async (): Promise<readonly [Response, unknown]> => {
    const response = await fetch(pathOf(routes[name], call as object), {
      method,
      credentials: 'same-origin',
      cache: 'no-store',
      headers: { accept: 'application/json', ...portalHeaders(binding()), ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal,
    });
    return [response, parseJson(await response.text())];
  };
  let answer: readonly [Response, unknown];
  try {
    answer = await waitFor(ask(), () => stop.abort());
  } catch {
    return cancel.aborted ? fail('CANCELLED') : fail('AUTHORITY_UNREACHABLE');
  }
  const result = readReply(...answer);
  if (!result.ok && result.code === 'NOT_SIGNED_IN') onSignedOut(result);
  return result as never;
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

const readReply = (response: Response, reply: unknown): Result<unknown> => {
  if (isRecord(reply) && reply['ok'] === true && 'value' in reply) return ok(reply['value']);
  if (isRecord(reply) && reply['ok'] === false && typeof reply['code'] === 'string' && isErrorCode(reply['code'])) {
    return fail(reply['code'], isRecord(reply['details']) ? (reply['details'] as Details) : {});
  }
  return notFromAuthority(response);
};

// A proxy in between, or an authority that is just starting or stopping, answers in its own words.
const notFromAuthority = (response: Response): Failure =>
  [502, 503, 504].includes(response.status)
    ? fail('AUTHORITY_UNREACHABLE')
    : fail('INTERNAL', { correlation: response.headers.get('x-request-id') ?? `HTTP ${response.status}` });
