import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { defaultLimits } from '../../src-authority/http/app.ts';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { PASSWORD, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { eventually } from '../support/client.ts';

/** Slow, oversized and malformed requests, and a flood of connections, against real sockets. */

let a: TestAuthority;
const limits = { headersTimeout: 400, requestTimeout: 900, connections: 40, checkEvery: 50 };
beforeAll(async () => {
  a = await startAuthority({ limits });
});
afterAll(() => a.close());
const sockets: Socket[] = [];
afterEach(() => sockets.splice(0).forEach((socket) => socket.destroy()));

const open = async (to: TestAuthority = a): Promise<{ readonly socket: Socket; readonly heard: () => string; readonly isClosed: () => boolean }> => {
  const socket = connect(Number(new URL(to.url).port), '127.0.0.1');
  sockets.push(socket);
  let heard = '';
  let closed = false;
  socket.on('data', (chunk) => void (heard += chunk.toString()));
  socket.on('error', () => undefined);
  socket.on('close', () => void (closed = true));
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  return { socket, heard: () => heard, isClosed: () => closed };
};
/** One byte at a time, as long as somebody listens. */
const drip = (socket: Socket, text: string, everyMs: number): (() => void) => {
  let at = 0;
  const timer = setInterval(() => {
    if (socket.destroyed || at >= text.length) return clearInterval(timer);
    socket.write(text.charAt(at));
    at += 1;
  }, everyMs);
  return () => clearInterval(timer);
};
const post = (path: string, body: string, headers: Readonly<Record<string, string>> = {}) =>
  fetch(`${a.url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
const outcome = async (response: Response) => ({ status: response.status, ...((await response.json()) as { readonly code?: string; readonly details?: unknown }) });
const works = async () => (await fetch(`${a.url}/v1/authority`)).status;

test('as it ships, headers have 10 seconds, a request 30, headers 16 KiB, there are 4,096 connections, and streams are kept alive every 15 seconds', () => {
  expect(defaultLimits).toEqual({ headersTimeout: 10_000, requestTimeout: 30_000, headerSize: 16_384, connections: 4096, checkEvery: 1000, keepAlive: 15_000 });
});

describe('slow callers are cut off, and others are answered meanwhile', () => {
  test('headers byte by byte (slowloris)', async () => {
    const { socket, heard, isClosed } = await open();
    const stop = drip(socket, `GET /v1/authority HTTP/1.1\r\nhost: x\r\nx-slow: ${'s'.repeat(500)}\r\n\r\n`, 40);
    expect(await works()).toBe(200);
    await eventually('the caller is cut off', isClosed, 3000);
    stop();
    expect(heard()).toContain('"why":"slow"');
  });

  test('a body byte by byte', async () => {
    const { socket, isClosed } = await open();
    socket.write('POST /v1/sessions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n');
    const stop = drip(socket, '{'.repeat(1000), 40);
    expect(await works()).toBe(200);
    await eventually('the caller is cut off', isClosed, 3000);
    stop();
  });

  test('who connects and says nothing', async () => {
    const { isClosed } = await open();
    await eventually('the caller is cut off', isClosed, 3000);
    expect(await works()).toBe(200);
  });

  test('who sends a request and reads no answer keeps nobody from theirs', async () => {
    const { socket } = await open();
    socket.pause();
    for (let each = 0; each < 20; each += 1) socket.write('GET /v1/openapi.json HTTP/1.1\r\nhost: x\r\n\r\n');
    expect(await works()).toBe(200);
  });
});

describe('a body that is too large', () => {
  let patient: TestAuthority;
  beforeAll(async () => {
    patient = await startAuthority();
  });
  afterAll(() => patient.close());

  test('is read to its end before it is refused, so that its sender, a proxy too, gets to read why', async () => {
    for (const kind of ['application/json', 'text/plain']) {
      const { socket, heard, isClosed } = await open(patient);
      const failures: unknown[] = [];
      socket.on('error', (error) => failures.push(error));
      const write = (part: string): Promise<void> => new Promise((done) => void socket.write(part, () => done()));
      await write(`POST /v1/renewals HTTP/1.1\r\nhost: x\r\ncontent-type: ${kind}\r\ncontent-length: 320000\r\n\r\n`);
      for (let each = 0; each < 40; each += 1) {
        await write('x'.repeat(8000));
        await new Promise((done) => setImmediate(done));
      }
      await eventually('the answer is there and the connection closed', isClosed, 30_000);
      expect([kind, heard().slice(0, 12), heard().includes('INPUT_INVALID'), failures]).toEqual([kind, 'HTTP/1.1 400', true, []]);
    }
  });

  test('is refused also while it never ends', async () => {
    const { socket, heard } = await open(patient);
    socket.write('POST /v1/renewals HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 99999999\r\n\r\n');
    const timer = setInterval(() => socket.writable && socket.write('x'.repeat(16_000)), 2);
    try {
      await eventually('it is refused', () => heard().includes('"why":"size"'), 30_000);
    } finally {
      clearInterval(timer);
    }
    expect(heard()).toMatch(/^HTTP\/1\.1 400 /);
  });
});

describe('too much is refused with its reason', () => {
  test('a body above 128 KiB, with its length told or in chunks', async () => {
    expect(await outcome(await post('/v1/renewals', JSON.stringify({ request: 'x'.repeat(200_000) })))).toMatchObject({ status: 400, code: 'INPUT_INVALID', details: { why: 'size' } });
    const { socket, heard, isClosed } = await open();
    socket.write('POST /v1/renewals HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n');
    for (let each = 0; each < 40 && !isClosed(); each += 1) socket.write(`1000\r\n${'x'.repeat(4096)}\r\n`);
    await eventually('it is refused', () => isClosed() || heard().includes('"why":"size"'), 3000);
  });

  test('headers above 16 KiB, a longer address, 2,000 headers', async () => {
    for (const request of [
      `GET /v1/authority HTTP/1.1\r\nhost: x\r\nx-large: ${'h'.repeat(20_000)}\r\n\r\n`,
      `GET /${'a'.repeat(20_000)} HTTP/1.1\r\nhost: x\r\n\r\n`,
      `GET /v1/authority HTTP/1.1\r\nhost: x\r\n${Array.from({ length: 2000 }, (_, at) => `x-${at}: some value\r\n`).join('')}\r\n`,
    ]) {
      const { socket, heard } = await open();
      socket.write(request);
      await eventually('it is refused', () => heard().includes('"why":"headers"'), 3000);
      expect(heard()).toMatch(/^HTTP\/1\.1 400 /);
    }
  });

  test('JSON 60,000 deep, with 10,000 members, with __proto__ and constructor, with numbers beyond all bounds', async () => {
    for (const body of [
      '['.repeat(60_000) + ']'.repeat(60_000), '{"a":'.repeat(20_000) + '1' + '}'.repeat(20_000),
      `{${Array.from({ length: 10_000 }, (_, at) => `"m${at}":1`).join(',')}}`,
      '{"__proto__":{"carrier":"cookie"},"email":"a@b.example","password":"x"}', '{"constructor":{"prototype":{"x":1}},"email":"a@b.example","password":"x"}',
      '{"email":1e999,"password":[]}', '\u0000', '"text"', 'null', '[]',
    ]) {
      const said = await outcome(await post('/v1/sessions', body));
      expect([body.slice(0, 30), said.status, said.code]).toEqual([body.slice(0, 30), 400, 'INPUT_INVALID']);
    }
    expect(({} as { readonly x?: unknown }).x).toBeUndefined();
  });

  test('parameters that are long, many, doubled, or of another type', async () => {
    const call = (path: string, token: string) => fetch(`${a.url}${path}`, { headers: { authorization: `Bearer ${token}` } }).then(outcome);
    const token = await a.signIn('owner@northlight.example');
    const organization = await a.organization(token, 'Northlight');
    const people = `/v1/organizations/${organization}/people`;
    expect(await call(`/v1/organizations/${'o'.repeat(180)}`, token)).toMatchObject({ code: 'INPUT_INVALID' });
    expect(await call(`/v1/organizations/${'o'.repeat(2000)}`, token)).toMatchObject({ status: 400, code: 'INPUT_INVALID' });
    expect(await call(`${people}?limit=1&limit=2`, token)).toMatchObject({ code: 'INPUT_INVALID' });
    expect(await call(`${people}?limit=999999`, token)).toMatchObject({ code: 'INPUT_INVALID' });
    expect(await call(`${people}?search=${'s'.repeat(101)}`, token)).toMatchObject({ code: 'INPUT_INVALID' });
    expect(await call(`${people}?${Array.from({ length: 1500 }, (_, at) => `p${at}=1`).join('&')}`, token)).toMatchObject({ status: 400, code: 'INPUT_INVALID' });
    expect(await call(`${people}?search[$ne]=1&offset=-1`, token)).toMatchObject({ code: 'INPUT_INVALID' });
    expect(await call('/v1/organizations/%00', token)).toMatchObject({ code: 'NOT_FOUND' });
    expect(await call('/v1/organizations/%zz', token)).toMatchObject({ status: 400, code: 'INPUT_INVALID' });
  });

  test('what is no HTTP at all', async () => {
    for (const bytes of ['\u0016\u0003\u0001\u0002\u0000', 'GET / HTTP/9.9\r\n\r\n', 'SSH-2.0-x\r\n', 'POST /v1/sessions HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n']) {
      const { socket, heard, isClosed } = await open();
      socket.write(bytes);
      await eventually('it is refused and closed', isClosed, 3000);
      expect(heard()).toContain('"code":"INPUT_INVALID"');
    }
  });
});

test('a flood of connections is bounded: those that are there are answered, the rest is closed, and after it everybody is', async () => {
  const token = await a.signIn('owner@northlight.example');
  const kept = await open();
  kept.socket.write('GET /v1/authority HTTP/1.1\r\nhost: x\r\n\r\n');
  await eventually('the first is answered', () => kept.heard().includes('"authority"'), 3000);
  const flood = await Promise.all(Array.from({ length: 200 }, () => open()));
  await eventually('most are closed at once', () => flood.filter(({ isClosed }) => isClosed()).length >= 200 - limits.connections, 3000);
  expect(a.log.some((line) => line.includes('there are too many'))).toBe(true);
  for (const { socket } of flood) socket.destroy();
  await eventually('it works again', async () => (await a.call(token)(contract.accounts.me, {}).catch(() => ({ ok: false }))).ok, 3000);
});

test('nothing of the contract is kept by a browser or a proxy, whether it is given or refused', async () => {
  const authorization = `Bearer ${await a.signIn('owner@northlight.example')}`;
  const stop = new AbortController();
  const replies = await Promise.all([
    fetch(`${a.url}/v1/authority`), fetch(`${a.url}/v1/me`, { headers: { authorization } }), fetch(`${a.url}/v1/me`), fetch(`${a.url}/v1/none`), fetch(`${a.url}/v1/openapi.json`),
    post('/v1/sessions', '{'), post('/v1/sessions', JSON.stringify({ email: 'a@b.example', password: 'x' })), post('/v1/renewals', JSON.stringify({ request: 'x'.repeat(200_000) })),
    fetch(`${a.url}/v1/events`, { headers: { authorization }, signal: stop.signal }),
  ]);
  expect(replies.map(({ status, headers }) => [status, headers.get('cache-control')])).toEqual([200, 200, 401, 404, 200, 400, 401, 400, 200].map((status) => [status, 'no-store']));
  stop.abort();
});

describe('text of strangers', () => {
  test('never becomes the id of a request in the log', async () => {
    const named = Object.fromEntries(['request-id', 'x-request-id', 'x-correlation-id'].map((name) => [name, 'cor_of_a_stranger']));
    expect((await fetch(`${a.url}/v1/authority`, { headers: named })).status).toBe(200);
    expect(a.log.join('')).not.toContain('cor_of_a_stranger');
    const ids = a.log.flatMap((line) => (JSON.parse(line) as { readonly reqId?: string }).reqId ?? []);
    expect(ids.length).toBeGreaterThan(0);
    for (const id of ids) expect(id).toMatch(/^cor_[A-Za-z0-9_-]{22}$/);
  });

  const hostile = [
    "'; DROP TABLE user; --", '" OR 1=1 --', '%', '_', '\\', "') UNION SELECT password FROM user --", 'x\u0000y', '{"level":60,"msg":"forged"}\n{"level":60}', '\u001b[2J\u001b[31mred', 'line\r\nlevel=fatal',
  ];

  test('in search, e-mail, names, ids and headers it is text to SQL: nothing is found by it, nothing is gone', async () => {
    const token = await a.signIn('owner@northlight.example');
    const call = a.call(token);
    const organization = await a.organization(token, 'Northlight');
    for (const text of hostile) {
      const people = unwrap(await call(contract.people.list, { params: { organization }, query: { search: text } })).total;
      const machines = unwrap(await call(contract.holdings.machines, { params: { organization }, query: { search: text } })).total;
      const read = await call(contract.organizations.read, { params: { organization: text } });
      const signedIn = await a.call()(contract.accounts.signIn, { body: { email: `${text}@x.example`, password: PASSWORD, agent: text } });
      expect([text, people, machines, read.ok ? 'ok' : read.code, signedIn.ok]).toEqual([text, 0, 0, 'NOT_FOUND', false]);
      a.clock.advance(3600);
    }
    expect(unwrap(await call(contract.people.list, { params: { organization }, query: {} })).total).toBe(5);
  });

  test('writes no line of its own into the log, and no control character', async () => {
    const token = await a.signIn('owner@northlight.example');
    for (const text of hostile) {
      await a.call(token)(contract.organizations.create, { body: { name: `Studio ${text}`, cluster: 'eu' } });
      await a.call(token)(contract.organizations.read, { params: { organization: text } });
      await fetch(`${a.url}/${encodeURIComponent(text)}`);
    }
    expect(a.log.length).toBeGreaterThan(20);
    for (const line of a.log) {
      expect(line.trimEnd().split('\n')).toHaveLength(1);
      expect(() => JSON.parse(line) as unknown).not.toThrow();
      expect(line.trimEnd()).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
      expect((JSON.parse(line) as { readonly level: number }).level).toBeLessThan(60);
    }
  });
});
