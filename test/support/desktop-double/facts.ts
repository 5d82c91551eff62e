import type { DesktopState, GivenUpLease, HeldLease, PendingRequest } from '../../../src-shared/desktop.ts';
import type { LeaseMode } from '../../../src-shared/lease.ts';
import type { Contact, Entitlement, Holder, OwnLease, Reason, Seats } from '../../../src-shared/license.ts';
import { DAY, HOUR, MINUTE } from '../../../src-shared/time.ts';

export const northlight = { id: 'org_northlight', name: 'Northlight Pictures' };
export const fjordline = { id: 'org_fjordline', name: 'Fjordline Post' };
const machineId = 'mch_8fzqxOwkTmFvgLxlRvolqkGqmeiNJsWaxuOnFFjTZSo';
const otherMachine = { id: 'mch_2Jc0yXvB9rQwPzLkHgTfDsEaUiOmNb7V6C5X4Z3A2S1', name: 'stage-02' };

export const contacts: readonly Contact[] = [
  { name: 'Marit Solberg', email: 'marit.solberg@northlight.example', role: 'owner' },
  { name: 'Tomasz Zielinski', email: 'tomasz@northlight.example', role: 'manager' },
];

export const account: NonNullable<DesktopState['account']> = {
  user: { id: 'usr_ida', email: 'ida.berg@northlight.example', name: 'Ida Berg' },
  organizations: [{ ...northlight, role: 'editor' }, { ...fjordline, role: 'reader' }],
  defaultOrganization: northlight.id,
};

const seats = (owned: number, inUse: number, inTransit = 0, atRisk = 0): Seats => ({ owned, inUse, inTransit, atRisk, free: owned - inUse - inTransit - atRisk });

type Row = { readonly license: string; readonly product: string; readonly edition: string | null; readonly features: readonly string[]; readonly seats: Seats; readonly kind?: 'cloud'; readonly modes?: readonly LeaseMode[]; readonly validUntil: number | null; readonly reason?: Reason; readonly holders?: readonly Holder[] };

export const entitlement = ({ license, product, edition, features, seats: capacity, kind = undefined, modes = ['online', 'offline'], validUntil, reason, holders = [] }: Row): Entitlement => ({
  license, organization: northlight, product: { id: product.toLowerCase().replace(/\W+/g, '-'), name: product, kind: kind ?? 'desktop' }, edition, features, seats: capacity, modes,
  offlineDays: modes.includes('offline') ? 60 : 0, validFrom: null, validUntil, available: reason === undefined, reasons: reason === undefined ? [] : [reason], holders, contacts,
});

const holder = (now: number, person: string | null, machine: string, mode: LeaseMode, hours: number): Holder =>
  ({ lease: `lse_${machine}`, person, machine: { id: `mch_${machine}`, name: machine }, mode, until: now + hours * HOUR, yours: false, ended: false });

