import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseKind, thumbprintOf } from '../../src-shared/documents/index.ts';
import type { ClaimsOf } from '../../src-shared/documents/index.ts';
import { contract } from '../../src-shared/http/index.ts';
import type { CallAuthority } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { DAY, HOUR } from '../../src-shared/time.ts';
import { startAuthority, testData } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { createTestMachine, fingerprintOf } from '../support/machine.ts';
import type { TestMachine } from '../support/machine.ts';

let a: TestAuthority;
let editor: CallAuthority;
let machine: TestMachine;
beforeEach(async () => {
  a = await startAuthority();
  editor = a.call(await a.signIn('editor@northlight.example'));
  machine = await createTestMachine({ authority: a.id, clock: a.clock });
});
afterEach(() => a.close());

const as = async (name: string): Promise<CallAuthority> => a.call(await a.signIn(name));
const another = (name: string) => createTestMachine({ authority: a.id, clock: a.clock, name });
const fileOf = (text: string): ClaimsOf<'license'> => unwrap(parseKind('license', text)).claims;
const checkout = (call: CallAuthority, request: string) => call(contract.leases.checkout, { body: { request } });
const renew = async (request: string, by = machine) => a.call()(contract.leases.renew, { body: await by.sending(request) });
const giveBack = (proof: string) => a.call()(contract.leases.giveBack, { body: { proof } });
const beat = (heartbeat: string) => a.call()(contract.leases.heartbeat, { body: { heartbeat } });
const take = async (call: CallAuthority, by: TestMachine, want: ClaimsOf<'request'>['want']) => {
  const issued = unwrap(await checkout(call, await by.request(want)));
  return { ...issued, claims: fileOf(issued.licenseFile) };
};
const entitlement = async (call: CallAuthority, license: string, on?: string) => {
  const { organizations } = unwrap(await call(contract.accounts.me, {}));
  for (const { id } of organizations) {
    const { entitlements } = unwrap(await call(contract.licenses.entitlements, { params: { organization: id }, query: on === undefined ? {} : { machine: on } }));
    const found = entitlements.find((each) => each.license === license);
    if (found) return found;
  }
  throw new Error(`no entitlement ${license}`);
};
const seats = async (license: string) => (await entitlement(editor, license)).seats;

test('a lease is taken, confirmed, renewed and given back; the seat is free again', async () => {
  const { claims, lease } = await take(editor, machine, { license: 'lic_stage', mode: 'online' });
  expect(lease).toMatchObject({ mode: 'online', state: 'active', until: a.clock.now() + 24 * HOUR, confirmed: false });
  expect(claims).toMatchObject({ aud: machine.id, iss: a.id, seq: 1, cnf: { jkt: machine.key.kid }, license: { id: 'lic_stage', edition: 'Studio', features: ['tracking', 'render'] } });
  expect(await seats('lic_stage')).toEqual({ owned: 5, free: 4, inUse: 1, inTransit: 0, atRisk: 0 });
  expect(unwrap(await beat(await machine.heartbeat(lease.id, claims.jti)))).toMatchObject({ state: 'active', licenseFile: null });
  a.clock.advance(12 * HOUR);
  const renewed = unwrap(await renew(await machine.request({ mode: 'online' }, { lease: lease.id })));
  expect(fileOf(renewed.licenseFile)).toMatchObject({ sub: lease.id, seq: 2, exp: a.clock.now() + 24 * HOUR });
  // The reply was lost: the heartbeat names the older file and gets the newer one.
  expect(unwrap(await beat(await machine.heartbeat(lease.id, claims.jti))).licenseFile).toBe(renewed.licenseFile);
  const returned = unwrap(await giveBack(await machine.proof(lease.id, fileOf(renewed.licenseFile).jti)));
  expect(unwrap(parseKind('receipt', returned.receipt)).claims).toMatchObject({ aud: machine.id, sub: lease.id, iss: a.id });
  expect(await seats('lic_stage')).toEqual({ owned: 5, free: 5, inUse: 0, inTransit: 0, atRisk: 0 });
  expect(unwrap(await editor(contract.leases.mine, {})).leases).toEqual([]);
});

