import { EventEmitter } from 'node:events';
import type { CallbackResponse, ClientRequestConstructorOptions, CustomScheme, HeadersReceivedResponse, WebRequestFilter } from 'electron';
import { app } from './app.ts';
import { createConnections, type ProxyConfig } from './connections.ts';
import { lifecycle } from './lifecycle.ts';
import { netErrors, type NetError } from './loading.ts';
import { createPermissions } from './permissions.ts';
import { createZoomLevels } from './zoom-levels.ts';

type Handler = (request: Request) => Response | Promise<Response>;
type Details = { readonly url: string; readonly method: string; readonly resourceType: string; readonly webContentsId: number };
type HeaderDetails = Details & { readonly statusCode: number; readonly statusLine: string; readonly responseHeaders: Record<string, string[]> };
type Hook<D, R> = { readonly matches: (details: Details) => boolean; readonly listener: (details: D, callback: (response: R) => void) => void };

export type Session = ReturnType<typeof createSession>;

type Privileges = NonNullable<CustomScheme['privileges']>;
const privileged = new Map<string, Privileges>();
let lastRequest = 0;

function createProtocol() {
  const handlers = new Map<string, Handler>();
  return {
    /** Not of Electron's API: the stand-in's own way to the handlers. */
    handlerOf: (scheme: string) => handlers.get(scheme),
    handle(scheme: string, handler: Handler): void {
      if (handlers.has(scheme)) throw new Error(`Failed to register protocol: ${scheme}`);
      handlers.set(scheme, handler);
    },
  };
}

/**
 * electron/shell/browser/api/electron_api_protocol.cc. `standard` gives a scheme origins and relative addresses, without which
 * a page of it cannot load its own parts; `secure` what needs a secure context; `supportFetchAPI` what its own scripts fetch.
 */
function registerSchemesAsPrivileged(schemes: readonly CustomScheme[]): void {
  if (lifecycle.isReady()) throw new Error('protocol.registerSchemesAsPrivileged should be called before app is ready');
  if (!Array.isArray(schemes) || schemes.some((one) => typeof (one as CustomScheme | null)?.scheme !== 'string')) throw new Error('Argument must be an array of custom schemes.');
  if (schemes.some(({ privileges = {} }) => privileges.codeCache === true && privileges.standard !== true)) throw new Error('Code cache can only be enabled when the custom scheme is registered as standard scheme.');
  for (const { scheme, privileges } of schemes) privileged.set(scheme, { ...privileges });
}

export const privilegesOf = (scheme: string): Privileges => privileged.get(scheme) ?? {};

function createHook<D extends Details, R>() {
  let hook: Hook<D, R> | null = null;
  return {
    set(...args: readonly unknown[]): void {
      const listener = args.at(-1) as Hook<D, R>['listener'] | null;
      const filter = args.length > 1 ? args[0] as WebRequestFilter : { urls: ['<all_urls>'] };
      hook = listener === null ? null : { listener, matches: matcher(filter) };
    },
    run: (details: D): Promise<R | null> =>
      hook === null || !hook.matches(details) ? Promise.resolve(null) : new Promise((resolve) => hook?.listener({ ...details, id: ++lastRequest, timestamp: Date.now(), referrer: '', uploadData: [] }, resolve)),
  };
}