export const twelve = (now: number): readonly Entitlement[] => [
  entitlement({ license: 'lic_comp_studio', product: 'Compositor', edition: 'Studio', features: ['ACES', 'Deep', 'Stereo', 'Python'], seats: seats(20, 12, 2, 1), validUntil: now + 400 * DAY, holders: [holder(now, 'Jonas Lund', 'edit-03', 'online', 21), holder(now, 'Ravi Nair', 'edit-11', 'offline', 30 * 24)] }),
  entitlement({ license: 'lic_comp_std', product: 'Compositor', edition: 'Standard', features: ['ACES'], seats: seats(8, 8), validUntil: now + 400 * DAY, reason: { code: 'SEAT_LIMIT_EXCEEDED', details: { owned: 8 } },
    holders: ['edit-01', 'edit-02', 'edit-04', 'edit-05', 'edit-06', 'edit-08', 'edit-09', 'edit-10'].map((machine, place) => holder(now, ['Jonas Lund', 'Sara Holm', 'Ravi Nair', 'Mia Aalto'][place % 4] ?? null, machine, place === 3 ? 'offline' : 'online', 3 + place * 5)) }),
  entitlement({ license: 'lic_render', product: 'Renderer', edition: null, features: ['GPU'], seats: seats(120, 77), validUntil: now + 23 * DAY }),
  entitlement({ license: 'lic_previz', product: 'Previz', edition: 'Indie', features: [], seats: seats(3, 0), validUntil: null }),
  entitlement({ license: 'lic_track', product: 'Tracker', edition: 'Pro', features: ['Lens', 'Survey'], seats: seats(5, 1), validUntil: now + 200 * DAY, reason: { code: 'LEASE_LIMIT_EXCEEDED', details: { leases: [{ lease: 'lse_mine', machine: otherMachine, mode: 'online', until: now + 19 * HOUR }] } },
    holders: [{ lease: 'lse_mine', person: 'Ida Berg', machine: otherMachine, mode: 'online', until: now + 19 * HOUR, yours: true, ended: false }] }),
  entitlement({ license: 'lic_grade', product: 'Grader', edition: 'Studio', features: ['HDR', 'Dolby Vision', 'Remote'], seats: seats(4, 2), validUntil: now + 90 * DAY, reason: { code: 'LICENSE_NOT_ASSIGNED', details: {} } }),
  entitlement({ license: 'lic_edit', product: 'Editor', edition: 'Team', features: ['Shared bins'], seats: seats(30, 11), validUntil: now + 365 * DAY, modes: ['online'] }),
  entitlement({ license: 'lic_sculpt', product: 'Sculptor', edition: null, features: [], seats: seats(2, 0), validUntil: now - 12 * DAY, reason: { code: 'LICENSE_EXPIRED', details: { at: now - 12 * DAY } } }),
  entitlement({ license: 'lic_sim', product: 'Simulator', edition: 'Farm', features: ['Fluids', 'Cloth'], seats: seats(64, 10, 3), validUntil: now + 600 * DAY, modes: ['offline'], reason: { code: 'MODE_NOT_ALLOWED', details: { mode: 'online', allowed: ['offline'] } } }),
  entitlement({ license: 'lic_review', product: 'Review Room', edition: null, features: [], seats: seats(50, 9), validUntil: null, kind: 'cloud', modes: ['online'] }),
  entitlement({ license: 'lic_paint', product: 'Paint', edition: 'Classic', features: ['16 bit'], seats: seats(10, 4), validUntil: now + 30 * DAY, reason: { code: 'LICENSE_SUSPENDED', details: {} } }),
  entitlement({ license: 'lic_match', product: 'Matchmove', edition: 'Beta', features: [], seats: seats(6, 0), validUntil: null, reason: { code: 'LICENSE_NOT_STARTED', details: { at: now + 9 * DAY } } }),
];

const names = ['Compositor', 'Renderer', 'Previz', 'Tracker', 'Grader', 'Editor', 'Sculptor', 'Simulator', 'Paint', 'Matchmove'];
export const many = (now: number, count: number): readonly Entitlement[] => Array.from({ length: count }, (_, place) => {
  const owned = 5 + (place * 7) % 60;
  const isFull = place % 5 === 4;
  return entitlement({
    license: `lic_${place}`, product: `${names[place % names.length]} ${Math.floor(place / names.length) + 1}`, edition: ['Studio', 'Standard', null][place % 3] ?? null, features: ['ACES', 'Deep', 'HDR', 'GPU', 'Python'].slice(0, place % 6),
    seats: seats(owned, isFull ? owned : place % owned), validUntil: now + (place % 700) * DAY + DAY,
    ...(isFull && { reason: { code: 'SEAT_LIMIT_EXCEEDED', details: { owned } }, holders: [holder(now, 'Jonas Lund', 'edit-03', 'online', 9), holder(now, 'Sara Holm', 'edit-07', 'online', 12)] }),
  });
});

export const fingerprint = (change: Partial<HeldLease['fingerprint']['parts']> = {}): HeldLease['fingerprint'] => {
  const parts = { os: 'same', board: 'same', cpu: 'same', disk: 'same', net: 'same', ...change } as const;
  const verdicts = Object.values(parts);
  const same = verdicts.filter((verdict) => verdict === 'same').length;
  const needed = Math.min(3, verdicts.filter((verdict) => verdict !== 'absent').length);
  return { within: parts.os === 'same' || same >= needed, parts, same, needed };
};

