import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { createCodec } from './codec.ts';
import { withOwnAddress } from './csp.ts';
import { netErrors, type NetError } from './loading.ts';
import type { PermissionQuestion } from './permissions.ts';

/** What a page asks of the main process before it goes on. */
export type Question =
  | { readonly kind: 'navigate'; readonly url: string }
  | { readonly kind: 'download'; readonly url: string; readonly filename: string }
  | { readonly kind: 'open'; readonly url: string; readonly frameName: string; readonly features: string; readonly disposition: 'new-window' | 'foreground-tab' | 'background-tab' };

/** One loaded page of a window, from the moment its script runs until it is left. */
export type Page = { readonly frameId: number; url(): string; post(message: object): void };

export type PageMessage =
  | { readonly kind: 'load' }
  | { readonly kind: 'paint' }
  | { readonly kind: 'context-menu'; readonly params: Readonly<Record<string, unknown>> & { readonly linkURL: string } }
  | { readonly kind: 'input'; readonly input: object }
  | { readonly kind: 'zoom'; readonly direction: 'in' | 'out' }
  | { readonly kind: 'copied'; readonly text: string }
  | { readonly kind: 'send'; readonly channel: string; readonly args: readonly unknown[] }
  | { readonly kind: 'invoke'; readonly id: number; readonly channel: string; readonly args: readonly unknown[] };

export type PageHost = {
  /** The origin that the page believes in, such as `app://bundle`. */
  appOrigin(): string;
  /** Answers a request of the page. */
  respond(request: Request, resourceType: string): Promise<Response | NetError>;
  /** The page itself did not come. */
  failed(error: NetError): void;
  pageScript(base: string): string;
  allows(question: Question): boolean;
  permits(question: PermissionQuestion): Promise<boolean>;
  arrived(page: Page): void;
  left(page: Page): void;
  received(page: Page, message: PageMessage): void;
};

export type PageServer = { readonly listening: Promise<void>; address(path: string): string; close(): void };

const base = '/__electron-preview__/';
const tokenParameter = 'token';
let lastFrame = 0;

