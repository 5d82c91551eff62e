import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import type * as SystemInformation from 'systeminformation';
import { fingerprintParts } from '../../../src-shared/fingerprint.ts';
import type { Fingerprint, FingerprintPart, PresentFingerprint } from '../../../src-shared/fingerprint.ts';
import { normalize } from './normalize.ts';
import type { RawMachine } from './normalize.ts';
import { readOsId } from './os-id.ts';
import { loadingWithSystemPrograms } from './system-programs.ts';

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

/** What is asked of the system, each by itself: some of it starts programs, which can be slow or hang. */
export type Sources = {
  readonly os: () => Promise<string>;
  readonly uuid: () => Promise<{ readonly hardware: string }>;
  readonly board: () => Promise<{ readonly manufacturer: string; readonly model: string; readonly serial: string }>;
  readonly cpu: () => Promise<RawMachine['cpu']>;
  readonly disks: () => Promise<readonly { readonly device: string; readonly serialNum: string; readonly interfaceType: string }[]>;
  readonly blocks: () => Promise<readonly { readonly device?: string; readonly name: string; readonly mount: string; readonly removable: boolean }[]>;
  readonly interfaces: () => Promise<readonly { readonly iface: string; readonly ifaceName: string; readonly mac: string; readonly internal: boolean; readonly virtual: boolean; readonly type: string }[]>;
};

/** The newest answer of a source; null while it has not answered since it was last asked. */
type Slot<T> = { readonly answer: () => T | null; readonly isAsked: () => boolean; readonly begin: () => Promise<void> };

/** A source that is late goes on, and is not asked a second time meanwhile. */
const createSlot = <T>(ask: () => Promise<T>): Slot<T> => {
  let answer: T | null = null;
  let under: Promise<void> | null = null;
  const asking = async (): Promise<void> => {
    try {
      answer = await ask();
    } catch {
      // It stays unread, and is asked again the next time.
    } finally {
      under = null;
    }
  };
  return {
    answer: () => answer,
    isAsked: () => under !== null,
    begin: () => {
      if (under !== null) return under;
      answer = null;
      return (under = asking());
    },
  };
};

type Slots = { readonly [S in keyof Sources]: Slot<Awaited<ReturnType<Sources[S]>>> };

const rawOf = (slots: Slots): RawMachine => {
  const [uuid, board, cpu] = [slots.uuid.answer(), slots.board.answer(), slots.cpu.answer()];
  const blocks = slots.blocks.answer() ?? [];
  const mounted = blocks.find(({ mount }) => mount === '/' || /^c:/i.test(mount));
  const removable = new Set(blocks.filter((block) => block.removable).map(({ device, name }) => device ?? name));
  return {
    os: slots.os.answer(),
    hostname: hostname(),
    board: { uuid: uuid?.hardware ?? '', manufacturer: board?.manufacturer ?? '', model: board?.model ?? '', serial: board?.serial ?? '' },
    cpu: { manufacturer: cpu?.manufacturer ?? '', brand: cpu?.brand ?? '', family: cpu?.family ?? '', model: cpu?.model ?? '', stepping: cpu?.stepping ?? '' },
    disks: (slots.disks.answer() ?? []).map(({ device, serialNum, interfaceType }) => ({
      device, serial: serialNum ?? '', removable: removable.has(device) || /usb/i.test(interfaceType ?? ''),
    })),
    systemDisk: mounted?.device ?? null,
    interfaces: (slots.interfaces.answer() ?? []).map(({ iface, ifaceName, mac, internal, virtual, type }) => ({
      name: ifaceName && ifaceName !== iface ? `${iface} ${ifaceName}` : iface, mac: mac ?? '', internal, virtual, type: type ?? '',
    })),
  };
};

/** How long is waited for what is read, milliseconds: `usual` in passing, `needed` before a license is bound to it. */
export type Patience = { readonly usual: number; readonly usualForOs: number; readonly needed: number };
/** The system's id alone says that it is the same computer, so it is waited for longer. */
const patience: Patience = { usual: 4000, usualForOs: 20_000, needed: 60_000 };

/**
 * Reads a computer. `anew`: all of it, as far as it can be read in the usual time. `rest`: with what was late then, where it is
 * there by now. `needed`: the same, with all the time that it needs.
 */
export const createFingerprintReader = (sources: Sources, { usual, usualForOs, needed }: Patience = patience) => {
  const slots: Slots = {
    os: createSlot(sources.os), uuid: createSlot(sources.uuid), board: createSlot(sources.board), cpu: createSlot(sources.cpu),
    disks: createSlot(sources.disks), blocks: createSlot(sources.blocks), interfaces: createSlot(sources.interfaces),
  };
  const slotsOf: { readonly [P in FingerprintPart]: readonly Slot<unknown>[] } = {
    os: [slots.os], board: [slots.uuid, slots.board], cpu: [slots.cpu], disk: [slots.disks, slots.blocks], net: [slots.interfaces],
  };
  const all = Object.values(slotsOf).flat();
  const late = (): readonly Slot<unknown>[] => all.filter((slot) => slot.answer() === null);

  return async (how: 'anew' | 'rest' | 'needed' = 'anew'): Promise<PresentFingerprint> => {
    const began = performance.now();
    let asked = how === 'anew' ? all : late();
    for (;;) {
      await Promise.all(asked.map((slot) => within(slot.begin(), how === 'rest' ? 0 : how === 'needed' ? needed : slot === slots.os ? usualForOs : usual)));
      // Somebody else may have begun to read all of it anew meanwhile.
      if (how !== 'needed' || !all.some((slot) => slot.isAsked()) || performance.now() - began >= needed) break;
      asked = late();
    }
    const unread = fingerprintParts.filter((part) => slotsOf[part].some((slot) => slot.answer() === null));
    return { ...fingerprintOf(rawOf(slots)), ...(unread.length === 0 ? {} : { unread }) };
  };
};

const within = async (work: Promise<void>, milliseconds: number): Promise<void> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([work, over]);
  clearTimeout(timer);
};

let library: Promise<typeof SystemInformation> | null = null;
/** It takes the functions of `child_process` when it is loaded. */
const si = (): Promise<typeof SystemInformation> => (library ??= loadingWithSystemPrograms(() => import('systeminformation')));

/** Reads this computer. */
export const readFingerprint = createFingerprintReader({
  os: readOsId, uuid: async () => (await si()).uuid(), board: async () => (await si()).baseboard(), cpu: async () => (await si()).cpu(),
  disks: async () => (await si()).diskLayout(), blocks: async () => (await si()).blockDevices(), interfaces: async () => [await (await si()).networkInterfaces()].flat(),
});
