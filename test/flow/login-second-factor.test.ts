import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { codeAt, turnAppOn } from '../support/authenticator.ts';
import { PASSWORD, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { startClient } from '../support/client.ts';
import { startSmtp } from '../support/smtp.ts';
import type { TestSmtp } from '../support/smtp.ts';

/** `latchkey login` of an account with a second factor: real processes, the computer's own clock, a real mail server. */
const program = resolve(import.meta.dirname, '../../src-cli/latchkey.ts');
const realTime = { now: () => Math.floor(Date.now() / 1000), set: () => undefined, advance: () => undefined };

let smtp: TestSmtp;
let a: TestAuthority;
let folder: string;
beforeAll(async () => {
  smtp = await startSmtp();
  a = await startAuthority({ clock: realTime, smtp: smtp.url });
  folder = mkdtempSync(join(tmpdir(), 'latchkey-otp-'));
});
afterAll(async () => {
  await a.close();
  await smtp.close();
  rmSync(folder, { recursive: true, force: true });
});

type Ended = { readonly status: number | null; readonly out: string; readonly err: string };
const latchkey = (home: string, args: readonly string[]): Promise<Ended> => {
  const { LATCHKEY_TRUST: _trust, ...rest } = process.env;
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, env: { ...rest, LATCHKEY_HOME: join(folder, home), LATCHKEY_AUTHORITY: a.url } });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  child.stdin.on('error', () => undefined);
  child.stdin.end(`${PASSWORD}\n`);
  return new Promise((done) => child.once('close', (status) => done({ status, out, err })));
};
const login = (home: string, email: string, ...more: readonly string[]) => latchkey(home, ['login', '--email', email, '--password-stdin', ...more]);
const refusal = ({ status, out, err }: Ended) => ({ status, out, ...(JSON.parse(err) as { error: { code: string; details: object } }).error });
const codeIn = (text: string): string => /^ {4}(\d{6})$/m.exec(text)?.[1] ?? 'no code';

test('login takes the code of an authenticator app once, or a recovery code; without one it says what is missing', async () => {
  const email = 'editor@northlight.example';
  const { secret, recoveryCodes } = await turnAppOn(a, await a.signIn(email));
  expect(refusal(await login('app', email, '--json'))).toMatchObject({ status: 6, out: '', code: 'OTP_REQUIRED', details: { methods: ['app'] } });
  expect((await login('app', email)).err).toBe('A one-time code is needed to sign in.\nSign in again with --otp N, the code of your authenticator app.\n');
  // The code that turned it on is used up; the next one is good a step early.
  const code = codeAt(secret, realTime.now() + 30);
  const signedIn = await login('app', email, '--otp', code, '--json');
  expect(signedIn).toMatchObject({ status: 0, err: '' });
  expect(JSON.parse(signedIn.out)).toMatchObject({ user: { email } });
  expect((await latchkey('app', ['licenses', '--json'])).status).toBe(0);
  expect(refusal(await login('other', email, '--otp', code, '--json'))).toMatchObject({ status: 6, out: '', code: 'OTP_INVALID' });
  expect(refusal(await latchkey('other', ['licenses', '--json']))).toMatchObject({ status: 6, code: 'NOT_SIGNED_IN' });
  expect(await login('other', email, '--otp', (recoveryCodes[0] ?? '').toLowerCase())).toMatchObject({ status: 0 });
  expect(refusal(await login('third', email, '--otp', recoveryCodes[0] ?? '', '--json'))).toMatchObject({ status: 6, code: 'OTP_INVALID' });
});

test('login with codes by mail has one sent by the first attempt; with an app on as well, --send-code asks for it', async () => {
  const email = 'second@northlight.example';
  const token = await a.signIn(email);
  const call = a.call(token);
  unwrap(await call(contract.security.beginEmailCode, { body: { password: PASSWORD } }));
  unwrap(await call(contract.security.confirmEmailCode, { body: { otp: codeIn((await smtp.next(email)).text) } }));
  await smtp.next(email);
  expect(await login('mail', email)).toMatchObject({ status: 6, err: 'A one-time code is needed to sign in; one was sent by mail.\nSign in again with --otp N.\n' });
  expect(await login('mail', email, '--otp', codeIn((await smtp.next(email)).text))).toMatchObject({ status: 0 });

  await turnAppOn(a, token);
  await smtp.next(email);
  expect((await login('both', email)).err).toContain('--send-code');
  const sent = await login('both', email, '--send-code', '--json');
  expect([sent.status, Object.keys(JSON.parse(sent.out) as object)]).toEqual([0, ['expiresAt']]);
  expect(await login('both', email, '--otp', codeIn((await smtp.next(email)).text))).toMatchObject({ status: 0 });
  expect(refusal(await login('both', email, '--send-code', '--otp', '123456', '--json'))).toMatchObject({ status: 2, code: 'INPUT_INVALID' });
});

test('the licensing of the app passes what the authority says about codes on, and signs in with one', async () => {
  const email = 'reader@northlight.example';
  const { secret } = await turnAppOn(a, await a.signIn(email));
  const client = await startClient({ clock: realTime, authority: a.url, keyset: a.keyset() });
  const { account } = client.licensing();
  expect(await account.signIn({ email, password: PASSWORD })).toEqual({ ok: false, code: 'OTP_REQUIRED', details: { methods: ['app'] } });
  const wrong = codeAt(secret, realTime.now() + 3600);
  expect(await account.signIn({ email, password: PASSWORD, otp: wrong })).toMatchObject({ ok: false, code: 'OTP_INVALID' });
  expect(client.licensing().state().account).toBeNull();
  unwrap(await account.signIn({ email, password: PASSWORD, otp: codeAt(secret, realTime.now() + 30) }));
  expect(client.licensing().state().account?.user.email).toBe(email);
  await client.close();
});
