import { afterAll, beforeAll, expect, test } from 'vitest';
import { contract, EVENTS_PATH } from '../../src-shared/http/index.ts';
import type { Route } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { PASSWORD, otherProcess, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { eventually } from '../support/client.ts';
import { createTestMachine } from '../support/machine.ts';

/** What a caller sends that is not quite what it seems. */

const { exchange, leases, organizations, people, security } = contract;
const EMAIL = 'editor@northlight.example';
const patience = 30_000;
let a: TestAuthority;
let token: string;
beforeAll(async () => {
  // No stream ends because of the next look at who listens.
  a = await startAuthority({ limits: { keepAlive: 3_600_000 } });
  token = await a.signIn(EMAIL);
});
afterAll(() => a.close());

const invisible = ['\u200b', '\u200b\u200d\ufeff', '\u00ad\u00ad', '\u3164', '\u115f\u1160', '\uffa0', '\u2800\u2800', '\u0301', '\ufe0f', '\u{e0041}', '\ue000'];

test('a name that shows nothing is refused for people and organizations, and in a load file; joiners and marks within a name are not', async () => {
  const call = a.call(token);
  for (const name of invisible) {
    expect([name, await call(security.rename, { body: { firstName: name, lastName: 'Editor' } })]).toMatchObject([name, { code: 'INPUT_INVALID', details: { at: 'body.firstName' } }]);
    expect([name, await call(organizations.create, { body: { name: `${name}${name}` } })]).toMatchObject([name, { code: 'INPUT_INVALID', details: { at: 'body.name' } }]);
    expect([name, await a.authority().load({ products: [{ id: 'hidden', name }] })]).toMatchObject([name, { code: 'INPUT_INVALID', details: { at: 'products.0.name' } }]);
  }
  for (const name of ['نیک\u200cنام', '👩\u200d👩\u200d👧', 'Zoe\u0308', '李', '-']) unwrap(await call(security.rename, { body: { firstName: name, lastName: 'Editor' } }));
});

const put = async (body: Uint8Array | string) => {
  const response = await fetch(`${a.url}/v1/me/name`, { method: 'PUT', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: body as BodyInit });
  return (await response.json()) as { readonly ok: boolean; readonly code?: string; readonly details?: { readonly why?: string } };
};

test('a body with invalid UTF-8, or with a member twice at any depth, is no JSON and changes nothing', async () => {
  unwrap(await a.call(token)(security.rename, { body: { firstName: 'Edda', lastName: 'Editor' } }));
  const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');
  const bodies = [
    bytes('{"firstName":"Ed\xff","lastName":"Editor"}'), bytes('{"firstName":"Ed\xc0\xaf","lastName":"Editor"}'), bytes('{"firstName":"Ed\xed\xa0\x80","lastName":"Editor"}'),
    '{"firstName":"Eve","lastName":"Editor","firstName":"Edna"}', '{"firstName":"Eve","lastName":"Editor","first\\u004eame":"Edna"}', '{"firstName":"Eve","lastName":"Editor","x":{"y":[{"z":1,"z":2}]}}',
    '{"firstName":"Eve","lastName":"Editor","__proto__":{}}', '["Eve"]', '"Eve"', 'null', '', '{"firstName":"Eve","lastName":"Editor"} {}',
  ];
  for (const body of bodies) expect([body, await put(body)]).toMatchObject([body, { ok: false, code: 'INPUT_INVALID', details: { why: 'json' } }]);
  expect(unwrap(await a.call(token)(security.profile, {}))).toMatchObject({ firstName: 'Edda', lastName: 'Editor' });
  expect(await put('\ufeff{"firstName":"Ed\\u0064a","lastName":"Mü"}')).toMatchObject({ ok: true });
});

test('no route of the contract, nor the stream and the description, takes a query parameter that it does not know', async () => {
  const routes = Object.values(contract).flatMap((group) => Object.values(group as Readonly<Record<string, Route>>));
  for (const { method, path } of [...routes, { method: 'GET', path: EVENTS_PATH }, { method: 'GET', path: '/v1/openapi.json' }]) {
    const response = await fetch(`${a.url}${path.replace(/:([a-zA-Z]+)/g, (_, name: string) => (name === 'document' ? 'privacy' : 'x'))}?nonsense=1`, {
      method, headers: { authorization: `Bearer ${token}`, ...(method === 'GET' || method === 'DELETE' ? {} : { 'content-type': 'application/json' }) }, ...(method === 'GET' || method === 'DELETE' ? {} : { body: '{}' }),
    });
    expect([method, path, await response.json()]).toMatchObject([method, path, { ok: false, code: 'INPUT_INVALID', details: { at: 'query.nonsense' } }]);
  }
  expect(await (await fetch(`${a.url}/v1/authority?a=1&a=2`)).json()).toMatchObject({ code: 'INPUT_INVALID' });
});

test('a machine whose wish is refused leaves no row, however many a person makes up, and time tickets that a person carries for such are bounded', async () => {
  const call = a.call(await a.signIn('reader@northlight.example'));
  const boss = a.call(await a.signIn('boss@harbor.example'));
  const before = (await a.authority().machines(false)).length;
  const machine = () => createTestMachine({ authority: a.id, clock: a.clock, name: 'made up' });
  for (let each = 0; each < 20; each += 1) {
    expect(await call(leases.checkout, { body: { request: await (await machine()).request({ license: 'lic_stage', mode: 'online' }) } })).toMatchObject({ code: 'ROLE_NOT_ALLOWED' });
    expect(await boss(leases.checkout, { body: { request: await (await machine()).request({ license: 'lic_stage', mode: 'online' }) } })).toMatchObject({ code: 'LICENSE_NOT_FOUND' });
    expect(await boss(exchange.answer, { body: { request: await (await machine()).request({ license: 'lic_stage', mode: 'offline' }), license: 'lic_stage', days: 1 } })).toMatchObject({ code: 'LICENSE_NOT_FOUND' });
  }
  expect((await a.authority().machines(false)).length).toBe(before);
  const answers: string[] = [];
  for (let each = 0; each < 103; each += 1) {
    const told = await boss(exchange.time, { body: { request: await (await machine()).request({ mode: 'offline' }, { purpose: 'time' }) } });
    answers.push(told.ok ? 'told' : told.code);
  }
  expect([answers.indexOf('RATE_LIMITED'), (await a.authority().machines(false)).length - before]).toEqual([100, 100]);
  // The next person waits for none of it.
  expect((await a.call(token)(exchange.time, { body: { request: await (await machine()).request({ mode: 'offline' }, { purpose: 'time' }) } })).ok).toBe(true);
});

const listen = async (bearer: string) => {
  const response = await fetch(`${a.url}${EVENTS_PATH}`, { headers: { authorization: `Bearer ${bearer}` } });
  const stream = { text: '', isOver: false };
  void (async () => {
    const decoder = new TextDecoder();
    try {
      for await (const part of response.body ?? []) stream.text += decoder.decode(part as Uint8Array, { stream: true });
    } finally {
      stream.isOver = true;
    }
  })().catch(() => undefined);
  await eventually('the stream says hello', () => stream.text.includes('"hello"'), patience);
  return stream;
};
const times = (text: string, what: string): number => text.split(what).length - 1;

test('somebody who is removed hears no more of the organization, from that moment on', async () => {
  const owner = a.call(await a.signIn('owner@northlight.example'));
  const organization = await a.organization(token, 'Northlight');
  const theirs = a.call(await a.signIn('second@northlight.example'));
  const { user } = unwrap(await theirs(contract.accounts.me, {}));
  const [removed, member] = [await listen(await a.signIn('second@northlight.example')), await listen(token)];
  unwrap(await owner(people.changeRole, { params: { organization, person: user.id }, body: { role: 'reader' } }));
  await eventually('both hear of the organization', () => removed.text.includes(organization) && member.text.includes(organization), patience);
  const [heardBefore, toldBefore] = [times(removed.text, organization), times(member.text, organization)];
  unwrap(await owner(people.remove, { params: { organization }, body: { people: [user.id], confirm: true } }));
  await eventually('the others hear of it', () => times(member.text, organization) > toldBefore, patience);
  const accounts = times(removed.text, '"account"');
  unwrap(await theirs(security.rename, { body: { firstName: 'Sven', lastName: 'Gone' } }));
  await eventually('their own news goes on', () => times(removed.text, '"account"') > accounts, patience);
  expect(times(removed.text, organization)).toBe(heardBefore);
});

test('the stream of a session ends when the session does, also when another process ends it', async () => {
  const mine = await a.signIn('manager@northlight.example');
  const [first, second] = [await listen(mine), await listen(token)];
  unwrap(await a.call(mine)(contract.accounts.signOut, {}));
  await eventually('the stream ends', () => first.isOver, patience);
  expect(second.isOver).toBe(false);
  const other = await otherProcess(a);
  try {
    unwrap(await other.load({ products: [], organizations: [{ name: 'Northlight', users: [{ email: EMAIL, name: 'Edda Editor', password: `${PASSWORD} new`, role: 'editor' }], licenses: [] }] }, { resetPeople: true }));
    await eventually('the stream ends', () => second.isOver, patience);
  } finally {
    await other.close();
  }
});
