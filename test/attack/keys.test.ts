import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createAuthority } from '../../src-authority/index.ts';
import type { Authority } from '../../src-authority/index.ts';
import { importSigningKey, parseKind, signDocument } from '../../src-shared/documents/index.ts';
import type { ClaimsOf, PrivateJwk, SigningKey } from '../../src-shared/documents/index.ts';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { DAY } from '../../src-shared/time.ts';
import { otherProcess, PASSWORD, realRandom, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { codeOf, startClient } from '../support/client.ts';
import type { ClientOptions, TestClient } from '../support/client.ts';

/** Attacks on the authority's keys and on a machine's trust in them: a real authority, and a real machine's one door. */

let authority: TestAuthority;
let operator: Authority;
const open: TestClient[] = [];
const newClient = async (options: Partial<ClientOptions> = {}): Promise<TestClient> => {
  const made = await startClient({ clock: authority.clock, authority: null, keyset: authority.keyset(), name: 'WS-042', ...options });
  open.push(made);
  return made;
};
/** What a thief who was at the authority's computer has. */
const stolen = (kid: string): Promise<SigningKey> => importSigningKey(JSON.parse(readFileSync(join(authority.home, 'keys', `${kid}.jwk.json`), 'utf8')) as PrivateJwk);
const keyOf = async (role: 'root' | 'license', which = -1): Promise<string> => (await operator.keys.list()).filter((key) => key.role === role).at(which)?.kid ?? '';
const textOf = async (version?: number): Promise<string> => unwrap(await operator.keys.keyset(version === undefined ? {} : { version })).document;
const claimsOf = async (version?: number): Promise<ClaimsOf<'keyset'>> => unwrap(parseKind('keyset', await textOf(version))).claims;
const trustOf = (client: TestClient) => client.ports().store.keysets().map(({ version, text }) => [version, text]);
/** What is said of a file that is refused; neither trust nor leases have changed by it. */
const refusal = async (client: TestClient, text: string) => {
  const before = [trustOf(client), client.licensing().current()];
  const result = await client.licensing().accept(text);
  expect([trustOf(client), client.licensing().current()]).toEqual(before);
  return result;
};
const holding = async (client: TestClient): Promise<string> => {
  const request = unwrap(await client.licensing().createRequest({ product: 'stage' })).text;
  return (unwrap(await client.licensing().accept(unwrap(await operator.answer({ request, license: 'lic_stage', days: 30 })).licenseFile)) as { lease: string }).lease;
};

beforeEach(async () => {
  authority = await startAuthority();
  operator = await otherProcess(authority);
});
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
  await operator.close();
  await authority.close();
});