test('the same proof gets the same receipt, and another one of the same lease a new one', async () => {
  const { claims, lease } = await take(editor, machine, { license: 'lic_stage', mode: 'online' });
  const proof = await machine.proof(lease.id, claims.jti);
  const first = unwrap(await giveBack(proof));
  expect(unwrap(await giveBack(proof)).receipt).toBe(first.receipt);
  expect(unwrap(await giveBack(await machine.proof(lease.id, claims.jti))).receipt).not.toBe(first.receipt);
  expect(await renew(await machine.request({ mode: 'online' }, { lease: lease.id }))).toMatchObject({ ok: false, code: 'LEASE_RELEASED' });
});

test('a proof made before the newest file was asked for is stale; one made after ends that file too', async () => {
  const { claims, lease } = await take(editor, machine, { license: 'lic_stage', mode: 'online' });
  const early = await machine.proof(lease.id, claims.jti);
  const renewed = fileOf(unwrap(await renew(await machine.request({ mode: 'online' }, { lease: lease.id }))).licenseFile);
  expect(renewed.seq).toBe(2);
  expect(await giveBack(early)).toMatchObject({ ok: false, code: 'FILE_STALE' });
  expect(await seats('lic_stage')).toMatchObject({ free: 4 });
  unwrap(await giveBack(await machine.proof(lease.id, claims.jti)));
  expect(await seats('lic_stage')).toMatchObject({ free: 5 });
});

test('a proof made before a request is stale, also when an earlier request arrives after that one', async () => {
  const { claims, lease } = await take(editor, machine, { license: 'lic_stage', mode: 'online' });
  const delayed = await machine.request({ mode: 'online' }, { lease: lease.id });
  const proof = await machine.proof(lease.id, claims.jti);
  const later = fileOf(unwrap(await renew(await machine.request({ mode: 'online' }, { lease: lease.id }))).licenseFile);
  expect(fileOf(unwrap(await renew(delayed)).licenseFile).seq).toBe(later.seq + 1);
  expect(await giveBack(proof)).toMatchObject({ ok: false, code: 'FILE_STALE', details: { why: 'proof', held: claims.seq, newest: later.seq } });
  expect(await seats('lic_stage')).toMatchObject({ free: 4 });
});

test('a proof of a lease that has expired is accepted; one of an unknown lease or of another machine is not', async () => {
  const { claims, lease } = await take(editor, machine, { license: 'lic_stage', mode: 'online' });
  const stranger = await another('WS-009');
  await take(await as('second@northlight.example'), stranger, { license: 'lic_stage', mode: 'online' });
  expect(await giveBack(await stranger.proof(lease.id, claims.jti))).toMatchObject({ ok: false, code: 'LEASE_NOT_FOUND' });
  expect(await giveBack(await machine.proof('lse_nothing', claims.jti))).toMatchObject({ ok: false, code: 'LEASE_NOT_FOUND' });
  expect(await giveBack(await machine.proof(lease.id, 'fil_nothing'))).toMatchObject({ ok: false, code: 'LEASE_NOT_FOUND' });
  expect(await giveBack(await (await another('unknown')).proof(lease.id, claims.jti))).toMatchObject({ ok: false, code: 'LEASE_NOT_FOUND' });
  a.clock.advance(25 * HOUR);
  unwrap(await giveBack(await machine.proof(lease.id, claims.jti)));
  expect(await renew(await machine.request({ mode: 'online' }, { lease: lease.id }))).toMatchObject({ ok: false, code: 'LEASE_RELEASED' });
});

