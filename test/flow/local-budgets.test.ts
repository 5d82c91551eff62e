import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Entitlement } from '../../src-shared/license.ts';
import { unwrap } from '../../src-shared/result.ts';
import { PASSWORD, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { startClient } from '../support/client.ts';
import type { TestClient } from '../support/client.ts';
import { answer } from '../support/exchange.ts';
import { median, ownTime } from '../support/own-time.ts';

/** Design.md section 9, on this side. */
let authority: TestAuthority;
let client: TestClient;
beforeEach(async () => {
  authority = await startAuthority();
  client = await startClient({ clock: authority.clock, authority: authority.url, keyset: authority.keyset() });
});
afterEach(async () => {
  await client.close();
  await authority.close();
});

test('a local license check takes at most a millisecond, also with 10,000 entitlements known', async () => {
  unwrap(await client.licensing().account.signIn({ email: 'editor@northlight.example', password: PASSWORD }));
  unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
  const { account, picker } = client.licensing().state();
  const one = picker.entitlements[0] as Entitlement;
  client.ports().store.write((tx) =>
    tx.saveEntitlements(account?.user.id ?? '', picker.organization?.id ?? '', authority.clock.now(), Array.from({ length: 10_000 }, (_, index) => ({ ...one, license: `lic_${index}` }))));
  await client.restart();
  const times = Array.from({ length: 500 }, () => {
    const time = ownTime();
    const [lease] = client.licensing().current('stage');
    const took = time();
    if (!lease?.standing.usable) throw new Error('not usable');
    return took;
  });
  expect(median(times)).toBeLessThan(1);
});

test('accepting a license file takes at most ten milliseconds', async () => {
  const round = async (): Promise<number> => {
    const times: number[] = [];
    for (let turn = 0; turn < 15; turn += 1) {
      const file = await answer(authority, unwrap(await client.licensing().createRequest({ product: 'stage' })).text, 'lic_stage', 30);
      const time = ownTime();
      unwrap(await client.licensing().accept(file));
      times.push(time());
    }
    return median(times);
  };
  // A core that is shared computes slower, too: what others do can only add.
  const rounds: number[] = [];
  while (rounds.length < 4 && Math.min(...rounds) >= 10) rounds.push(await round());
  expect(Math.min(...rounds)).toBeLessThan(10);
});
