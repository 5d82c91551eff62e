import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAuthority } from '../../src-authority/index.ts';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { DAY, HOUR, MINUTE } from '../../src-shared/time.ts';
import { codeAt, turnAppOn } from '../support/authenticator.ts';
import { PASSWORD, realRandom, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { sessionHeaders, signInByCookie } from '../support/browser-session.ts';
import type { BrowserSession } from '../support/browser-session.ts';
import { eventually } from '../support/client.ts';
import { createTestMachine } from '../support/machine.ts';
import { startSmtp } from '../support/smtp.ts';
import type { TestSmtp } from '../support/smtp.ts';

const { accounts, security } = contract;
const BETTER = 'nine lanterns over quiet water';

let a: TestAuthority;
let smtp: TestSmtp;
beforeAll(async () => {
  smtp = await startSmtp();
  a = await startAuthority({ smtp: smtp.url });
});
afterAll(async () => {
  await a.close();
  await smtp.close();
});

/** A person of their own for each test, so that no test sees another's sessions, mails or failures. */
let people = 0;
const someone = async (role: 'owner' | 'editor' | 'reader' = 'editor') => {
  people += 1;
  const email = `person${people}@people.example`;
  unwrap(await a.authority().load({
    products: [{ id: 'stage', name: 'Stage', kind: 'desktop' }],
    organizations: [{ name: role === 'owner' ? `Alone ${people}` : 'People', users: [{ email, name: 'Petra Maria Person', password: PASSWORD, role }], licenses: [] }],
  }));
  const token = await a.signIn(email);
  return { email, token, call: a.call(token) };
};
const signIn = (email: string, password: string, otp?: string) => a.call()(accounts.signIn, { body: { email, password, ...(otp === undefined ? {} : { otp }) } });
const codeIn = (text: string): string => /^ {4}(\d{6})$/m.exec(text)?.[1] ?? 'no code';
const sqlite = <T>(work: (db: BetterSqlite.Database) => T): T => {
  const db = new BetterSqlite(join(a.home, 'authority.db'), { readonly: true });
  try {
    return work(db);
  } finally {
    db.close();
  }
};

test('a name has two parts, and the account shows them together', async () => {
  const { call } = await someone();
  expect(unwrap(await call(security.profile, {}))).toEqual({ firstName: 'Petra Maria', lastName: 'Person', locale: 'en', cluster: 'eu', pendingEmail: null });
  const renamed = unwrap(await call(security.rename, { body: { firstName: ' Petra ', lastName: 'Neumann' } }));
  expect(renamed.user.name).toBe('Petra Neumann');
  unwrap(await call(security.setLocale, { body: { locale: 'de' } }));
  expect(unwrap(await call(security.profile, {}))).toMatchObject({ firstName: 'Petra', lastName: 'Neumann', locale: 'de' });
  unwrap(await call(security.setCluster, { body: { cluster: 'ap' } }));
  expect(unwrap(await call(security.profile, {}))).toMatchObject({ cluster: 'ap', locale: 'de' });
  expect(await call(security.setCluster, { body: { cluster: 'moon' as 'eu' } })).toMatchObject({ code: 'INPUT_INVALID' });
  expect(await call(security.rename, { body: { firstName: ' ', lastName: 'Neumann' } })).toMatchObject({ code: 'INPUT_INVALID' });
});

test('an e-mail address changes by the link in the mail to the new one; the old one stays until then, and is told twice', async () => {
  const { email, call } = await someone();
  const next = `new-${email}`;
  expect(await call(security.changeEmail, { body: { email: next, password: 'wrong' } })).toMatchObject({ code: 'CREDENTIALS_INVALID' });
  expect(await call(security.changeEmail, { body: { email: email.toUpperCase(), password: PASSWORD } })).toMatchObject({ code: 'CONFLICT', details: { why: 'same' } });
  const asked = unwrap(await call(security.changeEmail, { body: { email: next.toUpperCase(), password: PASSWORD } }));
  expect(asked).toEqual({ pending: next, expiresAt: a.clock.now() + DAY });
  expect(unwrap(await call(security.profile, {})).pendingEmail).toEqual({ email: next, expiresAt: asked.expiresAt });
  expect((await smtp.next(email)).text).toContain(next);
  expect((await signIn(email, PASSWORD)).ok).toBe(true);
  const mail = await smtp.next(next);
  expect(mail.link().pathname).toBe('/email-confirmation');
  expect(unwrap(await a.call()(security.confirmEmail, { body: { token: mail.token() } }))).toEqual({ email: next });
  expect((await smtp.next(email)).text).toContain(next);
  expect(await signIn(email, PASSWORD)).toMatchObject({ code: 'CREDENTIALS_INVALID' });
  expect((await signIn(next, PASSWORD)).ok).toBe(true);
  expect(unwrap(await call(accounts.me, {})).user.email).toBe(next);
  expect(unwrap(await call(security.profile, {})).pendingEmail).toBeNull();
  expect(await a.call()(security.confirmEmail, { body: { token: mail.token() } })).toMatchObject({ code: 'LINK_ENDED', details: { why: 'used' } });
});

test('a link to a new address ends after a day', async () => {
  const { email, call } = await someone();
  unwrap(await call(security.changeEmail, { body: { email: `late-${email}`, password: PASSWORD } }));
  const token = (await smtp.next(`late-${email}`)).token();
  a.clock.advance(DAY);
  expect(await a.call()(security.confirmEmail, { body: { token } })).toMatchObject({ code: 'LINK_ENDED', details: { why: 'expired' } });
  expect((await signIn(email, PASSWORD)).ok).toBe(true);
});

test('a changed password ends every session and is told by mail; a weak one is refused and changes nothing', async () => {
  const { email, call } = await someone();
  const other = a.call(await a.signIn(email));
  expect(await call(security.changePassword, { body: { old: 'wrong', new: BETTER } })).toMatchObject({ code: 'CREDENTIALS_INVALID' });
  for (const weak of ['short', 'password1234', 'Petra Maria Person 1', `${email} 12`, PASSWORD]) {
    expect([weak, await call(security.changePassword, { body: { old: PASSWORD, new: weak } })]).toMatchObject([weak, { code: 'PASSWORD_WEAK' }]);
  }
  expect((await other(accounts.me, {})).ok).toBe(true);
  unwrap(await call(security.changePassword, { body: { old: PASSWORD, new: BETTER } }));
  expect(await call(accounts.me, {})).toMatchObject({ code: 'NOT_SIGNED_IN' });
  expect(await other(accounts.me, {})).toMatchObject({ code: 'NOT_SIGNED_IN' });
  const told = await smtp.next(email);
  expect([told.subject, told.link().pathname, told.link().hash]).toEqual(['Your password was changed', '/password-reset', '']);
  expect(await signIn(email, PASSWORD)).toMatchObject({ code: 'CREDENTIALS_INVALID' });
  expect((await signIn(email, BETTER)).ok).toBe(true);
});

test('a forgotten password is set anew by the link in the mail, once, within an hour, in the language of the person', async () => {
  const { email, call } = await someone();
  unwrap(await call(security.setLocale, { body: { locale: 'de' } }));
  expect(await a.call()(security.forgotPassword, { body: { email: email.toUpperCase() } })).toEqual({ ok: true, value: null });
  const first = await smtp.next(email);
  expect([first.subject, first.link().pathname]).toEqual(['Neues Passwort setzen', '/password-reset']);
  unwrap(await a.call()(security.forgotPassword, { body: { email } }));
  const second = await smtp.next(email);
  expect(await a.call()(security.resetPassword, { body: { token: first.token(), password: BETTER } })).toMatchObject({ code: 'LINK_ENDED', details: { why: 'replaced' } });
  expect(await a.call()(security.resetPassword, { body: { token: second.token(), password: 'password1234' } })).toMatchObject({ code: 'PASSWORD_WEAK' });
  unwrap(await a.call()(security.resetPassword, { body: { token: second.token(), password: BETTER } }));
  expect(await call(accounts.me, {})).toMatchObject({ code: 'NOT_SIGNED_IN' });
  expect((await signIn(email, BETTER)).ok).toBe(true);
  expect((await smtp.next(email)).subject).toBe('Ihr Passwort wurde geändert');
  expect(await a.call()(security.resetPassword, { body: { token: second.token(), password: `${BETTER} again` } })).toMatchObject({ code: 'LINK_ENDED', details: { why: 'used' } });
  unwrap(await a.call()(security.forgotPassword, { body: { email } }));
  const third = await smtp.next(email);
  a.clock.advance(HOUR);
  expect(await a.call()(security.resetPassword, { body: { token: third.token(), password: `${BETTER} again` } })).toMatchObject({ code: 'LINK_ENDED', details: { why: 'expired' } });
  expect(await a.call()(security.resetPassword, { body: { token: 'x'.repeat(43), password: BETTER } })).toMatchObject({ code: 'NOT_FOUND' });
});

test('with an authenticator app, signing in takes a code of now or of a step beside it, or a recovery code; each change is told by mail', async () => {
  const { email, call } = await someone();
  expect(await call(security.beginApp, { body: { password: 'wrong' } })).toMatchObject({ code: 'CREDENTIALS_INVALID' });
  expect(await call(security.confirmApp, { body: { otp: '123456' } })).toMatchObject({ code: 'CONFLICT', details: { why: 'not-begun' } });
  const begun = unwrap(await call(security.beginApp, { body: { password: PASSWORD } }));
  expect(new URL(begun.otpauth).searchParams.get('secret')).toBe(begun.secret);
  expect((await signIn(email, PASSWORD)).ok).toBe(true);
  const wrong = codeAt(begun.secret, a.clock.now() + 3600);
  expect(await call(security.confirmApp, { body: { otp: wrong } })).toMatchObject({ code: 'OTP_INVALID' });
  const { recoveryCodes } = unwrap(await call(security.confirmApp, { body: { otp: codeAt(begun.secret, a.clock.now()) } }));
  expect([recoveryCodes.length, new Set(recoveryCodes).size]).toEqual([10, 10]);
  expect((await smtp.next(email)).subject).toBe('A second factor was turned on');
  expect(unwrap(await call(security.secondFactors, {}))).toEqual({ app: true, email: false, recoveryCodesLeft: 10 });
  expect(await call(security.beginApp, { body: { password: PASSWORD } })).toMatchObject({ code: 'CONFLICT', details: { why: 'on' } });

  expect(await signIn(email, PASSWORD)).toEqual({ ok: false, code: 'OTP_REQUIRED', details: { methods: ['app'] } });
  expect(await signIn(email, 'wrong', codeAt(begun.secret, a.clock.now()))).toMatchObject({ code: 'CREDENTIALS_INVALID' });
  a.clock.advance(90);
  for (const [off, accepted] of [[-60, false], [60, false], [-30, true], [30, true]] as const) {
    expect([off, (await signIn(email, PASSWORD, codeAt(begun.secret, a.clock.now() + off))).ok]).toEqual([off, accepted]);
  }
  const [recovery = ''] = recoveryCodes;
  unwrap(await signIn(email, PASSWORD, recovery.toLowerCase().replace('-', ' ')));
  expect((await smtp.next(email)).text).toContain('9 are left');
  expect(unwrap(await call(security.secondFactors, {})).recoveryCodesLeft).toBe(9);

  a.clock.advance(120);
  expect(await call(security.disable, { body: { method: 'email', otp: codeAt(begun.secret, a.clock.now()) } })).toMatchObject({ code: 'CONFLICT', details: { why: 'off' } });
  expect(await call(security.disable, { body: { method: 'app', otp: wrong } })).toMatchObject({ code: 'OTP_INVALID' });
  expect(unwrap(await call(security.disable, { body: { method: 'app', otp: codeAt(begun.secret, a.clock.now()) } }))).toEqual({ app: false, email: false, recoveryCodesLeft: 0 });
  expect((await smtp.next(email)).subject).toBe('A second factor was turned off');
  expect((await signIn(email, PASSWORD)).ok).toBe(true);
});

test('a secret that was not confirmed within an hour is not turned on', async () => {
  const { call } = await someone();
  const { secret } = unwrap(await call(security.beginApp, { body: { password: PASSWORD } }));
  a.clock.advance(HOUR);
  expect(await call(security.confirmApp, { body: { otp: codeAt(secret, a.clock.now()) } })).toMatchObject({ code: 'CONFLICT', details: { why: 'not-begun' } });
});

test('with codes by mail, the right password sends one; it is good once, for ten minutes and five tries', async () => {
  const { email, call } = await someone();
  unwrap(await call(security.beginEmailCode, { body: { password: PASSWORD } }));
  expect(unwrap(await call(security.confirmEmailCode, { body: { otp: codeIn((await smtp.next(email)).text) } }))).toEqual({ app: false, email: true, recoveryCodesLeft: 0 });
  expect((await smtp.next(email)).subject).toBe('A second factor was turned on');

  const asked = await signIn(email, PASSWORD);
  expect(asked).toEqual({ ok: false, code: 'OTP_REQUIRED', details: { methods: ['email'], expiresAt: a.clock.now() + 10 * MINUTE } });
  const code = codeIn((await smtp.next(email)).text);
  expect(unwrap(await a.call()(security.sendCode, { body: { email, password: PASSWORD } })).expiresAt).toBe(a.clock.now() + 10 * MINUTE);
  unwrap(await signIn(email, PASSWORD, `${code.slice(0, 3)} ${code.slice(3)}`));
  expect(await signIn(email, PASSWORD, code)).toMatchObject({ code: 'OTP_INVALID' });

  a.clock.advance(MINUTE);
  unwrap(await a.call()(security.sendCode, { body: { email, password: PASSWORD } }));
  const late = codeIn((await smtp.next(email)).text);
  a.clock.advance(10 * MINUTE);
  expect(await signIn(email, PASSWORD, late)).toMatchObject({ code: 'OTP_INVALID' });

  a.clock.advance(HOUR);
  unwrap(await a.call()(security.sendCode, { body: { email, password: PASSWORD } }));
  const tried = codeIn((await smtp.next(email)).text);
  const wrong = tried === '000000' ? '111111' : '000000';
  for (let each = 0; each < 5; each += 1) expect(await signIn(email, PASSWORD, wrong)).toMatchObject({ code: 'OTP_INVALID' });
  a.clock.advance(MINUTE);
  expect(await signIn(email, PASSWORD, tried)).toMatchObject({ code: 'OTP_INVALID' });

  a.clock.advance(HOUR);
  unwrap(await call(security.beginEmailCode, { body: { password: PASSWORD } }));
  expect(unwrap(await call(security.disable, { body: { method: 'email', otp: codeIn((await smtp.next(email)).text) } })).email).toBe(false);
  expect(await a.call()(security.sendCode, { body: { email, password: PASSWORD } })).toMatchObject({ code: 'CONFLICT', details: { why: 'email-codes-off' } });
  expect((await signIn(email, PASSWORD)).ok).toBe(true);
});

test('who asks again because the mail is slow can type either code; using one ends the others, and a wrong one counts for all', async () => {
  const { email, call } = await someone();
  const wrong = async (...codes: readonly string[]) => {
    const other = ['000000', '111111', '222222'].find((each) => !codes.includes(each));
    expect(await signIn(email, PASSWORD, other)).toMatchObject({ code: 'OTP_INVALID' });
  };
  const sent = async () => {
    unwrap(await a.call()(security.sendCode, { body: { email, password: PASSWORD } }));
    return codeIn((await smtp.next(email)).text);
  };
  const begin = async () => {
    unwrap(await call(security.beginEmailCode, { body: { password: PASSWORD } }));
    return codeIn((await smtp.next(email)).text);
  };
  const earlier = await begin();
  a.clock.advance(2 * MINUTE);
  const later = await begin();
  unwrap(await call(security.confirmEmailCode, { body: { otp: earlier } }));
  await smtp.next(email);
  expect(await call(security.disable, { body: { method: 'email', otp: later } })).toMatchObject({ code: 'OTP_INVALID' });

  const first = await sent();
  a.clock.advance(2 * MINUTE);
  const second = await sent();
  unwrap(await signIn(email, PASSWORD, first));
  for (const used of [first, second]) expect(await signIn(email, PASSWORD, used)).toMatchObject({ code: 'OTP_INVALID' });

  a.clock.advance(HOUR);
  const old = await sent();
  a.clock.advance(9 * MINUTE);
  const young = await sent();
  a.clock.advance(MINUTE);
  expect(await signIn(email, PASSWORD, old)).toMatchObject({ code: 'OTP_INVALID' });
  unwrap(await signIn(email, PASSWORD, young));

  a.clock.advance(HOUR);
  const tried = await sent();
  for (let each = 0; each < 3; each += 1) await wrong(tried);
  a.clock.advance(2 * MINUTE);
  const fresh = await sent();
  for (let each = 0; each < 2; each += 1) await wrong(tried, fresh);
  a.clock.advance(MINUTE);
  expect(await signIn(email, PASSWORD, tried)).toMatchObject({ code: 'OTP_INVALID' });
  a.clock.advance(5 * MINUTE);
  unwrap(await signIn(email, PASSWORD, fresh));
});

test('with both methods on, either code signs in, and a code is mailed only when it is asked for', async () => {
  const { email, token, call } = await someone();
  const { secret } = await turnAppOn(a, token);
  unwrap(await call(security.beginEmailCode, { body: { password: PASSWORD } }));
  await smtp.next(email);
  unwrap(await call(security.confirmEmailCode, { body: { otp: codeIn((await smtp.next(email)).text) } }));
  await smtp.next(email);
  expect(await signIn(email, PASSWORD)).toEqual({ ok: false, code: 'OTP_REQUIRED', details: { methods: ['app', 'email'] } });
  unwrap(await signIn(email, PASSWORD, codeAt(secret, a.clock.now())));
  unwrap(await a.call()(security.sendCode, { body: { email, password: PASSWORD } }));
  unwrap(await signIn(email, PASSWORD, codeIn((await smtp.next(email)).text)));
});

test('sessions are listed with their agent and last use, and can be ended one by one or all others at once', async () => {
  const { email, token, call } = await someone();
  const begun = a.clock.now();
  a.clock.advance(5 * MINUTE);
  const there = unwrap(await a.call()(accounts.signIn, { body: { email, password: PASSWORD, agent: 'Latchkey on WS-042' } }));
  const other = a.call(there.token);
  const list = unwrap(await call(security.sessions, {})).sessions;
  expect(list.map(({ agent, createdAt, current }) => ({ agent, createdAt, current }))).toEqual(expect.arrayContaining([
    { agent: null, createdAt: begun, current: true },
    { agent: 'Latchkey on WS-042', createdAt: begun + 5 * MINUTE, current: false },
  ]));
  const lastUsed = async () => unwrap(await call(security.sessions, {})).sessions.find((each) => !each.current)?.lastUsedAt;
  a.clock.advance(59);
  unwrap(await other(accounts.me, {}));
  expect(await lastUsed()).toBe(begun + 5 * MINUTE);
  a.clock.advance(1);
  unwrap(await other(accounts.me, {}));
  expect(await lastUsed()).toBe(begun + 6 * MINUTE);
  const id = list.find((each) => !each.current)?.id ?? '';
  unwrap(await call(security.endSession, { params: { session: id } }));
  expect(await other(accounts.me, {})).toMatchObject({ code: 'NOT_SIGNED_IN' });
  expect(await call(security.endSession, { params: { session: id } })).toMatchObject({ code: 'NOT_FOUND' });
  const more = [await a.signIn(email), await a.signIn(email)];
  expect(unwrap(await call(security.endOtherSessions, {}))).toEqual({ ended: 2 });
  for (const each of more) expect(await a.call(each)(accounts.me, {})).toMatchObject({ code: 'NOT_SIGNED_IN' });
  expect(unwrap(await a.call(token)(security.sessions, {})).sessions.map((each) => each.current)).toEqual([true]);
});

test('preferences begin without consent, and every change of them is kept', async () => {
  const { call } = await someone();
  expect(unwrap(await call(security.preferences, {}))).toEqual({ preferences: { productNews: false, usageStatistics: false, licenseMails: true }, history: [] });
  const at = a.clock.now();
  unwrap(await call(security.setPreferences, { body: { productNews: true, usageStatistics: false, licenseMails: true } }));
  a.clock.advance(10);
  unwrap(await call(security.setPreferences, { body: { productNews: false, usageStatistics: false, licenseMails: true } }));
  unwrap(await call(security.setPreferences, { body: { productNews: false, usageStatistics: false, licenseMails: true } }));
  expect(unwrap(await call(security.preferences, {})).history).toEqual([
    { at: at + 10, change: 'productNews', from: true, to: false },
    { at, change: 'productNews', from: false, to: true },
  ]);
});

test('my data holds what is kept about me, nobody else’s, and no secret', async () => {
  const neighbour = await someone();
  const { email, token, call } = await someone();
  const { secret, recoveryCodes } = await turnAppOn(a, token);
  expect(await call(security.export, { body: { password: 'wrong' } })).toMatchObject({ code: 'CREDENTIALS_INVALID' });
  const data = unwrap(await call(security.export, { body: { password: PASSWORD } }));
  expect(Object.keys(data).sort()).toEqual([
    'acceptances', 'account', 'assignments', 'audit', 'exportedAt', 'leases', 'machines', 'memberships', 'preferenceChanges', 'preferences', 'secondFactors', 'sessions', 'tasks',
  ]);
  expect(data).toMatchObject({ account: { email }, memberships: [{ name: 'People', role: 'editor' }], secondFactors: { app: true, recoveryCodesLeft: 10 } });
  expect((data['audit'] as unknown as { action: string }[]).map(({ action }) => action)).toEqual(['user.loaded', 'user.signed-in', 'user.factor-on', 'request.refused', 'user.exported']);
  const text = JSON.stringify(data);
  for (const hidden of [secret, recoveryCodes[0] ?? '', token, '$argon2', neighbour.email]) expect(text).not.toContain(hidden);
});

test('an account is deleted with its personal data; its online leases end, and the audit stays whole', async () => {
  const email = 'second@northlight.example';
  const token = await a.signIn(email);
  const call = a.call(token);
  const machine = await createTestMachine({ authority: a.id, clock: a.clock });
  const { lease } = unwrap(await call(contract.leases.checkout, { body: { request: await machine.request({ license: 'lic_stage', mode: 'online' }) } }));
  // They also released a lease of their own from elsewhere: their name stands there.
  const other = await createTestMachine({ authority: a.id, clock: a.clock, name: 'WS-002' });
  const before = unwrap(await call(contract.leases.checkout, { body: { request: await other.request({ license: 'lic_assigned', mode: 'online' }) } })).lease;
  unwrap(await call(contract.leases.release, { params: { lease: before.id } }));
  expect(sqlite((db) => db.prepare('SELECT ended_by FROM lease WHERE id = ?').pluck().get(before.id))).toBe('Sven Second');
  expect(await call(security.remove, { body: { password: PASSWORD, email: 'other@northlight.example' } })).toMatchObject({ code: 'INPUT_INVALID', details: { why: 'email' } });
  expect(await call(security.remove, { body: { password: 'wrong', email } })).toMatchObject({ code: 'CREDENTIALS_INVALID' });
  unwrap(await call(security.remove, { body: { password: PASSWORD, email } }));
  expect(await call(accounts.me, {})).toMatchObject({ code: 'NOT_SIGNED_IN' });
  expect(await signIn(email, PASSWORD)).toMatchObject({ code: 'CREDENTIALS_INVALID' });
  expect((await smtp.next(email)).subject).toBe('Your account was deleted');
  const rows = sqlite((db) => ({
    lease: db.prepare('SELECT state, busy_until, ended_by FROM lease WHERE id = ?').get(lease.id),
    user: db.prepare('SELECT name, email, password FROM user WHERE deleted_at IS NOT NULL').all(),
    before: db.prepare('SELECT ended_by FROM lease WHERE id = ?').pluck().get(before.id),
    text: ['user', 'session', 'lease', 'member', 'invite', 'task', 'preference'].map((table) => JSON.stringify(db.prepare(`SELECT * FROM ${table}`).all())).join(''),
  }));
  // Its machine has not confirmed it.
  expect(rows.lease).toEqual({ state: 'released', busy_until: lease.until, ended_by: 'a deleted person' });
  expect(rows.before).toBe('a deleted person');
  expect(rows.user).toMatchObject([{ name: 'a deleted person', password: '' }]);
  expect(rows.text).not.toContain(email);
  expect(rows.text).not.toContain('Sven Second');
  expect(await a.authority().verifyAudit()).toMatchObject({ intact: true });
});

test('the last owner of an organization cannot delete their account, nor can who holds an offline lease', async () => {
  const { email, call } = await someone('owner');
  expect(await call(security.remove, { body: { password: PASSWORD, email } })).toMatchObject({ code: 'CONFLICT', details: { why: 'last-owner', organizations: [{ name: `Alone ${people}` }] } });
  const editor = a.call(await a.signIn('editor@northlight.example'));
  const machine = await createTestMachine({ authority: a.id, clock: a.clock });
  const { lease } = unwrap(await editor(contract.leases.checkout, { body: { request: await machine.request({ license: 'lic_stage', mode: 'offline', days: 5 }) } }));
  expect(await editor(security.remove, { body: { password: PASSWORD, email: 'editor@northlight.example' } })).toMatchObject({ code: 'CONFLICT', details: { why: 'offline-leases', leases: [{ lease: lease.id, until: lease.busyUntil }] } });
  expect((await editor(accounts.me, {})).ok).toBe(true);
});

test('license files that a person answered for machines of others go on without them', async () => {
  const email = 'manager@northlight.example';
  const manager = a.call(await a.signIn(email));
  const machine = await createTestMachine({ authority: a.id, clock: a.clock, name: 'AIR-1' });
  const { lease } = unwrap(await manager(contract.exchange.answer, { body: { request: await machine.request({ mode: 'offline' }), license: 'lic_offline', days: 20 } }));
  unwrap(await manager(security.remove, { body: { password: PASSWORD, email } }));
  expect(sqlite((db) => db.prepare('SELECT state, holder, busy_until FROM lease WHERE id = ?').get(lease.id))).toEqual({ state: 'active', holder: null, busy_until: lease.busyUntil });
});

test('in a browser, turning a second factor on or off or signing in again changes the cookie; the one before ends', async () => {
  const { email } = await someone();
  const post = async (path: string, body: unknown, session: BrowserSession) => {
    const response = await fetch(`${a.url}${path}`, { method: 'POST', headers: session.headers, body: JSON.stringify(body) });
    return { cookie: response.headers.getSetCookie()[0]?.split(';')[0] ?? null, body: (await response.json()) as { ok: boolean; value: { secret: string } } };
  };
  const isIn = async (session: BrowserSession) => (await fetch(`${a.url}/v1/me`, { headers: session.headers })).status === 200;
  const first = await signInByCookie(a.url, email);
  const second = await signInByCookie(a.url, email, { before: first.cookie });
  expect([await isIn(first), await isIn(second)]).toEqual([false, true]);
  const { secret } = (await post('/v1/me/second-factors/app', { password: PASSWORD }, second)).body.value;
  const confirmed = await post('/v1/me/second-factors/app/confirmation', { otp: codeAt(secret, a.clock.now()) }, second);
  expect(confirmed.cookie).not.toBeNull();
  expect(confirmed.cookie).not.toBe(second.cookie);
  const third = { ...second, headers: sessionHeaders(a.url, { cookie: confirmed.cookie ?? '', binding: second.binding }) };
  expect([await isIn(second), await isIn(third)]).toEqual([true, true]);
  a.clock.advance(MINUTE);
  expect([await isIn(second), await isIn(third)]).toEqual([false, true]);
  const off = await post('/v1/me/second-factors/removal', { method: 'app', otp: codeAt(secret, a.clock.now()) }, third);
  expect([off.body.ok, off.cookie !== null && off.cookie !== confirmed.cookie]).toEqual([true, true]);
  const fourth = { ...third, headers: sessionHeaders(a.url, { cookie: off.cookie ?? '', binding: second.binding }) };
  expect([await isIn(third), await isIn(fourth)]).toEqual([true, true]);
  a.clock.advance(MINUTE);
  expect([await isIn(third), await isIn(fourth)]).toEqual([false, true]);
});

test('a change of the account is told to the person’s open pages, and to nobody else’s', async () => {
  const [one, two] = [await someone(), await someone()];
  const stop = new AbortController();
  const events = async (token: string) => {
    const response = await fetch(`${a.url}/v1/events`, { headers: { authorization: `Bearer ${token}` }, signal: stop.signal });
    const heard: string[] = [];
    void (async () => {
      for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) heard.push(...(new TextDecoder().decode(chunk).match(/"type":"\w+"/g) ?? []));
    })().catch(() => undefined);
    return heard;
  };
  const [mine, theirs] = [await events(one.token), await events(two.token)];
  unwrap(await one.call(security.rename, { body: { firstName: 'Petra', lastName: 'Neumann' } }));
  await eventually('my page hears of it', () => mine.includes('"type":"account"'));
  unwrap(await two.call(security.rename, { body: { firstName: 'Paula', lastName: 'Neumann' } }));
  await eventually('the other page hears of its own', () => theirs.includes('"type":"account"'));
  stop.abort();
  expect([mine, theirs].map((heard) => heard.filter((each) => each === '"type":"account"').length)).toEqual([1, 1]);
});

test('secrets of second factors are sealed with a key that only the owner of the home can read; without it the authority does not start', async () => {
  const { email, token, call } = await someone();
  const { secret, recoveryCodes } = await turnAppOn(a, token);
  unwrap(await call(security.beginEmailCode, { body: { password: PASSWORD } }));
  await smtp.next(email);
  const code = codeIn((await smtp.next(email)).text);
  const stored = sqlite((db) => ['second_factor', 'recovery_code', 'mail_code'].map((table) => JSON.stringify(db.prepare(`SELECT * FROM ${table}`).all())).join(''));
  for (const hidden of [secret, code, ...recoveryCodes.flatMap((each) => [each, each.replace('-', '')])]) expect(stored).not.toContain(hidden);
  const file = join(a.home, 'keys', 'accounts.key');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const key = readFileSync(file);
  await a.stop();
  rmSync(file);
  expect(await createAuthority({ home: a.home, clock: a.clock, random: realRandom, version: '0' })).toMatchObject({ ok: false, code: 'STORE_UNUSABLE', details: { why: 'key' } });
  writeFileSync(file, key, { mode: 0o600 });
  await a.start();
  unwrap(await signIn(email, PASSWORD, codeAt(secret, a.clock.now())));
});