test('a seat is free when its file has expired, with nothing running: the next machine takes it, and the old lease has ended', async () => {
  const first = await take(editor, machine, { license: 'lic_single', mode: 'online' });
  const other = await another('WS-002');
  const second = await as('second@northlight.example');
  expect(await checkout(second, await other.request({ license: 'lic_single', mode: 'online' }))).toMatchObject({
    ok: false, code: 'SEAT_LIMIT_EXCEEDED', details: { license: 'lic_single', owned: 1, freeAt: first.lease.until },
  });
  a.clock.set(first.lease.until);
  const secondToken = await as('second@northlight.example');
  await take(secondToken, other, { license: 'lic_single', mode: 'online' });
  expect(await renew(await machine.request({ mode: 'online' }, { lease: first.lease.id }))).toMatchObject({ ok: false, code: 'LEASE_EXPIRED' });
  expect(unwrap(await beat(await machine.heartbeat(first.lease.id, first.claims.jti)))).toMatchObject({ state: 'expired', licenseFile: null });
  expect(await seats('lic_single')).toEqual({ owned: 1, free: 0, inUse: 1, inTransit: 0, atRisk: 0 });
});

test('a machine whose lease has expired takes its own seat again', async () => {
  const first = await take(editor, machine, { license: 'lic_single', mode: 'online' });
  a.clock.advance(25 * HOUR);
  const again = await take(editor, machine, { license: 'lic_single', mode: 'online' });
  expect(again.lease.id).not.toBe(first.lease.id);
  expect(await seats('lic_single')).toMatchObject({ owned: 1, inUse: 1 });
});

test('a second checkout by the same machine takes over its own seat, which stays busy until the replaced lease is proven given up', async () => {
  const offline = await take(editor, machine, { license: 'lic_single', mode: 'offline', days: 30 });
  const online = await take(editor, machine, { license: 'lic_single', mode: 'online' });
  expect(online.lease.id).not.toBe(offline.lease.id);
  expect(await renew(await machine.request({ mode: 'online' }, { lease: offline.lease.id }))).toMatchObject({ ok: false, code: 'LEASE_RELEASED' });
  // The new lease is given back; the old file may still be somewhere, so the seat is at risk until it ends.
  unwrap(await giveBack(await machine.proof(online.lease.id, online.claims.jti)));
  expect(await seats('lic_single')).toEqual({ owned: 1, free: 0, inUse: 0, inTransit: 0, atRisk: 1 });
  expect((await entitlement(editor, 'lic_single')).holders).toMatchObject([{ lease: offline.lease.id, until: offline.lease.until }]);
  unwrap(await giveBack(await machine.proof(offline.lease.id, offline.claims.jti, { reason: 'moved' })));
  expect(await seats('lic_single')).toEqual({ owned: 1, free: 1, inUse: 0, inTransit: 0, atRisk: 0 });
});

test('a late proof of a replaced lease ends only that one', async () => {
  const old = await take(editor, machine, { license: 'lic_single', mode: 'offline', days: 30 });
  const current = await take(editor, machine, { license: 'lic_single', mode: 'online' });
  unwrap(await giveBack(await machine.proof(old.lease.id, old.claims.jti, { reason: 'moved' })));
  expect(unwrap(await beat(await machine.heartbeat(current.lease.id, current.claims.jti))).state).toBe('active');
  expect((await entitlement(editor, 'lic_single')).holders).toMatchObject([{ lease: current.lease.id, until: current.lease.until, yours: true }]);
});

