import { afterEach, beforeEach, expect, test } from 'vitest';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { PASSWORD, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { codeOf, startClient } from '../support/client.ts';
import type { TestClient } from '../support/client.ts';
import { edit } from '../support/home-files.ts';

let authority: TestAuthority;
let client: TestClient;

beforeEach(async () => {
  authority = await startAuthority();
  client = await startClient({ clock: authority.clock, authority: authority.url, keyset: authority.keyset(), name: 'WS-1' });
  unwrap(await client.licensing().account.signIn({ email: 'editor@northlight.example', password: PASSWORD }));
});
afterEach(async () => {
  await client.close();
  await authority.close();
});

/** Takes what is asked for out of the open database, as damage to a page of it would. */
const spoil = (table: string): void => edit(client.home, (database) => void database.exec(`ALTER TABLE ${table} RENAME TO gone`));

test('a store that fails is said to be unusable by a call in the name of the person, by the diagnosis, and by the list of refusals', async () => {
  spoil('setting');
  expect(codeOf(await client.licensing().account.call(contract.accounts.me, {}))).toBe('STORE_UNUSABLE');
  expect(codeOf(await client.licensing().diagnose())).toBe('STORE_UNUSABLE');
});

test('a refusal that cannot be remembered disturbs nobody', async () => {
  spoil('refusal');
  expect(codeOf(client.licensing().refusals())).toBe('STORE_UNUSABLE');
  client.licensing().refuse({ ok: false, code: 'FILE_MALFORMED', details: { why: 'size' } });
  expect(codeOf(await client.licensing().accept('x'))).toBe('FILE_MALFORMED');
});
