import { expect, test } from 'vitest';
import { isOnlineOnly } from '../../../src-renderer/exchange/use-products.ts';
import { entitlement } from '../../support/desktop-double/facts.ts';

const seats = { owned: 1, free: 1, inUse: 0, inTransit: 0, atRisk: 0 };
const row = (product: string, more: Partial<Parameters<typeof entitlement>[0]> = {}) =>
  entitlement({ license: `lic_${product}_${more.modes?.join('') ?? ''}`, product, edition: null, features: [], seats, validUntil: null, ...more });

test('an activation request is not offered for what can be used online only', () => {
  const [live, room, comp] = [row('Live', { modes: ['online'] }), row('Room', { kind: 'cloud' }), row('Comp', { modes: ['online'] })];
  const field = row('Comp', { modes: ['offline'] });
  const rows = [live, room, comp, field];
  expect(isOnlineOnly(live.product.id, rows)).toBe(true);
  expect(isOnlineOnly(room.product.id, rows)).toBe(true);
  expect(isOnlineOnly(comp.product.id, rows)).toBe(false);
  // Of what the build is for, and nobody has shown, nothing is known.
  expect(isOnlineOnly('stage', rows)).toBe(false);
});