test('switching back online keeps the seat busy for the offline period until the machine says it holds the online file', async () => {
  const offline = await take(editor, machine, { license: 'lic_stage', mode: 'offline', days: 60 });
  expect(await seats('lic_stage')).toMatchObject({ inTransit: 1, inUse: 0 });
  unwrap(await beat(await machine.heartbeat(offline.lease.id, offline.claims.jti)));
  expect(await seats('lic_stage')).toMatchObject({ inTransit: 0, inUse: 1 });
  const online = unwrap(await renew(await machine.request({ mode: 'online' }, { lease: offline.lease.id })));
  expect(online.lease).toMatchObject({ mode: 'online', until: a.clock.now() + 24 * HOUR, busyUntil: offline.lease.until });
  const me = unwrap(await editor(contract.accounts.me, {}));
  expect(me.user.email).toBe('editor@northlight.example');
  expect(await editor(contract.leases.release, { params: { lease: offline.lease.id } })).toMatchObject({ ok: false, code: 'LEASE_OFFLINE', details: { until: offline.lease.until } });
  // An old heartbeat played again frees nothing.
  unwrap(await beat(await machine.heartbeat(offline.lease.id, offline.claims.jti)));
  expect(unwrap(await editor(contract.leases.mine, {})).leases[0]).toMatchObject({ busyUntil: offline.lease.until, confirmed: false });
  unwrap(await beat(await machine.heartbeat(offline.lease.id, fileOf(online.licenseFile).jti)));
  expect(unwrap(await editor(contract.leases.mine, {})).leases[0]).toMatchObject({ busyUntil: online.lease.until, confirmed: true });
});

test('a lease past its newest file, whose earlier file still holds the seat, counts as at risk and can be renewed', async () => {
  const offline = await take(editor, machine, { license: 'lic_stage', mode: 'offline', days: 60 });
  unwrap(await renew(await machine.request({ mode: 'online' }, { lease: offline.lease.id })));
  a.clock.advance(2 * DAY);
  expect(await seats('lic_stage')).toMatchObject({ atRisk: 1, free: 4 });
  expect(unwrap(await renew(await machine.request({ mode: 'online' }, { lease: offline.lease.id }))).lease.state).toBe('active');
});

test('periods are whole days up to what the license allows, and never past its end', async () => {
  expect(await checkout(editor, await machine.request({ license: 'lic_stage', mode: 'offline', days: 61 }))).toMatchObject({ code: 'PERIOD_NOT_ALLOWED', details: { most: 60 } });
  expect(await checkout(editor, await machine.request({ license: 'lic_stage', mode: 'offline' }))).toMatchObject({ code: 'PERIOD_NOT_ALLOWED', details: { most: 60 } });
  expect(await checkout(editor, await machine.request({ license: 'lic_offline', mode: 'offline', days: 11 }))).toMatchObject({ code: 'PERIOD_NOT_ALLOWED', details: { most: 10 } });
  expect(await checkout(editor, await machine.request({ license: 'lic_online', mode: 'offline', days: 1 }))).toMatchObject({ code: 'MODE_NOT_ALLOWED' });
  expect(await checkout(editor, await machine.request({ license: 'lic_offline', mode: 'online' }))).toMatchObject({ code: 'MODE_NOT_ALLOWED' });
  const end = Date.UTC(2028, 6, 1) / 1000 - 1;
  a.clock.set(end - 10 * HOUR);
  editor = await as('editor@northlight.example');
  expect((await take(editor, machine, { license: 'lic_stage', mode: 'online' })).lease.until).toBe(end);
});

test.each([
  ['expired', 'lic_expired', 'editor@northlight.example', 'LICENSE_EXPIRED'],
  ['not started', 'lic_future', 'editor@northlight.example', 'LICENSE_NOT_STARTED'],
  ['not assigned', 'lic_assigned', 'editor@northlight.example', 'LICENSE_NOT_ASSIGNED'],
  ['not for readers', 'lic_stage', 'reader@northlight.example', 'ROLE_NOT_ALLOWED'],
])('a license that is %s is refused, and the picker says the same', async (_, license, email, code) => {
  const call = await as(email);
  expect(await checkout(call, await machine.request({ license, mode: 'online' }))).toMatchObject({ ok: false, code });
  const shown = await entitlement(call, license);
  expect(shown.available).toBe(false);
  expect(shown.reasons[0]?.code).toBe(code);
  expect(shown.contacts.map((contact) => contact.role)).toEqual(['manager', 'owner']);
});

