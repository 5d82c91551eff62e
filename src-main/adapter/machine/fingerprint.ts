import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import machineIdentity from 'node-machine-id';
import si from 'systeminformation';
import { fingerprintParts } from '../../../src-shared/fingerprint.ts';
import type { Fingerprint, FingerprintPart } from '../../../src-shared/fingerprint.ts';
import { normalize } from './normalize.ts';
import type { RawMachine } from './normalize.ts';

/** How long one reading may take: some of them start programs of the system, which can hang. */
const PATIENCE_MS = 4000;
/** The system's id alone says that it is the same computer: one that is only very busy must not be taken for another. */
const PATIENCE_FOR_OS_MS = 20_000;

const within = async <T>(reading: Promise<T>, otherwise: T, patienceMs = PATIENCE_MS): Promise<T> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), patienceMs);
  });
  try {
    return await Promise.race([reading.catch(() => otherwise), patience]);
  } finally {
    clearTimeout(timer);
  }
};

const hash = (part: FingerprintPart, value: string): string =>
  createHash('sha256').update(`latchkey-fp-v1\0${part}\0${value}`).digest('base64url');

export const fingerprintOf = (raw: RawMachine): Fingerprint => {
  const parts = normalize(raw);
  return {
    v: 1,
    parts: Object.fromEntries(
      fingerprintParts.filter((part) => parts[part].length > 0).map((part) => [part, parts[part].map((value) => hash(part, value))]),
    ),
  };
};

/** Reads this computer. A part that cannot be read in time is absent. */
export const readFingerprint = async (): Promise<Fingerprint> => fingerprintOf(await readRaw());

const readRaw = async (): Promise<RawMachine> => {
  const [os, uuid, board, cpu, disks, blocks, interfaces] = await Promise.all([
    within(machineIdentity.machineId(true), '', PATIENCE_FOR_OS_MS),
    within(si.uuid(), { os: '', hardware: '', macs: [] }),
    within<{ manufacturer: string; model: string; serial: string }>(si.baseboard(), { manufacturer: '', model: '', serial: '' }),
    within<RawMachine['cpu']>(si.cpu(), { manufacturer: '', brand: '', family: '', model: '', stepping: '' }),
    within(si.diskLayout(), []),
    within(si.blockDevices(), []),
    within(si.networkInterfaces(), []),
  ]);
  const mounted = blocks.find(({ mount }) => mount === '/' || /^c:/i.test(mount));
  const removable = new Set(blocks.filter((block) => block.removable).map(({ device, name }) => device ?? name));
  return {
    os,
    hostname: hostname(),
    board: { uuid: uuid.hardware, manufacturer: board.manufacturer ?? '', model: board.model ?? '', serial: board.serial ?? '' },
    cpu: { manufacturer: cpu.manufacturer ?? '', brand: cpu.brand ?? '', family: cpu.family ?? '', model: cpu.model ?? '', stepping: cpu.stepping ?? '' },
    disks: disks.map(({ device, serialNum, interfaceType }) => ({
      device, serial: serialNum ?? '', removable: removable.has(device) || /usb/i.test(interfaceType ?? ''),
    })),
    systemDisk: mounted?.device ?? null,
    interfaces: interfaces.map(({ iface, ifaceName, mac, internal, virtual, type }) => ({
      name: ifaceName && ifaceName !== iface ? `${iface} ${ifaceName}` : iface, mac: mac ?? '', internal, virtual, type: type ?? '',
    })),
  };
};
