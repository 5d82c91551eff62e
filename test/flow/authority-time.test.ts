import { afterEach, beforeEach, expect, test } from 'vitest';
import { authenticateIssued, parseKind } from '../../src-shared/documents/index.ts';
import type { ClaimsOf } from '../../src-shared/documents/index.ts';
import { contract } from '../../src-shared/http/index.ts';
import { REQUEST_TERM } from '../../src-shared/policy.ts';
import { unwrap } from '../../src-shared/result.ts';
import { DAY } from '../../src-shared/time.ts';
import { startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { codeOf } from '../support/client.ts';
import { createTestMachine } from '../support/machine.ts';
import type { TestMachine } from '../support/machine.ts';

/** The authority's side of time tickets. */
let a: TestAuthority;
let machine: TestMachine;

beforeEach(async () => {
  a = await startAuthority();
  machine = await createTestMachine({ authority: a.id, clock: a.clock, name: 'WS-9' });
});
afterEach(() => a.close());

const asked = (claims: Partial<ClaimsOf<'request'>> = {}): Promise<string> => machine.request({ mode: 'offline' }, { purpose: 'time', ...claims });
const tell = (request: string) => a.call()(contract.leases.time, { body: { request } });

const claimsOf = async (ticket: string): Promise<ClaimsOf<'time'>> => {
  const keyset = unwrap(parseKind('keyset', a.keyset())).claims;
  return unwrap(await authenticateIssued(unwrap(parseKind('time', ticket)), keyset)).claims;
};
const actions = async (): Promise<readonly string[]> => {
  const rows: string[] = [];
  for await (const row of a.authority().auditRows()) rows.push((row as unknown as { action: string }).action);
  return rows;
};

test('a time ticket says what time it is at the authority, for one machine and one request', async () => {
  const request = await asked();
  const { jti } = unwrap(parseKind('request', request)).claims;
  const { ticket } = unwrap(await tell(request));
  const now = a.clock.now();
  expect(await claimsOf(ticket)).toMatchObject({ iss: a.id, aud: machine.id, iat: now, exp: now + REQUEST_TERM, req: jti });
  expect((await actions()).slice(-2)).toEqual(['machine.registered', 'time.stated']);
});

test.each([
  ['ten years ahead', 3650], ['ten years behind', -3650],
])('the request may say that it is %s: its machine asks because its clock is in doubt', async (_, days) => {
  const iat = a.clock.now() + days * DAY;
  const { ticket } = unwrap(await tell(await asked({ iat, exp: iat + REQUEST_TERM })));
  expect((await claimsOf(ticket)).iat).toBe(a.clock.now());
});

test('the same request has the same ticket, also later, by file, and fifty times at once', async () => {
  const request = await asked();
  const { ticket } = unwrap(await tell(request));
  a.clock.advance(30 * DAY);
  const editor = a.call(await a.signIn('editor@northlight.example'));
  const again = await Promise.all(Array.from({ length: 50 }, () => tell(request)));
  expect(new Set(again.map((reply) => unwrap(reply).ticket))).toEqual(new Set([ticket]));
  expect(unwrap(await editor(contract.exchange.time, { body: { request } })).ticket).toBe(ticket);
  expect(unwrap(await a.authority().tellTime(request)).ticket).toBe(ticket);
  expect((await actions()).filter((action) => action === 'time.stated')).toHaveLength(1);
});

test('fifty requests at once for the first time are one ticket too', async () => {
  const request = await asked();
  const replies = await Promise.all(Array.from({ length: 50 }, () => tell(request)));
  expect(new Set(replies.map((reply) => unwrap(reply).ticket)).size).toBe(1);
});

test('by file it is told by whoever may answer requests, and by nobody else', async () => {
  const request = await asked();
  const reader = a.call(await a.signIn('reader@northlight.example'));
  expect(codeOf(await reader(contract.exchange.time, { body: { request } }))).toBe('FORBIDDEN');
  const editor = a.call(await a.signIn('editor@northlight.example'));
  const { fileName } = unwrap(await editor(contract.exchange.time, { body: { request } }));
  expect(fileName).toMatch(/^time-WS-9-[A-Za-z0-9]{6}\.lktime$/);
});

test('a request for the time is not answered with a license, nor one for a license with the time', async () => {
  const time = await asked();
  const manager = a.call(await a.signIn('manager@northlight.example'));
  const wrong = { ok: false, code: 'CONFLICT', details: { why: 'purpose', wanted: 'time' } };
  expect(await manager(contract.exchange.answer, { body: { request: time, license: 'lic_stage', days: 3 } })).toMatchObject(wrong);
  expect(await a.authority().answer({ request: time, license: 'lic_stage', days: 3 })).toMatchObject(wrong);
  expect(await manager(contract.leases.checkout, { body: { request: time } })).toMatchObject(wrong);
  expect(await a.call()(contract.leases.renew, { body: await machine.sending(time) })).toMatchObject(wrong);
  // Nothing of that has used the request up.
  unwrap(await tell(time));
  expect(await manager(contract.exchange.answer, { body: { request: time, license: 'lic_stage', days: 3 } })).toMatchObject(wrong);

  const license = await machine.request({ license: 'lic_stage', mode: 'offline', days: 3 });
  expect(await tell(license)).toMatchObject({ code: 'CONFLICT', details: { why: 'purpose', chosen: 'time' } });
  unwrap(await a.authority().answer({ request: license, license: 'lic_stage', days: 3 }));
});

test('the numbers of requests for the time are of the same counter: one used twice shows a copied machine', async () => {
  const manager = a.call(await a.signIn('manager@northlight.example'));
  unwrap(await tell(await asked({ seq: 4 })));
  expect(codeOf(await manager(contract.leases.checkout, { body: { request: await machine.request({ license: 'lic_stage', mode: 'online' }, { seq: 4 }) } }))).toBe('MACHINE_CLONED');
  expect(await actions()).toContain('machine.cloned');

  const other = await createTestMachine({ authority: a.id, clock: a.clock, name: 'WS-10' });
  unwrap(await manager(contract.leases.checkout, { body: { request: await other.request({ license: 'lic_stage', mode: 'online' }, { seq: 7 }) } }));
  expect(codeOf(await tell(await other.request({ mode: 'offline' }, { purpose: 'time', seq: 7 })))).toBe('MACHINE_CLONED');
});

test('a request with another text under the same id is refused, and one for another authority', async () => {
  unwrap(await tell(await asked({ jti: 'req_same' })));
  expect(codeOf(await tell(await asked({ jti: 'req_same' })))).toBe('CONFLICT');
  expect(codeOf(await tell(await asked({ aud: 'aut_other' })))).toBe('FILE_WRONG_AUTHORITY');
  expect(codeOf(await tell(await asked({ lease: 'lse_1' })))).toBe('FILE_MALFORMED');
});

test('an inspection says that it asks for the time, how to answer it, and that it was answered', async () => {
  const iat = a.clock.now() + 900 * DAY;
  const request = await asked({ iat, exp: iat + REQUEST_TERM });
  const editor = a.call(await a.signIn('editor@northlight.example'));
  const look = async () => unwrap(await editor(contract.exchange.inspect, { body: { document: request } }));
  expect(await look()).toMatchObject({
    inspection: { kind: 'request', purpose: 'time', want: null, expiresAt: null, next: 'answer-time', acceptable: { ok: true } }, options: [], answered: false,
  });
  const { ticket } = unwrap(await tell(request));
  expect(await look()).toMatchObject({ inspection: { next: 'answer-time', acceptable: { ok: true } }, answered: true });
  expect(unwrap(await editor(contract.exchange.inspect, { body: { document: ticket } })).inspection).toMatchObject({ kind: 'time', next: 'take-to-machine' });
});