describe('a keyset by file', () => {
  test('one that the old root signed and that names both roots is taken; one signed by the new root only is refused until then', async () => {
    const client = await newClient();
    unwrap(await operator.keys.rotate({ role: 'root' }));
    unwrap(await operator.keys.rotate({ role: 'license' }));
    expect(await refusal(client, await textOf(3))).toMatchObject({ ok: false, code: 'FILE_NOT_GENUINE', details: { why: 'key-unknown', needed: 2, known: 1 } });
    expect((await claimsOf(2)).keys.filter(({ role }) => role === 'root')).toHaveLength(2);
    expect(unwrap(await client.licensing().accept(await textOf(2)))).toEqual({ kind: 'keyset', version: 2, again: false });
    expect(unwrap(await client.licensing().accept(await textOf(3)))).toEqual({ kind: 'keyset', version: 3, again: false });
  });

  test('a skipped one is no matter when the next is signed by a root known here; an older one never comes back', async () => {
    const client = await newClient();
    unwrap(await operator.keys.rotate({ role: 'license' }));
    unwrap(await operator.keys.rotate({ role: 'license' }));
    expect(unwrap(await client.licensing().accept(await textOf(3)))).toEqual({ kind: 'keyset', version: 3, again: false });
    expect(await refusal(client, await textOf(2))).toMatchObject({ ok: false, code: 'KEYSET_STALE', details: { held: 3, actual: 2 } });
    expect(await refusal(client, await textOf(1))).toMatchObject({ ok: false, code: 'KEYSET_STALE' });
    expect(unwrap(await client.licensing().accept(await textOf(3)))).toMatchObject({ again: true });
  });

  test('an expired one is refused, also when it is the newest', async () => {
    const client = await newClient();
    unwrap(await operator.keys.rotate({ role: 'license' }));
    authority.clock.advance(3651 * DAY);
    expect(await refusal(client, await textOf())).toMatchObject({ ok: false, code: 'FILE_EXPIRED' });
  });

  test('one by a revoked root, by a license key, by a stranger or for another authority is refused', async () => {
    const client = await newClient();
    const thief = await stolen(await keyOf('root'));
    const license = await stolen(await keyOf('license'));
    unwrap(await operator.keys.rotate({ role: 'root' }));
    unwrap(await operator.keys.revoke({ kid: thief.kid, reason: 'stolen' }));
    unwrap(await client.licensing().accept(await textOf(2)));
    unwrap(await client.licensing().accept(await textOf(3)));
    const next = { ...(await claimsOf()), version: 99 };
    const unrevoked = { ...next, keys: next.keys.map(({ revokedAt: _, ...key }) => key) };
    expect(await refusal(client, await signDocument('keyset', unrevoked, thief))).toMatchObject({ ok: false, code: 'FILE_NOT_GENUINE', details: { why: 'key-revoked' } });
    expect(await refusal(client, await signDocument('keyset', unrevoked, license))).toMatchObject({ ok: false, code: 'FILE_NOT_GENUINE', details: { why: 'key-role' } });
    const other = await startAuthority({ clock: authority.clock });
    expect(await refusal(client, other.keyset())).toMatchObject({ ok: false, code: 'FILE_WRONG_AUTHORITY' });
    await other.close();
  });

  test('the bound: whoever has a root that a machine still trusts can lead that machine away, and no other', async () => {
    const behind = await newClient();
    const upToDate = await newClient({ name: 'WS-043' });
    const thief = await stolen(await keyOf('root'));
    unwrap(await operator.keys.rotate({ role: 'root' }));
    unwrap(await operator.keys.revoke({ kid: thief.kid, reason: 'stolen' }));
    for (const version of [2, 3]) unwrap(await upToDate.licensing().accept(await textOf(version)));
    const forged = await signDocument('keyset', { ...(await claimsOf(1)), version: 50 }, thief);
    expect(await refusal(upToDate, forged)).toMatchObject({ ok: false, code: 'FILE_NOT_GENUINE', details: { why: 'key-revoked' } });
    expect((await behind.licensing().accept(forged)).ok).toBe(true);
  });
});

describe('a stolen license key', () => {
  test('once the keyset has arrived everything it signed is refused, whatever date stands in it, and its leases are suspended', async () => {
    const client = await newClient();
    const lease = await holding(client);
    const held = unwrap(parseKind('license', client.ports().store.lease(lease)?.text ?? '')).claims;
    const thief = await stolen(await keyOf('license'));
    unwrap(await operator.keys.revoke({ kid: thief.kid, reason: 'stolen' }));
    const forever = { ...held, jti: 'fil_forged', seq: 2, exp: held.exp + 3000 * DAY };
    unwrap(await client.licensing().accept(await textOf()));
    expect(await refusal(client, await signDocument('license', forever, thief))).toMatchObject({ ok: false, code: 'FILE_NOT_GENUINE', details: { why: 'key-revoked', at: authority.clock.now() } });
    expect(await refusal(client, await signDocument('license', { ...forever, iat: held.iat - DAY, nbf: held.iat - DAY }, thief))).toMatchObject({ ok: false, code: 'FILE_NOT_GENUINE', details: { why: 'key-revoked' } });
    expect(client.licensing().current()).toMatchObject([{ id: lease, standing: { usable: false, code: 'FILE_NOT_GENUINE', details: { why: 'key-revoked' } }, file: null }]);
    expect(existsSync(join(client.home, 'licenses', 'stage.lklic'))).toBe(false);
    await client.restart();
    expect(client.licensing().current()).toMatchObject([{ standing: { usable: false } }]);
  });

  test('a file that merely names a revoked key is told as a forgery, not as revoked', async () => {
    const client = await newClient();
    const lease = await holding(client);
    const claims = unwrap(parseKind('license', client.ports().store.lease(lease)?.text ?? '')).claims;
    const real = await stolen(await keyOf('license'));
    unwrap(await operator.keys.revoke({ kid: real.kid, reason: null }));
    unwrap(await client.licensing().accept(await textOf()));
    const stranger = await stolen(await keyOf('root'));
    expect(await refusal(client, await signDocument('license', { ...claims, seq: 2 }, { ...stranger, kid: real.kid }))).toMatchObject({ ok: false, code: 'FILE_NOT_GENUINE', details: { why: 'signature' } });
  });

  test('a key that was made by somebody else, with a date before the keyset known here, is no matter of a missing keyset', async () => {
    const client = await newClient();
    const lease = await holding(client);
    const claims = unwrap(parseKind('license', client.ports().store.lease(lease)?.text ?? '')).claims;
    authority.clock.advance(DAY);
    unwrap(await operator.keys.rotate({ role: 'license' }));
    unwrap(await client.licensing().accept(await textOf()));
    const other = await startAuthority({ clock: authority.clock });
    const key = readdirSync(join(other.home, 'keys')).find((name) => name.endsWith('.jwk.json')) ?? '';
    const stranger = await importSigningKey(JSON.parse(readFileSync(join(other.home, 'keys', key), 'utf8')) as PrivateJwk);
    const refused = await client.licensing().accept(await signDocument('license', { ...claims, seq: 2 }, stranger));
    expect(refused).toEqual({ ok: false, code: 'FILE_NOT_GENUINE', details: { why: 'key-unknown' } });
    await other.close();
  });
});

