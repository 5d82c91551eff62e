import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { importSigningKey, parseKind, signDocument } from '../../src-shared/documents/index.ts';
import type { ClaimsOf } from '../../src-shared/documents/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { DAY } from '../../src-shared/time.ts';
import { openHome } from '../../src-main/adapter/index.ts';
import { PASSWORD, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { codeOf, startClient } from '../support/client.ts';
import type { ClientOptions, TestClient } from '../support/client.ts';
import { licenseClaims, newParty, newPrivateJwk, newScene, NOW } from '../support/documents.ts';
import { answer } from '../support/exchange.ts';

type Keyset = ClaimsOf<'keyset'>;

let authority: TestAuthority;
const open: TestClient[] = [];
const newClient = async (options: Partial<ClientOptions> = {}): Promise<TestClient> => {
  const made = await startClient({ clock: authority.clock, authority: authority.url, ...options });
  open.push(made);
  return made;
};
const credentials = { email: 'editor@northlight.example', password: PASSWORD };

beforeEach(async () => {
  authority = await startAuthority();
});
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
  await authority.close();
});

test('an unpackaged run pins the authority it signs in to first, and refuses another one at the same address ever after', async () => {
  const client = await newClient();
  unwrap(await client.licensing().account.signIn(credentials));
  expect(client.licensing().state().connection.authority).toBe(authority.id);
  expect(client.ports().store.keysets()).toMatchObject([{ source: 'pinned', version: 1 }]);

  const other = await startAuthority({ clock: authority.clock });
  await client.restart({ authority: other.url });
  const sent = client.wire.sent.length;
  expect(codeOf(await client.licensing().account.signIn(credentials))).toBe('FILE_WRONG_AUTHORITY');
  // The password was not even sent.
  expect(client.wire.sent.slice(sent)).toEqual(['GET /v1/authority']);
  await other.close();
});

test('a packaged app trusts what was compiled in and nothing else', async () => {
  const client = await newClient({ packaged: true });
  expect(codeOf(await client.licensing().account.signIn(credentials))).toBe('TRUST_MISSING');
  expect(client.ports().store.keysets()).toEqual([]);
  // What an unpackaged run pinned in the same home does not count for it either.
  await client.restart({ packaged: false });
  unwrap(await client.licensing().account.signIn(credentials));
  await client.restart({ packaged: true });
  expect(client.licensing().state().connection.authority).toBeNull();
  await client.restart({ packaged: true, keyset: authority.keyset() });
  expect(client.licensing().state().connection.authority).toBe(authority.id);
});

test('a machine that was given its keys once still knows them in a later run without them', async () => {
  const client = await newClient({ authority: null, keyset: authority.keyset() });
  await client.restart({ keyset: null });
  expect(client.licensing().state().connection.authority).toBe(authority.id);
  expect((await client.licensing().createRequest({})).ok).toBe(true);
});

test('the address of the last sign-in counts when none is given, and an empty one is a machine without a network', async () => {
  const client = await newClient();
  unwrap(await client.licensing().account.signIn(credentials));
  const opened = async (address: string | null | undefined) => {
    const home = unwrap(await openHome({ home: client.home, authority: address, trust: { keyset: null, packaged: false }, app: 'test 1', readFingerprint: async () => ({ v: 1, parts: {} }) }));
    home.close();
    return home.ports.authority.url;
  };
  expect(await opened(undefined)).toBe(authority.url);
  expect(await opened('')).toBeNull();
  expect(await opened(null)).toBeNull();
});

test('a password never goes over plain HTTP to another computer', async () => {
  const client = await newClient({ authority: null });
  for (const address of ['http://licenses.example', 'ftp://licenses.example', 'nonsense']) {
    const opened = await openHome({ home: client.home, authority: address, trust: { keyset: null, packaged: false }, app: 'test 1' });
    expect(opened).toMatchObject({ ok: false, code: 'INPUT_INVALID', details: { field: 'authority' } });
  }
});

test('a keyset is accepted only when a root trusted so far has signed it, never an older one, and a forged one changes nothing', async () => {
  const client = await newClient({ authority: null, keyset: authority.keyset() });
  expect(unwrap(await client.licensing().accept(authority.keyset()))).toEqual({ kind: 'keyset', version: 1, again: true });
  const jwk = newPrivateJwk();
  const stranger = await importSigningKey(jwk);
  const now = authority.clock.now();
  const forged = await signDocument('keyset', {
    iss: authority.id, version: 9, iat: now, exp: now + 400 * DAY,
    keys: [{ kid: stranger.kid, jwk: stranger.jwk, role: 'root', notBefore: now }, { kid: stranger.kid, jwk: stranger.jwk, role: 'license', notBefore: now }],
  }, stranger);
  expect(codeOf(await client.licensing().accept(forged))).toBe('FILE_NOT_GENUINE');
  expect(client.ports().store.keysets()).toHaveLength(1);
  const newcomer = await newClient({ authority: null });
  expect(codeOf(await newcomer.licensing().accept(authority.keyset()))).toBe('TRUST_MISSING');
});