test.each([
  ['of another organization', 'lic_harbor'],
  ['unknown', 'lic_nothing'],
])('a license that is %s is not found', async (_, license) => {
  const call = await as('second@northlight.example');
  expect(await checkout(call, await machine.request({ license, mode: 'online' }))).toMatchObject({ ok: false, code: 'LICENSE_NOT_FOUND' });
});

test('readers use cloud licenses, and the assigned use theirs', async () => {
  expect((await take(await as('reader@northlight.example'), machine, { license: 'lic_board', mode: 'online' })).lease.state).toBe('active');
  expect((await take(await as('second@northlight.example'), machine, { license: 'lic_assigned', mode: 'online' })).lease.state).toBe('active');
});

test('a person’s second lease on another machine is refused, and the first can be released from there', async () => {
  const first = await take(editor, machine, { license: 'lic_stage', mode: 'online' });
  const other = await another('WS-002');
  const refused = await checkout(editor, await other.request({ license: 'lic_stage', mode: 'online' }));
  expect(refused).toMatchObject({
    ok: false, code: 'LEASE_LIMIT_EXCEEDED', details: { most: 1, leases: [{ lease: first.lease.id, machine: { id: machine.id, name: 'WS-001' }, mode: 'online', until: first.lease.until }] },
  });
  const shown = await entitlement(editor, 'lic_stage', other.id);
  expect(shown.reasons).toEqual([{ code: 'LEASE_LIMIT_EXCEEDED', details: (refused as { details: object }).details }].map((each) => expect.objectContaining({ code: each.code })));
  expect((await entitlement(editor, 'lic_stage', machine.id)).available).toBe(true);
  expect(unwrap(await editor(contract.leases.release, { params: { lease: first.lease.id } }))).toMatchObject({ state: 'released' });
  expect(await editor(contract.leases.release, { params: { lease: first.lease.id } })).toMatchObject({ code: 'LEASE_RELEASED' });
  await take(editor, other, { license: 'lic_stage', mode: 'online' });
  expect(unwrap(await beat(await machine.heartbeat(first.lease.id, first.claims.jti)))).toMatchObject({ state: 'released', endedBy: 'Edda Editor' });
  // The machine gives up by itself, and nothing else changes.
  unwrap(await giveBack(await machine.proof(first.lease.id, first.claims.jti, { reason: 'released-elsewhere' })));
  expect(await seats('lic_stage')).toMatchObject({ inUse: 1, free: 4 });
});

test('an offline lease is not released from elsewhere; a manager may release an online one, a colleague not, a stranger does not see it', async () => {
  const offline = await take(editor, machine, { license: 'lic_stage', mode: 'offline', days: 5 });
  const release = (call: CallAuthority, lease: string) => call(contract.leases.release, { params: { lease } });
  expect(await release(await as('manager@northlight.example'), offline.lease.id)).toMatchObject({ code: 'LEASE_OFFLINE', details: { until: offline.lease.until } });
  const other = await another('WS-002');
  const online = await take(await as('second@northlight.example'), other, { license: 'lic_stage', mode: 'online' });
  expect(await release(editor, online.lease.id)).toMatchObject({ code: 'FORBIDDEN' });
  expect(await release(await as('boss@harbor.example'), online.lease.id)).toMatchObject({ code: 'LEASE_NOT_FOUND' });
  expect(unwrap(await release(await as('manager@northlight.example'), online.lease.id)).state).toBe('released');
  const rows: unknown[] = [];
  for await (const row of a.authority().auditRows()) rows.push(row);
  const manager = unwrap(await (await as('manager@northlight.example'))(contract.accounts.me, {})).user;
  // Who decided stands there by id: the audit is never rewritten, and a person may be forgotten.
  const row = rows.findLast((each) => (each as { action: string }).action === 'lease.released-by-person') as { readonly actor: string; readonly details: string };
  expect(row.actor).toBe(manager.id);
  expect(JSON.parse(row.details)).toMatchObject({ fileValidFor: 24 * HOUR });
  expect(row.details).not.toContain(manager.name);
});

