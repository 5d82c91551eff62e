import { request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contract, EVENTS_PATH } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { PASSWORD, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { eventually } from '../support/client.ts';
import { freePort, isProxyThere, startProxy } from '../support/proxies.ts';
import type { ProxyName, RunningProxy } from '../support/proxies.ts';

/** The portal behind a proxy that speaks https: what operations.md tells to do, done. */

const EMAIL = 'editor@northlight.example';
const patience = 30_000;

describe('the public address', () => {
  const page = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin', 'x-latchkey': 'portal' };
  const signInAt = async (url: string, headers: Readonly<Record<string, string>>) => {
    const response = await fetch(`${url}/v1/sessions`, { method: 'POST', headers: { ...page, ...headers }, body: JSON.stringify({ email: EMAIL, password: PASSWORD, carrier: 'cookie' }) });
    return [((await response.json()) as { readonly code?: string; readonly details?: unknown }), response.headers.getSetCookie()] as const;
  };

  test('with https, people sign in there, also behind a proxy that passes nothing on and is not trusted; the cookies are for https', async () => {
    const a = await startAuthority({ publicUrl: 'https://licenses.example/' });
    try {
      const [reply, cookies] = await signInAt(a.url, { origin: 'https://licenses.example' });
      expect(reply).toMatchObject({ ok: true });
      expect(cookies.map((each) => /^(__Host-latchkey_\w+)=.*; Path=\/; HttpOnly; Secure; SameSite=Strict$/.exec(each)?.[1])).toEqual(['__Host-latchkey_session', '__Host-latchkey_known']);
      for (const origin of [a.url, 'http://licenses.example', 'https://licenses.example:8443', 'https://other.example']) {
        expect(await signInAt(a.url, { origin })).toEqual([{ ok: false, code: 'FORBIDDEN', details: { why: 'origin', expected: 'https://licenses.example' } }, []]);
      }
      const about = await fetch(`${a.url}/v1/authority`);
      expect(about.headers.get('strict-transport-security')).toBe('max-age=31536000');
    } finally {
      await a.close();
    }
  });

  test('with http, and with none, people also sign in at the address that was asked', async () => {
    for (const publicUrl of ['http://licenses.example:7420', undefined]) {
      const a = await startAuthority(publicUrl === undefined ? {} : { publicUrl });
      try {
        const [reply, cookies] = await signInAt(a.url, { origin: a.url });
        expect([reply, cookies.length]).toMatchObject([{ ok: true }, 2]);
        expect(cookies.join()).not.toContain('Secure');
        expect((await signInAt(a.url, { origin: 'http://licenses.example:7420' }))[0]).toMatchObject(publicUrl === undefined ? { code: 'FORBIDDEN' } : { ok: true });
      } finally {
        await a.close();
      }
    }
  });
});

describe.each<ProxyName>(['nginx', 'caddy', 'apache'])('behind %s, set up as operations.md says', (name) => {
  const isThere = isProxyThere(name);
  let a: TestAuthority;
  let proxy: RunningProxy;
  beforeAll(async () => {
    if (!isThere) return;
    const port = await freePort();
    a = await startAuthority({ publicUrl: `https://localhost:${port}`, trustProxy: '127.0.0.1' });
    proxy = await startProxy(name, port, Number(new URL(a.url).port));
  }, patience);
  afterAll(async () => {
    await proxy?.close();
    await a?.close();
  });

  /** A browser on another computer: its own address is not the proxy's. */
  const ask = (method: string, path: string, headers: Readonly<Record<string, string>> = {}, body?: unknown): Promise<IncomingMessage> =>
    new Promise((done, failed) => {
      const sent = request(`${proxy.url}${path}`, {
        method, ca: proxy.ca, agent: false, localAddress: '127.0.0.2', family: 4,
        headers: { origin: proxy.url, 'sec-fetch-site': 'same-origin', 'x-latchkey': 'portal', ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      }, done);
      sent.once('error', failed);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  const json = async (method: string, path: string, headers: Readonly<Record<string, string>> = {}, body?: unknown) => {
    const response = await ask(method, path, headers, body);
    return { status: response.statusCode, cookies: response.headers['set-cookie'] ?? [], reply: JSON.parse(await text(response)) as { readonly ok: boolean; readonly code?: string; readonly details?: Readonly<Record<string, unknown>>; readonly value: Readonly<Record<string, unknown>> } };
  };
  const signIn = async () => {
    const { reply, cookies } = await json('POST', '/v1/sessions', {}, { email: EMAIL, password: PASSWORD, carrier: 'cookie' });
    expect(reply).toMatchObject({ ok: true });
    return { headers: { cookie: cookies.map((each) => each.split(';')[0]).join('; '), 'x-latchkey-binding': String(reply.value['binding']) }, cookies };
  };

  test('people sign in to the portal, see their account, and sign out', async (context) => {
    context.skip(!isThere, `${name} is not installed`);
    expect((await ask('GET', '/')).statusCode).toBe(200);
    const { headers, cookies } = await signIn();
    for (const cookie of cookies) expect(cookie).toMatch(/^__Host-latchkey_.*; Secure; SameSite=Strict$/);
    expect((await json('GET', '/v1/me', headers)).reply).toMatchObject({ ok: true, value: { user: { email: EMAIL } } });
    expect((await json('PUT', '/v1/me/name', headers, { firstName: 'Edda', lastName: 'Proxy' })).reply).toMatchObject({ ok: true });
    expect((await json('PUT', '/v1/me/name', { ...headers, origin: 'https://evil.example' }, { firstName: 'Eve', lastName: 'Evil' })).reply).toMatchObject({ code: 'FORBIDDEN', details: { why: 'origin' } });
    expect((await json('DELETE', '/v1/sessions/current', headers)).reply).toMatchObject({ ok: true });
    expect((await json('GET', '/v1/me', headers)).status).toBe(401);
  }, patience);

  test('events come at once, as they happen', async (context) => {
    context.skip(!isThere, `${name} is not installed`);
    const { headers } = await signIn();
    const stream = await ask('GET', EVENTS_PATH, headers);
    let heard = '';
    stream.setEncoding('utf8').on('data', (part: string) => (heard += part));
    const ended = new Promise((done) => stream.once('close', done));
    await eventually('the stream says hello', () => heard.includes('"hello"'), patience);
    expect(heard).not.toContain('"account"');
    unwrap(await a.call(await a.signIn(EMAIL))(contract.security.rename, { body: { firstName: 'Edda', lastName: 'Event' } }));
    await eventually('the stream tells of the new name', () => heard.includes('"account"'), patience);
    stream.destroy();
    await ended;
  }, patience * 2);

  test('callers are known by their own addresses, whatever they say themselves', async (context) => {
    context.skip(!isThere, `${name} is not installed`);
    const from = a.log.length;
    await json('GET', '/v1/authority', { 'x-forwarded-for': '203.0.113.9' });
    await eventually('the request is in the log', () => a.log.slice(from).some((line) => line.includes('/v1/authority')), patience);
    expect(a.log.slice(from).find((line) => line.includes('/v1/authority'))).toContain('"address":"127.0.0.2"');
  }, patience);

  test('documents pass, and what is too large is refused in our words', async (context) => {
    context.skip(!isThere, `${name} is not installed`);
    const { headers } = await signIn();
    expect((await json('POST', contract.exchange.inspect.path, headers, { document: 'x'.repeat(100_000) })).reply).toMatchObject({ code: 'FILE_MALFORMED' });
    expect((await json('POST', contract.exchange.inspect.path, headers, { document: 'x'.repeat(200_000) })).reply).toMatchObject({ code: 'INPUT_INVALID', details: { why: 'size' } });
  }, patience);
});