describe('the authority', () => {
  test('the last root cannot be revoked, nor one whose end would leave no root here to sign with; nothing changes', async () => {
    const before = await textOf();
    expect(await operator.keys.revoke({ kid: await keyOf('root'), reason: null })).toMatchObject({ code: 'CONFLICT', details: { why: 'last-root' } });
    expect(await textOf()).toBe(before);
    const { kid } = unwrap(await operator.keys.rotate({ role: 'root' }));
    const second = await textOf();
    renameSync(join(authority.home, 'keys', `${kid}.jwk.json`), join(authority.home, 'away'));
    expect(await operator.keys.revoke({ kid: await keyOf('root', 0), reason: null })).toMatchObject({ code: 'CONFLICT', details: { why: 'no-root-here', roots: [kid] } });
    expect(await textOf()).toBe(second);
    // The one whose private part is away can be revoked by the one that is here.
    expect(unwrap(await operator.keys.revoke({ kid, reason: 'the stick is lost' }))).toMatchObject({ role: 'root', keyset: 3 });
  });

  test('with no root here nothing is rotated or revoked, and no key file is left behind', async () => {
    rmSync(join(authority.home, 'keys', `${await keyOf('root')}.jwk.json`));
    const files = readdirSync(join(authority.home, 'keys'));
    for (const work of [operator.keys.rotate({ role: 'license' }), operator.keys.rotate({ role: 'root' }), operator.keys.revoke({ kid: await keyOf('license'), reason: null })]) {
      expect(await work).toMatchObject({ code: 'CONFLICT', details: { why: 'no-root-here' } });
    }
    expect(readdirSync(join(authority.home, 'keys'))).toEqual(files);
  });

  test('a private key is on disk, for its owner only, before the keyset that names it; a change that fails leaves a key that nobody names', async () => {
    const database = new BetterSqlite(join(authority.home, 'authority.db'));
    database.exec(`CREATE TRIGGER cut BEFORE INSERT ON keyset BEGIN SELECT RAISE(ABORT, 'the power fails'); END`);
    const before = [await textOf(), (await operator.keys.list()).map(({ kid }) => kid)];
    const files = new Set(readdirSync(join(authority.home, 'keys')));
    await expect(operator.keys.rotate({ role: 'license' })).rejects.toThrow('the power fails');
    await expect(operator.keys.revoke({ kid: await keyOf('license'), reason: null })).rejects.toThrow('the power fails');
    expect([await textOf(), (await operator.keys.list()).map(({ kid }) => kid)]).toEqual(before);
    const left = readdirSync(join(authority.home, 'keys')).filter((name) => !files.has(name));
    expect(left).toHaveLength(2);
    for (const name of left) expect(statSync(join(authority.home, 'keys', name)).mode & 0o077).toBe(0);
    database.exec('DROP TRIGGER cut');
    database.close();
    const { kid } = unwrap(await operator.keys.rotate({ role: 'license' }));
    expect((await operator.keys.list()).at(-1)).toMatchObject({ kid, privatePart: true, inUse: true });
  });

  test('an authority that finds its newest keyset damaged or its key gone refuses to sign, and says so', async () => {
    const token = await authority.signIn('editor@northlight.example');
    const client = await newClient({ authority: authority.url });
    unwrap(await client.licensing().account.signIn({ email: 'editor@northlight.example', password: PASSWORD }));
    const license = await keyOf('license');
    const path = join(authority.home, 'keys', `${license}.jwk.json`);
    const key = readFileSync(path);
    await authority.stop();
    rmSync(path);
    expect(await createAuthority({ home: authority.home, clock: authority.clock, random: realRandom, version: 'test' })).toMatchObject({ code: 'STORE_UNUSABLE', details: { why: 'key', kid: license } });
    writeFileSync(path, key, { mode: 0o600 });
    await authority.start();
    // While it serves, somebody writes another keyset into its database: it is not signed by any root of ours.
    const database = new BetterSqlite(join(authority.home, 'authority.db'));
    database.prepare('INSERT INTO keyset VALUES (2, ?, 0)').run((await textOf()).replace(/[A-Z](?=[^-]*-----END)/, 'x'));
    database.close();
    expect(codeOf(await client.licensing().checkout({ license: 'lic_stage' }))).toBe('STORE_UNUSABLE');
    expect(unwrap(await authority.call(token)(contract.leases.mine, {})).leases).toEqual([]);
  });

  test('a full keyset drops the keys that were revoked first, and is refused when there is none', async () => {
    for (let made = 2; made < 64; made += 1) unwrap(await operator.keys.rotate({ role: 'license' }));
    expect((await claimsOf()).keys).toHaveLength(64);
    expect(await operator.keys.rotate({ role: 'license' })).toMatchObject({ code: 'CONFLICT', details: { why: 'keyset-full', most: 64 } });
    const first = await keyOf('license', 0);
    unwrap(await operator.keys.revoke({ kid: first, reason: 'old' }));
    const { kid } = unwrap(await operator.keys.rotate({ role: 'license' }));
    const { keys } = await claimsOf();
    expect(keys).toHaveLength(64);
    expect(keys.map((key) => key.kid)).not.toContain(first);
    expect(keys.at(-1)?.kid).toBe(kid);
    // Whoever comes from the very first keyset still gets here.
    const client = await newClient({ keyset: await textOf(1) });
    expect(unwrap(await client.licensing().accept(await textOf()))).toMatchObject({ kind: 'keyset', version: 65 });
  }, 30_000);
});