test('renewal is judged by the rights of the lease’s holder as they are now', async () => {
  const call = await as('second@northlight.example');
  const { lease } = await take(call, machine, { license: 'lic_assigned', mode: 'online' });
  const [northlight] = testData.organizations;
  unwrap(await a.authority().load({ ...testData, organizations: [{ ...northlight, licenses: northlight.licenses.map((each) => (each.id === 'lic_assigned' ? { ...each, assigned: [] } : each)) }] }));
  expect(await renew(await machine.request({ mode: 'online' }, { lease: lease.id }))).toMatchObject({ code: 'LICENSE_NOT_ASSIGNED' });
});

test('renewal on a computer that has changed too much is refused; a new checkout binds it again', async () => {
  const { lease } = await take(editor, machine, { license: 'lic_stage', mode: 'online' });
  const fp = fingerprintOf('another computer') as ClaimsOf<'request'>['fp'];
  expect(await renew(await machine.request({ mode: 'online' }, { lease: lease.id, fp }))).toMatchObject({ code: 'FINGERPRINT_MISMATCH', details: { same: 0, needed: 3 } });
  const again = unwrap(await checkout(editor, await machine.request({ license: 'lic_stage', mode: 'online' }, { fp })));
  expect(fileOf(again.licenseFile).fp).toEqual(fp);
  unwrap(await renew(await machine.request({ mode: 'online' }, { lease: again.lease.id, fp })));
});

test('requests for another authority, from the future, too old, or of the wrong purpose are refused', async () => {
  const now = a.clock.now();
  const want = { license: 'lic_stage', mode: 'online' } as const;
  expect(await checkout(editor, await machine.request(want, { aud: 'aut_other' }))).toMatchObject({ code: 'FILE_WRONG_AUTHORITY' });
  expect(await checkout(editor, await machine.request(want, { iat: now + 2 * HOUR }))).toMatchObject({ code: 'FILE_NOT_YET_VALID' });
  expect(await checkout(editor, await machine.request(want, { iat: now - 15 * DAY, exp: now + DAY, keyset: 0 }))).toMatchObject({ code: 'REQUEST_EXPIRED' });
  // It knows a keyset that was signed later: it is not old, the clock that dated it is wrong.
  expect(await checkout(editor, await machine.request(want, { iat: now - 15 * DAY, exp: now + DAY }))).toMatchObject({ code: 'CLOCK_ROLLED_BACK', details: { why: 'machine' } });
  expect(await checkout(editor, await machine.request(want, { lease: 'lse_x' }))).toMatchObject({ code: 'CONFLICT', details: { why: 'purpose' } });
  expect(await checkout(editor, 'nonsense')).toMatchObject({ code: 'FILE_MALFORMED' });
  expect(await checkout(editor, a.keyset())).toMatchObject({ code: 'FILE_WRONG_KIND' });
  expect(await seats('lic_stage')).toMatchObject({ free: 5 });
});

test('low-order and non-canonical keys are refused, and leave no machine behind', async () => {
  const point = (first: number, rest: number, last: number): string => Buffer.from([first, ...Array.from({ length: 30 }, () => rest), last]).toString('base64url');
  // Orders 1, 2 and 4; then order 1 and order 4 again, written with a y that is not below the field's prime.
  for (const x of [point(1, 0, 0), point(0xec, 0xff, 0x7f), point(0, 0, 0), point(0xee, 0xff, 0x7f), point(0xed, 0xff, 0x7f)]) {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x } as const;
    const kid = await thumbprintOf(jwk);
    // Signed by somebody's good key under the bad key's name: the key itself is refused first.
    const request = await (await createTestMachine({ authority: a.id, clock: a.clock })).request({ license: 'lic_stage', mode: 'online' });
    const [, payload = ''] = request.split('\n').slice(1, -2).join('').split('.');
    const claims = { ...(JSON.parse(Buffer.from(payload, 'base64url').toString()) as object), iss: `mch_${kid}`, cnf: { jwk } };
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const jws = `${encode({ alg: 'Ed25519', typ: 'latchkey-request+jwt', kid })}.${encode(claims)}.${Buffer.alloc(64).toString('base64url')}`;
    const text = `-----BEGIN LATCHKEY ACTIVATION REQUEST-----\n${(jws.match(/.{1,64}/g) ?? []).join('\n')}\n-----END LATCHKEY ACTIVATION REQUEST-----\n`;
    expect(await checkout(editor, text)).toMatchObject({ code: 'FILE_NOT_GENUINE', details: { why: 'key-unsound' } });
  }
  const sqlite = new BetterSqlite(join(a.home, 'authority.db'), { readonly: true });
  expect(sqlite.prepare('SELECT count(*) FROM machine').pluck().get()).toBe(0);
  sqlite.close();
});

