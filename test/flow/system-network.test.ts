import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import type { Server as HttpServer, ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createServer as createTls } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { PASSWORD, httpClient, startAuthority, testData } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { createCommandLine, realTime } from '../support/command.ts';
import type { CommandLine, Home } from '../support/command.ts';
import { listening } from '../support/listening.ts';
import { startSmtp } from '../support/smtp.ts';

/** The network of a company: a certificate authority of its own that the system trusts, a proxy, and what is in the way of both. */
const NAME = 'licenses.example';
const cleaners: (() => void | Promise<void>)[] = [];
let folder: string;
let authority: TestAuthority;
let commands: CommandLine;
let home: Home;
let turn = 0;
let securePort: number;

const listen = async (server: Server | HttpServer): Promise<number> => {
  const { port, close } = await listening(server);
  cleaners.push(close);
  return port;
};

const openssl = (...args: readonly string[]): void => {
  const { status, stderr } = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
};

/** A certificate authority, and a server's certificate of it for this computer and for `NAME`. */
const makeCertificates = (): void => {
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '30', '-subj', '/CN=A company');
  openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'server.key', '-out', 'server.csr', '-subj', `/CN=${NAME}`);
  writeFileSync(join(folder, 'server.ext'), `subjectAltName=DNS:localhost,DNS:${NAME},IP:127.0.0.1\n`);
  openssl('x509', '-req', '-in', 'server.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '30', '-out', 'server.pem', '-extfile', 'server.ext');
};

/** TLS in front of a port of this computer. */
const secured = (port: number): Promise<number> =>
  listen(createTls({ key: readFileSync(join(folder, 'server.key')), cert: readFileSync(join(folder, 'server.pem')) }, (client) => {
    const inner = connect(port, '127.0.0.1');
    client.on('error', () => inner.destroy()).pipe(inner).on('error', () => client.destroy()).pipe(client);
  }));

/** A proxy for CONNECT, which knows where `NAME` is. */
const startProxy = async (answer: 'connects' | 'refuses' = 'connects') => {
  const asked: string[] = [];
  const server = createHttp((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(502).end();
  });
  server.on('connect', (request, client: Socket) => {
    asked.push(`CONNECT ${request.url}`);
    if (answer === 'refuses') return void client.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n');
    const inner = connect(securePort, '127.0.0.1', () => client.write('HTTP/1.1 200 Connection established\r\n\r\n'));
    client.on('error', () => inner.destroy()).pipe(inner).on('error', () => client.destroy()).pipe(client);
  });
  return { address: `http://127.0.0.1:${await listen(server)}`, asked };
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-network-'));
  makeCertificates();
  authority = await startAuthority({ clock: realTime });
  commands = createCommandLine(authority);
  securePort = await secured(Number(new URL(authority.url).port));
}, 240_000);
afterAll(async () => {
  for (const clean of cleaners) await clean();
  commands.close();
  await authority.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  turn += 1;
  home = commands.home(`home-${turn}`);
});

/** The file that OpenSSL takes for the system's. */
const system = (): Readonly<Record<string, string>> => ({ SSL_CERT_FILE: join(folder, 'ca.pem') });
type Told = { readonly code: string; readonly message: string; readonly details: { readonly why?: string } };
const login = async (env: Readonly<Record<string, string>>) => {
  const { status, err, out } = await home.latchkey(['login', '--email', 'editor@northlight.example', '--password-stdin', '--json'], { env, input: PASSWORD });
  const error = status === 0 ? null : (JSON.parse(err.split('\n').findLast((line) => line.startsWith('{')) ?? '{}') as { error: Told }).error;
  return { status, err, out, error };
};

describe('a certificate of a company’s own', { timeout: 240_000 }, () => {
  test('is trusted where the system trusts it, with nothing set for us', async () => {
    expect(await login({ ...system(), LATCHKEY_AUTHORITY: `https://localhost:${securePort}` })).toMatchObject({ status: 0, err: '' });
  });

  test('is refused where the system does not, in words of its own, and no variable turns that off', async () => {
    const env = { LATCHKEY_AUTHORITY: `https://localhost:${securePort}` };
    expect(await login(env)).toMatchObject({ status: 5, error: { code: 'AUTHORITY_UNREACHABLE', message: expect.stringContaining('its certificate is not trusted') } });
    const ignored = await login({ ...env, NODE_TLS_REJECT_UNAUTHORIZED: '0' });
    expect(ignored).toMatchObject({ status: 5, err: expect.stringMatching(/NODE_TLS_REJECT_UNAUTHORIZED=0 is ignored/), error: { message: expect.stringContaining('certificate') } });
  });

  test('does not change what an application that is run has in its environment', async () => {
    await home.login();
    const { out } = await home.latchkey(['run', '--product', 'stage', '--', process.execPath, '-p', 'process.env.NODE_TLS_REJECT_UNAUTHORIZED'], { env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } });
    expect(out).toBe('0\n');
    await home.latchkey(['logout']);
  });
});

