import { join } from 'node:path';
import { hash } from '@node-rs/argon2';
import BetterSqlite from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPasswords, MOST_WAITING } from '../../src-authority/adapter/password.ts';
import { sealingOf } from '../../src-authority/adapter/sealing.ts';
import { createGuard } from '../../src-authority/accounts/guard.ts';
import { readCode } from '../../src-authority/accounts/tokens.ts';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import { HOUR, MINUTE } from '../../src-shared/time.ts';
import { codeAt, turnAppOn } from '../support/authenticator.ts';
import { PASSWORD, settableClock, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { startSmtp } from '../support/smtp.ts';
import type { TestSmtp } from '../support/smtp.ts';

const { accounts, security } = contract;
const BETTER = 'nine lanterns over quiet water';

let a: TestAuthority;
let smtp: TestSmtp;
/** Behind a proxy on loopback that says where its callers are. */
let proxied: TestAuthority;
beforeAll(async () => {
  smtp = await startSmtp();
  a = await startAuthority({ smtp: smtp.url });
  proxied = await startAuthority({ trustProxy: '127.0.0.1' });
});
afterAll(async () => {
  await a.close();
  await proxied.close();
  await smtp.close();
});

let people = 0;
const someone = async () => {
  people += 1;
  const email = `person${people}@people.example`;
  unwrap(await a.authority().load({ products: [], organizations: [{ name: 'People', users: [{ email, name: 'Petra Person', password: PASSWORD, role: 'editor' }], licenses: [] }] }));
  const token = await a.signIn(email);
  return { email, token, call: a.call(token) };
};
const signIn = (email: string, password: string, otp?: string) => a.call()(accounts.signIn, { body: { email, password, ...(otp === undefined ? {} : { otp }) } });
const codes = (results: readonly Result<unknown>[]): readonly string[] => results.map((each) => (each.ok ? 'ok' : each.code)).sort();
const codeIn = (text: string): string => /^ {4}(\d{6})$/m.exec(text)?.[1] ?? 'no code';

test('a code of an app is accepted once, also when it is used five times at once, and an older one never after it', async () => {
  const { email, token } = await someone();
  const { secret } = await turnAppOn(a, token);
  const code = codeAt(secret, a.clock.now());
  const many = await Promise.all(Array.from({ length: 5 }, () => signIn(email, PASSWORD, code)));
  expect(codes(many)).toEqual(['OTP_INVALID', 'OTP_INVALID', 'OTP_INVALID', 'OTP_INVALID', 'ok']);
  a.clock.advance(HOUR);
  const now = a.clock.now();
  expect((await signIn(email, PASSWORD, codeAt(secret, now))).ok).toBe(true);
  expect(await signIn(email, PASSWORD, codeAt(secret, now))).toMatchObject({ code: 'OTP_INVALID' });
  expect(await signIn(email, PASSWORD, codeAt(secret, now - 30))).toMatchObject({ code: 'OTP_INVALID' });
});

test('the code that turned the app on does not sign in', async () => {
  const { email, call } = await someone();
  const { secret } = unwrap(await call(security.beginApp, { body: { password: PASSWORD } }));
  const code = codeAt(secret, a.clock.now());
  unwrap(await call(security.confirmApp, { body: { otp: code } }));
  expect(await signIn(email, PASSWORD, code)).toMatchObject({ code: 'OTP_INVALID' });
});

test('a recovery code is good once, also when it is used five times at once', async () => {
  const { email, token, call } = await someone();
  const { recoveryCodes } = await turnAppOn(a, token);
  const many = await Promise.all(Array.from({ length: 5 }, () => signIn(email, PASSWORD, recoveryCodes[3])));
  expect(codes(many)).toEqual(['OTP_INVALID', 'OTP_INVALID', 'OTP_INVALID', 'OTP_INVALID', 'ok']);
  expect(unwrap(await call(security.secondFactors, {})).recoveryCodesLeft).toBe(9);
});

test('neither codes nor recovery codes of one person sign in another, whose password is known', async () => {
  const [one, two] = [await someone(), await someone()];
  const first = await turnAppOn(a, one.token);
  await turnAppOn(a, two.token);
  expect(await signIn(two.email, PASSWORD, codeAt(first.secret, a.clock.now()))).toMatchObject({ code: 'OTP_INVALID' });
  expect(await signIn(two.email, PASSWORD, first.recoveryCodes[0])).toMatchObject({ code: 'OTP_INVALID' });
  expect((await signIn(one.email, PASSWORD, first.recoveryCodes[0])).ok).toBe(true);
});

test('guessing codes is slowed down, also many at once and with the password right; the right code waits too, and a right password does not forgive it', async () => {
  const { email, token } = await someone();
  const { secret } = await turnAppOn(a, token);
  const right = codeAt(secret, a.clock.now());
  const wrong = right === '000000' ? '111111' : '000000';
  const many = await Promise.all(Array.from({ length: 12 }, () => signIn(email, PASSWORD, wrong)));
  expect(many.filter((each) => !each.ok && each.code === 'OTP_INVALID').length).toBeLessThanOrEqual(6);
  expect(await signIn(email, PASSWORD)).toMatchObject({ code: 'OTP_REQUIRED' });
  const limited = await signIn(email, PASSWORD, right);
  expect(limited).toMatchObject({ ok: false, code: 'RATE_LIMITED' });
  const { retryAfter } = (limited as unknown as { details: { retryAfter: number } }).details;
  a.clock.advance(retryAfter);
  expect((await signIn(email, PASSWORD, codeAt(secret, a.clock.now()))).ok).toBe(true);
});

test('in a day of guessing without a pause, codes are tried for one account at most 110 times', () => {
  const clock = settableClock(0);
  const guard = createGuard(clock);
  let tries = 0;
  while (clock.now() < 24 * HOUR) {
    if (guard.code('usr_1', { address: '198.51.100.1', known: null }).ok) tries += 1;
    else clock.advance(1);
  }
  expect(tries).toBeLessThanOrEqual(110);
});

test('guesses made at once from one address are counted before they are known to be wrong: of 120 for 120 people 30 are looked at', async () => {
  const from = (address: string, email: string, password: string) =>
    fetch(`${proxied.url}/v1/sessions`, { method: 'POST', headers: { 'content-type': 'application/json', 'x-forwarded-for': address }, body: JSON.stringify({ email, password }) });
  const many = await Promise.all(Array.from({ length: 120 }, (_, each) => from('198.51.100.1', `person${each}@guessed.example`, 'wrong password')));
  const codes = await Promise.all(many.map(async (each) => ((await each.json()) as { code: string }).code));
  expect([codes.filter((code) => code === 'CREDENTIALS_INVALID').length, codes.filter((code) => code === 'RATE_LIMITED').length]).toEqual([30, 90]);
  expect((await from('198.51.100.1', 'editor@northlight.example', PASSWORD)).status).toBe(429);
  // An office whose people sign in all day is behind one address, too.
  for (let each = 0; each < 40; each += 1) expect((await from('198.51.100.2', 'editor@northlight.example', PASSWORD)).status).toBe(200);
});

test('codes guessed at once for many accounts count for their address, too; what was right or never looked at does not', () => {
  const guard = createGuard(settableClock(0));
  const guesses = Array.from({ length: 40 }, (_, each) => guard.code(`usr_${each}`, { address: '198.51.100.1', known: null }));
  expect(codes(guesses)).toEqual([...Array.from({ length: 10 }, () => 'RATE_LIMITED'), ...Array.from({ length: 30 }, () => 'ok')]);
  expect(guard.password('another@people.example', { address: '198.51.100.1', known: null })).toMatchObject({ code: 'RATE_LIMITED', details: { retryAfter: 1 } });
  for (const [each, end] of (['right', 'takeBack'] as const).entries()) {
    for (let times = 0; times < 40; times += 1) unwrap(guard.password('somebody@people.example', { address: `198.51.100.${each + 2}`, known: null }))[end]();
  }
});

test('more passwords than can be looked at within a second are refused at once, and say when to try again', async () => {
  const passwords = createPasswords();
  const stored = unwrap(await passwords.hash(PASSWORD));
  // What is compared with for nobody is made on the first call.
  expect(await passwords.verify(null, PASSWORD)).toEqual({ ok: true, value: false });
  const settled: string[] = [];
  const check = async (hash: string | null, password: string): Promise<Result<boolean>> => {
    const matches = await passwords.verify(hash, password);
    settled.push(matches.ok ? 'looked at' : matches.code);
    return matches;
  };
  const many = await Promise.all(Array.from({ length: 200 }, (_, each) => check(each % 2 === 0 ? stored : null, PASSWORD)));
  const looked = 2 + MOST_WAITING;
  expect(settled).toEqual([...Array.from({ length: 200 - looked }, () => 'RATE_LIMITED'), ...Array.from({ length: looked }, () => 'looked at')]);
  expect(many.at(-1)).toEqual({ ok: false, code: 'RATE_LIMITED', details: { why: 'busy', retryAfter: 2 } });
  expect(many.slice(0, 2)).toEqual([{ ok: true, value: true }, { ok: true, value: false }]);
  expect(await passwords.verify(stored, PASSWORD)).toEqual({ ok: true, value: true });
});

test('a flood of guesses from everywhere leaves no queue behind which people wait, and blames nobody for what was not looked at', async () => {
  const flood = await Promise.all(Array.from({ length: 300 }, async (_, each) => {
    const response = await fetch(`${proxied.url}/v1/sessions`, { method: 'POST', headers: { 'content-type': 'application/json', 'x-forwarded-for': `203.0.113.${each % 250}` }, body: JSON.stringify({ email: `person${each}@flood.example`, password: 'wrong password' }) });
    return [response.headers.get('retry-after'), (await response.json()) as { code: string; details: { why?: string } }, `person${each}@flood.example`] as const;
  }));
  const busy = flood.filter(([, { details }]) => details.why === 'busy');
  expect(busy.length).toBeGreaterThan(100);
  const [retryAfter, reply, email] = busy[0] ?? [];
  expect([retryAfter, reply]).toEqual(['2', { ok: false, code: 'RATE_LIMITED', details: { why: 'busy', retryAfter: 2 } }]);
  const free = [];
  for (let each = 0; each < 5; each += 1) free.push(await proxied.call()(accounts.signIn, { body: { email: email ?? '', password: 'wrong password' } }));
  expect(codes(free)).toEqual(Array.from({ length: 5 }, () => 'CREDENTIALS_INVALID'));
  expect((await proxied.call()(accounts.signIn, { body: { email: 'editor@northlight.example', password: PASSWORD } })).ok).toBe(true);
});

test('asking for code after code by mail does not give more guesses, and is slowed down itself', async () => {
  const { email, call } = await someone();
  unwrap(await call(security.beginEmailCode, { body: { password: PASSWORD } }));
  unwrap(await call(security.confirmEmailCode, { body: { otp: codeIn((await smtp.next(email)).text) } }));
  const outcomes: string[] = [];
  for (let each = 0; each < 12; each += 1) {
    a.clock.advance(MINUTE);
    const sent = await a.call()(security.sendCode, { body: { email, password: PASSWORD } });
    outcomes.push(sent.ok ? 'ok' : sent.code);
  }
  expect(outcomes.slice(0, 6)).toEqual(['ok', 'ok', 'ok', 'ok', 'ok', 'ok']);
  expect(outcomes).toContain('RATE_LIMITED');
});

test('an e-mail change link is dead after a second change, and after the password was changed', async () => {
  const { email, call } = await someone();
  unwrap(await call(security.changeEmail, { body: { email: `first-${email}`, password: PASSWORD } }));
  unwrap(await call(security.changeEmail, { body: { email: `second-${email}`, password: PASSWORD } }));
  const first = (await smtp.next(`first-${email}`)).token();
  expect(await a.call()(security.confirmEmail, { body: { token: first } })).toMatchObject({ code: 'LINK_ENDED', details: { why: 'replaced' } });
  expect(unwrap(await call(accounts.me, {})).user.email).toBe(email);
  unwrap(await call(security.changePassword, { body: { old: PASSWORD, new: BETTER } }));
  const second = (await smtp.next(`second-${email}`)).token();
  expect(await a.call()(security.confirmEmail, { body: { token: second } })).toMatchObject({ code: 'LINK_ENDED', details: { why: 'replaced' } });
  expect((await signIn(email, BETTER)).ok).toBe(true);
});

test('an address that somebody else got meanwhile stays theirs, and asking for one that is taken does not tell that it is', async () => {
  const [one, two] = [await someone(), await someone()];
  const wanted = `wanted-${one.email}`;
  unwrap(await one.call(security.changeEmail, { body: { email: wanted, password: PASSWORD } }));
  const early = (await smtp.next(wanted)).token();
  unwrap(await two.call(security.changeEmail, { body: { email: wanted, password: PASSWORD } }));
  unwrap(await a.call()(security.confirmEmail, { body: { token: (await smtp.next(wanted)).token() } }));
  expect(await a.call()(security.confirmEmail, { body: { token: early } })).toMatchObject({ code: 'CONFLICT', details: { why: 'taken' } });
  expect(unwrap(await one.call(accounts.me, {})).user.email).toBe(one.email);
  const asked = unwrap(await one.call(security.changeEmail, { body: { email: wanted, password: PASSWORD } }));
  expect(asked).toEqual({ pending: wanted, expiresAt: expect.any(Number) as number });
});

test('a link to set a password is good once, also when it is used twice at once: one of both passwords holds', async () => {
  const { email } = await someone();
  unwrap(await a.call()(security.forgotPassword, { body: { email } }));
  const token = (await smtp.next(email)).token();
  const passwords = [BETTER, `${BETTER} again`];
  const both = await Promise.all(passwords.map((password) => a.call()(security.resetPassword, { body: { token, password } })));
  expect(codes(both)).toEqual(['LINK_ENDED', 'ok']);
  const signedIn = [await signIn(email, passwords[0] ?? ''), await signIn(email, passwords[1] ?? '')];
  expect(signedIn.map(({ ok }) => ok)).toEqual(both.map(({ ok }) => ok));
});

test('a link for one purpose is none for another', async () => {
  const { email, call } = await someone();
  unwrap(await call(security.changeEmail, { body: { email: `other-${email}`, password: PASSWORD } }));
  const token = (await smtp.next(`other-${email}`)).token();
  expect(await a.call()(security.resetPassword, { body: { token, password: BETTER } })).toMatchObject({ code: 'NOT_FOUND' });
  expect((await signIn(email, PASSWORD)).ok).toBe(true);
});

test('whether an account exists shows neither in the replies nor in their limits, and only an existing one is written to', async () => {
  const { email } = await someone();
  const answers = async (address: string): Promise<readonly unknown[]> => {
    const all: unknown[] = [];
    for (let each = 0; each < 8; each += 1) {
      const response = await fetch(`${a.url}/v1/password-resets`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email: address }) });
      all.push([response.status, response.headers.get('retry-after'), await response.json()]);
    }
    return all;
  };
  const unknown = await answers('nobody@nowhere.example');
  expect(await answers(email)).toEqual(unknown);
  expect(unknown.at(-1)).toMatchObject([429, expect.any(String), { code: 'RATE_LIMITED' }]);
  expect(await a.call()(security.sendCode, { body: { email: 'nobody@nowhere.example', password: PASSWORD } })).toEqual(await a.call()(security.sendCode, { body: { email, password: 'wrong password' } }));
  await smtp.next(email);
  expect(smtp.mails().filter(({ to }) => to === 'nobody@nowhere.example')).toEqual([]);
});

