import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ROWS_AN_HOUR } from '../../src-authority/audit/refusals.ts';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { DAY, HOUR } from '../../src-shared/time.ts';
import { turnAppOn } from '../support/authenticator.ts';
import { PASSWORD, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { signInByCookie } from '../support/browser-session.ts';
import { eventually } from '../support/client.ts';
import { createTestMachine } from '../support/machine.ts';

/** Every refused document, guess and reach for what is somebody else's leaves a row, and no flood of them fills the record. */

const { exchange, leases } = contract;
let a: TestAuthority;
beforeEach(async () => {
  a = await startAuthority();
});
afterEach(() => a.close());

type Row = { readonly action: string; readonly actor: string; readonly details: { readonly [name: string]: unknown } };
const rowsOf = async (...actions: readonly string[]): Promise<readonly (Row & { readonly subject: string })[]> => {
  const rows: (Row & { readonly subject: string })[] = [];
  for await (const { action, actor, subject, details } of a.authority().auditRows()) if (actions.includes(action)) rows.push({ action, actor, subject, details: JSON.parse(details) as Row['details'] });
  return rows;
};
const refused = (): Promise<readonly Row[]> => rowsOf('document.refused');
/** Rows of requests are written when the reply is on its way. */
const refusedRequests = () => rowsOf('sign-in.refused', 'request.refused');
const leaves = (count: number) => eventually(`there are ${count} rows`, async () => (await refusedRequests()).length === count, 3000);
const want = { license: 'lic_stage', mode: 'online' } as const;
const idOf = async (token: string): Promise<string> => unwrap(await a.call(token)(contract.accounts.me, {})).user.id;

test('a request, a proof, a heartbeat, an answer and an acceptance that are refused leave a row each: what, why, by whom, by which carrier', async () => {
  const token = await a.signIn('editor@northlight.example');
  const [editor, person] = [a.call(token), await idOf(token)];
  const machine = await createTestMachine({ authority: a.id, clock: a.clock });
  const stranger = await createTestMachine({ authority: a.id, clock: a.clock, name: 'WS-stranger' });
  const issued = unwrap(await editor(leases.checkout, { body: { request: await machine.request(want) } }));
  const lease = issued.lease.id;
  expect(await refused()).toEqual([]);

  await editor(leases.checkout, { body: { request: 'no document' } });
  await editor(leases.checkout, { body: { request: await machine.request(want, { iss: stranger.id }) } });
  await a.call()(leases.renew, { body: await machine.renewal(want, { lease, aud: 'aut_other' }) });
  await a.call()(leases.giveBack, { body: { proof: await stranger.proof(lease, 'fil_x') } });
  await a.call()(leases.giveBack, { body: { proof: await machine.proof('lse_other', 'fil_x') } });
  await a.call()(leases.heartbeat, { body: { heartbeat: 'a.b.c' } });
  await a.call()(leases.heartbeat, { body: { heartbeat: await machine.heartbeat('lse_other', 'fil_x') } });
  await editor(exchange.answer, { body: { request: await machine.request({ mode: 'offline' }, { exp: a.clock.now() - 1, iat: a.clock.now() - DAY, keyset: 0 }), license: 'lic_offline', days: 5 } });
  await editor(exchange.accept, { body: { proof: issued.licenseFile } });
  await a.authority().accept(await stranger.proof(lease, 'fil_y'));
  await editor(exchange.time, { body: { request: await machine.request(want) } });

  expect((await refused()).map(({ actor, details: { code, kind, carrier } }) => [actor, code, kind, carrier])).toEqual([
    [person, 'FILE_MALFORMED', 'request', 'network'],
    [person, 'FILE_NOT_GENUINE', 'request', 'network'],
    [machine.id, 'FILE_WRONG_AUTHORITY', 'request', 'network'],
    ['unknown', 'LEASE_NOT_FOUND', 'release', 'network'],
    [machine.id, 'LEASE_NOT_FOUND', 'release', 'network'],
    ['unknown', 'FILE_MALFORMED', 'heartbeat', 'network'],
    [machine.id, 'REQUEST_EXPIRED', 'request', 'file'],
    [person, 'FILE_WRONG_KIND', 'license', 'file'],
    ['operator', 'LEASE_NOT_FOUND', 'release', 'file'],
    [machine.id, 'CONFLICT', 'request', 'file'],
  ]);
  // The heartbeat for another lease is the machine's second LEASE_NOT_FOUND of this hour.
  for (const { details } of await refused()) expect(details['digest']).toMatch(/^[A-Za-z0-9_-]{43}$/);
  expect(await a.authority().verifyAudit()).toMatchObject({ intact: true });
});

test('that no seat is free, or a license is not theirs, is an outcome and leaves no such row; nor does looking at a genuine file', async () => {
  const editor = a.call(await a.signIn('editor@northlight.example'));
  const second = a.call(await a.signIn('second@northlight.example'));
  const [one, two] = [await createTestMachine({ authority: a.id, clock: a.clock }), await createTestMachine({ authority: a.id, clock: a.clock, name: 'WS-002' })];
  unwrap(await editor(leases.checkout, { body: { request: await one.request({ license: 'lic_single', mode: 'online' }) } }));
  expect(await second(leases.checkout, { body: { request: await two.request({ license: 'lic_single', mode: 'online' }) } })).toMatchObject({ code: 'SEAT_LIMIT_EXCEEDED' });
  expect(await editor(leases.checkout, { body: { request: await one.request({ license: 'lic_assigned', mode: 'online' }) } })).toMatchObject({ code: 'LICENSE_NOT_ASSIGNED' });
  await editor(exchange.inspect, { body: { document: await one.request(want, { seq: 1 }) } });
  expect(await refused()).toEqual([]);
  expect(await a.authority().machines(true)).toEqual([]);
});

test('a damaged or forged file leaves its row where a person looks at it: nobody is offered to do more with it', async () => {
  const token = await a.signIn('editor@northlight.example');
  const [editor, person] = [a.call(token), await idOf(token)];
  const [one, two] = [await createTestMachine({ authority: a.id, clock: a.clock }), await createTestMachine({ authority: a.id, clock: a.clock })];
  expect(await editor(exchange.inspect, { body: { document: 'no document' } })).toMatchObject({ code: 'FILE_MALFORMED' });
  unwrap(await editor(exchange.inspect, { body: { document: await one.request(want, { iss: two.id }) } }));
  expect((await refused()).map(({ actor, details: { code, carrier } }) => [actor, code, carrier])).toEqual([[person, 'FILE_MALFORMED', 'file'], [person, 'FILE_NOT_GENUINE', 'file']]);
});

test('the same refusal of the same actor is one row an hour, and a row with their number when the hour is over', async () => {
  const editor = a.call(await a.signIn('editor@northlight.example'));
  const flood = (times: number) => Promise.all(Array.from({ length: times }, () => editor(leases.checkout, { body: { request: 'no document' } })));
  await flood(50);
  await flood(10);
  expect(await refused()).toHaveLength(1);
  a.clock.advance(HOUR);
  await flood(1);
  expect((await refused()).map(({ details: { times } }) => times)).toEqual([undefined, 60, undefined]);
  await flood(4);
  // What is counted when the authority stops is written then.
  await a.stop();
  await a.start();
  expect((await refused()).map(({ details: { times } }) => times)).toEqual([undefined, 60, undefined, 5]);
  expect(await a.authority().verifyAudit()).toMatchObject({ intact: true });
});

test('machines that nobody knows are told the time 100 times, and one machine 20 times, before the next one waits: nobody fills the records with them', async () => {
  const ask = async (machine: Awaited<ReturnType<typeof createTestMachine>>) => {
    const told = await a.call()(leases.time, { body: { request: await machine.request({ mode: 'online' }, { purpose: 'time' }) } });
    return told.ok ? 'told' : told.code;
  };
  const strangers: string[] = [];
  for (let each = 0; each < 110; each += 1) strangers.push(await ask(await createTestMachine({ authority: a.id, clock: a.clock, name: `WS-${each}` })));
  expect([strangers.indexOf('RATE_LIMITED'), new Set(strangers.slice(100))]).toEqual([100, new Set(['RATE_LIMITED'])]);
  expect(await a.authority().machines(false)).toHaveLength(100);
  a.clock.advance(HOUR);
  const one = await createTestMachine({ authority: a.id, clock: a.clock, name: 'WS-one' });
  const answers: string[] = [];
  for (let each = 0; each < 22; each += 1) answers.push(await ask(one));
  expect(answers.indexOf('RATE_LIMITED')).toBe(20);
  // Whoever carries it by hand is not slowed down by that.
  const editor = a.call(await a.signIn('editor@northlight.example'));
  expect((await editor(exchange.time, { body: { request: await one.request({ mode: 'offline' }, { purpose: 'time' }) } })).ok).toBe(true);
});

test('machines that never had a lease are told the time 100 times in all, however well they are known from asking', async () => {
  const strangers = await Promise.all(Array.from({ length: 60 }, (_, each) => createTestMachine({ authority: a.id, clock: a.clock, name: `WS-${each}` })));
  const ask = async (machine: (typeof strangers)[number]) => (await a.call()(leases.time, { body: { request: await machine.request({ mode: 'online' }, { purpose: 'time' }) } })).ok;
  let told = 0;
  for (let round = 0; round < 3; round += 1) for (const machine of strangers) told += Number(await ask(machine));
  expect(told).toBe(100);
  // The next stranger's key is not even looked at.
  const [next, other] = [await createTestMachine({ authority: a.id, clock: a.clock }), await createTestMachine({ authority: a.id, clock: a.clock })];
  const forged = await next.request({ mode: 'online' }, { purpose: 'time', iss: other.id });
  expect(await a.call()(leases.time, { body: { request: forged } })).toMatchObject({ code: 'RATE_LIMITED' });
  expect(await a.call()(leases.renew, { body: await next.renewal(want, { lease: 'lse_unknown', iss: other.id }) })).toMatchObject({ code: 'LEASE_NOT_FOUND' });
  // One that holds a lease waits for none of them.
  const working = await createTestMachine({ authority: a.id, clock: a.clock });
  unwrap(await a.call(await a.signIn('editor@northlight.example'))(leases.checkout, { body: { request: await working.request(want) } }));
  expect(await ask(working)).toBe(true);
});

test('whoever makes up machines is one unknown actor, and cannot use up the rows of an hour before a known machine is refused', async () => {
  const editor = a.call(await a.signIn('editor@northlight.example'));
  const known = await createTestMachine({ authority: a.id, clock: a.clock });
  unwrap(await editor(leases.checkout, { body: { request: await known.request(want) } }));
  for (let each = 0; each < 30; each += 1) {
    const machine = await createTestMachine({ authority: a.id, clock: a.clock, name: `WS-${each}` });
    await a.call()(leases.renew, { body: await machine.renewal(want, { lease: 'lse_unknown' }) });
  }
  await a.call()(leases.renew, { body: await known.renewal(want, { lease: 'lse_unknown' }) });
  expect((await refused()).map(({ actor, details: { code } }) => [actor, code])).toEqual([['unknown', 'LEASE_NOT_FOUND'], [known.id, 'LEASE_NOT_FOUND']]);
});

test(`a flood of refusals of ever other machines writes ${ROWS_AN_HOUR} rows an hour and one that counts the rest`, async () => {
  const more = 40;
  for (let each = 0; each < ROWS_AN_HOUR + more; each += 1) {
    const machine = await createTestMachine({ authority: a.id, clock: a.clock, name: `WS-${each}` });
    unwrap(await a.authority().tellTime(await machine.request({ mode: 'offline' }, { purpose: 'time' })));
    await a.call()(leases.renew, { body: await machine.renewal(want, { lease: 'lse_unknown' }) });
  }
  expect(await refused()).toHaveLength(ROWS_AN_HOUR);
  a.clock.advance(HOUR);
  await a.call()(leases.renew, { body: { request: 'no document', heartbeat: 'none' } });
  const rows = await refused();
  expect(rows).toHaveLength(ROWS_AN_HOUR + 2);
  expect(rows.find(({ details: { why } }) => why === 'too-many')).toMatchObject({ actor: 'unknown', details: { times: more } });
});

test('wrong and rate-limited sign-ins, wrong codes, other sites, foreign ids and too large bodies leave a row each: what, why, where, by whom if that is known; and nothing that was typed', async () => {
  const { accounts, holdings, organizations, security } = contract;
  const token = await a.signIn('editor@northlight.example');
  const [editor, person] = [a.call(token), await idOf(token)];
  const { secret } = await turnAppOn(a, token);
  const harbor = await a.organization(await a.signIn('boss@harbor.example'), 'Harbor');
  const owner = await a.signIn('owner@northlight.example');
  const northlight = await a.organization(owner, 'Northlight');
  const { cookie } = await signInByCookie(a.url, 'second@northlight.example');
  const wrong = { email: 'typed@guessed.example', password: 'typed wrong password' };
  expect(await refusedRequests()).toEqual([]);

  expect(await a.call()(accounts.signIn, { body: wrong })).toMatchObject({ code: 'CREDENTIALS_INVALID' });
  await leaves(1);
  for (let each = 0; each < 6; each += 1) await a.call()(security.sendCode, { body: wrong });
  await leaves(2);
  expect(await a.call()(accounts.signIn, { body: { email: 'editor@northlight.example', password: PASSWORD, otp: 'typed1' } })).toMatchObject({ code: 'OTP_INVALID' });
  await leaves(3);
  expect((await fetch(`${a.url}/v1/me/default-organization`, { method: 'PUT', headers: { 'content-type': 'application/json', cookie, 'x-latchkey': '1', origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, body: '{}' })).status).toBe(403);
  await leaves(4);
  expect(await editor(security.export, { body: { password: wrong.password } })).toMatchObject({ code: 'CREDENTIALS_INVALID' });
  await leaves(5);
  expect(await editor(organizations.edit, { params: { organization: northlight }, body: { name: 'Taken over', legal: null, cluster: 'us' } })).toMatchObject({ code: 'FORBIDDEN' });
  await leaves(6);
  expect(await a.call(owner)(organizations.read, { params: { organization: harbor } })).toMatchObject({ code: 'NOT_FOUND' });
  await leaves(7);
  expect(await a.call(owner)(leases.release, { params: { lease: 'lse_other' } })).toMatchObject({ code: 'LEASE_NOT_FOUND' });
  await leaves(8);
  // Many at once: what is nobody's there is refused within a reply that is none.
  expect(await a.call(await a.signIn('manager@northlight.example'))(holdings.release, { params: { organization: northlight }, body: { leases: ['lse_other'] } })).toMatchObject({ ok: true, value: { refused: [{ code: 'LEASE_NOT_FOUND' }] } });
  await leaves(9);
  expect((await fetch(`${a.url}/v1/renewals`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ request: 'x'.repeat(200_000) }) })).status).toBe(400);
  await leaves(10);

  const rows = await refusedRequests();
  const manager = await idOf(await a.signIn('manager@northlight.example'));
  expect(rows.map(({ action, actor, subject, details: { code, why } }) => [action, actor, subject, code, why])).toEqual([
    ['sign-in.refused', 'unknown', 'accounts.signIn', 'CREDENTIALS_INVALID', null],
    ['sign-in.refused', 'unknown', 'security.sendCode', 'RATE_LIMITED', null],
    ['sign-in.refused', 'unknown', 'accounts.signIn', 'OTP_INVALID', null],
    ['request.refused', 'unknown', 'accounts.setDefaultOrganization', 'FORBIDDEN', 'site'],
    ['request.refused', person, 'security.export', 'CREDENTIALS_INVALID', null],
    ['request.refused', person, 'organizations.edit', 'FORBIDDEN', null],
    ['request.refused', await idOf(owner), 'organizations.read', 'NOT_FOUND', null],
    ['request.refused', await idOf(owner), 'leases.release', 'LEASE_NOT_FOUND', null],
    ['request.refused', manager, 'holdings.release', 'LEASE_NOT_FOUND', null],
    ['request.refused', 'unknown', 'leases.renew', 'INPUT_INVALID', 'size'],
  ]);
  for (const { details } of rows) {
    expect(Object.keys(details).sort()).toEqual(['code', 'correlation', 'from', 'why']);
    expect(details['from']).toMatch(/^[A-Za-z0-9_-]{16}$/);
    expect(a.log.some((line) => line.includes(String(details['correlation'])) && line.includes('127.0.0.1'))).toBe(true);
  }
  const written = JSON.stringify(rows);
  for (const typed of ['typed', PASSWORD, token, owner, cookie, secret, '127.0.0.1', '@']) expect(written).not.toContain(typed);
  // A wrong password of somebody who has an account looks the same.
  a.clock.advance(HOUR);
  await a.call()(accounts.signIn, { body: { email: 'reader@northlight.example', password: 'wrong password' } });
  await eventually('there is another row', async () => (await rowsOf('sign-in.refused')).length > 3, 3000);
  expect((await rowsOf('sign-in.refused')).filter(({ details: { code, times } }) => code === 'CREDENTIALS_INVALID' && times === undefined).map(({ actor, subject, details }) => [actor, subject, details['from']])).toEqual(
    Array.from({ length: 2 }, () => ['unknown', 'accounts.signIn', rows[0]?.details['from']]),
  );
  expect(await a.authority().verifyAudit()).toMatchObject({ intact: true });
});