test('a request signed by another key is not genuine; one id with two texts is a conflict; one counter value with two requests is a copied machine', async () => {
  const other = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }) as { x: string };
  const forged = await machine.request({ license: 'lic_stage', mode: 'online' }, { cnf: { jwk: { kty: 'OKP', crv: 'Ed25519', x: other.x } } });
  expect(await checkout(editor, forged)).toMatchObject({ code: 'FILE_NOT_GENUINE' });
  const want = { license: 'lic_stage', mode: 'online' } as const;
  unwrap(await checkout(editor, await machine.request(want, { jti: 'req_twice', seq: 7 })));
  expect(await checkout(editor, await machine.request(want, { jti: 'req_twice', seq: 8 }))).toMatchObject({ code: 'CONFLICT', details: { why: 'jti' } });
  expect(await checkout(editor, await machine.request(want, { jti: 'req_clone', seq: 7 }))).toMatchObject({ code: 'MACHINE_CLONED' });
  const actions: string[] = [];
  for await (const row of a.authority().auditRows()) actions.push((row as unknown as { action: string }).action);
  expect(actions.filter((action) => action === 'machine.cloned')).toHaveLength(1);
});

test('an answer is given again after the request has expired and the authority was restarted, and only to whom it was given', async () => {
  const request = await machine.request({ license: 'lic_stage', mode: 'offline', days: 60 });
  const first = unwrap(await checkout(editor, request));
  a.clock.advance(20 * DAY);
  await a.stop();
  await a.start();
  expect(unwrap(await checkout(await as('editor@northlight.example'), request)).licenseFile).toBe(first.licenseFile);
  expect(await checkout(await as('second@northlight.example'), request)).toMatchObject({ code: 'CONFLICT', details: { why: 'answered' } });
});