test('a session of somebody else cannot be ended by its id, nor seen', async () => {
  const [one, two] = [await someone(), await someone()];
  const [theirs] = unwrap(await two.call(security.sessions, {})).sessions;
  const foreign = await one.call(security.endSession, { params: { session: theirs?.id ?? '' } });
  expect(foreign).toEqual({ ok: false, code: 'NOT_FOUND', details: { session: theirs?.id } });
  expect((await two.call(accounts.me, {})).ok).toBe(true);
  expect(unwrap(await one.call(security.sessions, {})).sessions.some(({ id }) => id === theirs?.id)).toBe(false);
});

test('a stolen session that guesses the password is slowed down like a sign-in, and keeps its person neither from signing in nor from their other sessions', async () => {
  const { email, call } = await someone();
  const many = await Promise.all(Array.from({ length: 12 }, () => call(security.export, { body: { password: 'wrong password' } })));
  expect(many.filter((each) => !each.ok && each.code === 'CREDENTIALS_INVALID').length).toBeLessThanOrEqual(6);
  expect(await call(security.changePassword, { body: { old: PASSWORD, new: BETTER } })).toMatchObject({ code: 'RATE_LIMITED' });
  const other = await a.signIn(email);
  unwrap(await a.call(other)(security.export, { body: { password: PASSWORD } }));
});

