import { expect, test } from 'vitest';
import { filterEntitlements, indexEntitlements } from '../../../src-renderer/picker/entitlement-index.ts';
import { canBeTaken } from '../../../src-shared/license.ts';
import { entitlement, twelve } from '../../support/desktop-double/facts.ts';

const rows = twelve(1_790_000_000);
const licenses = (found: readonly { readonly license: string }[]) => found.map(({ license }) => license);

test('what this machine uses comes first, then what is available, by name; the rest comes last', () => {
  const index = indexEntitlements(rows, new Set(['lic_sim']), 'en');
  const order = licenses(index.rows);
  expect(order[0]).toBe('lic_sim');
  expect(order[1]).toBe('lic_comp_studio');
  const available = index.rows.map(canBeTaken);
  expect(available.lastIndexOf(true)).toBeLessThan(available.indexOf(false));
  expect(order.length).toBe(rows.length);
});

test('where another license is wanted in its place, what this machine uses comes last', () => {
  const order = licenses(indexEntitlements(rows, new Set(['lic_comp_studio']), 'en', 'last').rows);
  expect(order.at(-1)).toBe('lic_comp_studio');
});

test('every word must occur, in product, edition, features or organization, in any order and case', () => {
  const index = indexEntitlements(rows, new Set(), 'en');
  expect(licenses(filterEntitlements(index, 'STUDIO comp', 'all'))).toEqual(['lic_comp_studio']);
  expect(licenses(filterEntitlements(index, 'dolby', 'all'))).toEqual(['lic_grade']);
  expect(filterEntitlements(index, '  northlight ', 'all').length).toBe(rows.length);
  expect(filterEntitlements(index, 'comp nowhere', 'all')).toEqual([]);
});

test('only the available are left when only they are shown', () => {
  const index = indexEntitlements(rows, new Set(), 'en');
  expect(filterEntitlements(index, '', 'available').every(canBeTaken)).toBe(true);
  expect(licenses(filterEntitlements(index, 'comp', 'available'))).toEqual(['lic_comp_studio']);
});

test('a license that is given out for offline use only stands with the available, unless something else is against it', () => {
  const offlineOnly = rows.filter(({ license }) => license === 'lic_sim');
  const index = indexEntitlements(rows.filter(({ available }) => !available), new Set(), 'en');
  expect(licenses(index.rows)[0]).toBe('lic_sim');
  expect(licenses(filterEntitlements(index, '', 'available'))).toEqual(['lic_sim']);
  const expired = offlineOnly.map((row) => ({ ...row, reasons: [{ code: 'LICENSE_EXPIRED' as const, details: {} }, ...row.reasons] }));
  expect(filterEntitlements(indexEntitlements(expired, new Set(), 'en'), '', 'available')).toEqual([]);
});

test('accents neither hide a product nor are needed to find it', () => {
  const seats = { owned: 1, free: 1, inUse: 0, inTransit: 0, atRisk: 0 };
  const index = indexEntitlements([entitlement({ license: 'lic_e', product: 'Éditeur', edition: null, features: [], seats, validUntil: null })], new Set(), 'fr');
  expect(licenses(filterEntitlements(index, 'editeur', 'all'))).toEqual(['lic_e']);
  expect(licenses(filterEntitlements(index, 'ÉDI', 'all'))).toEqual(['lic_e']);
});