describe('a proxy', { timeout: 240_000 }, () => {
  const there = { LATCHKEY_AUTHORITY: `https://${NAME}` };

  test.each(['HTTPS_PROXY', 'https_proxy'])('named in %s leads to the authority', async (name) => {
    const proxy = await startProxy();
    expect(await login({ ...system(), ...there, [name]: proxy.address })).toMatchObject({ status: 0, err: '' });
    expect(new Set(proxy.asked)).toEqual(new Set([`CONNECT ${NAME}:443`]));
  });

  test('is left out for what NO_PROXY names, and always for this computer', async () => {
    const proxy = await startProxy();
    expect(await login({ ...system(), ...there, HTTPS_PROXY: proxy.address, NO_PROXY: NAME })).toMatchObject({ status: 5, error: { message: expect.not.stringContaining('proxy') } });
    expect(await login({ ...system(), LATCHKEY_AUTHORITY: authority.url, HTTPS_PROXY: proxy.address, HTTP_PROXY: proxy.address })).toMatchObject({ status: 0 });
    expect(proxy.asked).toEqual([]);
  });

  test('that refuses, or is not there, is named as what is wrong', async () => {
    const refusing = await startProxy('refuses');
    const gone = await startProxy();
    await cleaners.pop()?.();
    for (const { address } of [refusing, gone]) {
      expect(await login({ ...system(), ...there, HTTPS_PROXY: address })).toMatchObject({ status: 5, error: { code: 'AUTHORITY_UNREACHABLE', message: expect.stringContaining('the proxy cannot be reached, or refuses') } });
    }
    expect(await login({ ...there, HTTPS_PROXY: 'ftp://proxy.example' })).toMatchObject({ status: 2, error: { code: 'INPUT_INVALID', message: expect.stringContaining('HTTPS_PROXY') } });
  });
});

describe('a network that wants a sign-in', { timeout: 240_000 }, () => {
  const portal = async (answer: (response: ServerResponse) => void): Promise<string> => {
    const server = createHttp((request, response) => {
      request.resume();
      answer(response);
    });
    return `http://127.0.0.1:${await listen(server)}`;
  };

  test.each<[string, (response: ServerResponse) => void]>([
    ['a redirect', (response) => response.writeHead(302, { location: 'http://portal.example/login' }).end()],
    ['a page', (response) => response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<html>Please sign in</html>')],
    ['its own status', (response) => response.writeHead(511, { 'content-type': 'text/html' }).end('<html>Please sign in</html>')],
  ])('and answers with %s is named as what is wrong', async (_, answer) => {
    const { status, error } = await login({ LATCHKEY_AUTHORITY: await portal(answer) });
    expect([status, error]).toMatchObject([5, { code: 'AUTHORITY_UNREACHABLE', details: { why: 'portal' }, message: expect.stringContaining('the network wants a sign-in') }]);
  });

  test('is not what a gateway of the authority itself is taken for', async () => {
    const url = await portal((response) => response.writeHead(502, { 'content-type': 'text/html' }).end('<html>Bad gateway</html>'));
    expect(await login({ LATCHKEY_AUTHORITY: url })).toMatchObject({ status: 5, error: { details: { why: 'reply' } } });
  });
});

test('letters of the authority go to a mail server that the system trusts', { timeout: 240_000 }, async () => {
  const smtp = await startSmtp();
  cleaners.push(() => smtp.close());
  const port = await secured(Number(new URL(smtp.url).port));
  const program = resolve(import.meta.dirname, '../../src-cli/authority.ts');
  const env = { ...process.env, ...system(), LATCHKEY_AUTHORITY_HOME: join(folder, 'mailing'), LATCHKEY_SMTP_URL: `smtps://localhost:${port}` };
  writeFileSync(join(folder, 'load.json'), JSON.stringify(testData));
  for (const args of [['init'], ['load', join(folder, 'load.json')]]) expect(spawnSync(process.execPath, [program, ...args], { env, encoding: 'utf8' })).toMatchObject({ status: 0 });
  const serving = spawn(process.execPath, [program, 'serve', '--port', '0'], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  cleaners.push(() => void serving.kill());
  const line = await new Promise<string>((ready) => serving.stdout.once('data', (chunk: Buffer) => ready(chunk.toString())));
  const { url } = JSON.parse(line) as { url: string };
  unwrap(await httpClient(url)(contract.security.forgotPassword, { body: { email: 'owner@northlight.example' } }));
  expect((await smtp.next('owner@northlight.example')).text).toContain('http');
});
