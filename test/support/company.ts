import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import type { Server as HttpServer } from 'node:http';
import { connect } from 'node:net';
import type { Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTls } from 'node:tls';
import { listening } from './listening.ts';

/** The network of a company: a certificate authority of its own, TLS before servers of this computer, and a proxy. */
export type Company = {
  readonly folder: string;
  /** Of the certificate authority: what a system is to trust. */
  readonly ca: string;
  /** TLS in front of a port of this computer, with a good certificate for `localhost` and `NAME`, or one that something is wrong with. */
  readonly secured: (port: number, kind?: CertificateKind, onConnection?: (socket: Socket) => void) => Promise<number>;
  readonly startProxy: (answer?: ProxyAnswer, target?: number) => Promise<{ readonly address: string; readonly asked: readonly string[] }>;
  readonly listen: (server: Server | HttpServer) => Promise<number>;
  readonly close: () => Promise<void>;
};
export type CertificateKind = 'good' | 'self-signed' | 'expired' | 'other-name';
/** To CONNECT; `silent` never answers. */
export type ProxyAnswer = 'connects' | 407 | 502 | 'silent';

/** A name that no computer has; the proxy knows where it is. */
export const NAME = 'licenses.example';

export const createCompany = (): Company => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-company-'));
  const cleaners: (() => Promise<unknown>)[] = [];
  const openssl = (...args: readonly string[]): void => {
    const { status, stderr } = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  };
  const key = (name: string): readonly string[] => ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${name}.key`];
  const issue = (name: string, names: string): void => {
    openssl('req', ...key(name), '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    writeFileSync(join(folder, `${name}.ext`), `subjectAltName=${names}\n`);
    openssl('x509', '-req', '-in', `${name}.csr`, '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '30', '-out', `${name}.pem`, '-extfile', `${name}.ext`);
  };
  const here = `DNS:localhost,DNS:${NAME},IP:127.0.0.1`;
  openssl('req', '-x509', ...key('ca'), '-out', 'ca.pem', '-days', '30', '-subj', '/CN=A company');
  issue('good', here);
  openssl('req', ...key('expired'), '-out', 'expired.csr', '-subj', '/CN=expired');
  writeFileSync(join(folder, 'expired.ext'), `subjectAltName=${here}\n`);
  writeFileSync(join(folder, 'index.txt'), '');
  writeFileSync(join(folder, 'past.cnf'), '[ca]\ndefault_ca=past\n[past]\ndatabase=index.txt\nnew_certs_dir=.\nrand_serial=yes\ncertificate=ca.pem\nprivate_key=ca.key\ndefault_md=sha256\npolicy=any\n[any]\ncommonName=supplied\n');
  openssl('ca', '-batch', '-notext', '-config', 'past.cnf', '-in', 'expired.csr', '-out', 'expired.pem', '-startdate', '20200101000000Z', '-enddate', '20200201000000Z', '-extfile', 'expired.ext');
  issue('other-name', 'DNS:elsewhere.example');
  openssl('req', '-x509', ...key('self-signed'), '-out', 'self-signed.pem', '-days', '30', '-subj', '/CN=localhost', '-addext', `subjectAltName=${here}`);

  const listen = async (server: Server | HttpServer): Promise<number> => {
    const { port, close } = await listening(server);
    cleaners.push(close);
    return port;
  };
  const joinTo = (client: Socket, port: number, whenJoined: () => void = () => undefined): void => {
    const inner = connect(port, '127.0.0.1', whenJoined);
    client.on('error', () => inner.destroy()).pipe(inner).on('error', () => client.destroy()).pipe(client);
  };
  return {
    folder, listen, ca: join(folder, 'ca.pem'),
    secured: (port, kind = 'good', onConnection = () => undefined) => listen(createTls({ key: readFileSync(join(folder, `${kind}.key`)), cert: readFileSync(join(folder, `${kind}.pem`)) }, (client) => joinTo(client, port)).on('connection', onConnection)),
    startProxy: async (answer = 'connects', target = 0) => {
      const asked: string[] = [];
      const server = createHttp((request, response) => {
        asked.push(`${request.method} ${request.url}`);
        response.writeHead(502).end();
      });
      server.on('connect', (request, client: Socket) => {
        asked.push(`CONNECT ${request.url}`);
        if (answer === 'silent') return;
        if (answer === 'connects') joinTo(client, target, () => client.write('HTTP/1.1 200 Connection established\r\n\r\n'));
        else client.end(`HTTP/1.1 ${answer} No\r\ncontent-length: 0\r\n\r\n`);
      });
      return { address: `http://127.0.0.1:${await listen(server)}`, asked };
    },
    close: async () => {
      for (const clean of cleaners) await clean();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
