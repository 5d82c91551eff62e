import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { messageFor } from '../../src-cli/messages.ts';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { DAY } from '../../src-shared/time.ts';
import { PASSWORD, settableClock, startAuthority } from '../support/authority.ts';
import type { SettableClock, TestAuthority } from '../support/authority.ts';
import { codeOf, startClient } from '../support/client.ts';
import type { TestClient } from '../support/client.ts';
import { answer } from '../support/exchange.ts';
import { createTestMachine } from '../support/machine.ts';

/** A machine whose battery is flat: its clock begins in 2015 at every start. */
const FLAT = Date.UTC(2015, 0, 1) / 1000;

let authority: TestAuthority;
let own: SettableClock;
let client: TestClient;
beforeEach(async () => {
  authority = await startAuthority();
  own = settableClock(FLAT);
});
afterEach(async () => {
  await client?.close();
  await authority.close();
});
const open = async (connected = false): Promise<void> => {
  client = await startClient({ clock: own, authority: connected ? authority.url : null, keyset: authority.keyset(), name: 'WS-1' });
};
const clockRow = async () => unwrap(await client.licensing().diagnose()).find(({ subject }) => subject === 'clock');
const signedAt = () => authority.clock.now();

describe('on the machine', () => {
  test('the page and the doctor name the clock, and compare it with the date of the keyset', async () => {
    await open();
    expect(client.licensing().state().clock).toEqual({ ok: false, cause: 'signed', now: FLAT, highest: signedAt(), authority: null });
    expect(await clockRow()).toMatchObject({ ok: false, facts: { now: FLAT, keyset: signedAt(), problem: 'CLOCK_ROLLED_BACK', why: 'signed' } });
    expect(codeOf(await client.licensing().checkClock())).toBe('CLOCK_ROLLED_BACK');
  });

  test('no request is made that nobody could answer, and once the clock is right one is made and answered', async () => {
    await open();
    expect(await client.licensing().createRequest({ license: 'lic_stage', days: 30 })).toEqual({ ok: false, code: 'CLOCK_ROLLED_BACK', details: { why: 'signed', now: FLAT, highest: signedAt() } });
    expect(client.licensing().state().requests).toEqual([]);
    own.set(authority.clock.now());
    await client.licensing().checkClock();
    expect(client.licensing().state().clock).toEqual({ ok: true });
    expect(await clockRow()).toMatchObject({ ok: true });
    const request = unwrap(await client.licensing().createRequest({ license: 'lic_stage', days: 30 }));
    unwrap(await client.licensing().accept(await answer(authority, request.text, 'lic_stage', 30)));
    expect(client.licensing().current()).toMatchObject([{ standing: { usable: true } }]);
  });

  test('that has a license already, a request is not made either, and the clock is named', async () => {
    own.set(authority.clock.now());
    await open();
    const request = unwrap(await client.licensing().createRequest({ license: 'lic_stage', days: 30 }));
    unwrap(await client.licensing().accept(await answer(authority, request.text, 'lic_stage', 30)));
    own.set(FLAT);
    await client.restart();
    expect(client.licensing().state().clock).toMatchObject({ ok: false });
    expect(codeOf(await client.licensing().createRequest({ license: 'lic_single', days: 30 }))).toBe('CLOCK_ROLLED_BACK');
  });

  test('over the network the clock is named, too, and no request is left over', async () => {
    await open(true);
    unwrap(await client.licensing().account.signIn({ email: 'editor@northlight.example', password: PASSWORD }));
    expect(client.licensing().state().clock).toMatchObject({ ok: false, cause: 'behind', authority: authority.clock.now() });
    expect(await client.licensing().checkout({ license: 'lic_stage' })).toMatchObject({ code: 'CLOCK_ROLLED_BACK', details: { now: FLAT } });
    expect(client.ports().store.pendingRequests()).toEqual([]);
  });
});

describe('at the authority', () => {
  const asked = async (iat: number): Promise<string> => {
    const machine = await createTestMachine({ authority: authority.id, clock: settableClock(iat), name: 'WS-2' });
    return machine.request({ mode: 'offline', days: 30 });
  };

  test('a request of such a machine is refused by the clock’s own name, in the portal and by the operator, and says when its keyset was signed', async () => {
    const request = await asked(FLAT);
    const refused = { code: 'CLOCK_ROLLED_BACK', details: { why: 'machine', now: FLAT, highest: signedAt() } };
    const inspected = unwrap(await authority.authority().inspect(request));
    expect(inspected.inspection).toMatchObject({ genuine: { ok: true }, acceptable: { ok: false, ...refused }, next: 'request-again' });
    expect(await authority.authority().answer({ request, license: 'lic_stage', days: 30 })).toEqual({ ok: false, ...refused });
    const manager = authority.call(await authority.signIn('manager@northlight.example'));
    expect(await manager(contract.exchange.answer, { body: { request, license: 'lic_stage', days: 30 } })).toEqual({ ok: false, ...refused });
    expect(messageFor('CLOCK_ROLLED_BACK', refused.details)).toMatch(/clock of the machine .*2015-01-01.*2026-11-23/);
  });

  test('a request that really is too old is still called so', async () => {
    const request = await asked(authority.clock.now());
    authority.clock.advance(15 * DAY);
    expect(codeOf(await authority.authority().answer({ request, license: 'lic_stage', days: 30 }))).toBe('REQUEST_EXPIRED');
  });
});
