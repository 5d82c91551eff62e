import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Authority } from '../../src-authority/index.ts';
import { parseKind } from '../../src-shared/documents/index.ts';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { DAY, HOUR } from '../../src-shared/time.ts';
import { otherProcess, PASSWORD, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { codeOf, eventually, startClient } from '../support/client.ts';
import type { ClientOptions, TestClient } from '../support/client.ts';
import { createTestMachine } from '../support/machine.ts';

/** Keys are rotated and revoked by another process than the one that serves, as its operator does it. */

let authority: TestAuthority;
let operator: Authority;
const open: TestClient[] = [];
const newClient = async (options: Partial<ClientOptions> = {}): Promise<TestClient> => {
  const made = await startClient({ clock: authority.clock, authority: authority.url, keyset: authority.keyset(), name: 'WS-042', ...options });
  open.push(made);
  return made;
};
const signedIn = async (options: Partial<ClientOptions> = {}): Promise<TestClient> => {
  const client = await newClient(options);
  unwrap(await client.licensing().account.signIn({ email: 'editor@northlight.example', password: PASSWORD }));
  return client;
};
/** A machine without a network that holds a license file for 30 days. */
const island = async (): Promise<{ readonly client: TestClient; readonly lease: string }> => {
  const client = await newClient({ authority: null, name: 'ISLAND' });
  const request = unwrap(await client.licensing().createRequest({ product: 'stage' })).text;
  const answered = unwrap(await operator.answer({ request, license: 'lic_stage', days: 30 }));
  expect(answered.keysets).toEqual([]);
  const { lease } = unwrap(await client.licensing().accept(answered.licenseFile)) as { lease: string };
  return { client, lease };
};
const signerOf = (text: string, kind: 'license' | 'receipt' | 'keyset' = 'license'): string => unwrap(parseKind(kind, text)).kid;
const keyInUse = async (role: 'root' | 'license' = 'license'): Promise<string> => {
  const key = (await operator.keys.list()).find((each) => each.role === role && each.inUse);
  if (!key) throw new Error('no key in use');
  return key.kid;
};
const keysetText = async (which?: { readonly version?: number; readonly after?: number }): Promise<string> => unwrap(await operator.keys.keyset(which)).document;
const knownTo = (client: TestClient): number => Math.max(...client.ports().store.keysets().map(({ version }) => version));
const fileOf = (client: TestClient, product = 'stage'): string => join(client.home, 'licenses', `${product}.lklic`);

beforeEach(async () => {
  authority = await startAuthority();
  operator = await otherProcess(authority);
});
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
  await operator.close();
  await authority.close();
});

test('after a rotation a machine that knows only the earlier key is answered with it, and one that has the new keyset with the new key', async () => {
  const client = await signedIn();
  const first = await keyInUse();
  const { kid } = unwrap(await operator.keys.rotate({ role: 'license' }));
  const { lease } = unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
  expect(signerOf(client.ports().store.lease(lease)?.text ?? '')).toBe(first);

  unwrap(await client.licensing().meet());
  expect(knownTo(client)).toBe(2);
  unwrap(await client.licensing().renew({ lease }));
  expect(signerOf(client.ports().store.lease(lease)?.text ?? '')).toBe(kid);
  // What the earlier key signed is still good.
  const { client: apart, lease: other } = await island();
  unwrap(await apart.licensing().accept(await keysetText()));
  expect(apart.licensing().current()).toMatchObject([{ id: other, standing: { usable: true } }]);
});

test('a key may be announced before it signs, so that licensed applications can be given its keyset first', async () => {
  const client = await signedIn();
  const first = await keyInUse();
  const { kid, from } = unwrap(await operator.keys.rotate({ role: 'license', inDays: 1 }));
  expect(from).toBe(authority.clock.now() + DAY);
  unwrap(await client.licensing().meet());
  const { lease } = unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
  const signer = () => signerOf(client.ports().store.lease(lease)?.text ?? '');
  expect(signer()).toBe(first);
  authority.clock.advance(20 * HOUR);
  unwrap(await client.licensing().renew({ lease }));
  expect(signer()).toBe(first);
  authority.clock.advance(4 * HOUR);
  expect(await keyInUse()).toBe(kid);
  unwrap(await client.licensing().renew({ lease }));
  expect(signer()).toBe(kid);
});

