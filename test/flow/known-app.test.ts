import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { HOUR } from '../../src-shared/time.ts';
import { PASSWORD, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { codeOf, startClient } from '../support/client.ts';
import type { TestClient } from '../support/client.ts';

/** An app that has signed in before is known to the authority, also while somebody at the same address guesses. */

const EMAIL = 'editor@northlight.example';
let a: TestAuthority;
let client: TestClient;
beforeAll(async () => {
  a = await startAuthority();
  client = await startClient({ clock: a.clock, authority: a.url, keyset: a.keyset() });
});
afterAll(async () => {
  await client.close();
  await a.close();
});

const guessFromHere = async (): Promise<void> => {
  for (let each = 0; each < 8; each += 1) await a.call()(contract.accounts.signIn, { body: { email: EMAIL, password: 'wrong password' } });
  expect(codeOf(await a.call()(contract.accounts.signIn, { body: { email: EMAIL, password: PASSWORD } }))).toBe('RATE_LIMITED');
};
const signIn = () => client.licensing().account.signIn({ email: EMAIL, password: PASSWORD });

test('it signs in again after signing out and a restart, and keeps what it is known by readable by its person only', async () => {
  unwrap(await signIn());
  unwrap(await client.licensing().account.signOut({ release: true }));
  await client.restart();
  await guessFromHere();
  unwrap(await signIn());
  expect(statSync(join(client.home, 'known.json')).mode & 0o777).toBe(0o600);
});

test('it has a code sent by mail, too', async () => {
  await guessFromHere();
  expect(codeOf(await a.call()(contract.security.sendCode, { body: { email: EMAIL, password: PASSWORD } }))).toBe('RATE_LIMITED');
  expect(codeOf(await client.licensing().account.call(contract.security.sendCode, { body: { email: EMAIL, password: PASSWORD } }))).toBe('CONFLICT');
});

test('a token that is damaged keeps nobody from signing in', async () => {
  a.clock.advance(HOUR);
  const file = join(client.home, 'known.json');
  for (const damaged of ['', '{', JSON.stringify({ v: 1, sealed: 'no', value: 'nothing of ours' })]) {
    writeFileSync(file, damaged);
    unwrap(await signIn());
    expect(readFileSync(file, 'utf8')).toMatch(/"value":"[\w-]{22}\.[\w-]{43}"/);
  }
});
