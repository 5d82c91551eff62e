import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseKind } from '../../src-shared/documents/index.ts';
import type { ClaimsOf } from '../../src-shared/documents/index.ts';
import { contract, EVENTS_PATH } from '../../src-shared/http/index.ts';
import type { CallAuthority } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { DAY, HOUR } from '../../src-shared/time.ts';
import { startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { codeOf, startClient } from '../support/client.ts';
import type { TestClient } from '../support/client.ts';
import { createTestMachine, fingerprintOf } from '../support/machine.ts';
import type { TestMachine } from '../support/machine.ts';

/** Another organization finds a request file of a machine, and answers it with a license of its own. */
const { holdings, exchange } = contract;
let a: TestAuthority;
let owner: CallAuthority;
let stranger: CallAuthority;
let northlight: string;
let harbor: string;
let machine: TestMachine;

beforeEach(async () => {
  a = await startAuthority();
  owner = a.call(await a.signIn('owner@northlight.example'));
  stranger = a.call(await a.signIn('boss@harbor.example'));
  northlight = await a.organization(await a.signIn('owner@northlight.example'), 'Northlight');
  harbor = await a.organization(await a.signIn('boss@harbor.example'), 'Harbor');
  machine = await createTestMachine({ authority: a.id, clock: a.clock, name: 'WS-001' });
});
afterEach(() => a.close());

const answer = (call: CallAuthority, request: string, license: string) => call(exchange.answer, { body: { request, license, days: 5 } });
const claimsIn = (text: string): ClaimsOf<'license'> => unwrap(parseKind('license', text)).claims;
const seen = async (call: CallAuthority, organization: string) => unwrap(await call(holdings.machine, { params: { organization, machine: machine.id } }));
const resolve = (call: CallAuthority, organization: string, decision: 'retire' | 'same-machine') =>
  call(holdings.resolve, { params: { organization, machine: machine.id }, body: { decision, reason: 'mine now' } });

describe('a request file that another organization has answered first', () => {
  test('is answered for its owner all the same: each organization has one answer, always the same', async () => {
    const request = await machine.request({ mode: 'offline', days: 5 });
    const theirs = unwrap(await answer(stranger, request, 'lic_harbor'));
    const ours = unwrap(await answer(owner, request, 'lic_stage'));
    expect(ours).toMatchObject({ again: false, lease: { organization: { id: northlight } } });
    expect(claimsIn(ours.licenseFile).req).toBe(claimsIn(theirs.licenseFile).req);
    // Again, also many times at once and with another license of the same organization.
    const again = await Promise.all([...Array.from({ length: 10 }, () => answer(owner, request, 'lic_stage')), answer(owner, request, 'lic_single'), answer(stranger, request, 'lic_harbor')]);
    expect(again.map((each) => unwrap(each).lease.id)).toEqual([...Array.from({ length: 11 }, () => ours.lease.id), theirs.lease.id]);
    // A seat of each is in transit until its file ends, or until it is released.
    const seats = async (call: CallAuthority, organization: string, license: string) =>
      unwrap(await call(contract.licenses.entitlements, { params: { organization }, query: {} })).entitlements.find((each) => each.license === license)?.seats;
    expect(await seats(owner, northlight, 'lic_stage')).toMatchObject({ inTransit: 1 });
    expect(await seats(stranger, harbor, 'lic_harbor')).toMatchObject({ inTransit: 1 });
    expect(await seats(owner, northlight, 'lic_single')).toMatchObject({ inTransit: 0 });
    unwrap(await a.call()(contract.leases.giveBack, { body: { proof: await machine.proof(theirs.lease.id, claimsIn(theirs.licenseFile).jti) } }));
    expect(await seats(stranger, harbor, 'lic_harbor')).toMatchObject({ free: 2 });
  });

  test('has an answer of each also where the operator, or a person of both, answers for the second one', async () => {
    const request = await machine.request({ mode: 'offline', days: 5 });
    const theirs = unwrap(await answer(stranger, request, 'lic_harbor'));
    const ours = unwrap(await a.authority().answer({ request, license: 'lic_stage', days: 5 }));
    expect(ours).toMatchObject({ again: false, lease: { license: 'lic_stage' } });
    expect(unwrap(await a.authority().answer({ request, license: 'lic_harbor', days: 5 }))).toMatchObject({ again: true, licenseFile: theirs.licenseFile });

    const both = a.call(await a.signIn('editor@northlight.example'));
    const second = await machine.request({ mode: 'offline', days: 5 });
    expect(unwrap(await answer(both, second, 'lic_harbor'))).toMatchObject({ again: false, lease: { license: 'lic_harbor' } });
    expect(unwrap(await answer(both, second, 'lic_stage'))).toMatchObject({ again: false, lease: { license: 'lic_stage' } });
  });

  test('is still refused to a colleague who may not have it again, and to a person who chooses a license that is not theirs', async () => {
    const request = await machine.request({ mode: 'offline', days: 5 });
    const editor = a.call(await a.signIn('second@northlight.example'));
    unwrap(await answer(owner, request, 'lic_stage'));
    expect(await answer(editor, request, 'lic_stage')).toMatchObject({ code: 'CONFLICT', details: { why: 'answered' } });
    expect(await answer(stranger, request, 'lic_stage')).toMatchObject({ code: 'LICENSE_NOT_FOUND' });
  });

  test('says nothing of what the machine is now: an old file does not bring back its earlier name and computer', async () => {
    const request = await machine.request({ mode: 'offline', days: 5 });
    unwrap(await answer(stranger, request, 'lic_harbor'));
    a.clock.advance(HOUR);
    const editor = a.call(await a.signIn('editor@northlight.example'));
    const changed = fingerprintOf('another board') as ClaimsOf<'request'>['fp'];
    unwrap(await editor(contract.leases.checkout, { body: { request: await machine.request({ license: 'lic_single', mode: 'online' }, { machine: { name: 'WS-001 rebuilt', os: 'linux test', app: 'test 2' }, fp: changed }) } }));
    unwrap(await answer(owner, request, 'lic_stage'));
    const known = new BetterSqlite(join(a.home, 'authority.db'), { readonly: true });
    expect(known.prepare('SELECT name, app, fingerprint FROM machine WHERE id = ?').get(machine.id)).toEqual({ name: 'WS-001 rebuilt', app: 'test 2', fingerprint: JSON.stringify(changed) });
    known.close();
    const changes: unknown[] = [];
    for await (const { action, at } of a.authority().auditRows()) if (action === 'machine.fingerprint-changed') changes.push(at);
    expect(changes).toEqual([a.clock.now()]);
  });

  test('keeps the answer of one organization when the other one is deleted', async () => {
    const request = await machine.request({ mode: 'offline', days: 5 });
    const theirs = unwrap(await answer(stranger, request, 'lic_harbor'));
    const ours = unwrap(await answer(owner, request, 'lic_stage'));
    unwrap(await a.call()(contract.leases.giveBack, { body: { proof: await machine.proof(theirs.lease.id, claimsIn(theirs.licenseFile).jti) } }));
    unwrap(await stranger(contract.organizations.remove, { params: { organization: harbor }, body: { name: 'Harbor' } }));
    expect(unwrap(await answer(owner, request, 'lic_stage'))).toMatchObject({ again: true, licenseFile: ours.licenseFile });
    expect(await answer(owner, await machine.request({ mode: 'offline', days: 5 }, { seq: 1 }), 'lic_stage')).toMatchObject({ code: 'MACHINE_CLONED' });
  });
});

test('a request to extend a lease that names no license is answered with the license of that lease', async () => {
  const first = unwrap(await answer(owner, await machine.request({ mode: 'offline', days: 5 }), 'lic_stage'));
  const request = await machine.request({ mode: 'offline', days: 9 }, { purpose: 'renew', lease: first.lease.id });
  expect(unwrap(await a.authority().answer({ request, days: 9 }))).toMatchObject({ again: false, lease: { id: first.lease.id, license: 'lic_stage' } });
});

describe('the machine', () => {
  let client: TestClient;
  beforeEach(async () => {
    client = await startClient({ clock: a.clock, authority: null, keyset: a.keyset(), name: 'WS-002' });
  });
  afterEach(() => client.close());

  test.each([['the owner’s', 'lic_stage', 'lic_harbor'], ['the stranger’s', 'lic_harbor', 'lic_stage']])('takes the first answer that comes, %s, and refuses the other one', async (_, first, second) => {
    const request = unwrap(await client.licensing().createRequest({ days: 5 })).text;
    const by = { lic_stage: owner, lic_harbor: stranger } as const;
    const files = await Promise.all((['lic_stage', 'lic_harbor'] as const).map(async (license) => [license, unwrap(await answer(by[license], request, license)).licenseFile] as const));
    const file = (license: string): string => files.find(([each]) => each === license)?.[1] ?? '';
    unwrap(await client.licensing().accept(file(first)));
    expect(await client.licensing().accept(file(second))).toMatchObject({ ok: false, code: 'REQUEST_UNKNOWN' });
    await client.restart();
    expect(codeOf(await client.licensing().accept(file(second)))).toBe('REQUEST_UNKNOWN');
    expect(client.licensing().current()).toMatchObject([{ license: first, standing: { usable: true } }]);
    expect(unwrap(await client.licensing().accept(file(first)))).toMatchObject({ again: true });
    // Also not after the first one was given up.
    unwrap(await client.licensing().releaseByProof(client.licensing().current()[0]?.id ?? ''));
    expect(codeOf(await client.licensing().accept(file(second)))).toBe('REQUEST_UNKNOWN');
    expect(client.licensing().current()).toEqual([]);
  });
});

describe('what another organization learns of the machine, and may do', () => {
  test('is what the request said: not its later name, contacts, fingerprints, or leases', async () => {
    unwrap(await answer(stranger, await machine.request({ mode: 'offline', days: 5 }), 'lic_harbor'));
    const at = a.clock.now();
    a.clock.advance(HOUR);
    const changed = fingerprintOf('another board') as ClaimsOf<'request'>['fp'];
    const request = await machine.request({ license: 'lic_stage', mode: 'online' }, { machine: { name: 'Secret project', os: 'linux secret', app: 'test 2' }, fp: changed });
    const editor = a.call(await a.signIn('editor@northlight.example'));
    const issued = unwrap(await editor(contract.leases.checkout, { body: { request } }));
    unwrap(await a.call()(contract.leases.heartbeat, { body: { heartbeat: await machine.heartbeat(issued.lease.id, claimsIn(issued.licenseFile).jti) } }));

    const theirs = await seen(stranger, harbor);
    expect(theirs.machine).toMatchObject({ name: 'WS-001', os: 'linux test', app: 'test 1', firstSeen: at, lastContact: null, fingerprintChanges: 0, leases: [{ license: 'lic_harbor', machine: { name: 'WS-001' } }] });
    expect(theirs.history).toMatchObject([{ at }]);
    const ours = await seen(owner, northlight);
    expect(ours.machine).toMatchObject({ name: 'Secret project', os: 'linux secret', firstSeen: at + HOUR, lastContact: at + HOUR, leases: [{ license: 'lic_stage' }] });
    expect(ours.history).toMatchObject([{ at: at + HOUR, parts: { board: 'first' } }]);
    const everywhere = JSON.stringify([
      unwrap(await stranger(holdings.machines, { params: { organization: harbor }, query: {} })), unwrap(await stranger(holdings.read, { params: { organization: harbor, license: 'lic_harbor' } })),
      unwrap(await stranger(contract.licenses.entitlements, { params: { organization: harbor }, query: {} })), unwrap(await stranger(contract.leases.mine, {})),
    ]);
    expect(everywhere).not.toContain('ecret');
    expect(unwrap(await stranger(holdings.machines, { params: { organization: harbor }, query: { search: 'secret' } })).total).toBe(0);
  });

  test('is nothing about a copied machine: it is not told of it, gets no letter, and cannot retire or release it', async () => {
    const editor = a.call(await a.signIn('editor@northlight.example'));
    unwrap(await editor(contract.leases.checkout, { body: { request: await machine.request({ license: 'lic_stage', mode: 'online' }) } }));
    unwrap(await answer(stranger, await machine.request({ mode: 'offline', days: 5 }), 'lic_harbor'));
    expect(await editor(contract.leases.checkout, { body: { request: await machine.request({ license: 'lic_stage', mode: 'online' }, { seq: 1 }) } })).toMatchObject({ code: 'MACHINE_CLONED' });
    expect((await seen(owner, northlight)).machine.clonedAt).toBe(a.clock.now());
    const written = (await a.authority().outbox(true)).filter(({ text }) => text.includes('WS-001')).map(({ to }) => to);
    expect(written).toContain('owner@northlight.example');
    expect(written).not.toContain('boss@harbor.example');
    expect((await seen(stranger, harbor)).machine.clonedAt).toBeNull();
    expect(unwrap(await stranger(holdings.machines, { params: { organization: harbor }, query: { state: 'cloned' } })).total).toBe(0);
    for (const decision of ['retire', 'same-machine'] as const) expect(await resolve(stranger, harbor, decision)).toMatchObject({ code: 'CONFLICT', details: { why: 'not-confirmed' } });
    unwrap(await resolve(owner, northlight, 'same-machine'));
  });

  test('is nothing about a copied machine in its open app either', async () => {
    const editor = a.call(await a.signIn('editor@northlight.example'));
    unwrap(await editor(contract.leases.checkout, { body: { request: await machine.request({ license: 'lic_stage', mode: 'online' }) } }));
    unwrap(await answer(stranger, await machine.request({ mode: 'offline', days: 5 }), 'lic_harbor'));
    const stop = new AbortController();
    const stream = await fetch(`${a.url}${EVENTS_PATH}`, { headers: { authorization: `Bearer ${await a.signIn('boss@harbor.example')}` }, signal: stop.signal });
    expect(await editor(contract.leases.checkout, { body: { request: await machine.request({ license: 'lic_stage', mode: 'online' }, { seq: 1 }) } })).toMatchObject({ code: 'MACHINE_CLONED' });
    unwrap(await resolve(owner, northlight, 'retire'));
    const other = await createTestMachine({ authority: a.id, clock: a.clock, name: 'WS-003' });
    unwrap(await answer(stranger, await other.request({ mode: 'offline', days: 5 }), 'lic_harbor'));
    let heard = '';
    for await (const piece of stream.body ?? []) {
      heard += new TextDecoder().decode(piece);
      if (heard.includes(other.id)) break;
    }
    stop.abort();
    expect(heard).not.toContain(machine.id);
  });

  test('grows to a decision when the machine itself confirms the lease', async () => {
    const issued = unwrap(await answer(stranger, await machine.request({ mode: 'offline', days: 5 }), 'lic_harbor'));
    unwrap(await a.call()(contract.leases.heartbeat, { body: { heartbeat: await machine.heartbeat(issued.lease.id, claimsIn(issued.licenseFile).jti) } }));
    expect((await seen(stranger, harbor)).machine.lastContact).toBe(a.clock.now());
    expect(await stranger(contract.exchange.answer, { body: { request: await machine.request({ mode: 'offline', days: 5 }, { seq: 1 }), license: 'lic_harbor', days: 5 } })).toMatchObject({ code: 'MACHINE_CLONED' });
    a.clock.advance(DAY);
    stranger = a.call(await a.signIn('boss@harbor.example'));
    unwrap(await resolve(stranger, harbor, 'retire'));
    expect((await seen(stranger, harbor)).machine.retiredAt).toBe(a.clock.now());
  });
});
