import { afterEach, beforeEach, expect, test } from 'vitest';
import { Refusal, unwrap } from '../../src-shared/result.ts';
import { HOUR } from '../../src-shared/time.ts';
import { PASSWORD, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { eventually, startClient } from '../support/client.ts';
import type { TestClient } from '../support/client.ts';

let authority: TestAuthority;
let desk: TestClient;
beforeEach(async () => {
  authority = await startAuthority();
  desk = await startClient({ clock: authority.clock, keyset: authority.keyset(), authority: authority.url, name: 'desk' });
  unwrap(await desk.licensing().account.signIn({ email: 'editor@northlight.example', password: PASSWORD }));
});
afterEach(async () => {
  await desk.close();
  await authority.close();
});

test('an app whose disk was full for a moment goes on renewing its license', async () => {
  const { lease } = unwrap(await desk.licensing().checkout({ license: 'lic_stage' }));
  const { store } = desk.ports();
  const { write } = store;
  let refused = 0;
  Object.assign(store, {
    write: () => {
      refused += 1;
      throw new Refusal('STORE_UNUSABLE', { why: 'full' });
    },
  });
  await desk.licensing().start();
  await eventually('a round has met the full disk, and the next one is planned', () => refused > 1 && desk.schedule.pending() >= 2);
  Object.assign(store, { write });
  authority.clock.advance(13 * HOUR);
  const issuedAt = () => desk.licensing().current().find(({ id }) => id === lease)?.issuedAt ?? 0;
  const before = issuedAt();
  await eventually('it is renewed', () => {
    desk.schedule.advance(600);
    return issuedAt() > before;
  });
  expect(desk.licensing().current()).toMatchObject([{ id: lease, standing: { usable: true }, refusal: null }]);
});
