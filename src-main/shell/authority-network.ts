import { Readable } from 'node:stream';
import { net, session, type ClientRequest, type IncomingMessage, type Session } from 'electron';

/**
 * The app's way to the authority: `fetch` over Electron's own network stack, which knows the system's certificates and proxies
 * (docs/adr/0034). Not `session.fetch`: a reply whose status or headers `Response` does not take throws in an event of Electron's own
 * (electron/lib/browser/api/net-fetch.ts), where nobody can catch it.
 */
export type Fetch = typeof globalThis.fetch;

/** Fails as Node's `fetch` does, so that callers handle one kind of error. */
const failure = (code: string, cause?: unknown): TypeError => new TypeError('fetch failed', { cause: Object.assign(new Error(code, { cause }), { code }) });

/** `net::ERR_CERT_DATE_INVALID` (electron/shell/common/api/electron_api_url_loader.cc, OnComplete) becomes its code. */
const failureOf = (error: Error): TypeError => failure(/^net::(ERR_[A-Z0-9_]+)$/.exec(error.message)?.[1] ?? 'ERR_FAILED', error);

/** Electron's declarations leave out that it is a stream: electron/docs/api/incoming-message.md. */
const streamOf = (response: IncomingMessage): Readable => {
  if (!(response instanceof Readable)) throw new TypeError('The response is no stream');
  return response;
};

type Exchange = {
  readonly request: ClientRequest;
  readonly signal: AbortSignal;
  /** Nothing more is to come, and nothing is left to abort. */
  readonly over: () => void;
};

const withoutBody = [204, 205, 304];

const headersOf = (response: IncomingMessage): Headers => {
  const headers = new Headers();
  for (const [name, value] of Object.entries(response.headers)) for (const each of [value].flat()) headers.append(name, each);
  return headers;
};

/** What is not read in time is not fetched: the stream is asked for a chunk when the reader asks. */
const bodyOf = (exchange: Exchange, response: IncomingMessage): ReadableStream<Uint8Array> => {
  const { request, signal, over } = exchange;
  // An error that comes before the first read has nobody else who listens, and would end the app; the first read finds it.
  response.on('error', over);
  const chunks: AsyncIterator<unknown> = streamOf(response).iterator();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await chunks.next();
        if (value instanceof Uint8Array) return controller.enqueue(value);
        if (done === true) controller.close();
        over();
      } catch (error) {
        over();
        // An aborted request only says that its stream was closed too early.
        throw signal.aborted ? signal.reason : error instanceof Error ? failureOf(error) : error;
      }
    },
    cancel() {
      over();
      request.abort();
    },
  }, { highWaterMark: 0 });
};

const responseOf = (exchange: Exchange, response: IncomingMessage): Response => {
  const { statusCode: status, statusMessage: statusText } = response;
  // A proxy that wants a name and a password; nobody has given us any.
  if (status === 407) throw failure('ERR_PROXY_AUTH_REQUESTED');
  try {
    return new Response(withoutBody.includes(status) ? null : bodyOf(exchange, response), { status, statusText, headers: headersOf(response) });
  } catch (error) {
    throw failure('ERR_INVALID_HTTP_RESPONSE', error);
  }
};

const send = (asked: Request, body: Buffer, signal: AbortSignal, through: Session): Promise<Response> =>
  new Promise((resolve, reject) => {
    const request = net.request({
      url: asked.url, method: asked.method, session: through, redirect: 'manual', headers: Object.fromEntries(asked.headers),
      // SECURITY: no cookie is sent or kept, nothing is cached, and no password of the session is used: electron/docs/api/client-request.md.
      credentials: 'omit', cache: 'no-store', referrerPolicy: 'no-referrer',
    });
    const abort = (): void => {
      reject(signal.reason);
      request.abort();
    };
    signal.addEventListener('abort', abort, { once: true });
    const over = (): void => signal.removeEventListener('abort', abort);
    // It stays for as long as the request: Electron tells of an error also after the response, and after it was destroyed. `close` says
    // nothing here: it comes when the body is sent (electron/lib/common/api/net-client-request.ts, `autoDestroy`).
    request.on('error', (error) => {
      over();
      reject(failureOf(error));
    });
    // SECURITY: not followed. It is cancelled when this returns.
    request.on('redirect', (status, _method, location) => {
      if (asked.redirect === 'manual') resolve(new Response(null, { status, headers: { location } }));
      else reject(failure('ERR_UNEXPECTED_REDIRECT'));
    });
    request.on('response', (response) => {
      try {
        resolve(responseOf({ request, signal, over }, response));
      } catch (error) {
        reject(error);
        request.abort();
      }
    });
    // An empty chunk would be a body too.
    if (body.length > 0) request.write(body);
    request.end();
  });

/** After the app is ready. Sessions of their own: the pages' one is denied the network, and shares nothing with these. */
export const openAuthorityNetwork = async (userAgent: string): Promise<Fetch> => {
  // Without `persist:` in memory only: electron/docs/api/session.md, "session.fromPartition".
  const [away, here] = [session.fromPartition('authority', { cache: false }), session.fromPartition('authority-here', { cache: false })];
  // SECURITY: plain http is for this computer alone, and would be readable at a proxy.
  await here.setProxy({ mode: 'direct' });
  return async (input, init) => {
    const asked = new Request(input, init);
    asked.headers.set('user-agent', userAgent);
    // The asker's own: a request's follows it only until the request is garbage, which it can be before it has ended.
    const signal = init?.signal ?? (input instanceof Request ? input.signal : asked.signal);
    signal.throwIfAborted();
    const body = Buffer.from(await asked.arrayBuffer());
    signal.throwIfAborted();
    return send(asked, body, signal, asked.url.startsWith('http:') ? here : away);
  };
};
