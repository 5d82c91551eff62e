import { afterEach, beforeEach, expect, test } from 'vitest';
import { ROWS_AN_HOUR } from '../../src-authority/audit/refusals.ts';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { DAY, HOUR } from '../../src-shared/time.ts';
import { startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { createTestMachine } from '../support/machine.ts';

/** Every refused document leaves a row, and no flood of them fills the record. */

const { exchange, leases } = contract;
let a: TestAuthority;
beforeEach(async () => {
  a = await startAuthority();
});
afterEach(() => a.close());

type Row = { readonly action: string; readonly actor: string; readonly details: { readonly [name: string]: unknown } };
const refused = async (): Promise<readonly Row[]> => {
  const rows: Row[] = [];
  for await (const row of a.authority().auditRows()) {
    const { action, actor, details } = row as unknown as { readonly action: string; readonly actor: string; readonly details: string };
    if (action === 'document.refused') rows.push({ action, actor, details: JSON.parse(details) as Row['details'] });
  }
  return rows;
};
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
  await a.call()(leases.renew, { body: { request: await machine.request(want, { lease, aud: 'aut_other' }) } });
  await a.call()(leases.giveBack, { body: { proof: await stranger.proof(lease, 'fil_x') } });
  await a.call()(leases.giveBack, { body: { proof: await machine.proof('lse_other', 'fil_x') } });
  await a.call()(leases.heartbeat, { body: { heartbeat: 'a.b.c' } });
  await a.call()(leases.heartbeat, { body: { heartbeat: await machine.heartbeat('lse_other', 'fil_x') } });
  await editor(exchange.answer, { body: { request: await machine.request({ mode: 'offline' }, { exp: a.clock.now() - 1, iat: a.clock.now() - DAY }), license: 'lic_offline', days: 5 } });
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

test('that no seat is free, or a license is not theirs, is an outcome and leaves no such row; nor does looking at a file', async () => {
  const editor = a.call(await a.signIn('editor@northlight.example'));
  const second = a.call(await a.signIn('second@northlight.example'));
  const [one, two] = [await createTestMachine({ authority: a.id, clock: a.clock }), await createTestMachine({ authority: a.id, clock: a.clock, name: 'WS-002' })];
  unwrap(await editor(leases.checkout, { body: { request: await one.request({ license: 'lic_single', mode: 'online' }) } }));
  expect(await second(leases.checkout, { body: { request: await two.request({ license: 'lic_single', mode: 'online' }) } })).toMatchObject({ code: 'SEAT_LIMIT_EXCEEDED' });
  expect(await editor(leases.checkout, { body: { request: await one.request({ license: 'lic_assigned', mode: 'online' }) } })).toMatchObject({ code: 'LICENSE_NOT_ASSIGNED' });
  await editor(exchange.inspect, { body: { document: 'no document' } });
  await editor(exchange.inspect, { body: { document: await one.request(want, { seq: 1 }) } });
  expect(await refused()).toEqual([]);
  expect(await a.authority().machines(true)).toEqual([]);
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
  expect(await a.call()(leases.renew, { body: { request: await next.request(want, { lease: 'lse_unknown', iss: other.id }) } })).toMatchObject({ code: 'LEASE_NOT_FOUND' });
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
    await a.call()(leases.renew, { body: { request: await machine.request(want, { lease: 'lse_unknown' }) } });
  }
  await a.call()(leases.renew, { body: { request: await known.request(want, { lease: 'lse_unknown' }) } });
  expect((await refused()).map(({ actor, details: { code } }) => [actor, code])).toEqual([['unknown', 'LEASE_NOT_FOUND'], [known.id, 'LEASE_NOT_FOUND']]);
});

test(`a flood of refusals of ever other machines writes ${ROWS_AN_HOUR} rows an hour and one that counts the rest`, async () => {
  const more = 40;
  const editor = a.call(await a.signIn('editor@northlight.example'));
  for (let each = 0; each < ROWS_AN_HOUR + more; each += 1) {
    const machine = await createTestMachine({ authority: a.id, clock: a.clock, name: `WS-${each}` });
    unwrap(await editor(exchange.time, { body: { request: await machine.request({ mode: 'offline' }, { purpose: 'time' }) } }));
    await a.call()(leases.renew, { body: { request: await machine.request(want, { lease: 'lse_unknown' }) } });
  }
  expect(await refused()).toHaveLength(ROWS_AN_HOUR);
  a.clock.advance(HOUR);
  await a.call()(leases.renew, { body: { request: 'no document' } });
  const rows = await refused();
  expect(rows).toHaveLength(ROWS_AN_HOUR + 2);
  expect(rows.find(({ details: { why } }) => why === 'too-many')).toMatchObject({ actor: 'unknown', details: { times: more } });
});