test('a key that another process has revoked never signs again, in the very next transaction', async () => {
  const client = await signedIn();
  const { lease } = unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
  const stolen = await keyInUse();
  const revoked = unwrap(await operator.keys.revoke({ kid: stolen, reason: 'stolen' }));
  expect(revoked).toMatchObject({ keyset: 2, leases: 1, again: false });
  expect(revoked.replacedBy).toBe(await keyInUse());
  // The machine asks with the keyset it has; it cannot know the key of the answer, fetches the keyset, and goes on.
  unwrap(await client.licensing().renew({ lease }));
  expect(signerOf(client.ports().store.lease(lease)?.text ?? '')).toBe(revoked.replacedBy);
  expect(knownTo(client)).toBe(2);
  expect((await authority.call()(contract.authority.about, {}))).toMatchObject({ value: { keyset: 2 } });
  expect(unwrap(await operator.keys.revoke({ kid: stolen, reason: null }))).toMatchObject({ keyset: 2, again: true, leases: 0 });
  expect(codeOf(await operator.keys.revoke({ kid: 'nobody', reason: null }))).toBe('NOT_FOUND');
});

test('a machine that was away while the root changed twice walks from keyset to keyset, and only as far as they vouch for each other', async () => {
  const client = await newClient();
  for (let times = 0; times < 2; times += 1) {
    unwrap(await operator.keys.rotate({ role: 'root' }));
    unwrap(await operator.keys.rotate({ role: 'license' }));
  }
  const roots = (await operator.keys.list()).filter(({ role }) => role === 'root').map(({ kid }) => kid);
  expect(await Promise.all([2, 3, 4, 5].map(async (version) => signerOf(await keysetText({ version }), 'keyset')))).toEqual([roots[0], roots[1], roots[1], roots[2]]);
  const sent = client.wire.sent.length;
  unwrap(await client.licensing().meet());
  expect(client.ports().store.keysets().map(({ version }) => version)).toEqual([1, 2, 4, 5]);
  expect(client.wire.sent.slice(sent)).toEqual(['GET /v1/authority', 'GET /v1/keyset', 'GET /v1/keyset', 'GET /v1/keyset']);
  await client.restart();
  expect(client.licensing().state().connection.authority).toBe(authority.id);
  expect(unwrap(await client.licensing().accept(await keysetText()))).toEqual({ kind: 'keyset', version: 5, again: true });
});

test('a connected machine whose license file was signed by a revoked key has another one after the next round', async () => {
  const client = await signedIn();
  const online = unwrap(await client.licensing().checkout({ license: 'lic_stage' })).lease;
  const offline = unwrap(await client.licensing().checkout({ license: 'lic_offline', mode: 'offline', days: 8 })).lease;
  authority.clock.advance(3 * HOUR);
  const before = client.licensing().current().find(({ id }) => id === offline)?.until ?? 0;
  await client.licensing().start();
  await eventually('the first round', () => client.licensing().state().connection.state === 'online');
  const stolen = await keyInUse();
  const { replacedBy } = unwrap(await operator.keys.revoke({ kid: stolen, reason: null }));
  expect(await operator.keys.reissues()).toHaveLength(2);

  client.schedule.advance(601);
  const signers = () => [online, offline].map((lease) => signerOf(client.ports().store.lease(lease)?.text ?? ''));
  await eventually('both leases have a file by the new key', () => signers().every((kid) => kid === replacedBy));
  await eventually('both are usable', () => client.licensing().current().every(({ standing }) => standing.usable));
  // What is left of the period, not another one as long.
  const after = client.licensing().current().find(({ id }) => id === offline)?.until ?? 0;
  expect(after).toBeGreaterThanOrEqual(before);
  expect(after).toBeLessThan(before + DAY);
  expect(client.notices).toEqual([]);
  expect(await operator.keys.reissues()).toEqual([]);
  expect(existsSync(fileOf(client))).toBe(true);
});

