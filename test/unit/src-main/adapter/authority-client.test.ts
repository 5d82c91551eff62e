import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createAuthorityClient } from '../../../../src-main/adapter/authority/client.ts';
import { contract } from '../../../../src-shared/http/index.ts';
import type { AuthorityEvent } from '../../../../src-shared/http/index.ts';
import { eventually } from '../../../support/client.ts';

let server: Server;
let url: string;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
const seen: { readonly path: string; readonly authorization: string | undefined }[] = [];

beforeEach(async () => {
  seen.length = 0;
  answer = (_, response) => void response.end('{}');
  server = createServer((request, response) => {
    seen.push({ path: request.url ?? '', authorization: request.headers.authorization });
    answer(request, response);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});

const about = { authority: 'aut_1', version: '1', now: 1, keyset: 1 };
const reply = (body: string, status = 200, headers: Record<string, string> = {}) => (_: IncomingMessage, response: ServerResponse): void =>
  void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
const call = (token: string | null = null, timeoutMs = 2000) => createAuthorityClient({ url, timeoutMs }).call(token);

describe('a call', () => {
  test('gives the value or the refusal of the envelope, and carries the session only when there is one', async () => {
    answer = reply(JSON.stringify({ ok: true, value: about }));
    expect(await call()(contract.authority.about, {})).toEqual({ ok: true, value: about });
    answer = reply(JSON.stringify({ ok: false, code: 'SEAT_LIMIT_EXCEEDED', details: { owned: 1 } }), 409);
    expect(await call('secret')(contract.leases.checkout, { body: { request: 'x' } })).toEqual({ ok: false, code: 'SEAT_LIMIT_EXCEEDED', details: { owned: 1 } });
    expect(seen).toEqual([{ path: '/v1/authority', authorization: undefined }, { path: '/v1/checkouts', authorization: 'Bearer secret' }]);
  });

  test.each<[string, (request: IncomingMessage, response: ServerResponse) => void]>([
    ['a proxy’s page', reply('<html>Gateway</html>', 502)],
    ['nothing', reply('')],
    ['a cut reply', reply('{"ok":true,"value":{"autho')],
    ['a value of another shape', reply(JSON.stringify({ ok: true, value: { authority: 7 } }))],
    ['a code that nobody knows', reply(JSON.stringify({ ok: false, code: 'SOMETHING', details: {} }), 409)],
    ['success with a failing status', reply(JSON.stringify({ ok: true, value: about }), 500)],
    ['a redirect to somewhere else', (_, response) => void response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end()],
    ['a connection that ends', (_, response) => void response.destroy()],
    ['silence', () => undefined],
  ])('answered by %s is no answer', async (_, how) => {
    answer = how;
    expect(await call(null, 200)(contract.authority.about, {})).toMatchObject({ ok: false, code: 'AUTHORITY_UNREACHABLE' });
  });

  test('that is answered without an end is given up at a size, whatever the headers say', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 32);
    let sent = 0;
    answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000000000' });
      const more = (): void => {
        while (!response.destroyed && response.write(chunk)) sent += chunk.length;
        response.once('drain', more);
      };
      more();
    };
    expect(await call(null, 20_000)(contract.authority.about, {})).toEqual({ ok: false, code: 'AUTHORITY_UNREACHABLE', details: { why: 'size' } });
    expect(sent).toBeLessThan(200 * chunk.length);
  });

  test('that is answered a byte at a time ends with the time it has', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const timer = setInterval(() => response.write(' '), 20);
      response.once('close', () => clearInterval(timer));
    };
    const from = performance.now();
    expect(await call(null, 300)(contract.authority.about, {})).toEqual({ ok: false, code: 'AUTHORITY_UNREACHABLE', details: { why: 'timeout' } });
    expect(performance.now() - from).toBeLessThan(2000);
  });

  test('can be cancelled, and without an address asks nobody', async () => {
    answer = () => undefined;
    const cancel = new AbortController();
    const asked = call()(contract.authority.about, {}, { signal: cancel.signal });
    setTimeout(() => cancel.abort(), 20);
    expect(await asked).toEqual({ ok: false, code: 'CANCELLED', details: {} });
    expect(await createAuthorityClient({ url: null }).call(null)(contract.authority.about, {})).toMatchObject({ code: 'AUTHORITY_UNREACHABLE', details: { why: 'no-address' } });
  });
});

