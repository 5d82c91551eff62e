import { z } from 'zod';
import { isErrorCode } from '../../../src-shared/errors.ts';
import type { Details } from '../../../src-shared/errors.ts';
import { EVENTS_PATH, pathOf } from '../../../src-shared/http/index.ts';
import type { CallAuthority, Route, ValueOf } from '../../../src-shared/http/index.ts';
import { fail, ok } from '../../../src-shared/result.ts';
import type { Result } from '../../../src-shared/result.ts';
import type { AuthorityPort } from '../../licensing/ports.ts';
import { openEvents } from './events.ts';

export type Fetch = typeof globalThis.fetch;

const TIMEOUT_MS = 15_000;
/** A page of 10,000 entitlements is a few megabytes; nothing of ours is larger. */
const REPLY_SIZE = 64 * 1024 * 1024;

const failure = z.object({ ok: z.literal(false), code: z.string().refine(isErrorCode), details: z.record(z.string(), z.json()) });
const success = z.object({ ok: z.literal(true), value: z.unknown() });

const unreachable = (why: string): Result<never> => fail('AUTHORITY_UNREACHABLE', { why });

const whyOf = (error: unknown): string => {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = (cause as NodeJS.ErrnoException).code;
  if (error instanceof Error && error.name === 'TimeoutError') return 'timeout';
  return typeof code === 'string' ? code : 'network';
};

/** What is not an envelope of ours (a proxy's page, a cut reply, another version) is no answer at all. */
const readReply = async <R extends Route>(route: R, response: Response): Promise<Result<ValueOf<R>>> => {
  const text = await readText(response);
  if (text === null) return unreachable('size');
  const body = parseJson(text);
  const refused = failure.safeParse(body);
  if (refused.success) return fail(refused.data.code as never, refused.data.details as Details);
  const accepted = success.safeParse(body);
  if (!accepted.success || !response.ok) return unreachable('reply');
  const value = route.reply.safeParse(accepted.data.value ?? null);
  return value.success ? ok(value.data as ValueOf<R>) : unreachable('reply');
};

/** SECURITY: counted while it comes, after decompression: what a header says of the size is only a claim. Null: too much. */
const readText = async (response: Response): Promise<string | null> => {
  if (!response.body) return '';
  const decoder = new TextDecoder();
  const parts: string[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    // Leaving the loop cancels the rest.
    if (size > REPLY_SIZE) return null;
    parts.push(decoder.decode(chunk, { stream: true }));
  }
  return parts.join('') + decoder.decode();
};

/** What a network that wants a sign-in answers in the authority's place: another address, or a page (RFC 6585 section 6). Its body is left unread. */
const isPortal = (response: Response): boolean => {
  const isPage = response.ok && /^text\/html\b/i.test(response.headers.get('content-type') ?? '');
  const found = isPage || response.status === 511 || (response.status >= 300 && response.status < 400);
  if (found) void response.body?.cancel().catch(() => undefined);
  return found;
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** How long answers are waited for, milliseconds. */
export type Patience = {
  /** For each answer. */
  readonly timeoutMs?: number;
  /** For the first answer of all, where that is less: an address where nobody answers shows itself soon. */
  readonly firstTimeoutMs?: number;
  /** Nothing more is asked once an answer did not come in time: a command that does one thing waits once. */
  readonly waitOnce?: boolean;
};

/** The authority over HTTP, as the contract describes it. Redirects are not followed: the address is what was agreed on. */
export const createAuthorityClient = (input: Patience & { readonly url: string | null; readonly fetch?: Fetch }): AuthorityPort => {
  const { url, timeoutMs = TIMEOUT_MS, firstTimeoutMs = timeoutMs, waitOnce = false } = input;
  const send = input.fetch ?? globalThis.fetch;
  let answered = false;
  let gaveUp = false;
  const call = (token: string | null): CallAuthority => async (route, given, options) => {
    if (url === null) return unreachable('no-address');
    if (gaveUp) return unreachable('timeout');
    const parts = given as { readonly params?: unknown; readonly query?: unknown; readonly body?: unknown };
    const timeout = AbortSignal.timeout(answered ? timeoutMs : Math.min(firstTimeoutMs, timeoutMs));
    const cancel = options?.signal;
    const cancelled = new AbortController();
    const stop = (): void => cancelled.abort();
    cancel?.addEventListener('abort', stop);
    if (cancel?.aborted) stop();
    try {
      const response = await send(new URL(pathOf(route, parts), url), {
        method: route.method,
        redirect: 'manual',
        headers: {
          accept: 'application/json',
          ...(parts.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        },
        ...(parts.body === undefined ? {} : { body: JSON.stringify(parts.body) }),
        signal: AbortSignal.any([timeout, cancelled.signal]),
      });
      const reply = isPortal(response) ? unreachable('portal') : await readReply(route, response);
      answered = true;
      return reply;
    } catch (error) {
      if (cancel?.aborted) return fail('CANCELLED');
      const why = whyOf(error);
      if (waitOnce && /timeout/i.test(why)) gaveUp = true;
      return unreachable(why);
    } finally {
      cancel?.removeEventListener('abort', stop);
    }
  };
  return {
    url,
    call,
    events: (token, listener) => (url === null ? () => undefined : openEvents({ url: new URL(EVENTS_PATH, url), token, fetch: send, listener })),
  };
};
