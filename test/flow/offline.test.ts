import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseKind } from '../../src-shared/documents/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { DAY, HOUR } from '../../src-shared/time.ts';
import { fingerprintOf } from '../support/machine.ts';
import { startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { codeOf, eventually, startClient } from '../support/client.ts';
import type { TestClient } from '../support/client.ts';
import { answer, acceptProof } from '../support/exchange.ts';

/** A machine that never sees a network, and the person who carries files between it and the authority. */
let authority: TestAuthority;
let island: TestClient;

beforeEach(async () => {
  authority = await startAuthority();
  island = await startClient({ clock: authority.clock, authority: null, keyset: authority.keyset(), name: 'WS-042' });
});
afterEach(async () => {
  await island.close();
  await authority.close();
});

const everything = (client = island) => {
  const { leases, requests, givenUp, clock } = client.licensing().state();
  const { store } = client.ports();
  return structuredClone({ leases, requests, givenUp, clock, rows: store.leases(), machine: store.machine(), keysets: store.keysets(), releases: store.releases() });
};

/** A file that is refused changes nothing. */
const refused = async (file: string | Uint8Array, client = island): Promise<string> => {
  const before = everything(client);
  const code = codeOf(await client.licensing().accept(file));
  expect(everything(client)).toEqual(before);
  return code;
};

const request = async (client = island, want: { product?: string; license?: string; lease?: string } = { product: 'stage' }) =>
  unwrap(await client.licensing().createRequest({ days: 30, ...want }));

describe('the whole way by files', () => {
  test('request, answer, import, release proof, accept, receipt; and the same license file is refused from then on', async () => {
    const asked = unwrap(await island.licensing().createRequest({ name: '  Färgö WS/42 ', product: 'stage', days: 30 }));
    expect(asked.name).toBe('latchkey-request-fargo-ws-42-20261123-1200.lkreq');
    const [pending] = island.licensing().state().requests;
    expect(pending).toMatchObject({ machineName: 'Färgö WS/42', product: 'stage', days: 30, expiresAt: authority.clock.now() + 14 * DAY, fileName: asked.name });
    expect(unwrap(island.licensing().requestFile(pending?.id ?? ''))).toEqual(asked);

    authority.clock.advance(3 * DAY);
    const licenseFile = await answer(authority, asked.text, 'lic_stage', 30);
    await island.restart();
    expect(unwrap(await island.licensing().inspect(licenseFile))).toMatchObject({ kind: 'license', genuine: { ok: true }, acceptable: { ok: true } });
    const imported = unwrap(await island.licensing().accept(new TextEncoder().encode(licenseFile)));
    if (imported.kind !== 'license') throw new Error(imported.kind);
    expect(imported.again).toBe(false);
    expect(island.licensing().state().requests).toEqual([]);
    const [held] = island.licensing().current();
    expect(held).toMatchObject({ id: imported.lease, mode: 'offline', carrier: 'file', until: authority.clock.now() + 30 * DAY, standing: { usable: true }, offlineDays: 0 });
    expect(readFileSync(join(island.home, 'licenses', 'stage.lklic'), 'utf8')).toBe(licenseFile);
    expect(unwrap(await island.licensing().accept(licenseFile))).toEqual({ kind: 'license', lease: imported.lease, again: true });

    await island.restart();
    expect(island.licensing().current()).toEqual([held]);
    expect(codeOf(await island.licensing().release({ lease: imported.lease, reason: 'user' }))).toBe('LEASE_OFFLINE');

    const proof = unwrap(await island.licensing().releaseByProof(imported.lease));
    expect(island.licensing().current()).toEqual([]);
    expect(existsSync(join(island.home, 'licenses', 'stage.lklic'))).toBe(false);
    expect(await refused(licenseFile)).toBe('LEASE_RELEASED');
    await island.restart();
    expect(await refused(licenseFile)).toBe('LEASE_RELEASED');
    // A lost proof file can be saved again, and is the same.
    expect(unwrap(island.licensing().proofFile(imported.lease))).toEqual(proof);
    expect(unwrap(await island.licensing().releaseByProof(imported.lease))).toEqual(proof);
    expect(island.licensing().state().givenUp).toMatchObject([{ lease: imported.lease, receiptAt: null }]);

    const receipt = await acceptProof(authority, proof.text);
    expect(unwrap(await island.licensing().accept(receipt))).toEqual({ kind: 'receipt', lease: imported.lease });
    expect(island.licensing().state().givenUp).toMatchObject([{ lease: imported.lease, receiptAt: authority.clock.now() }]);
    expect(await refused(licenseFile)).toBe('LEASE_RELEASED');
  });

  test('a renewal by file extends the same lease', async () => {
    const first = await answer(authority, (await request()).text, 'lic_stage', 30);
    const { lease } = unwrap(await island.licensing().accept(first)) as { lease: string };
    authority.clock.advance(20 * DAY);
    const second = await answer(authority, (await request(island, { lease })).text, 'lic_stage', 60);
    expect(unwrap(await island.licensing().accept(second))).toEqual({ kind: 'license', lease, again: false });
    expect(island.licensing().current()).toMatchObject([{ id: lease, until: authority.clock.now() + 60 * DAY }]);
    expect(await refused(first)).toBe('FILE_STALE');
  });

  test('a second request for a license held already takes the seat over, and gives the first lease up', async () => {
    const first = await answer(authority, (await request()).text, 'lic_stage', 30);
    const { lease: old } = unwrap(await island.licensing().accept(first)) as { lease: string };
    const second = await answer(authority, (await request()).text, 'lic_stage', 60);
    const { lease } = unwrap(await island.licensing().accept(second)) as { lease: string };
    expect(island.licensing().current()).toMatchObject([{ id: lease }]);
    expect(island.licensing().state().givenUp).toMatchObject([{ lease: old, reason: 'moved' }]);
    expect(await refused(first)).toBe('LEASE_RELEASED');
  });

  test('each document carries the next number of the machine, also across restarts', async () => {
    const numbers: number[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      const parsed = unwrap(parseKind('request', (await request()).text));
      numbers.push(parsed.claims.seq);
      await island.restart();
    }
    expect(numbers).toEqual([1, 2, 3]);
  });
});

describe('what is refused, and changes nothing', () => {
  test('a file that is not a document, or was damaged on the way', async () => {
    const file = await answer(authority, (await request()).text, 'lic_stage', 30);
    expect(await refused('hello')).toBe('FILE_MALFORMED');
    expect(await refused(new Uint8Array([0xff, 0xfe, 0]))).toBe('FILE_MALFORMED');
    expect(await refused(file.replace(/\n/, '\n\n'))).toBe('FILE_MALFORMED');
    expect(await refused(`${file}${'x'.repeat(70_000)}`)).toBe('FILE_MALFORMED');
  });

  test('a file whose signature does not hold', async () => {
    const file = await answer(authority, (await request()).text, 'lic_stage', 30);
    const lines = file.split('\n');
    const last = lines.length - 3;
    lines[last] = (lines[last] ?? '').replace(/^./, (character) => (character === 'A' ? 'B' : 'A'));
    expect(['FILE_NOT_GENUINE', 'FILE_MALFORMED']).toContain(await refused(lines.join('\n')));
    const forged = file.split('\n');
    forged[forged.length - 3] = 'A'.repeat((forged[forged.length - 3] ?? '').length);
    expect(await refused(forged.join('\n'))).toBe('FILE_NOT_GENUINE');
  });

  test('a license file of another authority', async () => {
    const other = await startAuthority({ clock: authority.clock });
    const stranger = await startClient({ clock: authority.clock, authority: null, keyset: other.keyset(), name: 'WS-042' });
    const file = await answer(other, (await request(stranger)).text, 'lic_stage', 30);
    expect(await refused(file)).toBe('FILE_WRONG_AUTHORITY');
    expect(unwrap(await island.licensing().inspect(file))).toMatchObject({ genuine: { ok: false, code: 'FILE_WRONG_AUTHORITY' } });
    await stranger.close();
    await other.close();
  });

  test('a license file of another machine', async () => {
    const neighbour = await startClient({ clock: authority.clock, authority: null, keyset: authority.keyset(), name: 'WS-043' });
    const file = await answer(authority, (await request(neighbour)).text, 'lic_stage', 30);
    await request();
    expect(await refused(file)).toBe('FILE_WRONG_MACHINE');
    await neighbour.close();
  });

  test('an answer to a request that was discarded, or that another state of this machine made', async () => {
    const asked = await request();
    const file = await answer(authority, asked.text, 'lic_stage', 30);
    const [pending] = island.licensing().state().requests;
    unwrap(island.licensing().discardRequest(pending?.id ?? ''));
    expect(codeOf(island.licensing().requestFile(pending?.id ?? ''))).toBe('REQUEST_UNKNOWN');
    expect(codeOf(island.licensing().discardRequest(pending?.id ?? ''))).toBe('REQUEST_UNKNOWN');
    expect(await refused(file)).toBe('REQUEST_UNKNOWN');
  });

  test('a license file whose time has passed; it is still shown for what it was', async () => {
    const file = await answer(authority, (await request()).text, 'lic_stage', 30);
    authority.clock.advance(30 * DAY);
    expect(await refused(file)).toBe('FILE_EXPIRED');
    expect(unwrap(await island.licensing().inspect(file))).toMatchObject({
      genuine: { ok: true }, acceptable: { ok: false, code: 'FILE_EXPIRED' }, grant: { product: { id: 'stage' }, mode: 'offline' },
    });
  });

  test('a license file for a computer that has changed too much', async () => {
    const file = await answer(authority, (await request()).text, 'lic_stage', 30);
    await island.restart({ fingerprint: fingerprintOf('another computer') });
    expect(await refused(file)).toBe('FINGERPRINT_MISMATCH');
    const two = fingerprintOf('WS-042').parts;
    const other = fingerprintOf('another computer').parts;
    await island.restart({ fingerprint: { v: 1, parts: { ...other, disk: two.disk ?? [], cpu: two.cpu ?? [] } } });
    expect(await refused(file)).toBe('FINGERPRINT_MISMATCH');
    await island.restart({ fingerprint: { v: 1, parts: { ...other, disk: two.disk ?? [], cpu: two.cpu ?? [], net: two.net ?? [] } } });
    expect((await island.licensing().accept(file)).ok).toBe(true);
  });

  test('documents that machines write are for the authority', async () => {
    const asked = await request();
    expect(await refused(asked.text)).toBe('FILE_WRONG_KIND');
    const file = await answer(authority, asked.text, 'lic_stage', 30);
    const { lease } = unwrap(await island.licensing().accept(file)) as { lease: string };
    const proof = unwrap(await island.licensing().releaseByProof(lease));
    expect(await refused(proof.text)).toBe('FILE_WRONG_KIND');
    expect(unwrap(await island.licensing().inspect(proof.text))).toMatchObject({ kind: 'release', genuine: { ok: true }, acceptable: { ok: false, code: 'FILE_WRONG_KIND' } });
  });

  test('a receipt for a lease that this machine did not give up, or of another machine', async () => {
    const neighbour = await startClient({ clock: authority.clock, authority: null, keyset: authority.keyset(), name: 'WS-043' });
    const { lease } = unwrap(await neighbour.licensing().accept(await answer(authority, (await request(neighbour)).text, 'lic_stage', 30))) as { lease: string };
    const receipt = await acceptProof(authority, unwrap(await neighbour.licensing().releaseByProof(lease)).text);
    expect(await refused(receipt)).toBe('FILE_WRONG_MACHINE');
    expect(codeOf(await island.licensing().releaseByProof(lease))).toBe('LEASE_NOT_FOUND');
    expect(codeOf(island.licensing().proofFile(lease))).toBe('LEASE_NOT_FOUND');
    await neighbour.close();
  });

  test('a request without any trusted keys, with a name nobody can read, or for a lease that is not held', async () => {
    const newcomer = await startClient({ clock: authority.clock, authority: null });
    expect(codeOf(await newcomer.licensing().createRequest({}))).toBe('TRUST_MISSING');
    expect(await refused(await answer(authority, (await request()).text, 'lic_stage', 30), newcomer)).toBe('TRUST_MISSING');
    await newcomer.close();
    expect(codeOf(await island.licensing().createRequest({ name: 'a\u202eb' }))).toBe('INPUT_INVALID');
    expect(codeOf(await island.licensing().createRequest({ name: ' ' }))).toBe('INPUT_INVALID');
    expect(codeOf(await island.licensing().createRequest({ days: 0 }))).toBe('INPUT_INVALID');
    expect(codeOf(await island.licensing().createRequest({ product: '../etc' }))).toBe('INPUT_INVALID');
    expect(codeOf(await island.licensing().createRequest({ lease: 'lse_none' }))).toBe('LEASE_NOT_FOUND');
    expect(island.licensing().state().machine.name).toBe('WS-042');
  });
});

describe('a clock that is wrong', () => {
  test('suspends leases while it is behind the highest time seen, never calls them expired, and recovers', async () => {
    const file = await answer(authority, (await request()).text, 'lic_stage', 30);
    unwrap(await island.licensing().accept(file));
    const start = authority.clock.now();
    authority.clock.advance(10 * DAY);
    unwrap(await island.licensing().heartbeat());
    authority.clock.set(start + 10 * DAY - HOUR);
    expect(island.licensing().current()).toMatchObject([{ standing: { usable: true } }]);
    authority.clock.set(start + 10 * DAY - HOUR - 1);
    expect(island.licensing().current()).toMatchObject([{ standing: { usable: false, code: 'CLOCK_ROLLED_BACK' } }]);
    // A licensed application must not find what the machine may not use.
    await island.licensing().heartbeat();
    expect(existsSync(join(island.home, 'licenses', 'stage.lklic'))).toBe(false);
    expect(island.licensing().state().clock).toEqual({ ok: false, cause: 'doubt', now: start + 10 * DAY - HOUR - 1, highest: start + 10 * DAY, authority: null });
    authority.clock.set(start - 400 * DAY);
    await island.restart();
    expect(island.licensing().current()).toMatchObject([{ standing: { usable: false, code: 'CLOCK_ROLLED_BACK' } }]);
    authority.clock.set(start + 10 * DAY);
    await island.restart();
    expect(island.licensing().current()).toMatchObject([{ standing: { usable: true } }]);
    expect(readFileSync(join(island.home, 'licenses', 'stage.lklic'), 'utf8')).toBe(file);
  });

  test('a license file is not accepted with a clock that stands before it was issued', async () => {
    const file = await answer(authority, (await request()).text, 'lic_stage', 30);
    authority.clock.advance(-2 * HOUR);
    expect(await refused(file)).toBe('CLOCK_ROLLED_BACK');
    authority.clock.advance(2 * HOUR);
    expect((await island.licensing().accept(file)).ok).toBe(true);
  });

  test('warns once at each step before the end, and says once that it has ended', async () => {
    unwrap(await island.licensing().accept(await answer(authority, (await request()).text, 'lic_stage', 31)));
    await island.licensing().start();
    for (let day = 0; day <= 32; day += 1) {
      island.schedule.advance(5);
      await island.licensing().heartbeat();
      authority.clock.advance(DAY);
    }
    await eventually('all of it is told', () => island.notices.length >= 5);
    expect(island.notices.map(({ kind, details }) => (kind === 'expiring' ? Number(details['days']) : kind))).toEqual([30, 14, 3, 1, 'expired']);
  });
});