test('a machine without a network is told why, asks anew by file, and takes the keyset and the new license file together', async () => {
  const { client, lease } = await island();
  const { replacedBy } = unwrap(await operator.keys.revoke({ kid: await keyInUse(), reason: 'stolen' }));
  // Until the keyset arrives it cannot know.
  expect(client.licensing().current()).toMatchObject([{ id: lease, standing: { usable: true } }]);
  expect(await operator.keys.reissues()).toMatchObject([{ carrier: 'file', lease: { id: lease, machine: { name: 'ISLAND' }, mode: 'offline' } }]);

  const renewal = unwrap(await client.licensing().createRequest({ lease, days: 30 })).text;
  const answered = unwrap(await operator.answer({ request: renewal, license: 'lic_stage', days: 30 }));
  expect(signerOf(answered.licenseFile)).toBe(replacedBy);
  expect(answered.keysets).toMatchObject([{ version: 2, fileName: 'latchkey-keyset-2.lkkeys' }]);
  const [keyset] = answered.keysets;

  expect(await client.licensing().accept(answered.licenseFile)).toMatchObject({ ok: false, code: 'FILE_NOT_GENUINE', details: { why: 'key-unknown', needed: 2, known: 1 } });
  expect(unwrap(await client.licensing().inspect(answered.licenseFile))).toMatchObject({ next: 'bring-keyset' });
  expect(client.licensing().current()).toMatchObject([{ id: lease, standing: { usable: true } }]);

  unwrap(await client.licensing().accept(keyset?.document ?? ''));
  expect(client.licensing().current()).toMatchObject([{ id: lease, standing: { usable: false, code: 'FILE_NOT_GENUINE', details: { why: 'key-revoked', at: authority.clock.now() } } }]);
  expect(existsSync(fileOf(client))).toBe(false);
  unwrap(await client.licensing().accept(answered.licenseFile));
  expect(client.licensing().current()).toMatchObject([{ id: lease, standing: { usable: true } }]);
  expect(existsSync(fileOf(client))).toBe(true);
  expect(await operator.keys.reissues()).toEqual([]);
});

test('a renewal request also goes out after the keyset has come, and then needs no keyset with its answer', async () => {
  const { client, lease } = await island();
  unwrap(await operator.keys.revoke({ kid: await keyInUse(), reason: null }));
  unwrap(await client.licensing().accept(await keysetText()));
  expect(client.licensing().current()).toMatchObject([{ standing: { usable: false } }]);
  const answered = unwrap(await operator.answer({ request: unwrap(await client.licensing().createRequest({ lease, days: 10 })).text, license: 'lic_stage', days: 10 }));
  expect(answered.keysets).toEqual([]);
  unwrap(await client.licensing().accept(answered.licenseFile));
  expect(client.licensing().current()).toMatchObject([{ id: lease, standing: { usable: true } }]);
});

test('a machine that skipped keysets is given every step that it needs, in order', async () => {
  const { client, lease } = await island();
  unwrap(await operator.keys.rotate({ role: 'root' }));
  unwrap(await operator.keys.rotate({ role: 'license' }));
  unwrap(await operator.keys.revoke({ kid: (await operator.keys.list()).find(({ role }) => role === 'license')?.kid ?? '', reason: null }));
  const answered = unwrap(await operator.answer({ request: unwrap(await client.licensing().createRequest({ lease, days: 10 })).text, license: 'lic_stage', days: 10 }));
  expect(answered.keysets.map(({ version }) => version)).toEqual([2, 4]);
  const [second, fourth] = answered.keysets;
  expect(await client.licensing().accept(fourth?.document ?? '')).toMatchObject({ code: 'FILE_NOT_GENUINE', details: { why: 'key-unknown', needed: 2 } });
  expect(await keysetText({ after: 1 })).toBe(second?.document);
  unwrap(await client.licensing().accept(second?.document ?? ''));
  unwrap(await client.licensing().accept(fourth?.document ?? ''));
  unwrap(await client.licensing().accept(answered.licenseFile));
  expect(client.licensing().current()).toMatchObject([{ id: lease, standing: { usable: true } }]);
});

test('a request whose answer was lost before its key was revoked gets no useless file: the machine asks anew by itself', async () => {
  const client = await signedIn();
  client.wire.set('deaf', /checkouts/);
  expect(codeOf(await client.licensing().checkout({ license: 'lic_stage' }))).toBe('AUTHORITY_UNREACHABLE');
  const { replacedBy } = unwrap(await operator.keys.revoke({ kid: await keyInUse(), reason: null }));
  client.wire.set('up');
  const { lease } = unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
  expect(signerOf(client.ports().store.lease(lease)?.text ?? '')).toBe(replacedBy);
  expect(client.licensing().current()).toMatchObject([{ id: lease, standing: { usable: true } }]);
  const token = await authority.signIn('editor@northlight.example');
  expect(unwrap(await authority.call(token)(contract.leases.mine, {})).leases.map(({ id }) => id)).toEqual([lease]);
});