test('a password changed while a sign-in with the old one is under way leaves no session behind', async () => {
  const { email, call } = await someone();
  const [changed, ...signIns] = await Promise.all([call(security.changePassword, { body: { old: PASSWORD, new: BETTER } }), signIn(email, PASSWORD), signIn(email, PASSWORD), signIn(email, PASSWORD)]);
  expect(changed.ok).toBe(true);
  const tokens = signIns.flatMap((each) => (each.ok ? [each.value.token] : []));
  const after = await Promise.all(tokens.map((token) => a.call(token)(accounts.me, {})));
  expect(codes(after)).toEqual(tokens.map(() => 'NOT_SIGNED_IN'));
});

test('a password is the same whether its letters are composed or not, and whatever space was typed; also one whose hash is from before', async () => {
  const forms = ['Größe\u00a0über Zürich 7', 'Größe über Zürich 7'.normalize('NFD'), 'Größe über Zürich 7'];
  const { email, call } = await someone();
  unwrap(await call(security.changePassword, { body: { old: PASSWORD, new: forms[1] ?? '' } }));
  for (const form of forms) expect((await signIn(email, form)).ok).toBe(true);
  expect(await signIn(email, 'Grosse über Zürich 7')).toMatchObject({ code: 'CREDENTIALS_INVALID' });
  const passwords = createPasswords();
  for (const form of ['Größe über Zürich 7'.normalize('NFD'), 'Größe über Zürich 7']) {
    const before = await hash(form);
    for (const typed of [form.normalize('NFC'), form.normalize('NFD')]) expect(await passwords.verify(before, typed)).toEqual({ ok: true, value: true });
  }
});

