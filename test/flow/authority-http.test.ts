import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { createParser } from 'eventsource-parser';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { errorTable } from '../../src-shared/errors.ts';
import { contract } from '../../src-shared/http/index.ts';
import type { AuthorityEvent, Route } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { DAY } from '../../src-shared/time.ts';
import { PASSWORD, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { createTestMachine } from '../support/machine.ts';

let a: TestAuthority;
let portal: string;
beforeAll(async () => {
  portal = mkdtempSync(join(tmpdir(), 'latchkey-portal-'));
  mkdirSync(join(portal, 'assets'));
  writeFileSync(join(portal, 'index.html'), '<!doctype html><title>the portal</title>');
  writeFileSync(join(portal, 'assets', 'app.js'), 'export {};');
  a = await startAuthority({ portal });
});
afterAll(async () => {
  await a.close();
  rmSync(portal, { recursive: true, force: true });
});
const streams: AbortController[] = [];
afterEach(() => streams.splice(0).forEach((stream) => stream.abort()));

const json = { 'content-type': 'application/json' };
const post = (path: string, body: unknown, headers: Record<string, string> = {}) => fetch(`${a.url}${path}`, { method: 'POST', headers: { ...json, ...headers }, body: typeof body === 'string' ? body : JSON.stringify(body) });
const signIn = (email: string, password: string) => a.call()(contract.accounts.signIn, { body: { email, password } });

/** The events of a stream as they come; `next` waits for one. */
const listen = async (token: string) => {
  const stop = new AbortController();
  streams.push(stop);
  const response = await fetch(`${a.url}/v1/events`, { headers: { authorization: `Bearer ${token}` }, signal: stop.signal });
  const queue: AuthorityEvent[] = [];
  let wake: () => void = () => undefined;
  const parser = createParser({ onEvent: ({ data }) => { queue.push(JSON.parse(data) as AuthorityEvent); wake(); } });
  let ended = false;
  void (async () => {
    try {
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) parser.feed(new TextDecoder().decode(chunk));
    } catch { /* aborted by the test */ }
    ended = true;
    wake();
  })();
  const next = async (type: AuthorityEvent['type']): Promise<AuthorityEvent> => {
    for (;;) {
      const at = queue.findIndex((event) => event.type === type);
      if (at >= 0) return queue.splice(at, 1)[0] as AuthorityEvent;
      if (ended) throw new Error('the stream has ended');
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  return { response, next, stop: () => stop.abort(), ended: async () => { while (!ended) await new Promise<void>((resolve) => (wake = resolve)); return true; } };
};

test('every route of the contract that needs a person refuses a stranger, whatever the input', async () => {
  for (const group of Object.values(contract)) {
    for (const route of Object.values(group) as Route[]) {
      if (route.auth !== 'person') continue;
      const response = await fetch(`${a.url}${route.path.replace(/:\w+/g, 'x')}`, { method: route.method, headers: json, ...(route.method === 'GET' ? {} : { body: '{}' }) });
      expect([route.path, response.status]).toEqual([route.path, 401]);
      expect(await response.json()).toEqual({ ok: false, code: 'NOT_SIGNED_IN', details: {} });
    }
  }
});

test('input that the contract does not describe is refused with its place', async () => {
  const refused = async (response: Response) => [response.status, await response.json()] as const;
  expect(await refused(await post('/v1/sessions', { email: 'a@b.example', password: 'x', admin: true }))).toMatchObject([400, { code: 'INPUT_INVALID' }]);
  expect(await refused(await post('/v1/sessions', { email: 'a@b.example' }))).toMatchObject([400, { code: 'INPUT_INVALID', details: { at: 'body.password' } }]);
  expect(await refused(await post('/v1/sessions', '{"email":'))).toMatchObject([400, { code: 'INPUT_INVALID', details: { why: 'json' } }]);
  expect(await refused(await post('/v1/renewals', { request: 'x'.repeat(200_000) }))).toMatchObject([400, { code: 'INPUT_INVALID', details: { why: 'size' } }]);
  expect(await refused(await fetch(`${a.url}/v1/sessions`, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'x' }))).toMatchObject([400, { code: 'INPUT_INVALID' }]);
  expect(await refused(await fetch(`${a.url}/v1/nothing`))).toMatchObject([404, { code: 'NOT_FOUND' }]);
});

test('each code goes out with the status of the error table', async () => {
  const token = await a.signIn('editor@northlight.example');
  const response = await post('/v1/checkouts', { request: 'nonsense' }, { authorization: `Bearer ${token}` });
  expect([response.status, (await response.json()) as object]).toMatchObject([errorTable.FILE_MALFORMED.status, { ok: false, code: 'FILE_MALFORMED' }]);
});

test('a session is stored as a hash only, can be ended, and ends by itself when it is not used', async () => {
  const token = await a.signIn('owner@northlight.example');
  const call = a.call(token);
  expect((await call(contract.accounts.me, {})).ok).toBe(true);
  a.clock.advance(29 * DAY);
  expect((await call(contract.accounts.me, {})).ok).toBe(true);
  a.clock.advance(29 * DAY);
  expect((await call(contract.accounts.me, {})).ok).toBe(true);
  a.clock.advance(30 * DAY);
  expect(await call(contract.accounts.me, {})).toMatchObject({ code: 'NOT_SIGNED_IN' });
  const second = await a.signIn('owner@northlight.example');
  unwrap(await a.call(second)(contract.accounts.signOut, {}));
  expect(await a.call(second)(contract.accounts.me, {})).toMatchObject({ code: 'NOT_SIGNED_IN' });
  const { default: BetterSqlite } = await import('better-sqlite3');
  const sqlite = new BetterSqlite(join(a.home, 'authority.db'), { readonly: true });
  const stored = JSON.stringify(sqlite.prepare('SELECT * FROM session').all());
  sqlite.close();
  expect(stored).not.toContain(token);
  expect(stored).not.toContain(second);
});

test('guessing makes an address of a person wait longer and longer, also for many guesses at once; the right password works again after the wait', async () => {
  const email = 'second@northlight.example';
  const many = await Promise.all(Array.from({ length: 12 }, () => signIn(email, 'wrong password')));
  expect(many.filter((each) => !each.ok && each.code === 'CREDENTIALS_INVALID').length).toBeLessThanOrEqual(6);
  const limited = await signIn(email, PASSWORD);
  expect(limited).toMatchObject({ ok: false, code: 'RATE_LIMITED' });
  const { retryAfter } = (limited as unknown as { details: { retryAfter: number } }).details;
  expect(retryAfter).toBeGreaterThan(0);
  expect((await post('/v1/sessions', { email: email.toUpperCase(), password: PASSWORD })).headers.get('retry-after')).toBe(String(retryAfter));
  expect((await signIn('editor@northlight.example', PASSWORD)).ok).toBe(true);
  a.clock.advance(retryAfter);
  expect((await signIn(email, PASSWORD)).ok).toBe(true);
});

test('an unknown e-mail address is refused like a wrong password, and counts like one', async () => {
  expect(await signIn('nobody@nowhere.example', PASSWORD)).toEqual({ ok: false, code: 'CREDENTIALS_INVALID', details: {} });
  expect(await signIn('editor@northlight.example', 'wrong password')).toEqual({ ok: false, code: 'CREDENTIALS_INVALID', details: {} });
});

test('what belongs to another organization does not exist', async () => {
  const boss = await a.signIn('boss@harbor.example');
  const northlight = await a.organization(await a.signIn('owner@northlight.example'), 'Northlight');
  const call = a.call(boss);
  expect(await call(contract.licenses.entitlements, { params: { organization: northlight }, query: {} })).toMatchObject({ code: 'NOT_FOUND' });
  expect(await call(contract.accounts.setDefaultOrganization, { body: { organization: northlight } })).toMatchObject({ code: 'NOT_FOUND' });
  expect(await call(contract.licenses.entitlements, { params: { organization: 'org_nothing' }, query: {} })).toMatchObject({ code: 'NOT_FOUND', details: { organization: 'org_nothing' } });
});

test('the default organization is kept', async () => {
  const token = await a.signIn('editor@northlight.example');
  const harbor = await a.organization(token, 'Harbor');
  expect(unwrap(await a.call(token)(contract.accounts.setDefaultOrganization, { body: { organization: harbor } })).defaultOrganization).toBe(harbor);
  expect(unwrap(await a.call(await a.signIn('editor@northlight.example'))(contract.accounts.me, {})).defaultOrganization).toBe(harbor);
});

test('with a cookie, only our own pages change anything', async () => {
  const body = { email: 'editor@northlight.example', password: PASSWORD, carrier: 'cookie' };
  const own = { origin: a.url, 'sec-fetch-site': 'same-origin', 'x-latchkey': '1' };
  expect((await post('/v1/sessions', body)).status).toBe(403);
  const signedIn = await post('/v1/sessions', body, own);
  const reply = (await signedIn.json()) as { readonly value: { readonly binding: string } };
  expect(reply).toMatchObject({ ok: true, value: { token: null } });
  const set = signedIn.headers.get('set-cookie') ?? '';
  expect(set).toMatch(/HttpOnly/);
  expect(set).toMatch(/SameSite=Strict/);
  expect(set).toMatch(/Path=\//);
  const held = { cookie: set.split(';')[0] ?? '', 'x-latchkey-binding': reply.value.binding };
  expect((await fetch(`${a.url}/v1/me`, { headers: held })).status).toBe(200);
  const signOut = (headers: Record<string, string>) => fetch(`${a.url}/v1/sessions/current`, { method: 'DELETE', headers: { ...held, ...headers } });
  const { 'x-latchkey': _, ...withoutHeader } = own;
  expect((await signOut(withoutHeader)).status).toBe(403);
  expect((await signOut({ ...own, origin: 'https://evil.example' })).status).toBe(403);
  expect((await signOut({ ...own, 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  expect((await signOut({ ...own, 'sec-fetch-site': 'same-site' })).status).toBe(403);
  expect((await signOut({ 'x-latchkey': '1' })).status).toBe(403);
  expect((await fetch(`${a.url}/v1/me`, { headers: held })).status).toBe(200);
  expect((await signOut(own)).status).toBe(200);
  expect((await fetch(`${a.url}/v1/me`, { headers: held })).status).toBe(401);
});

test('the portal is served with its strict policy, its pages by any address, and nothing outside its folder', async () => {
  const page = await fetch(`${a.url}/offline-machines`, { headers: { accept: 'text/html' } });
  expect([page.status, await page.text()]).toEqual([200, '<!doctype html><title>the portal</title>']);
  const policy = page.headers.get('content-security-policy')?.split(';').sort();
  expect(policy).toEqual([
    "base-uri 'none'", "connect-src 'self'", "default-src 'none'", "font-src 'self'", "form-action 'none'", "frame-ancestors 'none'", "img-src 'self' data:", "script-src 'self'", "style-src 'self'",
  ]);
  expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  expect(page.headers.get('referrer-policy')).toBe('no-referrer');
  expect((await fetch(`${a.url}/assets/app.js`)).headers.get('content-type')).toMatch(/javascript/);
  expect((await fetch(`${a.url}/assets/nothing.js`)).status).toBe(404);
  for (const path of ['/..%2f..%2fauthority.db', '/%2e%2e/authority.db', '/assets/..%5c..%5cauthority.db']) {
    expect(await (await fetch(`${a.url}${path}`)).text()).not.toContain('SQLite');
  }
});

test('without a built portal the authority says so on a plain page', async () => {
  const bare = await startAuthority({ data: null });
  const page = await fetch(bare.url);
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('has not been built')]);
  await bare.close();
});

test('the OpenAPI document describes every route, and its schemas compile', async () => {
  const document = (await (await fetch(`${a.url}/v1/openapi.json`)).json()) as {
    openapi: string;
    paths: Record<string, Record<string, { operationId: string; requestBody?: { content: Record<string, { schema: object }> }; responses: Record<string, { content: Record<string, { schema: object }> }> }>>;
    components: { schemas: Record<string, object> };
  };
  expect(document.openapi).toBe('3.1.0');
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({ $id: 'https://latchkey.example/openapi', components: document.components }, 'openapi');
  const absolute = (schema: object): object => JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"https://latchkey.example/openapi#/components/')) as object;
  for (const [group, routes] of Object.entries(contract)) {
    for (const [name, route] of Object.entries(routes) as [string, Route][]) {
      const operation = document.paths[route.path.replace(/:(\w+)/g, '{$1}')]?.[route.method.toLowerCase()];
      expect(operation?.operationId).toBe(`${group}.${name}`);
      expect(Boolean(operation?.requestBody)).toBe(route.body !== undefined);
      for (const reply of Object.values(operation?.responses ?? {})) expect(() => ajv.compile(absolute(reply.content['application/json']?.schema ?? {}))).not.toThrow();
      for (const code of route.codes) expect(operation?.responses).toHaveProperty(String(errorTable[code].status));
    }
  }
  // A reply as it is really sent fits what the document says of it.
  const reply = ajv.compile(absolute(document.paths['/v1/me']?.['get']?.responses['200']?.content['application/json']?.schema ?? {}));
  const token = await a.signIn('owner@northlight.example');
  const me = await (await fetch(`${a.url}/v1/me`, { headers: { authorization: `Bearer ${token}` } })).json();
  expect(reply(me)).toBe(true);
  expect(reply({ ok: true, value: { user: 1 } })).toBe(false);
});

test('the event stream says hello, and tells the holder of a lease that it was released, and members that seats changed', async () => {
  const token = await a.signIn('editor@northlight.example');
  const call = a.call(token);
  const machine = await createTestMachine({ authority: a.id, clock: a.clock });
  const { lease } = unwrap(await call(contract.leases.checkout, { body: { request: await machine.request({ license: 'lic_stage', mode: 'online' }) } }));
  const mine = await listen(token);
  const stranger = await listen(await a.signIn('boss@harbor.example'));
  expect(mine.response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  expect(await mine.next('hello')).toEqual({ type: 'hello', now: a.clock.now(), user: unwrap(await call(contract.accounts.me, {})).user.id });
  await stranger.next('hello');
  unwrap(await a.call(await a.signIn('manager@northlight.example'))(contract.leases.release, { params: { lease: lease.id } }));
  expect(await mine.next('lease')).toEqual({ type: 'lease', lease: lease.id, machine: machine.id });
  expect(await mine.next('entitlements')).toMatchObject({ organization: await a.organization(token, 'Northlight') });
  // The stranger hears of their own organization only.
  const bosses = await a.signIn('boss@harbor.example');
  unwrap(await a.call(bosses)(contract.leases.checkout, { body: { request: await machine.request({ license: 'lic_harbor', mode: 'online' }) } }));
  expect(await stranger.next('entitlements')).toEqual({ type: 'entitlements', organization: await a.organization(bosses, 'Harbor') });
});

test('the event stream needs a session, and stopping the authority ends it', async () => {
  expect((await fetch(`${a.url}/v1/events`)).status).toBe(401);
  const stream = await listen(await a.signIn('editor@northlight.example'));
  await stream.next('hello');
  const before = performance.now();
  await a.stop();
  expect(performance.now() - before).toBeLessThan(8000);
  expect(await stream.ended()).toBe(true);
  await a.start();
});

test('a defect is answered with its number, without a word of what went wrong', async () => {
  const { default: BetterSqlite } = await import('better-sqlite3');
  const token = await a.signIn('editor@northlight.example');
  const sqlite = new BetterSqlite(join(a.home, 'authority.db'));
  sqlite.exec('ALTER TABLE lease RENAME TO lease_elsewhere');
  const response = await fetch(`${a.url}/v1/leases`, { headers: { authorization: `Bearer ${token}` } });
  sqlite.exec('ALTER TABLE lease_elsewhere RENAME TO lease');
  sqlite.close();
  const text = await response.text();
  expect(response.status).toBe(500);
  expect(JSON.parse(text)).toEqual({ ok: false, code: 'INTERNAL', details: { correlation: expect.stringMatching(/^cor_/) as string } });
  const { correlation } = (JSON.parse(text) as { details: { correlation: string } }).details;
  expect(a.log.some((line) => line.includes(correlation) && line.includes('no such table'))).toBe(true);
});

test('the log holds no secret: no password, token, cookie or document', async () => {
  const token = await a.signIn('editor@northlight.example');
  const machine = await createTestMachine({ authority: a.id, clock: a.clock });
  const request = await machine.request({ license: 'lic_stage', mode: 'online' });
  const { licenseFile } = unwrap(await a.call(token)(contract.leases.checkout, { body: { request } }));
  await post('/v1/sessions', `{"email":"x@y.example","password":"a very secret phrase"`);
  await post('/v1/sessions', { email: 'x@y.example', password: 'a very secret phrase', carrier: 'cookie' }, { cookie: `latchkey_session=${token}`, 'x-latchkey': '1', origin: a.url });
  await fetch(`${a.url}/v1/me?token=${token}`, { headers: { authorization: `Bearer ${token}` } });
  const log = a.log.join('');
  expect(log).toContain('/v1/checkouts');
  const secrets = [token, PASSWORD, 'a very secret phrase', request.split('\n')[1] ?? '?', licenseFile.split('\n')[1] ?? '?', 'latchkey_session=', '$argon2id$'];
  for (const secret of secrets) expect(log.includes(secret)).toBe(false);
});