/** Serves one window's page at a loopback address of its own, to whoever brings the one-time token first. */
export function createPageServer(port: number, host: PageHost): PageServer {
  const codec = createCodec();
  const secret = randomBytes(32).toString('base64url');
  // Every token given out; true until its first use.
  const tokens = new Map<string, boolean>();
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024 * 1024 });
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      console.error('electron-preview:', error);
      response.destroy();
    });
  });
  const listening = new Promise<void>((resolve, reject) => { server.once('error', reject).listen(port, '127.0.0.1', resolve); });
  const authority = () => `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const origin = () => `http://${authority()}`;
  // Cookies are shared by all ports of a host, so the name tells the windows apart.
  const cookieName = () => `electron-preview-${(server.address() as AddressInfo).port}`;

  const isOurs = (request: IncomingMessage): boolean => request.headers.host === authority();
  const hasCookie = (request: IncomingMessage): boolean => {
    const value = (request.headers.cookie ?? '').split(/; */).find((pair) => pair.startsWith(`${cookieName()}=`))?.slice(cookieName().length + 1) ?? '';
    return value.length === secret.length && timingSafeEqual(Buffer.from(value), Buffer.from(secret));
  };
  const toApp = (url: string): string => url.replaceAll(origin(), host.appOrigin());

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = request.url ?? '';
    if (!isOurs(request) || !target.startsWith('/')) { response.writeHead(400).end(); return; }
    const { pathname, search } = splitTarget(target);
    const query = new URLSearchParams(search);
    const token = query.get(tokenParameter) ?? '';
    // A parameter of this name that is not a token of ours is the app's own.
    if (request.method === 'GET' && tokens.has(token) && (tokens.get(token) === true || hasCookie(request))) {
      tokens.set(token, false);
      const rest = search.slice(1).split('&').filter((pair) => !pair.startsWith(`${tokenParameter}=`)).join('&');
      response.writeHead(303, {
        location: origin() + pathname + (rest === '' ? '' : `?${rest}`),
        'set-cookie': `${cookieName()}=${secret}; Path=/; HttpOnly; SameSite=Strict`,
        'cache-control': 'no-store', 'referrer-policy': 'no-referrer',
      }).end();
      return;
    }
    if (!hasCookie(request)) {
      response.writeHead(403, { 'content-type': 'text/plain', 'cache-control': 'no-store' }).end('This address was used up or never given out.\n');
      return;
    }
    if (pathname === `${base}page.js`) {
      response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-store' }).end(host.pageScript(base));
    } else if (pathname === `${base}ask`) await answerQuestion(request, response);
    else if (pathname === `${base}permission`) await answerPermission(request, response);
    else await answerPage(request, response, target);
  }

  async function answerQuestion(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST' || request.headers.origin !== origin()) { response.writeHead(403).end(); return; }
    const question = JSON.parse(await readText(request)) as Question;
    const allow = host.allows({ ...question, url: toApp(question.url) });
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ allow }));
  }

  async function answerPermission(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST' || request.headers.origin !== origin()) { response.writeHead(403).end(); return; }
    const granted = await host.permits(JSON.parse(await readText(request)) as PermissionQuestion);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ granted }));
  }

  async function answerPage(request: IncomingMessage, response: ServerResponse, target: string): Promise<void> {
    const reply = await host.respond(appRequest(request, target), resourceType(request));
    const asksForPage = (request.headers['sec-fetch-dest'] ?? 'document') === 'document';
    if (!(reply instanceof Response) || reply.status === 0) {
      if (asksForPage) host.failed(reply instanceof Response ? netErrors.failed : reply);
      response.destroy();
      return;
    }
    const isDocument = asksForPage && (reply.headers.get('content-type') ?? '').includes('text/html');
    const headers: Record<string, string | string[]> = Object.fromEntries(reply.headers);
    const cookies = reply.headers.getSetCookie();
    if (cookies.length > 0) headers['set-cookie'] = cookies;
    const own = { page: origin(), socket: `ws://${authority()}`, script: `${origin()}${base}page.js` };
    for (const name of ['content-security-policy', 'content-security-policy-report-only']) {
      const policy = reply.headers.get(name);
      if (policy !== null) headers[name] = withOwnAddress(policy, host.appOrigin(), own);
    }
    if (isDocument) delete headers['content-length'];
    response.writeHead(reply.status, reply.statusText === '' ? undefined : reply.statusText, headers);
    if (request.method === 'HEAD' || reply.body === null) { response.end(); return; }
    if (isDocument) { response.end(withPageScript(await reply.text())); return; }
    Readable.fromWeb(reply.body as Parameters<typeof Readable.fromWeb>[0]).on('error', () => response.destroy()).pipe(response);
  }

  function appRequest(request: IncomingMessage, target: string): Request {
    const headers = new Headers();
    for (const [name, value] of Object.entries(request.headers)) {
      if (value === undefined || ['host', 'cookie', 'connection', 'upgrade', 'transfer-encoding'].includes(name)) continue;
      headers.set(name, toApp(String(value)));
    }
    const method = request.method ?? 'GET';
    const body = method === 'GET' || method === 'HEAD' ? null : Readable.toWeb(request) as ReadableStream;
    return new Request(host.appOrigin() + target, { method, headers, ...(body === null ? {} : { body, duplex: 'half' }) } as RequestInit);
  }

  server.on('upgrade', (request, socket, head) => {
    if (!isOurs(request) || request.url !== `${base}ipc` || request.headers.origin !== origin() || !hasCookie(request)) { socket.destroy(); return; }
    sockets.handleUpgrade(request, socket, head, (connection) => connect(connection));
  });

  function readMessage(text: string): ((PageMessage | { readonly kind: 'hello' }) & { readonly url: string }) | null {
    try {
      const message = codec.decode(text) as ReturnType<typeof readMessage>;
      return typeof message?.url === 'string' ? message : null;
    } catch { return null; }
  }

  function connect(connection: WebSocket): void {
    let url = host.appOrigin();
    const page: Page = {
      frameId: ++lastFrame,
      url: () => url,
      post: (message) => connection.send(codec.encode(message)),
    };
    let known = false;
    connection.on('message', (data) => {
      const message = readMessage(String(data));
      if (message === null || !message.url.startsWith(`${origin()}/`)) { connection.close(); return; }
      url = toApp(message.url);
      if (!known) { known = true; host.arrived(page); }
      if (message.kind === 'context-menu') host.received(page, { ...message, params: { ...message.params, linkURL: toApp(message.params.linkURL) } });
      else if (message.kind !== 'hello') host.received(page, message);
    });
    connection.on('close', () => { if (known) host.left(page); });
    connection.on('error', () => connection.terminate());
  }

  return {
    listening,
    address(path) {
      const token = randomBytes(24).toString('base64url');
      tokens.set(token, true);
      const { pathname, search, hash } = splitTarget(path);
      return `${origin()}${pathname}${search === '' ? '?' : `${search}&`}${tokenParameter}=${token}${hash}`;
    },
    close() {
      for (const connection of sockets.clients) connection.terminate();
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Splits without resolving: `..` in a path is for the app's own handler to judge. */
function splitTarget(target: string): { readonly pathname: string; readonly search: string; readonly hash: string } {
  const [, pathname = '', search = '', hash = ''] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(target) ?? [];
  return { pathname, search, hash };
}

function withPageScript(html: string): string {
  const script = `<script src="${base}page.js"></script>`;
  const opening = /<head(\s[^>]*)?>/i.exec(html) ?? /<html(\s[^>]*)?>/i.exec(html) ?? /<!doctype[^>]*>/i.exec(html);
  const at = opening === null ? 0 : opening.index + opening[0].length;
  return html.slice(0, at) + script + html.slice(at);
}

function resourceType(request: IncomingMessage): string {
  const destination = request.headers['sec-fetch-dest'] ?? 'document';
  const types: Readonly<Record<string, string>> = { document: 'mainFrame', iframe: 'subFrame', style: 'stylesheet', script: 'script', image: 'image', font: 'font', object: 'object', empty: 'xhr', report: 'cspReport', audio: 'media', video: 'media' };
  return types[String(destination)] ?? 'other';
}

async function readText(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