test('a receipt is signed by a key that the machine knows, and signed again when that key was revoked on the way', async () => {
  const { client, lease } = await island();
  const first = await keyInUse();
  unwrap(await operator.keys.rotate({ role: 'license' }));
  const proof = unwrap(await client.licensing().releaseByProof(lease)).text;
  const accepted = unwrap(await operator.accept(proof));
  expect(signerOf(accepted.receipt, 'receipt')).toBe(first);
  expect(accepted.keysets).toEqual([]);
  unwrap(await operator.keys.revoke({ kid: first, reason: null }));
  unwrap(await client.licensing().accept(await keysetText()));
  expect(codeOf(await client.licensing().accept(accepted.receipt))).toBe('FILE_NOT_GENUINE');
  const again = unwrap(await operator.accept(proof));
  expect(signerOf(again.receipt, 'receipt')).toBe(await keyInUse());
  expect(unwrap(await client.licensing().accept(again.receipt))).toEqual({ kind: 'receipt', lease });
});

test('a time ticket by a key that the machine does not know comes with the keysets to bring first, also when it is asked for again; one by a key revoked since is not given again', async () => {
  unwrap(await operator.keys.revoke({ kid: await keyInUse(), reason: 'lost' }));
  const machine = await createTestMachine({ authority: authority.id, clock: authority.clock });
  const request = await machine.request({ mode: 'offline' }, { purpose: 'time' });
  const editor = authority.call(await authority.signIn('editor@northlight.example'));
  const told = unwrap(await operator.tellTime(request));
  expect(told.keysets.map(({ version }) => version)).toEqual([2]);
  const again = unwrap(await editor(contract.exchange.time, { body: { request } }));
  expect([again.ticket, again.keysets]).toEqual([told.ticket, told.keysets]);

  unwrap(await operator.keys.revoke({ kid: await keyInUse(), reason: 'lost too' }));
  const refused = { ok: false, code: 'CONFLICT', details: { why: 'key-revoked' } };
  expect(await operator.tellTime(request)).toMatchObject(refused);
  expect(unwrap(await editor(contract.exchange.inspect, { body: { document: request } })).inspection.acceptable).toMatchObject(refused);
});

test('whoever brings a release proof again is told again which keyset the machine needs before its receipt', async () => {
  const { client, lease } = await island();
  unwrap(await operator.keys.revoke({ kid: await keyInUse(), reason: 'lost' }));
  const proof = unwrap(await client.licensing().releaseByProof(lease)).text;
  const accepted = unwrap(await operator.accept(proof));
  expect(accepted.keysets.map(({ version }) => version)).toEqual([2]);
  expect(unwrap(await operator.accept(proof))).toMatchObject({ receipt: accepted.receipt, keysets: accepted.keysets });
});

test('as soon as another process has revoked a key a connected machine takes in the keyset and renews what that ends, also where much else was written meanwhile', async () => {
  const client = await signedIn();
  const { lease } = unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
  await client.licensing().start();
  await eventually('it is online', () => client.licensing().state().connection.state === 'online');
  // More rows of the serving process' own than are looked at together.
  for (let each = 0; each < 210; each += 1) unwrap(await authority.authority().load({ products: [], organizations: [{ name: `Filler ${each}`, users: [], licenses: [] }] }));
  const { replacedBy } = unwrap(await operator.keys.revoke({ kid: signerOf(client.ports().store.lease(lease)?.text ?? ''), reason: 'stolen' }));
  await eventually('its lease rests on the new key', () => signerOf(client.ports().store.lease(lease)?.text ?? '') === replacedBy);
  expect(knownTo(client)).toBe(2);
});