describe('whoever answers at the authority’s address', () => {
  let server: Server;
  let asked = 0;
  let keysetFor: (after: number) => string;
  let promised = Number.MAX_SAFE_INTEGER;
  const url = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  beforeEach(async () => {
    asked = 0;
    server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
      asked += 1;
      const value = pathname === '/v1/authority'
        ? { authority: authority.id, version: '1', now: authority.clock.now(), keyset: promised }
        : { keyset: keysetFor(Number(searchParams.get('after'))) };
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ ok: true, value }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => new Promise<void>((resolve) => server.close(() => resolve())));

  test('promises of newer keysets that never come do not keep a machine busy: the same again, an older one, a forged one', async () => {
    const first = await textOf();
    unwrap(await operator.keys.rotate({ role: 'license' }));
    const second = await textOf();
    const client = await newClient({ authority: url(), keyset: first });
    keysetFor = () => second;
    expect((await client.licensing().meet()).ok).toBe(true);
    // One step forward, and the same once more.
    expect(asked).toBe(3);
    expect(trustOf(client).map(([version]) => version)).toEqual([1, 2]);
    asked = 0;
    keysetFor = () => first;
    expect(codeOf(await client.licensing().meet())).toBe('KEYSET_STALE');
    keysetFor = () => second.replace(/[A-Z](?=[^-]*-----END)/, 'x');
    expect(codeOf(await client.licensing().meet())).toMatch(/^FILE_/);
    expect(asked).toBe(4);
    expect(trustOf(client).map(([version]) => version)).toEqual([1, 2]);
  });

  test('a chain without an end, signed by a stolen root, is left after a bounded number of steps', async () => {
    const thief = await stolen(await keyOf('root'));
    const claims = await claimsOf();
    const made = new Map<number, string>();
    const client = await newClient({ authority: url() });
    for (let version = 2; version <= 130; version += 1) made.set(version, await signDocument('keyset', { ...claims, version }, thief));
    keysetFor = (after) => made.get(after + 1) ?? '';
    promised = 10_000;
    expect((await client.licensing().meet()).ok).toBe(true);
    expect(asked).toBe(101);
  });
});
