import { describe, expect, test } from 'vitest';
import { judgeFingerprint } from '../../../../src-shared/fingerprint.ts';
import { fingerprintOf } from '../../../../src-main/adapter/machine/fingerprint.ts';
import { clean, normalize, physicalMac } from '../../../../src-main/adapter/machine/normalize.ts';
import type { RawInterface, RawMachine } from '../../../../src-main/adapter/machine/normalize.ts';

const workstation: RawMachine = {
  os: '3d1219c7c4c5404aaa1f6d2a48adfda4',
  hostname: 'ws-042',
  board: { uuid: '4c4c4544-0051-3510-8052-b4c04f564432', manufacturer: 'Dell Inc.', model: '0X8DXD', serial: '/7QQ5RV2/CNFCW0096B00F5/' },
  cpu: { manufacturer: 'Intel', brand: 'Xeon® W-2245', family: '6', model: '85', stepping: '7' },
  disks: [
    { device: '/dev/nvme0n1', serial: 'S4EWNX0R512345', removable: false },
    { device: '/dev/sda', serial: 'WD-WCC7K1234567', removable: false },
    { device: '/dev/sdb', serial: '4C530001230101117355', removable: true },
  ],
  systemDisk: '/dev/nvme0n1',
  interfaces: [{ name: 'eno1', mac: '54:bf:64:0a:1b:2c', internal: false, virtual: false, type: 'wired' }],
};

describe('values that say nothing are absent', () => {
  test.each([
    '', '   ', '0', '00000000', 'None', 'NONE', 'N/A', 'Unknown', 'Not Specified', 'Not Available', 'To be filled by O.E.M.', 'To Be Filled By O.E.M.', 'Default string',
    'System Serial Number', 'Base Board Serial Number', '00000000-0000-0000-0000-000000000000', 'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF', 'ffffffff', '----', '....', '1234567890',
    '03000200-0400-0500-0006-000700080009', 'QM00001', 'drive0', 'VBOX HARDDISK', 'uninitialized', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  ])('%j', (value) => expect(clean(value)).toBeNull());

  test('other values are kept, without what differs between readings', () => {
    expect(clean('  WD-WCC7K  1234567\t')).toBe('wd-wcc7k 1234567');
    expect(clean('４Ｃ')).toBe('4c');
  });

  test('a computer that reads as nothing has no fingerprint at all', () => {
    const nothing: RawMachine = {
      os: null, hostname: '', board: { uuid: '', manufacturer: '', model: '', serial: '' }, cpu: { manufacturer: '', brand: '', family: '', model: '', stepping: '' },
      disks: [], systemDisk: null, interfaces: [],
    };
    expect(fingerprintOf(nothing)).toEqual({ v: 1, parts: {} });
  });
});

describe('network interfaces', () => {
  const eth = (change: Partial<RawInterface>): RawInterface => ({ name: 'eno1', mac: '54:bf:64:0a:1b:2c', internal: false, virtual: false, type: 'wired', ...change });

  test.each(['eno1', 'enp3s0', 'eth0', 'en0', 'wlp2s0', 'Ethernet', 'Wi-Fi'])('%s is built in', (name) => expect(physicalMac(eth({ name }))).toBe('54bf640a1b2c'));

  test.each([
    'lo', 'docker0', 'veth12ab34', 'br-9f8e', 'br0', 'virbr0', 'vmnet8', 'vboxnet0', 'tun0', 'tap0', 'utun3', 'wg0', 'tailscale0', 'zt7nnig26z', 'ppp0', 'ipsec0', 'bond0', 'team0',
    'ifb0', 'dummy0', 'lxcbr0', 'cni0', 'flannel.1', 'cali123', 'eth0.100', 'eth0@if12', 'awdl0', 'llw0', 'bridge0', 'enx00e04c680001', 'usb0', 'vEthernet (Default Switch)',
    'VMware Network Adapter VMnet1', 'Bluetooth Network Connection', 'OpenVPN TAP-Windows6', 'Teredo Tunneling', 'Ethernet 3 ASIX USB to Gigabit Ethernet', 'Thunderbolt Bridge',
  ])('%s is not', (name) => expect(physicalMac(eth({ name }))).toBeNull());

  test.each([
    ['zeros', '00:00:00:00:00:00'], ['all ones', 'ff:ff:ff:ff:ff:ff'], ['locally administered', '02:fc:00:00:00:01'], ['randomized', 'da:a1:19:12:34:56'],
    ['multicast', '01:00:5e:00:00:fb'], ['empty', ''], ['short', '54:bf:64'],
  ])('an address that is %s names no hardware', (_, mac) => expect(physicalMac(eth({ mac }))).toBeNull());

  test('what the system itself calls internal, virtual or USB is left out', () => {
    expect([eth({ internal: true }), eth({ virtual: true }), eth({ type: 'virtual' }), eth({ type: 'USB' })].map(physicalMac)).toEqual([null, null, null, null]);
  });

  test('the order and the form of addresses do not matter', () => {
    const two = [eth({}), eth({ name: 'wlp2s0', mac: 'A0-88-B4-11-22-33' })];
    expect(normalize({ ...workstation, interfaces: two }).net).toEqual(['54bf640a1b2c', 'a088b4112233']);
    expect(normalize({ ...workstation, interfaces: [...two].reverse() }).net).toEqual(['54bf640a1b2c', 'a088b4112233']);
  });
});

