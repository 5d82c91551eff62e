import { afterEach, beforeEach, expect, test } from 'vitest';
import { messageFor } from '../../src-cli/messages.ts';
import { nextFor } from '../../src-cli/next-steps.ts';
import { unwrap } from '../../src-shared/result.ts';
import { DAY } from '../../src-shared/time.ts';
import { startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { codeOf, startClient } from '../support/client.ts';
import type { TestClient } from '../support/client.ts';
import { answer } from '../support/exchange.ts';

/** A license that came by file has ended on a machine without a network. */
let authority: TestAuthority;
let island: TestClient;
let lease: string;
beforeEach(async () => {
  authority = await startAuthority();
  island = await startClient({ clock: authority.clock, authority: null, keyset: authority.keyset(), name: 'island' });
  const request = unwrap(await island.licensing().createRequest({ license: 'lic_single', days: 10 }));
  unwrap(await island.licensing().accept(await answer(authority, request.text, 'lic_single', 10)));
  lease = island.licensing().current()[0]?.id ?? '';
});
afterEach(async () => {
  await island.close();
  await authority.close();
});

test('no request to extend it is made, which could only be refused, and the license to ask for anew is named', async () => {
  authority.clock.advance(11 * DAY);
  const refused = await island.licensing().createRequest({ lease, days: 10 });
  expect(refused).toMatchObject({ ok: false, code: 'LEASE_EXPIRED', details: { why: 'renewal', lease, license: 'lic_single' } });
  expect(island.licensing().state().requests).toEqual([]);
  const details = refused.ok ? {} : refused.details;
  expect([messageFor('LEASE_EXPIRED', details), nextFor('LEASE_EXPIRED', details)].join(' ')).toMatch(/cannot be extended any more.*lic_single.*request --license LICENSE --out/);
});

test('the same license is asked for anew, and takes the place of the one that has ended', async () => {
  authority.clock.advance(11 * DAY);
  const request = unwrap(await island.licensing().createRequest({ license: 'lic_single', days: 10 }));
  unwrap(await island.licensing().accept(await answer(authority, request.text, 'lic_single', 10)));
  expect(island.licensing().current()).toMatchObject([{ license: 'lic_single', standing: { usable: true } }]);
});

test('until its last moment it is extended as ever', async () => {
  authority.clock.advance(10 * DAY - 60);
  const request = unwrap(await island.licensing().createRequest({ lease, days: 10 }));
  unwrap(await island.licensing().accept(await answer(authority, request.text, 'lic_single', 10)));
  expect(island.licensing().current()).toMatchObject([{ id: lease, standing: { usable: true } }]);
});

test('one that was released is called so', async () => {
  unwrap(await island.licensing().releaseByProof(lease));
  expect(codeOf(await island.licensing().createRequest({ lease, days: 10 }))).toBe('LEASE_RELEASED');
});
