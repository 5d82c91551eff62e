import { EventEmitter } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { connect, getCACertificates, type TLSSocket } from 'node:tls';
import { commandLine } from './command-line.ts';

/** Of one session: which proxy is asked, what is trusted, and which connections are kept. Node carries them. */
export type Connections = ReturnType<typeof createConnections>;

export type ProxyConfig = { readonly mode?: string; readonly proxyRules?: string; readonly proxyBypassRules?: string };

let systemProxy: string | null = process.env['ELECTRON_PREVIEW_PROXY'] ?? null;
/** What the desktop's settings say; not of Electron's API. Null: none. */
export const setSystemProxy = (address: string | null): void => { systemProxy = address; };

/** Chromium asks no proxy for this computer unless a rule `<-loopback>` says so: electron/docs/api/structures/proxy-config.md. */
const isHere = (host: string): boolean => host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d+){3}$/.test(host);

/** The system's beside those that come with the runtime. No variable of Node's has a say: Chromium knows none of them. */
let trusted: readonly string[] | null = null;
const certificates = (): readonly string[] => (trusted ??= [...new Set([...getCACertificates('bundled'), ...getCACertificates('system')])]);
// chromium/components/network_session_configurator: one switch turns the check off, for every session.
const tlsOptions = () => ({ ca: [...certificates()], rejectUnauthorized: !commandLine.hasSwitch('ignore-certificate-errors') });

export class TunnelRefused extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`The proxy answered ${status}`);
    this.status = status;
  }
}
export class ProxyUnreachable extends Error {}

export function createConnections() {
  let config: ProxyConfig = {};
  // As many at once to one host as Chromium opens.
  const plain = new http.Agent({ keepAlive: true, maxSockets: 6 });
  const secure = new https.Agent({ keepAlive: true, maxSockets: 6 });

  const proxyFor = (url: URL): URL | null => {
    const rules = config.mode === 'direct' ? null : (config.proxyRules ?? (commandLine.hasSwitch('no-proxy-server') ? null : commandLine.getSwitchValue('proxy-server') || systemProxy));
    const loopbackToo = (config.proxyBypassRules ?? commandLine.getSwitchValue('proxy-bypass-list')).includes('<-loopback>');
    if (rules === null || (isHere(url.hostname) && !loopbackToo)) return null;
    return new URL(rules.includes('://') ? rules : `http://${rules}`);
  };

  /** A connection to the proxy that leads on to `url`; the socket speaks TLS when `url` does. */
  const tunnel = (proxy: URL, url: URL): Promise<TLSSocket> => new Promise((resolve, reject) => {
    const authority = `${url.hostname}:${url.port || 443}`;
    const asked = http.request({ host: proxy.hostname, port: proxy.port || 80, method: 'CONNECT', path: authority, agent: false, headers: { host: authority } });
    asked.once('error', (cause) => reject(new ProxyUnreachable('proxy', { cause })));
    asked.once('connect', (response: http.IncomingMessage, socket: Socket) => {
      if (response.statusCode !== 200) {
        socket.destroy();
        reject(new TunnelRefused(response.statusCode ?? 0));
        return;
      }
      const encrypted: TLSSocket = connect({ socket, servername: url.hostname, ...tlsOptions() }, () => resolve(encrypted));
      encrypted.once('error', reject);
    });
    asked.end();
  });

  return Object.assign(new EventEmitter(), {
    proxyFor,
    setProxy(given: ProxyConfig): void { config = given; },
    /** Begins the request; the caller writes its body. Rejects where a proxy is in the way. */
    async begin(url: URL, method: string, headers: http.OutgoingHttpHeaders): Promise<http.ClientRequest> {
      const proxy = proxyFor(url);
      if (proxy === null) {
        return url.protocol === 'https:' ? https.request(url, { method, headers, agent: secure, ...tlsOptions() }) : http.request(url, { method, headers, agent: plain });
      }
      if (url.protocol === 'http:') return http.request({ host: proxy.hostname, port: proxy.port || 80, method, path: url.href, headers: { ...headers, host: url.host } });
      const socket = await tunnel(proxy, url);
      return http.request({ method, path: `${url.pathname}${url.search}`, headers: { ...headers, host: url.host }, createConnection: () => socket });
    },
    closeAll(): void {
      plain.destroy();
      secure.destroy();
    },
  });
}