test('a person answers a request file, and the seat comes back by the proof file', async () => {
  const request = await machine.request({ mode: 'offline', product: 'stage' });
  const manager = await as('manager@northlight.example');
  const seen = unwrap(await manager(contract.exchange.inspect, { body: { document: request } }));
  expect(seen.inspection).toMatchObject({ kind: 'request', genuine: { ok: true }, acceptable: { ok: true }, machine: { id: machine.id, name: 'WS-001' }, fingerprint: ['os', 'board', 'cpu', 'disk', 'net'] });
  expect(seen.options.map((option) => [option.license, option.offlineDays, option.available])).toEqual([['lic_offline', 30, true], ['lic_stage', 365, true]]);
  expect(seen.answered).toBe(false);
  const answer = (call: CallAuthority, license: string, days: number) => call(contract.exchange.answer, { body: { request, license, days } });
  expect(await answer(manager, 'lic_single', 10)).toMatchObject({ code: 'CONFLICT', details: { wanted: 'stage', chosen: 'grade' } });
  expect(await answer(manager, 'lic_offline', 31)).toMatchObject({ code: 'PERIOD_NOT_ALLOWED', details: { most: 30 } });
  expect(await answer(await as('reader@northlight.example'), 'lic_offline', 3)).toMatchObject({ code: 'FORBIDDEN' });
  expect(await answer(await as('boss@harbor.example'), 'lic_offline', 3)).toMatchObject({ code: 'LICENSE_NOT_FOUND' });
  const given = unwrap(await answer(manager, 'lic_offline', 30));
  expect(given.fileName).toMatch(/^stage-WS-001-\w+\.lklic$/);
  expect(given.lease).toMatchObject({ mode: 'offline', holder: { name: 'Mia Manager' }, confirmed: false, until: a.clock.now() + 30 * DAY });
  expect(given.again).toBe(false);
  expect(unwrap(await answer(manager, 'lic_stage', 5))).toMatchObject({ licenseFile: given.licenseFile, again: true, lease: { license: 'lic_offline' } });
  expect(unwrap(await manager(contract.exchange.inspect, { body: { document: request } }))).toMatchObject({ answered: true, lease: { id: given.lease.id } });
  expect(await seats('lic_offline')).toMatchObject({ inTransit: 1, free: 1 });
  const proof = await machine.proof(given.lease.id, fileOf(given.licenseFile).jti);
  expect(await (await as('boss@harbor.example'))(contract.exchange.accept, { body: { proof } })).toMatchObject({ code: 'LEASE_NOT_FOUND' });
  expect(await (await as('reader@northlight.example'))(contract.exchange.accept, { body: { proof } })).toMatchObject({ code: 'FORBIDDEN' });
  const returned = unwrap(await editor(contract.exchange.accept, { body: { proof } }));
  expect(returned.fileName).toMatch(/\.lkrcp$/);
  expect(await seats('lic_offline')).toMatchObject({ inTransit: 0, free: 2 });
});

test('an editor who answers by file holds the lease within their limit; a manager answers for many machines', async () => {
  const by = async (call: CallAuthority, name: string) =>
    call(contract.exchange.answer, { body: { request: await (await another(name)).request({ mode: 'offline' }), license: 'lic_stage', days: 10 } });
  expect((await by(editor, 'A')).ok).toBe(true);
  expect(await by(editor, 'B')).toMatchObject({ code: 'LEASE_LIMIT_EXCEEDED' });
  const manager = await as('manager@northlight.example');
  expect((await by(manager, 'C')).ok && (await by(manager, 'D')).ok).toBe(true);
});

test('a renewal by file extends the same lease, and is the business of its holder or a manager', async () => {
  const { lease, claims } = await take(editor, machine, { license: 'lic_stage', mode: 'offline', days: 10 });
  const request = await machine.request({ mode: 'offline' }, { lease: lease.id });
  const second = await as('second@northlight.example');
  expect(await second(contract.exchange.answer, { body: { request, license: 'lic_stage', days: 100 } })).toMatchObject({ code: 'FORBIDDEN' });
  expect(await editor(contract.exchange.answer, { body: { request, license: 'lic_offline', days: 10 } })).toMatchObject({ code: 'CONFLICT', details: { wanted: 'lic_stage' } });
  const given = unwrap(await editor(contract.exchange.answer, { body: { request, license: 'lic_stage', days: 100 } }));
  expect(fileOf(given.licenseFile)).toMatchObject({ sub: claims.sub, seq: 2, exp: a.clock.now() + 100 * DAY });
});

test('the audit chain shows a row that was changed behind its back', async () => {
  await take(editor, machine, { license: 'lic_stage', mode: 'online' });
  expect(await a.authority().verifyAudit()).toMatchObject({ intact: true });
  const sqlite = new BetterSqlite(join(a.home, 'authority.db'));
  sqlite.exec("DROP TRIGGER audit_is_never_changed; UPDATE audit SET actor = 'somebody else' WHERE action = 'lease.checked-out'");
  const seq = sqlite.prepare("SELECT seq FROM audit WHERE action = 'lease.checked-out'").pluck().get();
  sqlite.close();
  expect(await a.authority().verifyAudit()).toMatchObject({ intact: false, brokenAt: seq });
});
