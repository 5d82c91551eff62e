import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer as createRaw } from 'node:net';
import { Readable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createAuthorityClient } from '../../src-main/adapter/authority/client.ts';
import { contract } from '../../src-shared/http/index.ts';
import type { AuthorityEvent } from '../../src-shared/http/index.ts';
import { whyOf } from '../../src-shared/whys.ts';
import { startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { eventually } from '../support/client.ts';
import { createCompany, NAME } from '../support/company.ts';
import type { CertificateKind, Company } from '../support/company.ts';
import { realTime } from '../support/command.ts';

/** The app's way to the authority over Electron's network, as the stand-in has it: its names of errors, its redirects, its proxies. */
vi.mock('electron', () => import('../support/electron-preview/electron.ts'));
const { openAuthorityNetwork } = await import('../../src-main/shell/authority-network.ts');
const { net } = await import('electron');
const { commandLine } = await import('../support/electron-preview/command-line.ts');
const { setSystemProxy } = await import('../support/electron-preview/connections.ts');
const { lifecycle } = await import('../support/electron-preview/lifecycle.ts');

let company: Company;
let authority: TestAuthority;
let port: number;
let network: typeof globalThis.fetch;
const uncaught: unknown[] = [];
const onUncaught = (error: unknown): void => void uncaught.push(error);

beforeAll(async () => {
  company = createCompany();
  // What OpenSSL takes for the system's.
  process.env['SSL_CERT_FILE'] = company.ca;
  authority = await startAuthority({ clock: realTime });
  port = Number(new URL(authority.url).port);
  lifecycle.markReady();
  network = await openAuthorityNetwork('Latchkey/0.0.0');
  process.on('uncaughtExceptionMonitor', onUncaught);
  process.on('unhandledRejection', onUncaught);
}, 240_000);
afterAll(async () => {
  process.off('uncaughtExceptionMonitor', onUncaught);
  process.off('unhandledRejection', onUncaught);
  await authority.close();
  await company.close();
});
beforeEach(() => setSystemProxy(null));

const client = (url: string, timeoutMs = 15_000) => createAuthorityClient({ url, fetch: network, timeoutMs });
const ask = (url: string, timeoutMs?: number) => client(url, timeoutMs).call(null)(contract.authority.about, {});
/** What a person is told, and the code below it. */
const why = async (url: string, timeoutMs?: number): Promise<readonly [string | null, unknown]> => {
  const reply = await ask(url, timeoutMs);
  return reply.ok ? ['ok', null] : [whyOf('AUTHORITY_UNREACHABLE', reply.details), reply.details['why']];
};
const serve = async (answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> => `http://127.0.0.1:${await company.listen(createServer(answer))}`;
const raw = async (text: string): Promise<string> =>
  `http://127.0.0.1:${await company.listen(createRaw((socket) => socket.once('data', () => socket.end(text))))}`;
const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';

describe('certificates', () => {
  test('of a company’s own are good where the system trusts them', async () => {
    expect(await ask(`https://localhost:${await company.secured(port)}`)).toMatchObject({ ok: true });
  });

  test.each<[CertificateKind, string]>([
    ['self-signed', 'ERR_CERT_AUTHORITY_INVALID'], ['expired', 'ERR_CERT_DATE_INVALID'], ['other-name', 'ERR_CERT_COMMON_NAME_INVALID'],
  ])('that are %s are told as that', async (kind, code) => {
    expect(await why(`https://localhost:${await company.secured(port, kind)}`)).toEqual(['certificate', code]);
  });

  test('are checked whatever Node is told by a variable', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    expect(await why(`https://localhost:${await company.secured(port, 'self-signed')}`)).toEqual(['certificate', 'ERR_CERT_AUTHORITY_INVALID']);
    vi.unstubAllEnvs();
  });

  test('are missing where something else than TLS answers', async () => {
    expect((await why(`https://localhost:${port}`))[0]).toBe('certificate');
  });
});

describe('a proxy of the system', () => {
  test('leads to the authority, and sees its name only', async () => {
    const proxy = await company.startProxy('connects', await company.secured(port));
    setSystemProxy(proxy.address);
    expect(await ask(`https://${NAME}`)).toMatchObject({ ok: true });
    expect(new Set(proxy.asked)).toEqual(new Set([`CONNECT ${NAME}:443`]));
  });

  test.each([[407, 'ERR_PROXY_AUTH_REQUESTED'], [502, 'ERR_TUNNEL_CONNECTION_FAILED']] as const)('that answers %s is named as what is wrong', async (status, code) => {
    setSystemProxy((await company.startProxy(status)).address);
    expect(await why(`https://${NAME}`)).toEqual(['proxy', code]);
  });

  test('that is not there, or never answers, is named as what is wrong, or waited for once', async () => {
    setSystemProxy('http://127.0.0.1:9');
    expect(await why(`https://${NAME}`)).toEqual(['proxy', 'ERR_PROXY_CONNECTION_FAILED']);
    setSystemProxy((await company.startProxy('silent')).address);
    expect(await why(`https://${NAME}`, 300)).toEqual(['timeout', 'timeout']);
  });

  test('never hears what is said on this computer, whatever it is told to take', async () => {
    const proxy = await company.startProxy();
    setSystemProxy(proxy.address);
    commandLine.appendSwitch('proxy-bypass-list', '<-loopback>');
    expect(await ask(authority.url)).toMatchObject({ ok: true });
    commandLine.removeSwitch('proxy-bypass-list');
    expect(proxy.asked).toEqual([]);
  });
});

describe('an address', () => {
  test('where nobody is, or that no network knows, is told as that', async () => {
    expect(await why('http://127.0.0.1:9')).toEqual(['refused', 'ERR_CONNECTION_REFUSED']);
    expect(await why('https://nowhere.invalid')).toEqual(['name', 'ERR_NAME_NOT_RESOLVED']);
  });

  test('that hangs is waited for until the time is up, also in the middle of a reply, and let go', async () => {
    let closed = 0;
    const begins = await serve((request, response) => {
      request.socket.once('close', () => void (closed += 1));
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"ok":');
    });
    const never = await serve((request) => request.socket.once('close', () => void (closed += 1)));
    for (const url of [never, begins]) expect(await why(url, 300)).toEqual(['timeout', 'timeout']);
    await eventually('both connections are closed', () => closed === 2, 30_000);
  });

  test('that has closed a kept connection meanwhile is asked on a new one', async () => {
    let [asked, cut] = [0, (): void => undefined];
    const url = await serve((request, response) => {
      asked += 1;
      // The second request on a connection is not answered.
      if (asked === 2) return void request.socket.destroy();
      cut = () => void request.socket.destroy();
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":false,"code":"NOT_FOUND","details":{}}');
    });
    for (let each = 0; each < 2; each += 1) expect(await ask(url)).toMatchObject({ code: 'NOT_FOUND' });
    expect(asked).toBe(3);
    cut();
  });

  test('that cuts its replies, or speaks something else than HTTP, is no answer', async () => {
    expect((await why(await raw('')))[0]).toBe('network');
    expect((await why(await raw(`${HEAD}content-length: 100\r\n\r\n{"ok":true`)))[0]).toBe('network');
    expect((await why(await raw(`${HEAD}transfer-encoding: chunked\r\n\r\n5\r\n{"ok"\r\n`)))[0]).toBe('network');
    expect((await why(await raw('220 mail.example ESMTP\r\n')))[0]).toBe('reply');
    expect((await why(await raw(`${HEAD}content-encoding: gzip\r\ncontent-length: 4\r\n\r\nnope`)))[0]).toBe('reply');
  });

  test.each(['999 Odd', '600 Odd', '200 OK\r\nx-odd: \u0001'])('whose reply no Response can hold (%j) fails the call, and nothing else', async (line) => {
    expect((await why(await raw(`HTTP/1.1 ${line}\r\ncontent-length: 2\r\n\r\n{}`)))[0]).toBe('reply');
  });

  test('that is cut before anybody has begun to read fails the reader, and nothing else', async () => {
    const seen: unknown[] = [];
    const { request } = net;
    const watched = vi.spyOn(net, 'request').mockImplementation((options) => {
      const made = request(options);
      made.on('response', (response) => void seen.push(response));
      return made;
    });
    let cut = (): void => undefined;
    const response = await network(await serve((asked, reply) => {
      cut = () => void asked.socket.destroy();
      reply.writeHead(200, { 'content-length': '100' }).write('{');
    }));
    watched.mockRestore();
    cut();
    await eventually('it is noticed', () => seen.some((each) => each instanceof Readable && each.destroyed), 30_000);
    await expect(response.text()).rejects.toMatchObject({ cause: { code: 'ERR_CONTENT_LENGTH_MISMATCH' } });
  });

  test('whose replies grow without an end once unpacked is let go', async () => {
    let closed = false;
    const bomb = gzipSync(Buffer.alloc(80 * 1024 * 1024, ' '));
    const url = await serve((request, response) => {
      request.socket.once('close', () => (closed = true));
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).write(bomb);
    });
    expect(await why(url)).toEqual(['size', 'size']);
    await eventually('the connection is closed', () => closed, 30_000);
  });
});