test('a sealed secret is worth nothing on another account or to another key', () => {
  const sealing = sealingOf(new Uint8Array(32).fill(1));
  const sealed = sealing.seal('JBSWY3DPEHPK3PXP', 'app-secret/usr_1');
  expect(sealing.open(sealed, 'app-secret/usr_1')).toBe('JBSWY3DPEHPK3PXP');
  expect(() => sealing.open(sealed, 'app-secret/usr_2')).toThrow();
  expect(() => sealingOf(new Uint8Array(32).fill(2)).open(sealed, 'app-secret/usr_1')).toThrow();
  expect(sealing.mark('123456', 'usr_1')).not.toBe(sealing.mark('123456', 'usr_2'));
});

test('what is typed is read as a code or as none', () => {
  expect(readCode('123 456')).toEqual({ kind: 'digits', text: '123456' });
  expect(readCode('o1il2-abcde')).toEqual({ kind: 'recovery', text: '01112ABCDE' });
  for (const typed of ['１２３ ４５６', '١٢٣٤٥٦', '۱۲۳-۴۵۶', '१२३४५६', '\u{1d7f7}\u{1d7f8}\u{1d7f9}\u{1d7fa}\u{1d7fb}\u{1d7fc}', '\u200e123456']) expect([typed, readCode(typed)]).toEqual([typed, { kind: 'digits', text: '123456' }]);
  for (const none of ['12345', '1234567', '①②③④⑤⑥', 'abcde-fghiu', '']) expect(readCode(none)).toBeNull();
});

test('no token, code, secret or password is in the log, and tokens of links are stored as hashes', async () => {
  const { email, token, call } = await someone();
  const { secret, recoveryCodes } = await turnAppOn(a, token);
  unwrap(await call(security.changeEmail, { body: { email: `log-${email}`, password: PASSWORD } }));
  const link = (await smtp.next(`log-${email}`)).token();
  await a.call()(security.confirmEmail, { body: { token: link } });
  const log = a.log.join('');
  expect(log).toContain('/v1/email-confirmations');
  const sqlite = new BetterSqlite(join(a.home, 'authority.db'), { readonly: true });
  const stored = JSON.stringify(['account_link', 'session', 'audit'].map((table) => sqlite.prepare(`SELECT * FROM ${table}`).all()));
  sqlite.close();
  for (const hidden of [token, secret, recoveryCodes[0] ?? '', link, PASSWORD]) {
    expect(log).not.toContain(hidden);
    expect(stored).not.toContain(hidden);
  }
});