test('documents, what is no attack, and what knows no route of ours leave no row of a refused request', async () => {
  const editor = a.call(await a.signIn('editor@northlight.example'));
  const machine = await createTestMachine({ authority: a.id, clock: a.clock });
  await editor(leases.checkout, { body: { request: 'no document' } });
  await a.call()(leases.renew, { body: await machine.renewal(want, { lease: 'lse_unknown' }) });
  await a.call(await a.signIn('reader@northlight.example'))(exchange.answer, { body: { request: await machine.request({ mode: 'offline' }), license: 'lic_offline', days: 5 } });
  await editor(leases.checkout, { body: { request: await machine.request({ license: 'lic_assigned', mode: 'online' }) } });
  await a.call()(contract.accounts.me, {});
  await fetch(`${a.url}/v1/no-such-route`);
  await fetch(`${a.url}/wp-login.php`);
  await editor(contract.people.list, { params: { organization: 'x' }, query: { limit: -1 } });
  await a.stop();
  await a.start();
  expect(await refusedRequests()).toEqual([]);
  expect((await refused()).map(({ details: { code } }) => code)).toEqual(['FILE_MALFORMED', 'LEASE_NOT_FOUND', 'FORBIDDEN']);
});

test('a flood of guesses is one row an hour and one with their number, and leaves the rows of the hour to others', async () => {
  const guess = (each: number) => a.call()(contract.accounts.signIn, { body: { email: `person${each}@guessed.example`, password: 'wrong password' } });
  await Promise.all(Array.from({ length: 90 }, (_, each) => guess(each)));
  await leaves(2);
  await a.stop();
  await a.start();
  const rows = (await rowsOf('sign-in.refused')).map(({ details: { code, times } }) => [code, times]);
  // Which of the two came first is not the point.
  expect(rows).toHaveLength(4);
  expect(rows).toEqual(expect.arrayContaining([['CREDENTIALS_INVALID', undefined], ['CREDENTIALS_INVALID', 30], ['RATE_LIMITED', undefined], ['RATE_LIMITED', 60]]));
});