describe('a network that wants a sign-in', () => {
  test.each<[string, (response: ServerResponse) => void]>([
    ['a redirect', (response) => response.writeHead(302, { location: 'http://portal.example/login' }).end()],
    ['a permanent redirect', (response) => response.writeHead(308, { location: '/login' }).end()],
    ['a page', (response) => response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<html>Please sign in</html>')],
    ['its own status', (response) => response.writeHead(511, { 'content-type': 'text/html' }).end('<html>Please sign in</html>')],
  ])('and answers with %s is named as what is wrong, and not followed', async (_, answer) => {
    let asked = 0;
    expect(await why(await serve((_request, response) => {
      asked += 1;
      answer(response);
    }))).toEqual(['portal', 'portal']);
    expect(asked).toBe(1);
  });
});

describe('a call', () => {
  test('of which the network says nothing more is waited for until the time is up, also once its request is garbage', async () => {
    setFlagsFromString('--expose-gc');
    const collect: unknown = runInNewContext('gc');
    if (typeof collect !== 'function') throw new Error('Garbage cannot be collected here');
    const url = await raw('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n');
    const stop = new AbortController();
    const asked = network(url, { signal: AbortSignal.any([stop.signal]) }).then(() => 'answered', (error: unknown) => error);
    // What the request held is collected over several turns.
    for (let turn = 0; turn < 20; turn += 1) {
      await new Promise((next) => setTimeout(next, 20));
      collect();
    }
    const why = new Error('stopped');
    stop.abort(why);
    expect(await Promise.race([asked, new Promise((over) => setTimeout(over, 10_000, 'never'))])).toBe(why);
  });

  test('that a person stops waiting for is cancelled, and its connection let go', async () => {
    let [arrived, closed] = [false, false];
    const url = await serve((request) => {
      arrived = true;
      request.socket.once('close', () => (closed = true));
    });
    const stop = new AbortController();
    const reply = client(url).call(null)(contract.authority.about, {}, { signal: stop.signal });
    stop.abort();
    expect(await reply).toMatchObject({ ok: false, code: 'CANCELLED' });
    const later = new AbortController();
    const second = client(url).call(null)(contract.authority.about, {}, { signal: later.signal });
    await eventually('it has arrived', () => arrived, 30_000);
    later.abort();
    expect(await second).toMatchObject({ ok: false, code: 'CANCELLED' });
    await eventually('the connection is closed', () => closed, 30_000);
  });

  test('says who asks, and keeps no cookie', async () => {
    const heard: IncomingMessage['headers'][] = [];
    const url = await serve((request, response) => {
      heard.push(request.headers);
      response.writeHead(200, { 'content-type': 'application/json', 'set-cookie': 'session=kept; Path=/' }).end('{"ok":false,"code":"NOT_FOUND","details":{}}');
    });
    for (let each = 0; each < 2; each += 1) expect(await ask(url)).toMatchObject({ code: 'NOT_FOUND' });
    expect(heard.map((each) => [each['user-agent'], each.cookie, each.origin, each['content-length']])).toEqual([1, 2].map(() => ['Latchkey/0.0.0', undefined, undefined, undefined]));
  });

  test('carries a body and a token, and brings a refusal back', async () => {
    const token = await authority.signIn('editor@northlight.example');
    const call = client(`https://localhost:${await company.secured(port)}`).call(token);
    expect(await call(contract.accounts.me, {})).toMatchObject({ ok: true, value: { user: { email: 'editor@northlight.example' } } });
    expect(await call(contract.accounts.signIn, { body: { email: 'editor@northlight.example', password: 'wrong', carrier: 'bearer' } })).toMatchObject({ ok: false, code: 'CREDENTIALS_INVALID' });
  });
});

describe('the stream of events', () => {
  test('comes as it is sent, and is closed from here', async () => {
    const token = await authority.signIn('editor@northlight.example');
    const told: (AuthorityEvent['type'] | 'up' | 'down')[] = [];
    const close = client(`https://localhost:${await company.secured(port)}`).events(token, { up: () => void told.push('up'), down: () => void told.push('down'), event: ({ type }) => void told.push(type) });
    await eventually('it is open', () => told.includes('up'), 30_000);
    close();
    expect(told.slice(0, 2)).toEqual(['up', 'hello']);
  });

  test('of a session that has ended says so', async () => {
    const refused = Promise.withResolvers<void>();
    const close = client(authority.url).events('x'.repeat(43), { up: () => undefined, down: () => undefined, event: () => undefined, refused: () => refused.resolve() });
    await expect(refused.promise).resolves.toBeUndefined();
    close();
  });

  test('that a portal answers in its place, or that is cut, goes down', async () => {
    const portal = await serve((_request, response) => response.writeHead(302, { location: 'http://portal.example/' }).end());
    const cut = await serve((request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': here\n\n');
      setImmediate(() => request.socket.destroy());
    });
    for (const url of [portal, cut]) {
      const down = Promise.withResolvers<void>();
      const close = client(url).events('x'.repeat(43), { up: () => undefined, down: () => down.resolve(), event: () => undefined });
      await expect(down.promise).resolves.toBeUndefined();
      close();
    }
  });
});

test('nothing of all this was thrown where nobody could catch it', () => {
  expect(uncaught).toEqual([]);
});
