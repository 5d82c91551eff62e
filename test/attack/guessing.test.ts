import { afterAll, beforeAll, expect, test } from 'vitest';
import { createGuard } from '../../src-authority/accounts/guard.ts';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { HOUR } from '../../src-shared/time.ts';
import { codeAt, turnAppOn } from '../support/authenticator.ts';
import { PASSWORD, settableClock, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { ownPage } from '../support/browser-session.ts';
import { startSmtp } from '../support/smtp.ts';
import type { TestSmtp } from '../support/smtp.ts';

/** Strangers guess; the people whose accounts they are come in all the same. */

const { accounts, organizations, security } = contract;
const BETTER = 'nine lanterns over quiet water';
const HOME = '192.0.2.10';

/** Behind a proxy on loopback that says where its callers are. */
let a: TestAuthority;
let smtp: TestSmtp;
beforeAll(async () => {
  smtp = await startSmtp();
  a = await startAuthority({ trustProxy: '127.0.0.1', smtp: smtp.url });
});
afterAll(async () => {
  await a.close();
  await smtp.close();
});

type Reply = { readonly status: number; readonly code: string; readonly value: { readonly token: string | null; readonly known: string | null }; readonly cookies: readonly string[] };
const post = async (path: string, body: unknown, headers: Readonly<Record<string, string>>): Promise<Reply> => {
  const response = await fetch(`${a.url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
  const reply = (await response.json()) as { readonly ok: boolean; readonly code?: string; readonly value?: Reply['value'] };
  return { status: response.status, code: reply.ok ? 'ok' : (reply.code ?? ''), value: reply.value ?? { token: null, known: null }, cookies: response.headers.getSetCookie().map((each) => each.split(';')[0] ?? '') };
};
const signInFrom = (address: string, body: Readonly<Record<string, unknown>>) => post('/v1/sessions', body, { 'x-forwarded-for': address });
/** As the portal does, with the cookies that the browser has. */
const browse = (address: string, path: string, body: Readonly<Record<string, unknown>>, cookies: readonly string[] = []) =>
  post(path, path === '/v1/sessions' ? { carrier: 'cookie', ...body } : body, { ...ownPage(a.url), 'x-forwarded-for': address, ...(cookies.length === 0 ? {} : { cookie: cookies.join('; ') }) });
const knownCookie = ({ cookies }: Reply): readonly string[] => cookies.filter((each) => each.startsWith('latchkey_known='));

let people = 0;
const someone = async (): Promise<string> => {
  people += 1;
  const email = `person${people}@people.example`;
  unwrap(await a.authority().load({ products: [], organizations: [{ name: 'People', users: [{ email, name: 'Petra Person', password: PASSWORD, role: 'editor' }], licenses: [] }] }));
  return email;
};
let addresses = 0;
/** Wrong guesses, each from an address of its own; what they were answered. */
const attack = async (email: string, times: number): Promise<readonly string[]> => {
  const answers: string[] = [];
  const guess = (): Promise<Reply> => {
    addresses += 1;
    return signInFrom(`10.${Math.floor(addresses / 250)}.${addresses % 250}.1`, { email, password: 'wrong password' });
  };
  while (answers.length < times) answers.push(...(await Promise.all(Array.from({ length: 5 }, guess))).map(({ code }) => code));
  return answers;
};

test('a stranger who guesses from one address keeps nobody out who comes from another', async () => {
  const email = await someone();
  for (let each = 0; each < 8; each += 1) await signInFrom('198.51.100.1', { email, password: 'wrong password' });
  expect((await signInFrom('198.51.100.1', { email, password: PASSWORD })).code).toBe('RATE_LIMITED');
  expect((await signInFrom(HOME, { email, password: PASSWORD })).code).toBe('ok');
});

test('guesses at one account from many addresses together are bounded, and the bound keeps out strangers only: a browser that was signed in before comes in, from anywhere', async () => {
  const email = await someone();
  const before = await browse(HOME, '/v1/sessions', { email, password: PASSWORD });
  const answers = await attack(email, 75);
  expect([answers.filter((code) => code === 'CREDENTIALS_INVALID').length, answers.slice(60)]).toEqual([60, Array.from({ length: 15 }, () => 'RATE_LIMITED')]);
  expect((await signInFrom('192.0.2.77', { email, password: PASSWORD })).code).toBe('RATE_LIMITED');
  expect((await browse('192.0.2.77', '/v1/sessions', { email, password: PASSWORD }, knownCookie(before))).code).toBe('ok');
  // Also where the stranger sits behind the same address, and has used it up.
  for (let each = 0; each < 40; each += 1) await signInFrom('192.0.2.78', { email: `other${each}@people.example`, password: 'wrong password' });
  expect((await browse('192.0.2.78', '/v1/sessions', { email, password: PASSWORD }, knownCookie(before))).code).toBe('ok');
});

test('an app that has signed in before comes in while strangers guess, and so does everybody at an address that the person has signed in from', async () => {
  const email = await someone();
  const { known } = (await signInFrom(HOME, { email, password: PASSWORD })).value;
  await attack(email, 70);
  expect((await signInFrom('192.0.2.79', { email, password: PASSWORD, known })).code).toBe('ok');
  expect((await signInFrom(HOME, { email, password: PASSWORD })).code).toBe('ok');
  expect((await signInFrom('192.0.2.80', { email, password: PASSWORD })).code).toBe('RATE_LIMITED');
});

test('who is kept out of a new browser comes in by a mailed link, and that browser is known from then on', async () => {
  const email = await someone();
  await attack(email, 70);
  expect((await browse('192.0.2.81', '/v1/sessions', { email, password: PASSWORD })).code).toBe('RATE_LIMITED');
  unwrap(await a.call()(security.forgotPassword, { body: { email } }));
  const token = (await smtp.next(email)).token();
  const reset = await browse('192.0.2.81', '/v1/password-resets/completion', { token, password: BETTER });
  await attack(email, 10);
  expect((await browse('192.0.2.82', '/v1/sessions', { email, password: BETTER }, knownCookie(reset))).code).toBe('ok');
  // The app on the same desk, too.
  expect((await signInFrom('192.0.2.81', { email, password: BETTER })).code).toBe('ok');
});

test('what strangers guess does not make a signed-in person wait who confirms something by their password or a code', async () => {
  const email = 'owner@northlight.example';
  const call = a.call(await a.signIn(email));
  const organization = await a.organization(await a.signIn(email), 'Northlight');
  const { recoveryCodes } = await turnAppOn(a, await a.signIn(email));
  await attack(email, 70);
  unwrap(await call(security.export, { body: { password: PASSWORD } }));
  expect(await call(organizations.offerOwnership, { params: { organization }, body: { to: 'usr_nobody', password: PASSWORD } })).not.toMatchObject({ code: 'RATE_LIMITED' });
  expect((await call(security.disable, { body: { method: 'app', otp: recoveryCodes[0] ?? '' } })).ok).toBe(true);
  unwrap(await call(security.changePassword, { body: { old: PASSWORD, new: BETTER } }));
});

test('whoever has the password and guesses codes does not keep out the person, who comes with a known browser', async () => {
  const email = await someone();
  const before = await browse(HOME, '/v1/sessions', { email, password: PASSWORD });
  const { secret } = await turnAppOn(a, (await signInFrom(HOME, { email, password: PASSWORD })).value.token ?? '');
  for (let each = 0; each < 8; each += 1) await signInFrom(`198.51.100.${each + 10}`, { email, password: PASSWORD, otp: '000000' });
  expect((await signInFrom('198.51.100.20', { email, password: PASSWORD, otp: '000000' })).code).toBe('RATE_LIMITED');
  a.clock.advance(30);
  expect((await browse(HOME, '/v1/sessions', { email, password: PASSWORD, otp: codeAt(secret, a.clock.now()) }, knownCookie(before))).code).toBe('ok');
});

test('a known token is good for its own account only, is slowed down for itself, and is worth nothing once the password has changed', async () => {
  const [mine, theirs] = [await someone(), await someone()];
  const own = await signInFrom(HOME, { email: mine, password: PASSWORD });
  const { known, token } = own.value;
  await attack(theirs, 70);
  expect((await signInFrom('192.0.2.90', { email: theirs, password: PASSWORD, known })).code).toBe('RATE_LIMITED');
  expect((await signInFrom('192.0.2.90', { email: theirs, password: PASSWORD, known: `${'A'.repeat(22)}.${'A'.repeat(43)}` })).code).toBe('RATE_LIMITED');
  const guesses: string[] = [];
  for (let each = 0; each < 8; each += 1) guesses.push((await signInFrom('192.0.2.91', { email: mine, password: 'wrong password', known })).code);
  expect([guesses.slice(0, 5), guesses.slice(6)]).toEqual([Array.from({ length: 5 }, () => 'CREDENTIALS_INVALID'), ['RATE_LIMITED', 'RATE_LIMITED']]);
  a.clock.advance(HOUR);
  unwrap(await a.call(token)(security.changePassword, { body: { old: PASSWORD, new: BETTER } }));
  await attack(mine, 70);
  expect((await signInFrom('192.0.2.92', { email: mine, password: BETTER, known })).code).toBe('RATE_LIMITED');
});

test('the token of a known browser is a cookie that pages cannot read, and it survives signing out; an app finds it in the reply and nowhere else', async () => {
  const email = await someone();
  const response = await fetch(`${a.url}/v1/sessions`, { method: 'POST', headers: ownPage(a.url), body: JSON.stringify({ email, password: PASSWORD, carrier: 'cookie' }) });
  expect(((await response.json()) as { value: unknown }).value).toMatchObject({ token: null, known: null });
  const cookie = response.headers.getSetCookie().find((each) => each.startsWith('latchkey_known='));
  expect(cookie).toMatch(/; Path=\/; HttpOnly; SameSite=Strict$/);
  const app = await signInFrom(HOME, { email, password: PASSWORD });
  expect([app.cookies, app.value.known]).toEqual([[], expect.stringMatching(/^[\w-]{22}\.[\w-]{43}$/)]);
  expect((await signInFrom(HOME, { email, password: PASSWORD, known: app.value.known })).value.known).toBe(app.value.known);
  unwrap(await a.call(app.value.token)(accounts.signOut, {}));
  expect(a.log.join('')).not.toContain(app.value.known);
});

test('five people who share a browser are all known in it', async () => {
  let cookies: readonly string[] = [];
  const emails: string[] = [];
  for (let each = 0; each < 5; each += 1) {
    const email = await someone();
    emails.push(email);
    cookies = knownCookie(await browse(HOME, '/v1/sessions', { email, password: PASSWORD }, cookies));
  }
  await attack(emails[0] ?? '', 70);
  expect((await browse('192.0.2.95', '/v1/sessions', { email: emails[0], password: PASSWORD }, cookies)).code).toBe('ok');
});

test('in a day of guessing without a pause from a thousand addresses, one account is guessed at 300 times at most', () => {
  const clock = settableClock(0);
  const guard = createGuard(clock);
  let tries = 0;
  for (let address = 0; clock.now() < 24 * HOUR; address += 1) {
    if (guard.password('person@people.example', { address: `address ${address % 1000}`, known: null }).ok) tries += 1;
    else clock.advance(10);
  }
  expect(tries).toBeLessThanOrEqual(300);
  expect(tries).toBeGreaterThan(250);
});

test('one stranger at one address never uses up what all strangers may guess at an account', () => {
  const clock = settableClock(0);
  const guard = createGuard(clock);
  while (clock.now() < 72 * HOUR) if (!guard.password('person@people.example', { address: '198.51.100.1', known: null }).ok) clock.advance(10);
  expect(guard.password('person@people.example', { address: HOME, known: null }).ok).toBe(true);
});
