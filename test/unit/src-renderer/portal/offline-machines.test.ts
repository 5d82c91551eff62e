import { describe, expect, it } from 'vitest';
import { daysFor, endOf, firstChoice, presetsFor } from '../../../../src-renderer/portal/offline-machines/choices.ts';
import { readDocument } from '../../../../src-renderer/portal/offline-machines/read-document.ts';
import type { Inspection } from '../../../../src-shared/inspection.ts';
import type { Entitlement } from '../../../../src-shared/license.ts';
import { DAY } from '../../../../src-shared/time.ts';

const NOW = 1_800_000_000;

const option = (license: string, changes: Partial<Entitlement> = {}): Entitlement => ({
  license, organization: { id: 'org_a', name: 'A' }, product: { id: 'comp', name: 'Comp', kind: 'desktop' }, edition: null, features: [],
  seats: { owned: 2, free: 1, inUse: 1, inTransit: 0, atRisk: 0 }, modes: ['online', 'offline'], offlineDays: 365, validFrom: null, validUntil: null,
  available: true, reasons: [], holders: [], contacts: [], ...changes,
});

const asking = (want: Partial<NonNullable<Inspection['want']>>): Inspection => ({
  kind: 'request', id: 'req_a', issuedAt: NOW, expiresAt: NOW + DAY, authority: 'aut_a', machine: null, lease: null, grant: null, fingerprint: [], purpose: 'checkout', next: 'answer',
  want: { license: null, product: null, mode: 'offline', days: null, ...want }, genuine: { ok: true }, acceptable: { ok: true },
});

describe('reading a file that may be a document', () => {
  it('gives its text, with a byte order mark left in for the parser to refuse', async () => {
    expect(await readDocument(new Blob(['\uFEFF-----BEGIN']))).toEqual({ ok: true, value: '\uFEFF-----BEGIN' });
  });

  it('refuses more than 64 KiB without reading it, and takes exactly that', async () => {
    expect(await readDocument(new Blob(['x'.repeat(65_537)]))).toMatchObject({ ok: false, code: 'FILE_MALFORMED', details: { why: 'size' } });
    expect(await readDocument(new Blob(['x'.repeat(65_536)]))).toMatchObject({ ok: true });
  });

  it('refuses what is not UTF-8', async () => {
    expect(await readDocument(new Blob([new Uint8Array([0x2d, 0xff, 0xfe])]))).toMatchObject({ ok: false, code: 'FILE_MALFORMED', details: { why: 'encoding' } });
  });
});

describe('choosing what answers a request', () => {
  it('begins with the license asked for, or the only one available, and with none where there is a choice', () => {
    const [a, b] = [option('lic_a'), option('lic_b')];
    expect(firstChoice([a, b], asking({ license: 'lic_b' }), null)).toBe('lic_b');
    expect(firstChoice([a, option('lic_b', { available: false })], asking({}), null)).toBe('lic_a');
    expect(firstChoice([a, b], asking({}), null)).toBeNull();
    expect(firstChoice([option('lic_b', { available: false })], asking({ license: 'lic_b' }), null)).toBeNull();
  });

  it('keeps the days asked for within what the license allows', () => {
    expect(daysFor(45, 365)).toBe(45);
    expect(daysFor(45, 30)).toBe(30);
    expect(daysFor(null, 365)).toBe(30);
    expect(daysFor(0, 365)).toBe(1);
  });

  it('offers the usual periods up to the longest one, and that one too', () => {
    expect(presetsFor(365)).toEqual([7, 30, 90, 365]);
    expect(presetsFor(60)).toEqual([7, 30, 60]);
    expect(presetsFor(0)).toEqual([]);
  });

  it('ends no later than the license itself, and says so', () => {
    expect(endOf(NOW, 30, option('lic_a'))).toEqual({ until: NOW + 30 * DAY, isCut: false });
    expect(endOf(NOW, 30, option('lic_a', { validUntil: NOW + 10 * DAY }))).toEqual({ until: NOW + 10 * DAY, isCut: true });
    expect(endOf(NOW, 61, option('lic_a', { offlineDays: 60 }))).toBeNull();
  });
});