describe('a redirect', () => {
  let elsewhere: Server;
  let other: string;
  const arrived: string[] = [];
  beforeEach(async () => {
    arrived.length = 0;
    elsewhere = createServer((request, response) => {
      arrived.push(`${request.method} ${request.url}`);
      request.resume().on('end', () => reply(JSON.stringify({ ok: true, value: about }))(request, response));
    });
    await new Promise<void>((ready) => elsewhere.listen(0, '127.0.0.1', ready));
    other = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    elsewhere.closeAllConnections();
    await new Promise((done) => elsewhere.close(done));
  });

  test.each([301, 302, 303, 307, 308])('with %i to a server that answers as the authority does is not followed: neither a password, a session nor a document arrives there', async (status) => {
    answer = (request, response) => void response.writeHead(status, { location: `${other}${request.url}` }).end();
    expect(await call()(contract.accounts.signIn, { body: { email: 'a@b.example', password: 'secret' } })).toMatchObject({ ok: false, code: 'AUTHORITY_UNREACHABLE' });
    expect(await call('secret')(contract.leases.checkout, { body: { request: 'x' } })).toMatchObject({ ok: false, code: 'AUTHORITY_UNREACHABLE' });
    expect(await call()(contract.authority.about, {})).toMatchObject({ ok: false, code: 'AUTHORITY_UNREACHABLE' });
    const heard: string[] = [];
    const close = createAuthorityClient({ url }).events('secret', { event: ({ type }) => void heard.push(type), up: () => void heard.push('up'), down: () => void heard.push('down') });
    await eventually('the stream is given up', () => heard.length > 0);
    close();
    expect(heard).toEqual(['down']);
    expect(seen.map(({ path }) => path)).toEqual(['/v1/sessions', '/v1/checkouts', '/v1/authority', '/v1/events']);
    expect(arrived).toEqual([]);
    // The trap works.
    expect(await createAuthorityClient({ url: other }).call(null)(contract.authority.about, {})).toEqual({ ok: true, value: about });
    expect(arrived).toEqual(['GET /v1/authority']);
  });
});

describe('the event stream', () => {
  const listen = (token = 'secret') => {
    const heard: (AuthorityEvent | 'up' | 'down')[] = [];
    const close = createAuthorityClient({ url }).events(token, { event: (event) => void heard.push(event), up: () => void heard.push('up'), down: () => void heard.push('down') });
    return { heard, close };
  };
  const stream = (text: string, end: boolean) => (_: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(text);
    if (end) response.end();
  };
  const hello = 'event: hello\ndata: {"type":"hello","now":1}\n\n';

  test('gives known events and passes over what it does not know', async () => {
    answer = stream(`${hello}: still here\n\ndata: nonsense\n\ndata: {"type":"news"}\n\ndata: {"type":"lease","lease":"lse_1","machine":"mch_1"}\n\n`, false);
    const { heard, close } = listen();
    await eventually('three', () => heard.length >= 3);
    expect(heard).toEqual(['up', { type: 'hello', now: 1 }, { type: 'lease', lease: 'lse_1', machine: 'mch_1' }]);
    close();
  });

  test('comes back by itself when it ends, and says both', async () => {
    answer = stream(hello, true);
    const { heard, close } = listen();
    await eventually('it is back', () => heard.filter((each) => each === 'up').length >= 2);
    expect(heard.slice(0, 4)).toEqual(['up', { type: 'hello', now: 1 }, 'down', 'up']);
    close();
    const { length } = seen;
    await new Promise((done) => setTimeout(done, 700));
    expect(seen.length).toBe(length);
  });

  test('that sends an event without an end is left, and asked for again', async () => {
    const chunk = Buffer.alloc(256 * 1024, 97);
    answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(hello);
      const more = (): void => {
        while (!response.destroyed && response.write(chunk));
        response.once('drain', more);
      };
      more();
    };
    const { heard, close } = listen();
    await eventually('it is back', () => heard.filter((each) => each === 'up').length >= 2);
    expect(heard.slice(0, 3)).toEqual(['up', { type: 'hello', now: 1 }, 'down']);
    close();
  });

  test('that tells of nothing that is known, again and again, is left, and asked for again', async () => {
    answer = stream(`${hello}${'data: {}\n\n'.repeat(1001)}${hello}`, false);
    const { heard, close } = listen();
    await eventually('it is back', () => heard.filter((each) => each === 'up').length >= 2);
    expect(heard.slice(0, 3)).toEqual(['up', { type: 'hello', now: 1 }, 'down']);
    close();
  });

  test('is not asked for again with a session that has ended', async () => {
    answer = reply(JSON.stringify({ ok: false, code: 'NOT_SIGNED_IN', details: {} }), 401);
    const { heard, close } = listen();
    await eventually('it is told', () => heard.includes('down'));
    await new Promise((done) => setTimeout(done, 700));
    expect(seen).toHaveLength(1);
    close();
  });
});
