import type { FingerprintPart } from '../../../src-shared/fingerprint.ts';

/** What was read of a computer, before it is judged and hashed. Raw values stay in this folder. */
export type RawMachine = {
  readonly os: string | null;
  readonly hostname: string;
  readonly board: { readonly uuid: string; readonly manufacturer: string; readonly model: string; readonly serial: string };
  readonly cpu: { readonly manufacturer: string; readonly brand: string; readonly family: string; readonly model: string; readonly stepping: string };
  readonly disks: readonly { readonly device: string; readonly serial: string; readonly removable: boolean }[];
  /** The disk that holds the system; null when it cannot be told. */
  readonly systemDisk: string | null;
  readonly interfaces: readonly RawInterface[];
};
export type RawInterface = {
  readonly name: string;
  readonly mac: string;
  readonly internal: boolean;
  readonly virtual: boolean;
  readonly type: string;
};

/** What makers write where a value should stand, and what many computers share: worse than nothing. */
const constants = new Set([
  '', '0', '00000000', '123456789', '1234567890', '0123456789', 'none', 'null', 'n/a', 'na', 'not applicable', 'not available', 'not specified', 'not settable', 'not present',
  'not defined', 'unknown', 'undefined', 'invalid', 'default string', 'default', 'empty', 'oem', 'o.e.m.', 'to be filled by o.e.m.',
  'to be filled by o.e.m', 'tobefilledbyo.e.m.', 'system serial number', 'base board serial number', 'chassis serial number', 'serial number',
  'system manufacturer', 'system product name', 'base board manufacturer', 'base board product name', 'standard', 'xxxxxxxxxx', 'filled by oem',
  'type2 - board serial number', 'board serial number', 'mb-1234567890', 'evalboardserialnumber', 'virtual', 'qemu harddisk', 'qm00001', 'qm00002',
  'qm00003', 'drive0', 'vbox harddisk', 'virtual disk', 'uninitialized',
]);
/** SHA-256 and MD5 of nothing: what a reader that hashes gives when it read nothing. */
const hashesOfNothing = new Set(['e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 'd41d8cd98f00b204e9800998ecf8427e']);
/** `uninitialized` stands in /etc/machine-id before the first boot of an image; these UUIDs ship in boards by the thousand. */
const sharedUuids = new Set(['03000200040005000006000700080009', '00020003000400050006000700080009', '12345678123456789012345678901234', 'fefefefefefefefefefefefefefefefe']);

/** The value without what differs between readings of one computer; null when it says nothing about which computer it is. */
export const clean = (value: string | null | undefined): string | null => {
  const text = (value ?? '').normalize('NFKC').replace(/\s+/g, ' ').trim().toLowerCase();
  if (constants.has(text) || hashesOfNothing.has(text)) return null;
  const bare = text.replace(/[^a-z0-9]/g, '');
  // All the same character: zeros, Fs, dashes, dots.
  if (bare === '' || /^(.)\1*$/.test(bare) || sharedUuids.has(bare) || constants.has(bare)) return null;
  return text;
};

const osPart = ({ os, hostname }: RawMachine): readonly string[] => {
  const id = clean(os);
  // node-machine-id falls back to the host's name where there is no machine id: a name is not an identity.
  if (id === null || id === hostname.trim().toLowerCase() || id.length < 8) return [];
  return [id.replace(/[{}]/g, '')];
};

const boardPart = ({ board }: RawMachine): readonly string[] => {
  const uuid = clean(board.uuid);
  const serial = clean(board.serial);
  // A serial number is unique with its maker and model only.
  const full = serial === null || serial.length < 4 ? null : `${clean(board.manufacturer) ?? ''}|${clean(board.model) ?? ''}|${serial}`;
  return [uuid === null ? null : `uuid:${uuid}`, full === null ? null : `serial:${full}`].filter((each) => each !== null);
};

const cpuPart = ({ cpu }: RawMachine): readonly string[] => {
  const brand = clean(cpu.brand);
  if (brand === null) return [];
  return [[cpu.manufacturer, cpu.brand, cpu.family, cpu.model, cpu.stepping].map((each) => each.normalize('NFKC').replace(/\s+/g, ' ').trim().toLowerCase()).join('|')];
};

const diskPart = ({ disks, systemDisk }: RawMachine): readonly string[] => {
  const fixed = disks.filter(({ removable }) => !removable);
  const system = fixed.find(({ device }) => device === systemDisk) ?? (fixed.length === 1 ? fixed[0] : undefined);
  const serial = clean(system?.serial);
  return serial === null || serial.length < 4 ? [] : [serial];
};

/** Names that drivers, containers, virtual machines and VPNs give on the three systems. */
const notPhysical = new RegExp(
  [
    '^lo\\d*$', '^docker', '^veth', '^br[-\\d]', '^bridge', '^virbr', '^vnet', '^vmnet', '^vbox', '^tun', '^tap', '^utun', '^wg', '^tailscale', '^zt',
    '^nordlynx', '^ppp', '^ipsec', '^gif', '^stf', '^sit', '^gre', '^ip6tnl', '^ifb', '^dummy', '^bond', '^team', '^lxc', '^lxd', '^cni', '^flannel',
    '^cali', '^podman', '^kube', '^ovs', '^macvtap', '^macvlan', '^vlan', '\\.\\d+$', '@', '^awdl', '^llw', '^ap\\d', '^p2p', '^anpi', '^wwan', '^wwp',
    // USB network adapters and docking stations: named after their address, or by their driver.
    '^enx[0-9a-f]{12}$', '^usb', '^rndis', '^cdc',
    'virtual', 'hyper-v', 'vethernet', 'vmware', 'virtualbox', 'vpn', 'wireguard', 'openvpn', 'loopback', 'bluetooth', 'teredo', 'isatap', 'wan miniport',
    'dock', 'thunderbolt', 'usb',
  ].join('|'),
  'i',
);

/** The MAC of an interface that is built into this computer; null otherwise. */
export const physicalMac = ({ name, mac, internal, virtual, type }: RawInterface): string | null => {
  if (internal || virtual || notPhysical.test(name) || /virtual|usb|bluetooth/i.test(type)) return null;
  const text = mac.toLowerCase().replace(/[^0-9a-f]/g, '');
  if (text.length !== 12 || /^(.)\1*$/.test(text)) return null;
  const first = Number.parseInt(text.slice(0, 2), 16);
  // Locally administered (randomized, or given by software) and group addresses name no hardware.
  return (first & 0b11) === 0 ? text : null;
};

const netPart = ({ interfaces }: RawMachine): readonly string[] =>
  [...new Set(interfaces.map(physicalMac).filter((mac) => mac !== null))].sort().slice(0, 16);

/** The five parts, normalized and not yet hashed. An empty list is an absent part. */
export const normalize = (raw: RawMachine): { readonly [P in FingerprintPart]: readonly string[] } => ({
  os: osPart(raw), board: boardPart(raw), cpu: cpuPart(raw), disk: diskPart(raw), net: netPart(raw),
});