function matcher({ urls, types }: WebRequestFilter): (details: Details) => boolean {
  const wanted = urls.map((pattern) => pattern === '<all_urls>' ? /^/ : new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`));
  return ({ url, resourceType }) => (wanted.length === 0 || wanted.some((pattern) => pattern.test(url)))
    && (types === undefined || (types as readonly string[]).includes(resourceType));
}

/** electron/lib/browser/api/protocol.ts, `handle`: what a handler throws is printed, and the request fails. */
async function answerOf(handler: Handler, request: Request): Promise<Response | NetError> {
  try {
    const response: unknown = await handler(request);
    if (!(response instanceof Response)) return netErrors.unexpected;
    return response.type === 'error' ? netErrors.failed : response;
  } catch (error) {
    console.error(error);
    return netErrors.unexpected;
  }
}

function createSession() {
  const protocol = createProtocol();
  const connections = createConnections();
  const beforeRequest = createHook<Details, CallbackResponse>();
  const headersReceived = createHook<HeaderDetails, HeadersReceivedResponse>();

  return Object.assign(new EventEmitter(), {
    protocol,
    /** Not of Electron's API: the zoom of each host. */
    zoomLevels: createZoomLevels(() => app.getPath('sessionData')),
    /** Not of Electron's API: what carries `net.request`. */
    connections,
    setProxy: (config: ProxyConfig): Promise<void> => Promise.resolve(connections.setProxy(config)),
    resolveProxy: (url: string): Promise<string> => {
      const proxy = connections.proxyFor(new URL(url));
      return Promise.resolve(proxy === null ? 'DIRECT' : `PROXY ${proxy.host}`);
    },
    webRequest: { onBeforeRequest: beforeRequest.set, onHeadersReceived: headersReceived.set },
    ...createPermissions(),

    /** Not of Electron's API: a page's request through the hooks and the scheme's handler. */
    async respond(request: Request, resourceType: string, webContentsId: number): Promise<Response | NetError> {
      const details = { url: request.url, method: request.method, resourceType, webContentsId };
      const before = await beforeRequest.run(details);
      if (before?.cancel === true) return netErrors.blocked;
      if (before?.redirectURL !== undefined) return new Response(null, { status: 307, headers: { location: before.redirectURL } });
      const scheme = new URL(request.url).protocol.slice(0, -1);
      const handler = protocol.handlerOf(scheme);
      if (handler === undefined) return netErrors.unknownScheme;
      if (resourceType === 'xhr' && privilegesOf(scheme).supportFetchAPI !== true) return netErrors.failed;
      const response = await answerOf(handler, request);
      if (!(response instanceof Response)) return response;
      const responseHeaders: Record<string, string[]> = {};
      for (const [name, value] of response.headers) responseHeaders[name] = [...(responseHeaders[name] ?? []), value];
      const received = await headersReceived.run({ ...details, statusCode: response.status, statusLine: `HTTP/1.1 ${response.status} ${response.statusText}`.trim(), responseHeaders });
      if (received?.cancel === true) return netErrors.blocked;
      if (received?.responseHeaders === undefined) return response;
      const headers = new Headers();
      for (const [name, values] of Object.entries(received.responseHeaders)) for (const value of [values].flat()) headers.append(name, value);
      const status = Number(/^HTTP\/\S+ (\d{3})/.exec(received.statusLine ?? '')?.[1] ?? response.status);
      return new Response(response.body, { status, statusText: response.statusText, headers });
    },
  });
}

const partitions = new Map<string, Session>();

function fromPartition(partition: string): Session {
  if (!lifecycle.isReady()) throw new TypeError('Session can only be received when app is ready');
  const known = partitions.get(partition);
  if (known !== undefined) return known;
  const created = createSession();
  partitions.set(partition, created);
  return created;
}

/** The session of a request: one that was made here, or that of the partition. */
export function sessionOf({ session: given, partition = '' }: ClientRequestConstructorOptions): Session {
  if (given === undefined) return fromPartition(partition);
  const found = [...partitions.values()].find((each) => (each as unknown) === given);
  if (found === undefined) throw new TypeError('`session` should be an instance of the Session class');
  return found;
}

export const session = { fromPartition, get defaultSession(): Session { return fromPartition(''); } };

/** The schemes before the app is ready; all else is the default session's, and after. electron/lib/browser/api/protocol.ts. */
export const protocol = { registerSchemesAsPrivileged, handle: (scheme: string, handler: Handler) => session.defaultSession.protocol.handle(scheme, handler) };
