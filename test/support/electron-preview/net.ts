import type http from 'node:http';
import { Readable, Writable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { ClientRequestConstructorOptions } from 'electron';
import { ProxyUnreachable, TunnelRefused } from './connections.ts';
import { lifecycle } from './lifecycle.ts';
import { netErrorOf } from './net-errors.ts';
import { sessionOf, type Session } from './session.ts';

/**
 * `net.request`, carried by Node: electron/docs/api/client-request.md and electron/lib/common/api/net-client-request.ts. Errors
 * have Chromium's names. No cookies, no cache, no credentials, whatever is asked for, and no HTTP/2.
 */
const restricted = /^(content-length|host|trailer|te|upgrade|cookie2|keep-alive|transfer-encoding)$/i;

export class IncomingMessage extends Readable {
  readonly statusCode: number;
  readonly statusMessage: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  constructor(response: { readonly status: number; readonly message: string; readonly headers: http.IncomingHttpHeaders }, read: () => void) {
    super({ read });
    this.statusCode = response.status;
    this.statusMessage = response.message;
    this.headers = Object.fromEntries(Object.entries(response.headers).filter((entry): entry is [string, string | string[]] => entry[1] !== undefined));
  }
}

const decoder = (encoding: string | undefined) => {
  if (encoding === 'gzip') return createGunzip();
  if (encoding === 'br') return createBrotliDecompress();
  return encoding === 'deflate' ? createInflate() : null;
};

export class ClientRequest extends Writable {
  readonly #options: ClientRequestConstructorOptions;
  readonly #url: URL;
  readonly #session: Session;
  readonly #headers: http.OutgoingHttpHeaders;
  readonly #body: Buffer[] = [];
  #sent: http.ClientRequest | null = null;
  #response: IncomingMessage | null = null;
  #aborted = false;

  constructor(options: ClientRequestConstructorOptions) {
    super({ autoDestroy: true });
    if (!lifecycle.isReady()) throw new Error('net module can only be used after app is ready');
    this.#options = options;
    this.#url = new URL(options.url ?? '');
    if (!/^https?:$/.test(this.#url.protocol)) throw new Error('ClientRequest only supports http: and https: protocols');
    this.#session = sessionOf(options);
    for (const name of Object.keys(options.headers ?? {})) if (restricted.test(name)) throw new TypeError(`Invalid header name or value: ${name}`);
    // What the network service adds of its own, which a server sees: chromium/services/network/sec_header_helpers.cc.
    this.#headers = { 'user-agent': 'Mozilla/5.0 Chrome/153.0.0.0 Electron/45.0.0', 'accept-language': 'en-US', 'accept-encoding': 'gzip, deflate, br', 'sec-fetch-site': 'none', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'empty', ...options.headers };
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#body.push(Buffer.from(chunk));
    done();
  }

  override _final(done: () => void): void {
    void this.#start();
    done();
  }

  abort(): void {
    if (!this.#aborted) process.nextTick(() => this.emit('abort'));
    this.#aborted = true;
    this.#die();
  }

  /** An ended stream tells of no error by itself any more, so it is told here: as Electron does. */
  #die(error?: Error): void {
    if (this.destroyed && error) this.emit('error', error);
    this.destroy(error);
    this.#sent?.destroy();
    this.#response?.destroy(error);
  }

  #fail(name: string): void {
    if (!this.#aborted) this.#die(new Error(name));
  }

  async #start(): Promise<void> {
    const body = Buffer.concat(this.#body);
    try {
      const sent = await this.#session.connections.begin(this.#url, this.#options.method ?? 'GET', { ...this.#headers, ...(this.#body.length === 0 ? {} : { 'content-length': body.length }) });
      // A connection that was waited for meanwhile.
      if (this.#aborted) return void sent.destroy();
      this.#sent = sent;
      const toProxy = this.#url.protocol === 'http:' && this.#session.connections.proxyFor(this.#url) !== null;
      sent.once('error', (error) => {
        // chromium/net/http/http_network_transaction.cc, ShouldResendRequest: a kept connection was closed meanwhile.
        if (sent.reusedSocket && this.#response === null && !this.#aborted) return void this.#start();
        this.#fail(netErrorOf(error, { toProxy: toProxy && (error as NodeJS.ErrnoException).syscall === 'connect' }));
      });
      sent.once('response', (response) => this.#onResponse(response));
      sent.end(body);
    } catch (error) {
      if (!(error instanceof TunnelRefused)) return this.#fail(error instanceof ProxyUnreachable ? netErrorOf(error.cause, { toProxy: true }) : netErrorOf(error));
      // Only the challenge of a proxy comes through as a response, once nobody has answered it.
      if (error.status !== 407) return this.#fail('net::ERR_TUNNEL_CONNECTION_FAILED');
      this.#answer({ status: 407, message: 'Proxy Authentication Required', headers: {} }, Readable.from([]), () => 'net::ERR_FAILED');
    }
  }

  #onResponse(response: http.IncomingMessage): void {
    const { statusCode: status = 0, statusMessage: message = '', headers } = response;
    if ([301, 302, 303, 307, 308].includes(status) && headers.location !== undefined) return this.#redirect(status, headers);
    const decode = decoder(headers['content-encoding']);
    let failure: unknown = null;
    response.once('error', (error) => { failure ??= error; decode?.destroy(error); });
    this.#answer({ status, message, headers }, decode === null ? response : response.pipe(decode), (error) => netErrorOf(failure ?? error, { hasBegun: true, isChunked: headers['transfer-encoding'] === 'chunked' }));
  }

  #answer(head: ConstructorParameters<typeof IncomingMessage>[0], content: Readable, nameOf: (error: unknown) => string): void {
    const incoming = new IncomingMessage(head, () => void content.resume());
    this.#response = incoming;
    content.on('data', (chunk: Buffer) => { if (!incoming.push(chunk)) content.pause(); });
    content.once('end', () => incoming.push(null));
    content.once('error', (error) => this.#fail(nameOf(error)));
    content.pause();
    this.emit('response', incoming);
  }

  #redirect(status: number, headers: http.IncomingHttpHeaders): void {
    const { redirect: policy = 'follow' } = this.#options;
    if (policy === 'follow') throw new Error('electron-preview: a redirect is not followed');
    if (policy === 'error') return this.#die(new Error("Attempted to redirect, but redirect policy was 'error'"));
    const lists = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value].flat()]));
    this.emit('redirect', status, 'GET', new URL(headers.location ?? '', this.#url).href, lists);
    // Nobody here follows one, which has to happen while the event is told.
    if (!this.#aborted) this.#die(new Error('Redirect was cancelled'));
  }
}

export const net = { request: (options: ClientRequestConstructorOptions): ClientRequest => new ClientRequest(options) };
