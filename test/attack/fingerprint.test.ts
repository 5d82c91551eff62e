import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { contract } from '../../src-shared/http/index.ts';
import { fingerprintParts, judgeFingerprint } from '../../src-shared/fingerprint.ts';
import type { Fingerprint, FingerprintPart } from '../../src-shared/fingerprint.ts';
import { unwrap } from '../../src-shared/result.ts';
import { fingerprintOf } from '../../src-main/adapter/machine/fingerprint.ts';
import type { RawInterface, RawMachine } from '../../src-main/adapter/machine/normalize.ts';
import { PASSWORD, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { codeOf, startClient } from '../support/client.ts';
import type { TestClient } from '../support/client.ts';
import { answer } from '../support/exchange.ts';

/** Parts of a computer are replaced, renamed, added and hidden. Raw readings go the whole way: normalized, hashed, judged. */
const laptop: RawMachine = {
  os: '3d1219c7c4c5404aaa1f6d2a48adfda4',
  hostname: 'ws-042',
  board: { uuid: '4c4c4544-0051-3510-8052-b4c04f564432', manufacturer: 'Dell Inc.', model: '0X8DXD', serial: '/7QQ5RV2/CNFCW0096B00F5/' },
  cpu: { manufacturer: 'Intel', brand: 'Xeon W-2245', family: '6', model: '85', stepping: '7' },
  disks: [{ device: '/dev/nvme0n1', serial: 'S4EWNX0R512345', removable: false }],
  systemDisk: '/dev/nvme0n1',
  interfaces: [
    { name: 'eno1', mac: '54:bf:64:0a:1b:2c', internal: false, virtual: false, type: 'wired' },
    { name: 'wlp2s0', mac: '54:bf:64:0a:1b:2d', internal: false, virtual: false, type: 'wireless' },
  ],
};
const replaced: { readonly [P in FingerprintPart]: Partial<RawMachine> } = {
  os: { os: 'ffd219c7c4c5404aaa1f6d2a48adf000' },
  board: { board: { uuid: '9a9a4544-0051-3510-8052-b4c04f56ffff', manufacturer: 'Lenovo', model: 'X', serial: 'L1HF8BD00AB' } },
  cpu: { cpu: { manufacturer: 'AMD', brand: 'Ryzen 9 7950X', family: '25', model: '97', stepping: '2' } },
  disk: { disks: [{ device: '/dev/nvme0n1', serial: 'NEWDISK000077', removable: false }] },
  net: { interfaces: [{ name: 'eno1', mac: '3c:52:82:aa:bb:cc', internal: false, virtual: false, type: 'wired' }] },
};
const unreadable: { readonly [P in FingerprintPart]: Partial<RawMachine> } = {
  os: { os: '' }, board: { board: { uuid: 'To Be Filled By O.E.M.', manufacturer: '', model: '', serial: 'Default string' } },
  cpu: { cpu: { manufacturer: '', brand: '', family: '', model: '', stepping: '' } }, disk: { disks: [{ device: '/dev/nvme0n1', serial: '0000', removable: false }] }, net: { interfaces: [] },
};

/** Every set of so many parts. */
const sets = (size: number, from: readonly FingerprintPart[] = fingerprintParts): readonly (readonly FingerprintPart[])[] =>
  size === 0 ? [[]] : from.flatMap((part, place) => sets(size - 1, from.slice(place + 1)).map((rest) => [part, ...rest]));
const changed = (parts: readonly FingerprintPart[], table = replaced): Fingerprint => fingerprintOf(Object.assign({}, laptop, ...parts.map((part) => table[part])) as RawMachine);
const recorded = fingerprintOf(laptop);
/** Design, section 5: the same OS machine id, or at least three of the five parts. */
const allowed = (gone: readonly FingerprintPart[]): boolean => !gone.includes('os') || 5 - gone.length >= 3;

const combinations = [0, 1, 2, 3, 4, 5].flatMap((size) => sets(size));

describe('the rule of tolerance', () => {
  test('every set of parts is there', () => {
    expect(combinations).toHaveLength(32);
    expect(sets(3)).toHaveLength(10);
  });

  test.each(combinations.map((gone) => [gone.join(', ') || 'nothing', gone] as const))('%s replaced', (_, gone) => {
    const verdict = judgeFingerprint(recorded, changed(gone));
    expect(verdict.within).toBe(allowed(gone));
    expect(verdict.same).toBe(5 - gone.length);
    for (const part of fingerprintParts) expect([part, verdict.parts[part]]).toEqual([part, gone.includes(part) ? 'changed' : 'same']);
  });

  test.each(combinations.map((gone) => [gone.join(', ') || 'nothing', gone] as const))('%s hidden, so that it cannot be read, is no better than replaced', (_, gone) => {
    expect(judgeFingerprint(recorded, changed(gone, unreadable))).toMatchObject({ within: allowed(gone), same: 5 - gone.length });
  });

  test.each(combinations.map((gone) => [gone.join(', ') || 'nothing', gone] as const))('a license for a computer of which %s could not be read is bound by all the rest where that is little', (_, unknown) => {
    const known = fingerprintParts.filter((part) => !unknown.includes(part));
    const poor = changed(unknown, unreadable);
    const needed = Math.min(3, known.length);
    expect(judgeFingerprint(poor, recorded)).toMatchObject({ within: true, same: known.length, needed });
    // Another computer altogether gets in only where the license knows no part at all: then the machine's key alone binds it.
    expect(judgeFingerprint(poor, changed(fingerprintParts)).within).toBe(known.length === 0);
    // One of the parts that it knows replaced: only the system, or three others, make up for it.
    const madeUpFor = (part: FingerprintPart): boolean => (part !== 'os' && known.includes('os')) || known.length - 1 >= needed;
    for (const part of known) expect([part, judgeFingerprint(poor, changed([part])).within]).toEqual([part, madeUpFor(part)]);
  });
});

describe('what changes on a computer without its being another', () => {
  const withNet = (interfaces: readonly RawInterface[], change: Partial<RawMachine> = {}): Fingerprint => fingerprintOf({ ...laptop, ...change, interfaces });
  const vpn: RawInterface = { name: 'tun0', mac: '00:ff:aa:bb:cc:dd', internal: false, virtual: false, type: '' };
  const dock: RawInterface = { name: 'enx00e04c680001', mac: '00:e0:4c:68:00:01', internal: false, virtual: false, type: 'wired' };
  const bridge: RawInterface = { name: 'docker0', mac: '02:42:9d:11:22:33', internal: false, virtual: true, type: '' };
  const renamed = laptop.interfaces.map((each, place) => ({ ...each, name: `lan${place}` }));

  test.each<[string, Fingerprint]>([
    ['a network card renamed', withNet(renamed)],
    ['the order of network cards', withNet([...laptop.interfaces].reverse())],
    ['a VPN up', withNet([...laptop.interfaces, vpn])],
    ['docked', withNet([...laptop.interfaces, dock])],
    ['containers and virtual machines started', withNet([...laptop.interfaces, bridge, { ...bridge, name: 'vmnet8', mac: '00:50:56:c0:00:08', virtual: false }])],
    ['the host renamed', fingerprintOf({ ...laptop, hostname: 'somewhere-else' })],
    ['a stick and a second disk plugged in', fingerprintOf({ ...laptop, disks: [{ device: '/dev/sda', serial: 'STICK0001', removable: true }, ...laptop.disks, { device: '/dev/sdb', serial: 'SECOND001', removable: false }] })],
  ])('%s changes nothing', (_, present) => expect(present).toEqual(recorded));

  test('one of two network cards off still matches; the cable pulled and the radio off count as one part', () => {
    for (const one of laptop.interfaces) expect(judgeFingerprint(recorded, withNet([one])).parts.net).toBe('same');
    expect(judgeFingerprint(recorded, withNet([vpn, dock, bridge]))).toMatchObject({ within: true, parts: { net: 'changed' }, same: 4 });
  });

  test('a dock, a VPN or a virtual card makes no two computers alike', () => {
    const other = fingerprintOf({ ...laptop, ...replaced.os, ...replaced.board, ...replaced.disk, ...replaced.cpu, interfaces: [vpn, dock, bridge] });
    expect(other.parts.net).toBeUndefined();
    expect(judgeFingerprint(withNet([...laptop.interfaces, vpn, dock, bridge]), other)).toMatchObject({ within: false, same: 0 });
  });

  test('what makers write in place of a value binds nothing to nothing', () => {
    const nameless = (serial: string): Fingerprint => fingerprintOf({ ...laptop, os: null, board: { uuid: 'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF', manufacturer: 'OEM', model: 'OEM', serial }, disks: [{ device: '/dev/nvme0n1', serial: 'QM00001', removable: false }] });
    for (const serial of ['', 'None', 'Default string', '0', 'To be filled by O.E.M.']) expect(Object.keys(nameless(serial).parts)).toEqual(['cpu', 'net']);
  });
});

describe('a computer that has changed too much', () => {
  let authority: TestAuthority;
  let client: TestClient;
  const tooMuch = changed(['os', 'board', 'disk']);
  const tolerable = changed(['os', 'disk']);

  beforeEach(async () => {
    authority = await startAuthority();
  });
  afterEach(async () => {
    await client.close();
    await authority.close();
  });

  const open = async (connected: boolean): Promise<void> => {
    client = await startClient({ clock: authority.clock, authority: connected ? authority.url : null, keyset: authority.keyset(), name: 'WS-1', fingerprint: recorded });
    if (connected) unwrap(await client.licensing().account.signIn({ email: 'owner@northlight.example', password: PASSWORD }));
  };
  const standing = () => client.licensing().current().map((lease) => (lease.standing.usable ? 'usable' : lease.standing.code));
  const doctor = async () => unwrap(await client.licensing().diagnose()).find(({ subject }) => subject === 'fingerprint');
  /** The seats of a license, as its owner sees them. */
  const ledger = async () => {
    const token = await authority.signIn('owner@northlight.example');
    const organization = await authority.organization(token, 'Northlight');
    const { entitlements } = unwrap(await authority.call(token)(contract.licenses.entitlements, { params: { organization }, query: {} }));
    const { free, inUse, inTransit, atRisk } = entitlements.find(({ license }) => license === 'lic_single')?.seats ?? { free: -1, inUse: 0, inTransit: 0, atRisk: 0 };
    return { free, taken: inUse + inTransit + atRisk };
  };

  test('is told part by part, with the tolerance, in what the screen shows and in the doctor', async () => {
    await open(true);
    expect(await doctor()).toEqual({ subject: 'fingerprint', ok: true, facts: { os: 'present', board: 'present', cpu: 'present', disk: 'present', net: 'present' } });
    const { lease } = unwrap(await client.licensing().checkout({ license: 'lic_single' }));
    await client.restart({ fingerprint: tolerable });
    expect(standing()).toEqual(['usable']);
    const parts = { os: 'changed', board: 'same', cpu: 'same', disk: 'changed', net: 'same' };
    expect(client.licensing().current()[0]?.fingerprint).toEqual({ within: true, parts, same: 3, needed: 3 });
    expect(await doctor()).toEqual({ subject: 'fingerprint', ok: true, facts: { ...parts, withinTolerance: true, same: 3, needed: 3, lease } });
    await client.restart({ fingerprint: tooMuch });
    expect(standing()).toEqual(['FINGERPRINT_MISMATCH']);
    expect(client.licensing().state().leases[0]?.fingerprint).toMatchObject({ within: false, same: 2, needed: 3, parts: { board: 'changed' } });
    expect(await doctor()).toMatchObject({ ok: false, facts: { os: 'changed', board: 'changed', disk: 'changed', withinTolerance: false, same: 2 } });
  });

  test('asks again over the network and keeps its seat, the only one there is', async () => {
    await open(true);
    const { lease } = unwrap(await client.licensing().checkout({ license: 'lic_single' }));
    expect(await ledger()).toEqual({ free: 0, taken: 1 });
    await client.restart({ fingerprint: tooMuch });
    expect(codeOf(await client.licensing().renew({ lease }))).toBe('FINGERPRINT_MISMATCH');
    const bound = unwrap(await client.licensing().checkout({ license: 'lic_single' }));
    expect(standing()).toEqual(['usable']);
    expect(client.licensing().current()).toMatchObject([{ id: bound.lease, fingerprint: { within: true, same: 5 } }]);
    expect(await ledger()).toEqual({ free: 0, taken: 1 });
    // Nobody else got in between: the seat is the same machine's, and is free once when it is given back.
    unwrap(await client.licensing().release({ lease: bound.lease, reason: 'user' }));
    expect(await ledger()).toEqual({ free: 1, taken: 0 });
  });

  test('asks again by file and keeps its seat', async () => {
    await open(false);
    const first = unwrap(await client.licensing().createRequest({ license: 'lic_single', days: 30 }));
    unwrap(await client.licensing().accept(await answer(authority, first.text, 'lic_single', 30)));
    await client.restart({ fingerprint: tooMuch });
    expect(standing()).toEqual(['FINGERPRINT_MISMATCH']);
    // A renewal is only for the computer that the lease was given to.
    const renewal = unwrap(await client.licensing().createRequest({ lease: client.licensing().current()[0]?.id ?? '', days: 30 }));
    expect(codeOf(await authority.authority().answer({ request: renewal.text, license: 'lic_single', days: 30 }))).toBe('FINGERPRINT_MISMATCH');
    const again = unwrap(await client.licensing().createRequest({ license: 'lic_single', days: 30 }));
    unwrap(await client.licensing().accept(await answer(authority, again.text, 'lic_single', 30)));
    expect(standing()).toEqual(['usable']);
    expect(await ledger()).toEqual({ free: 0, taken: 1 });
  });

  test('another machine does not get the seat by looking like this one', async () => {
    await open(true);
    unwrap(await client.licensing().checkout({ license: 'lic_single' }));
    const twin = await startClient({ clock: authority.clock, authority: authority.url, keyset: authority.keyset(), name: 'WS-2', fingerprint: recorded });
    unwrap(await twin.licensing().account.signIn({ email: 'manager@northlight.example', password: PASSWORD }));
    expect(codeOf(await twin.licensing().checkout({ license: 'lic_single' }))).toBe('SEAT_LIMIT_EXCEEDED');
    await twin.close();
  });
});