test('a license file that was tampered with in the store is not used', async () => {
  const client = await newClient({ authority: null, keyset: authority.keyset(), name: 'WS-042' });
  const file = await answer(authority, unwrap(await client.licensing().createRequest({ product: 'stage' })).text, 'lic_stage', 30);
  unwrap(await client.licensing().accept(file));
  const path = join(client.home, 'latchkey.db');
  await client.stop();
  const bytes = readFileSync(path);
  const at = bytes.indexOf(Buffer.from('-----BEGIN LATCHKEY LICENSE FILE-----'));
  expect(at).toBeGreaterThan(0);
  // One character of the signed text, the line before the last.
  const end = bytes.indexOf(Buffer.from('\n-----END LATCHKEY LICENSE FILE-----'), at);
  const target = bytes.lastIndexOf(0x0a, end - 1) - 20;
  bytes[target] = bytes[target] === 0x41 ? 0x42 : 0x41;
  writeFileSync(path, bytes);
  // With what is kept beside the database it would be mended: that is in test/attack/damaged-store.test.ts.
  rmSync(join(client.home, 'kept'), { recursive: true });
  await client.restart();
  expect(client.licensing().current()).toMatchObject([{ standing: { usable: false, code: 'FILE_NOT_GENUINE' }, file: null }]);
});

test('a restored copy of the store is noticed: it numbers no documents and its leases are suspended', async () => {
  const client = await newClient({ authority: null, keyset: authority.keyset(), name: 'WS-042' });
  const file = await answer(authority, unwrap(await client.licensing().createRequest({ product: 'stage' })).text, 'lic_stage', 30);
  const { lease } = unwrap(await client.licensing().accept(file)) as { lease: string };
  const path = join(client.home, 'latchkey.db');
  await client.stop();
  copyFileSync(path, `${path}.backup`);
  await client.restart();
  unwrap(await client.licensing().releaseByProof(lease));
  await client.stop();
  copyFileSync(`${path}.backup`, path);
  await client.restart();
  expect(client.licensing().current()).toMatchObject([{ id: lease, standing: { usable: false, code: 'STORE_ROLLED_BACK' } }]);
  expect(codeOf(await client.licensing().createRequest({}))).toBe('STORE_ROLLED_BACK');
  expect(codeOf(await client.licensing().releaseByProof(lease))).toBe('STORE_ROLLED_BACK');
  expect(unwrap(await client.licensing().diagnose()).find(({ subject }) => subject === 'store')).toMatchObject({ ok: false });
  expect(readFileSync(join(client.home, 'counter'), 'utf8')).toMatch(/^2\n/);
});

test('a chain of keysets carries trust on, across restarts; a revoked key ends what it signed, and nothing older comes back', async () => {
  const scene = await newScene();
  const client = await newClient({ authority: null, clock: { now: () => NOW }, keyset: await signDocument('keyset', scene.keyset, scene.root.key), name: 'WS-042' });
  const request = unwrap(parseKind('request', unwrap(await client.licensing().createRequest({ product: 'aurora' })).text)).claims;
  const claims = licenseClaims(scene, { aud: request.iss, cnf: { jkt: request.iss.slice(4) }, fp: request.fp, req: request.jti });
  const { lease } = unwrap(await client.licensing().accept(await signDocument('license', claims, scene.license.key))) as { lease: string };

  const [secondRoot, secondLicense] = [await newParty(), await newParty()];
  const [root, license] = scene.keyset.keys as [Keyset['keys'][number], Keyset['keys'][number]];
  const row = (kid: string, jwk: Keyset['keys'][number]['jwk'], role: 'root' | 'license') => ({ kid, jwk, role, notBefore: NOW });
  const second: Keyset = { ...scene.keyset, version: 2, keys: [root, license, row(secondRoot.key.kid, secondRoot.key.jwk, 'root')] };
  const third: Keyset = {
    ...second, version: 3, keys: [...second.keys.map((key) => (key.kid === license.kid ? { ...key, revokedAt: NOW } : key)), row(secondLicense.key.kid, secondLicense.key.jwk, 'license')],
  };
  const thirdText = await signDocument('keyset', third, secondRoot.key);
  // Its root is not known before the second keyset has named it.
  expect(codeOf(await client.licensing().accept(thirdText))).toBe('FILE_NOT_GENUINE');
  expect(unwrap(await client.licensing().accept(await signDocument('keyset', second, scene.root.key)))).toEqual({ kind: 'keyset', version: 2, again: false });
  expect(client.licensing().current()).toMatchObject([{ id: lease, standing: { usable: true } }]);
  expect(unwrap(await client.licensing().accept(thirdText))).toEqual({ kind: 'keyset', version: 3, again: false });
  const ended = [{ id: lease, standing: { usable: false, code: 'FILE_NOT_GENUINE', details: { why: 'key-revoked' } }, file: null }];
  expect(client.licensing().current()).toMatchObject(ended);
  expect(codeOf(await client.licensing().accept(await signDocument('keyset', second, scene.root.key)))).toBe('KEYSET_STALE');
  await client.restart();
  expect(client.licensing().current()).toMatchObject(ended);
  const next = licenseClaims(scene, { aud: request.iss, cnf: { jkt: request.iss.slice(4) }, fp: request.fp, req: request.jti, sub: lease, seq: 2 });
  expect(codeOf(await client.licensing().accept(await signDocument('license', next, scene.license.key)))).toBe('FILE_NOT_GENUINE');
  expect(unwrap(await client.licensing().accept(await signDocument('license', next, secondLicense.key)))).toMatchObject({ kind: 'license', lease });
  expect(client.licensing().current()).toMatchObject([{ id: lease, standing: { usable: true } }]);
});