test('a refusal that cannot be written stays the refusal that it was, and the log tells of it', async () => {
  const rename = (from: string, to: string): void => {
    const sqlite = new BetterSqlite(join(a.home, 'authority.db'));
    sqlite.exec(`ALTER TABLE ${from} RENAME TO ${to}`);
    sqlite.close();
  };
  rename('audit', 'audit_away');
  expect(await a.call()(contract.accounts.signIn, { body: { email: 'person@guessed.example', password: 'wrong password' } })).toEqual({ ok: false, code: 'CREDENTIALS_INVALID', details: {} });
  await eventually('the log tells of it', () => a.log.some((line) => line.includes('a refusal could not be written')), 3000);
  rename('audit_away', 'audit');
});

test('a document above 64 KiB is told what it is, and leaves the row of a refused document', async () => {
  const text = `-----BEGIN LATCHKEY ACTIVATION REQUEST-----\n${'A'.repeat(100_000)}\n-----END LATCHKEY ACTIVATION REQUEST-----\n`;
  const token = await a.signIn('editor@northlight.example');
  expect(await a.call(token)(leases.checkout, { body: { request: text } })).toMatchObject({ code: 'FILE_MALFORMED', details: { why: 'size' } });
  expect(await a.call(token)(exchange.inspect, { body: { document: text } })).toMatchObject({ code: 'FILE_MALFORMED', details: { why: 'size' } });
  expect(await refused()).toMatchObject([{ actor: await idOf(token), details: { code: 'FILE_MALFORMED', why: 'size', kind: 'request', carrier: 'network' } }]);
});