export const heldOnline = (now: number): HeldLease => ({
  id: 'lse_online', license: 'lic_comp_studio', product: { id: 'compositor', name: 'Compositor' }, edition: 'Studio', features: ['ACES', 'Deep', 'Stereo', 'Python'], organization: northlight, mode: 'online', carrier: 'network',
  issuedAt: now - 5 * HOUR, until: now + 19 * HOUR, validUntil: now + 400 * DAY, lastContact: now - 4 * MINUTE, offlineDays: 60, standing: { usable: true }, endsWithinDays: null, unrenewed: null, refusal: null,
  file: '/home/ida/.local/share/latchkey/licenses/compositor.lklic', fingerprint: fingerprint(),
});
export const heldOffline = (now: number): HeldLease => ({
  ...heldOnline(now), id: 'lse_offline', mode: 'offline', issuedAt: now - 20 * DAY, until: now + 40 * DAY, lastContact: now - 20 * DAY, fingerprint: fingerprint({ net: 'changed' }),
});
export const heldByFile = (now: number): HeldLease => ({
  ...heldOffline(now), id: 'lse_file', license: 'lic_sim', product: { id: 'simulator', name: 'Simulator' }, edition: 'Farm', features: ['Fluids', 'Cloth'], carrier: 'file', lastContact: null, offlineDays: 0,
  issuedAt: now - 3 * DAY, until: now + 87 * DAY, file: '/home/ida/.local/share/latchkey/licenses/simulator.lklic', fingerprint: fingerprint({ board: 'absent' }),
});

export const request = (now: number): PendingRequest => ({
  id: 'req_one', purpose: 'checkout', createdAt: now - 2 * DAY, expiresAt: now + 12 * DAY, machineName: 'edit-07', product: 'simulator', license: null, days: 90, fileName: 'edit-07-simulator.lkreq', lease: null,
});
export const renewal = (now: number): PendingRequest => ({
  id: 'req_two', purpose: 'checkout', createdAt: now - 13 * DAY, expiresAt: now + 20 * HOUR, machineName: 'edit-07', product: null, license: null, days: null, fileName: 'edit-07.lkreq', lease: null,
});
export const timeRequest = (now: number): PendingRequest => ({
  id: 'req_time', purpose: 'time', createdAt: now - HOUR, expiresAt: now + 14 * DAY, machineName: 'edit-07', product: null, license: null, days: null, fileName: 'latchkey-time-request-edit-07.lkreq', lease: null,
});
export const givenUp = (now: number): readonly GivenUpLease[] => [
  { lease: 'lse_gone1', product: { id: 'grader', name: 'Grader' }, organization: northlight, releasedAt: now - 3 * HOUR, reason: 'user', fileName: 'edit-07-grader.lkrel', receiptAt: null, until: now + 58 * DAY },
  { lease: 'lse_gone2', product: { id: 'renderer', name: 'Renderer' }, organization: fjordline, releasedAt: now - 9 * DAY, reason: 'user', fileName: 'edit-07-renderer.lkrel', receiptAt: now - 8 * DAY, until: now + 20 * DAY },
];

export const mine = (now: number): readonly OwnLease[] => {
  const base = { license: 'lic_comp_studio', product: { id: 'compositor', name: 'Compositor', kind: 'desktop' }, edition: 'Studio', organization: northlight, holder: { id: 'usr_ida', name: 'Ida Berg' }, validUntil: now + 400 * DAY, ended: null, contacts: [] } as const;
  return [
    { ...base, id: 'lse_online', machine: { id: machineId, name: 'edit-07', os: 'Ubuntu 26.04' }, mode: 'online', state: 'active', issuedAt: now - 5 * HOUR, until: now + 19 * HOUR, busyUntil: now + 19 * HOUR, lastContact: now - 4 * MINUTE, confirmed: true },
    { ...base, id: 'lse_mine', license: 'lic_track', product: { id: 'tracker', name: 'Tracker', kind: 'desktop' }, edition: 'Pro', machine: { ...otherMachine, os: 'Windows 11' }, mode: 'online', state: 'active', issuedAt: now - 5 * HOUR, until: now + 19 * HOUR, busyUntil: now + 19 * HOUR, lastContact: now - 3 * HOUR, confirmed: true },
    { ...base, id: 'lse_far', license: 'lic_sim', product: { id: 'simulator', name: 'Simulator', kind: 'desktop' }, edition: 'Farm', machine: { id: 'mch_truck', name: 'truck-laptop', os: 'macOS 26' }, mode: 'offline', state: 'active', issuedAt: now - 9 * DAY, until: now + 51 * DAY, busyUntil: now + 51 * DAY, lastContact: null, confirmed: false },
    { ...base, id: 'lse_old', machine: { id: machineId, name: 'edit-07', os: 'Ubuntu 26.04' }, mode: 'online', state: 'released', issuedAt: now - 3 * DAY, until: now - 2 * DAY, busyUntil: now - 2 * DAY, lastContact: now - 2 * DAY, confirmed: true },
  ];
};

export const machine: DesktopState['machine'] = { id: machineId, name: 'edit-07', os: 'Ubuntu 26.04 LTS', protection: 'keychain', parts: { os: 'present', board: 'present', cpu: 'present', disk: 'present', net: 'present' } };
