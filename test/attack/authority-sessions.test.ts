import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { contract, EVENTS_PATH } from '../../src-shared/http/index.ts';
import type { Route } from '../../src-shared/http/index.ts';
import { MINUTE } from '../../src-shared/time.ts';
import { PASSWORD, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { ownPage, signInByCookie } from '../support/browser-session.ts';

/** What somebody can do with a stolen cookie, another site's page, or a session of their own choosing. */

const EMAIL = 'editor@northlight.example';
let a: TestAuthority;
beforeAll(async () => {
  a = await startAuthority();
});
afterAll(() => a.close());
const streams: AbortController[] = [];
afterEach(() => streams.splice(0).forEach((stream) => stream.abort()));

const routes: readonly Route[] = Object.values(contract).flatMap((group) => Object.values(group) as Route[]);
const addressOf = (route: Route): string => `${a.url}${route.path.replace(/:\w+/g, 'x')}`;
const send = (route: Route, headers: Readonly<Record<string, string>>) =>
  fetch(addressOf(route), { method: route.method, ...(['GET', 'DELETE'].includes(route.method) ? { headers: withoutType(headers) } : { headers, body: '{}' }) });
const withoutType = ({ 'content-type': _, ...headers }: Readonly<Record<string, string>>) => headers;
const me = (headers: Readonly<Record<string, string>>) => fetch(`${a.url}/v1/me`, { headers });
const outcome = async (response: Response) => ({ status: response.status, ...((await response.json()) as { readonly code?: string; readonly details?: unknown }) });
const audit = async (action: string) => {
  const rows: { readonly action: string; readonly actor: string; readonly subject: string; readonly details: string }[] = [];
  for await (const row of a.authority().auditRows()) rows.push(row as never);
  return rows.filter((row) => row.action === action);
};
const notBound = { status: 401, code: 'NOT_SIGNED_IN', details: { why: 'binding' } };

describe('a cookie without its binding', () => {
  test('opens no route of the contract that asks for a person, nor the stream of events', async () => {
    const { cookie } = await signInByCookie(a.url, EMAIL);
    const persons = routes.filter(({ auth }) => auth === 'person');
    expect(persons.length).toBeGreaterThan(40);
    for (const route of persons) {
      const headers = route.method === 'GET' ? { cookie } : { ...ownPage(a.url), cookie };
      expect([route.method, route.path, await outcome(await send(route, headers))]).toEqual([route.method, route.path, { ok: false, ...notBound }]);
    }
    expect(await outcome(await fetch(`${a.url}${EVENTS_PATH}`, { headers: { cookie } }))).toMatchObject(notBound);
  });

  test('leaves the session as it is: a browser that has forgotten it signs in again; one row tells of it, however often', async () => {
    const session = await signInByCookie(a.url, 'second@northlight.example');
    const before = (await audit('session.refused')).length;
    for (let each = 0; each < 5; each += 1) expect(await outcome(await me({ cookie: session.cookie }))).toMatchObject(notBound);
    expect(await audit('session.refused')).toHaveLength(before + 1);
    expect((await me(session.headers)).status).toBe(200);
  });
});

describe('a stolen cookie', () => {
  test('with a wrong binding ends its session, at once and for good, and the theft is on record', async () => {
    const session = await signInByCookie(a.url, EMAIL);
    const before = (await audit('user.session-stolen')).length;
    expect(await outcome(await me({ cookie: session.cookie, 'x-latchkey-binding': 'b'.repeat(43) }))).toMatchObject(notBound);
    expect(await outcome(await me(session.headers))).toMatchObject({ status: 401, code: 'NOT_SIGNED_IN' });
    const rows = await audit('user.session-stolen');
    expect(rows).toHaveLength(before + 1);
    expect(rows.at(-1)).toMatchObject({ actor: 'unknown' });
    expect(JSON.stringify(rows)).not.toContain(session.binding);
  });

  test('is no bearer token, and a bearer token is no cookie', async () => {
    const session = await signInByCookie(a.url, EMAIL);
    const token = session.cookie.split('=')[1] ?? '';
    expect(await outcome(await me({ authorization: `Bearer ${token}` }))).toMatchObject(notBound);
    expect((await me(session.headers)).status).toBe(401);
    const bearer = await a.signIn(EMAIL);
    expect(await outcome(await me({ cookie: `latchkey_session=${bearer}`, 'x-latchkey-binding': bearer }))).toMatchObject(notBound);
    expect((await me({ authorization: `Bearer ${bearer}` })).status).toBe(200);
  });

  test('cannot be bound anew by another person’s own binding, nor by signing in with it', async () => {
    const [victim, thief] = [await signInByCookie(a.url, EMAIL), await signInByCookie(a.url, 'reader@northlight.example')];
    expect(await outcome(await me({ cookie: victim.cookie, 'x-latchkey-binding': thief.binding }))).toMatchObject(notBound);
    const next = await signInByCookie(a.url, EMAIL);
    const again = await signInByCookie(a.url, 'reader@northlight.example', { before: next.cookie });
    expect(again.cookie).not.toBe(next.cookie);
    expect(((await (await me(again.headers)).json()) as { readonly value: { readonly user: { readonly email: string } } }).value.user.email).toBe('reader@northlight.example');
  });
});

test('requests of other pages of the same browser, on their way while it signs in again, end nothing', async () => {
  const first = await signInByCookie(a.url, EMAIL);
  const second = await signInByCookie(a.url, EMAIL, { before: first.cookie });
  expect(await outcome(await me({ cookie: second.cookie, 'x-latchkey-binding': first.binding }))).toMatchObject(notBound);
  expect((await me(second.headers)).status).toBe(200);
  a.clock.advance(MINUTE);
  await me({ cookie: second.cookie, 'x-latchkey-binding': first.binding });
  expect((await me(second.headers)).status).toBe(401);
});

test('a stream of events ends when its session is stolen', async () => {
  const session = await signInByCookie(a.url, EMAIL);
  const stop = new AbortController();
  streams.push(stop);
  const stream = await fetch(`${a.url}${EVENTS_PATH}`, { headers: session.headers, signal: stop.signal });
  expect(stream.status).toBe(200);
  const reader = stream.body?.getReader();
  const heard = async () => new TextDecoder().decode((await reader?.read())?.value);
  expect(await heard()).toContain('hello');
  await me({ cookie: session.cookie, 'x-latchkey-binding': 'c'.repeat(43) });
  // It says that the account is to be looked at again, by which its page learns that it is signed out.
  expect(await heard()).toContain('account');
  expect((await me(session.headers)).status).toBe(401);
});

test('another page of the same browser hears at once that the person has signed out', async () => {
  const session = await signInByCookie(a.url, EMAIL);
  const stop = new AbortController();
  streams.push(stop);
  const reader = (await fetch(`${a.url}${EVENTS_PATH}`, { headers: session.headers, signal: stop.signal })).body?.getReader();
  const heard = async () => new TextDecoder().decode((await reader?.read())?.value);
  expect(await heard()).toContain('hello');
  expect((await send(contract.accounts.signOut, session.headers)).status).toBe(200);
  expect(await heard()).toContain('account');
});

test('under https the cookie has a name that no neighbouring host can set, and one by the plain name counts for nothing', async () => {
  const behind = await startAuthority({ trustProxy: '127.0.0.1' });
  try {
    const secure = { ...ownPage(behind.url.replace('http:', 'https:')), 'x-forwarded-proto': 'https' };
    const signIn = async (headers: Readonly<Record<string, string>>) => {
      const response = await fetch(`${behind.url}/v1/sessions`, { method: 'POST', headers, body: JSON.stringify({ email: EMAIL, password: PASSWORD, carrier: 'cookie' }) });
      return { set: response.headers.getSetCookie()[0] ?? '', binding: ((await response.json()) as { readonly value: { readonly binding: string } }).value.binding };
    };
    const { set, binding } = await signIn(secure);
    const [cookie = '', ...attributes] = set.split('; ');
    expect(cookie).toMatch(/^__Host-latchkey_session=[A-Za-z0-9_-]{43}$/);
    expect(attributes).toEqual(expect.arrayContaining(['Path=/', 'HttpOnly', 'Secure', 'SameSite=Strict']));
    expect(attributes.some((each) => each.startsWith('Domain'))).toBe(false);
    const whoAmI = (given: string) => fetch(`${behind.url}/v1/me`, { headers: { ...secure, cookie: given, 'x-latchkey-binding': binding } });
    const planted = `latchkey_session=${cookie.split('=')[1]}`;
    expect((await whoAmI(planted)).status).toBe(401);
    expect((await whoAmI(`latchkey_session=${'f'.repeat(43)}; ${cookie}`)).status).toBe(200);
    const out = await fetch(`${behind.url}/v1/sessions/current`, { method: 'DELETE', headers: withoutType({ ...secure, cookie, 'x-latchkey-binding': binding }) });
    expect(out.headers.getSetCookie()[0]).toMatch(/^__Host-latchkey_session=;.*Secure/);
    expect((await whoAmI(cookie)).status).toBe(401);
  } finally {
    await behind.close();
  }
});

test('the server takes no session of the caller’s choosing (fixation), whatever cookie comes with the sign-in', async () => {
  const chosen = `latchkey_session=${'f'.repeat(43)}`;
  const session = await signInByCookie(a.url, EMAIL, { before: chosen });
  expect(session.cookie).not.toBe(chosen);
  expect((await me({ cookie: chosen, 'x-latchkey-binding': session.binding })).status).toBe(401);
  const twice = await signInByCookie(a.url, EMAIL, { before: session.cookie });
  expect([twice.cookie === session.cookie, twice.binding === session.binding]).toEqual([false, false]);
  expect((await me(session.headers)).status).toBe(401);
});

describe('another site’s page (CSRF)', () => {
  const foreign = (own: Readonly<Record<string, string>>): { readonly [how: string]: Readonly<Record<string, string>> } => {
    const { 'x-latchkey': _, ...noHeader } = own;
    const { origin: __, 'sec-fetch-site': ___, ...noOrigin } = own;
    return {
      'without the header': noHeader,
      'with a foreign origin': { ...own, origin: 'https://evil.example' },
      'with the origin null of a sandboxed frame': { ...own, origin: 'null' },
      'with a subdomain as origin': { ...own, origin: a.url.replace('127.0.0.1', 'evil.127.0.0.1') },
      'cross-site by the browser’s word': { ...own, 'sec-fetch-site': 'cross-site' },
      'same-site by the browser’s word': { ...own, 'sec-fetch-site': 'same-site' },
      'without a word where it comes from': noOrigin,
    };
  };

  test('changes nothing by any route of the contract that changes something, even if it knew the binding', async () => {
    const session = await signInByCookie(a.url, EMAIL);
    const unsafe = routes.filter(({ auth, method }) => auth === 'person' && method !== 'GET');
    expect(unsafe.length).toBeGreaterThan(25);
    const done = async () => (await a.authority().verifyAudit()).rows - (await audit('request.refused')).length;
    const before = await done();
    for (const route of unsafe) {
      for (const [how, headers] of Object.entries(foreign(session.headers))) {
        expect([route.method, route.path, how, (await outcome(await send(route, headers))).code]).toEqual([route.method, route.path, how, 'FORBIDDEN']);
      }
    }
    expect(await done()).toBe(before);
    expect((await audit('request.refused')).map(({ details }) => (JSON.parse(details) as { readonly why: string }).why)).toEqual(['header', 'origin', 'site']);
    expect((await me(session.headers)).status).toBe(200);
  });

  test('signs nobody in, and learns of it by no header that would let its scripts read the answer', async () => {
    const body = JSON.stringify({ email: EMAIL, password: PASSWORD, carrier: 'cookie' });
    for (const [how, headers] of Object.entries(foreign(ownPage(a.url)))) {
      const response = await fetch(`${a.url}/v1/sessions`, { method: 'POST', headers, body });
      expect([how, response.status, response.headers.getSetCookie()]).toEqual([how, 403, []]);
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
    }
    const preflight = await fetch(`${a.url}/v1/sessions`, { method: 'OPTIONS', headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST', 'access-control-request-headers': 'x-latchkey' } });
    expect([preflight.ok, preflight.headers.get('access-control-allow-origin')]).toEqual([false, null]);
  });

  test('sends no form: only JSON is read', async () => {
    const session = await signInByCookie(a.url, EMAIL);
    for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain', 'application/json-patch+json']) {
      const response = await fetch(`${a.url}/v1/me/name`, { method: 'PUT', headers: { ...session.headers, 'content-type': type }, body: '{"firstName":"X","lastName":"Y"}' });
      expect([type, (await outcome(response)).code]).toEqual([type, 'INPUT_INVALID']);
    }
  });
});

test('guessing from one address is slowed down although it names another one each time: who forwards is not believed unless configured', async () => {
  const guess = (each: number) => fetch(`${a.url}/v1/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': `203.0.113.${each}`, forwarded: `for=203.0.113.${each}`, 'x-real-ip': `203.0.113.${each}` },
    body: JSON.stringify({ email: `guess${each}@people.example`, password: 'wrong password' }),
  });
  const codes: (string | undefined)[] = [];
  for (let each = 0; each < 40; each += 1) codes.push((await outcome(await guess(each))).code);
  expect(codes.slice(0, 30)).toEqual(Array.from({ length: 30 }, () => 'CREDENTIALS_INVALID'));
  expect(codes.slice(30).filter((code) => code === 'RATE_LIMITED').length).toBeGreaterThanOrEqual(9);
});