test('what the authority says of a license file and of its own keysets after keys were revoked', async () => {
  const { client, lease } = await island();
  const file = client.ports().store.lease(lease)?.text ?? '';
  const request = client.ports().store.request(unwrap(parseKind('license', file)).claims.req)?.text ?? '';
  const first = await keysetText();
  const [root, license] = [await keyInUse('root'), await keyInUse()];
  expect(unwrap(await operator.inspect(request))).toMatchObject({ answered: true, inspection: { acceptable: { ok: true }, next: 'answer' } });
  unwrap(await operator.keys.rotate({ role: 'root' }));
  unwrap(await operator.keys.revoke({ kid: root, reason: null }));
  unwrap(await operator.keys.revoke({ kid: license, reason: null }));
  const manager = authority.call(await authority.signIn('manager@northlight.example'));
  for (const look of [(text: string) => operator.inspect(text), (document: string) => manager(contract.exchange.inspect, { body: { document } })]) {
    expect(unwrap(await look(file))).toMatchObject({
      inspection: { genuine: { ok: false, code: 'FILE_NOT_GENUINE', details: { why: 'key-revoked', at: authority.clock.now() } }, next: 'request-again' },
    });
    // Its one answer is of no use any more, and it gets no other.
    expect(unwrap(await look(request))).toMatchObject({ answered: false, inspection: { genuine: { ok: true }, acceptable: { ok: false, code: 'CONFLICT', details: { why: 'key-revoked' } }, next: 'request-again' } });
    // Its root is revoked, and yet it is ours: a machine may still need it on its way.
    expect(unwrap(await look(first))).toMatchObject({ inspection: { genuine: { ok: true }, acceptable: { ok: true }, next: 'take-to-machine' } });
    expect(unwrap(await look(await keysetText()))).toMatchObject({ inspection: { genuine: { ok: true }, acceptable: { ok: true } } });
  }
});

test('a manager sees whom to re-issue, those that wait for a person first, and what to bring; another organization sees its own only', async () => {
  const apart = await island();
  const client = await signedIn();
  unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
  unwrap(await client.licensing().checkout({ license: 'lic_offline', mode: 'offline', days: 8 }));
  const token = await authority.signIn('manager@northlight.example');
  const organization = await authority.organization(token, 'Northlight');
  const reissues = async (query = {}) => unwrap(await authority.call(token)(contract.holdings.reissues, { params: { organization }, query }));
  const none = { total: 0, byThemselves: 0, revokedAt: null, keyset: null, reissues: [] };
  expect(await reissues()).toEqual(none);
  unwrap(await operator.keys.rotate({ role: 'license' }));
  expect(await reissues()).toEqual(none);
  const first = (await operator.keys.list()).find(({ role }) => role === 'license');
  expect(first).toMatchObject({ leases: 3, inUse: false });
  unwrap(await operator.keys.revoke({ kid: first?.kid ?? '', reason: null }));

  const found = await reissues();
  expect(found).toMatchObject({ total: 3, byThemselves: 1, revokedAt: authority.clock.now(), keyset: { version: 3, document: await keysetText(), fileName: 'latchkey-keyset-3.lkkeys' } });
  expect(found.reissues.map(({ carrier, lease: { machine, mode } }) => [carrier, mode, machine.name])).toEqual([['file', 'offline', 'ISLAND'], ['network', 'offline', 'WS-042'], ['network', 'online', 'WS-042']]);
  expect((await reissues({ offset: 1, limit: 1 })).reissues).toEqual([found.reissues[1]]);
  const boss = await authority.signIn('boss@harbor.example');
  expect(unwrap(await authority.call(boss)(contract.holdings.reissues, { params: { organization: await authority.organization(boss, 'Harbor') }, query: {} }))).toEqual(none);
  expect(codeOf(await authority.call(boss)(contract.holdings.reissues, { params: { organization }, query: {} }))).toBe('NOT_FOUND');

  // One that has been answered anew, or has ended, is no longer among them.
  const renewal = unwrap(await apart.client.licensing().createRequest({ lease: apart.lease, days: 5 })).text;
  unwrap(await operator.answer({ request: renewal, license: 'lic_stage', days: 5 }));
  authority.clock.advance(2 * DAY);
  expect(await reissues()).toMatchObject({ total: 1, byThemselves: 0, reissues: [{ carrier: 'network', lease: { mode: 'offline' } }] });
});

test('every change of the keys is on record, with its reason', async () => {
  unwrap(await operator.keys.rotate({ role: 'license' }));
  unwrap(await operator.keys.revoke({ kid: await keyInUse(), reason: 'laptop lost' }));
  const rows: { action: string; details: string | object }[] = [];
  for await (const row of operator.auditRows()) rows.push(row as unknown as (typeof rows)[number]);
  expect(rows.filter(({ action }) => action.startsWith('key.'))).toMatchObject([{ action: 'key.rotated' }, { action: 'key.revoked' }]);
  expect(JSON.stringify(rows.at(-1))).toContain('laptop lost');
  expect((await operator.verifyAudit()).intact).toBe(true);
});