describe('the five parts', () => {
  test('a machine id that is only the host’s name, or the hash of nothing, is absent', () => {
    for (const os of ['ws-042', 'WS-042\n', '', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 'uninitialized']) {
      expect([os, normalize({ ...workstation, os }).os]).toEqual([os, []]);
    }
    expect(normalize({ ...workstation, os: '{3D1219C7-C4C5-404A-AA1F-6D2A48ADFDA4}' }).os).toEqual(['3d1219c7-c4c5-404a-aa1f-6d2a48adfda4']);
  });

  test('the disk is the one the system is on, never one that can be pulled out', () => {
    expect(normalize(workstation).disk).toEqual(['s4ewnx0r512345']);
    expect(normalize({ ...workstation, systemDisk: null }).disk).toEqual([]);
    expect(normalize({ ...workstation, systemDisk: '/dev/sdb' }).disk).toEqual([]);
    expect(normalize({ ...workstation, systemDisk: null, disks: workstation.disks.slice(0, 1) }).disk).toEqual(['s4ewnx0r512345']);
  });

  test('a board is known by its identity, or by maker, model and serial number together', () => {
    expect(normalize(workstation).board).toEqual(['uuid:4c4c4544-0051-3510-8052-b4c04f564432', 'serial:dell inc.|0x8dxd|/7qq5rv2/cnfcw0096b00f5/']);
    expect(normalize({ ...workstation, board: { ...workstation.board, serial: 'Default string' } }).board).toHaveLength(1);
    expect(normalize({ ...workstation, board: { ...workstation.board, uuid: 'Not Settable', serial: 'None' } }).board).toEqual([]);
  });

  test('nothing raw is left in what is stored and sent', () => {
    const text = JSON.stringify(fingerprintOf(workstation)).toLowerCase();
    for (const raw of ['3d1219c7', '4c4c4544', 's4ewnx0r', '54bf640a1b2c', '54:bf', 'xeon']) expect(text).not.toContain(raw);
    const parts = Object.values(fingerprintOf(workstation).parts).flat();
    expect(parts).toHaveLength(6);
    for (const part of parts) expect(part).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  test('the same value in two parts gives two hashes, and a second reading the same ones', () => {
    const same = { ...workstation, os: 'abcdefgh12345678', disks: [{ device: '/dev/nvme0n1', serial: 'abcdefgh12345678', removable: false }] };
    const { parts } = fingerprintOf(same);
    expect(parts.os).not.toEqual(parts.disk);
    expect(fingerprintOf(structuredClone(same))).toEqual(fingerprintOf(same));
  });

  test('a new network card, disk and name keep a computer within tolerance', () => {
    const repaired = fingerprintOf({
      ...workstation, os: null, hostname: 'other', disks: [{ device: '/dev/nvme0n1', serial: 'NEW000001', removable: false }],
      interfaces: [...workstation.interfaces, { name: 'enp9s0', mac: '54:bf:64:99:99:99', internal: false, virtual: false, type: 'wired' }],
    });
    expect(judgeFingerprint(fingerprintOf(workstation), repaired)).toMatchObject({ within: true, same: 3, parts: { os: 'changed', disk: 'changed', board: 'same', cpu: 'same', net: 'same' } });
  });
});
