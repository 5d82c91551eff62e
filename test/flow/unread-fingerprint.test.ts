import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseKind } from '../../src-shared/documents/index.ts';
import { fingerprintParts } from '../../src-shared/fingerprint.ts';
import type { Fingerprint, FingerprintPart, PresentFingerprint } from '../../src-shared/fingerprint.ts';
import { unwrap } from '../../src-shared/result.ts';
import { MINUTE } from '../../src-shared/time.ts';
import { PASSWORD, startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { startClient } from '../support/client.ts';
import type { TestClient } from '../support/client.ts';
import { answer } from '../support/exchange.ts';
import { fingerprintOf } from '../support/machine.ts';

/** Parts of a computer that cannot be read in time, as on one that is very busy. */
const whole = fingerprintOf('WS-1');
const other = fingerprintOf('another');
const without = (from: Fingerprint, ...unread: readonly FingerprintPart[]): PresentFingerprint => ({
  v: 1, parts: Object.fromEntries(fingerprintParts.filter((part) => !unread.includes(part)).map((part) => [part, from.parts[part] ?? []])), unread,
});

let authority: TestAuthority;
let client: TestClient;
/** What a reading in passing gives, what was late, and what all of it is. */
let readings: { anew: PresentFingerprint; rest: PresentFingerprint; needed: PresentFingerprint };

beforeEach(async () => {
  authority = await startAuthority();
  readings = { anew: whole, rest: whole, needed: whole };
  client = await startClient({ clock: authority.clock, authority: authority.url, keyset: authority.keyset(), name: 'WS-1', readFingerprint: async (how = 'anew') => readings[how] });
  unwrap(await client.licensing().account.signIn({ email: 'owner@northlight.example', password: PASSWORD }));
});
afterEach(async () => {
  await client.close();
  await authority.close();
});

const boundTo = () => client.ports().store.leases().map(({ text }) => unwrap(parseKind('license', text)).claims.fp);
const standing = () => client.licensing().current().map((lease) => (lease.standing.usable ? 'usable' : lease.standing.code));
const slow = (...unread: readonly FingerprintPart[]): void => void (readings = { anew: without(whole, ...unread), rest: without(whole, ...unread), needed: whole });

test('a license that is taken meanwhile is bound to all of the computer', async () => {
  slow('os', 'board', 'disk');
  await client.restart();
  unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
  expect(boundTo()).toEqual([whole]);
});

test('a license that is extended or asked for by file meanwhile is, too', async () => {
  const { lease } = unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
  slow('os', 'disk');
  await client.restart();
  unwrap(await client.licensing().renew({ lease, mode: 'offline', days: 3 }));
  expect(boundTo()).toEqual([whole]);
  slow('os', 'disk');
  await client.restart();
  const request = unwrap(await client.licensing().createRequest({ license: 'lic_single', days: 30 }));
  unwrap(await client.licensing().accept(await answer(authority, request.text, 'lic_single', 30)));
  expect(boundTo()).toEqual([whole, whole]);
});

test('a license in use goes on, and the page and the doctor say which parts could not be read', async () => {
  const { lease } = unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
  slow('os', 'board', 'disk', 'net');
  await client.restart();
  expect(standing()).toEqual(['usable']);
  const parts = { os: 'unread', board: 'unread', cpu: 'same', disk: 'unread', net: 'unread' };
  expect(client.licensing().current()[0]?.fingerprint).toEqual({ within: true, parts, same: 1, needed: 3 });
  expect(client.licensing().state().machine.parts).toEqual({ os: 'unread', board: 'unread', cpu: 'present', disk: 'unread', net: 'unread' });
  const row = unwrap(await client.licensing().diagnose()).find(({ subject }) => subject === 'fingerprint');
  expect(row).toEqual({ subject: 'fingerprint', ok: true, facts: { ...parts, withinTolerance: true, same: 1, needed: 3, lease } });
  unwrap(await client.licensing().release({ lease, reason: 'user' }));
  expect(unwrap(await client.licensing().diagnose()).find(({ subject }) => subject === 'fingerprint')?.facts).toMatchObject({ os: 'unread', cpu: 'present' });
});

test('parts that cannot be read excuse no part that has changed', async () => {
  unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
  readings = { anew: without(other, 'board', 'disk', 'net'), rest: without(other, 'board', 'disk', 'net'), needed: other };
  await client.restart();
  expect(standing()).toEqual(['FINGERPRINT_MISMATCH']);
});

test('they excuse for ten minutes, and no longer', async () => {
  unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
  slow('os', 'board', 'disk', 'net');
  await client.restart();
  authority.clock.advance(9 * MINUTE);
  unwrap(await client.licensing().heartbeat());
  expect(standing()).toEqual(['usable']);
  authority.clock.advance(2 * MINUTE);
  unwrap(await client.licensing().heartbeat());
  expect(standing()).toEqual(['FINGERPRINT_MISMATCH']);
  expect(client.licensing().current()[0]?.fingerprint.parts).toMatchObject({ os: 'unread', cpu: 'same' });
  // A part that is there again takes nothing away.
  readings = { ...readings, rest: whole };
  unwrap(await client.licensing().heartbeat());
  expect(standing()).toEqual(['usable']);
});

test('what was late and turns out to be another computer ends the excuse at once', async () => {
  unwrap(await client.licensing().checkout({ license: 'lic_stage' }));
  const copied: PresentFingerprint = { v: 1, parts: { ...other.parts, cpu: whole.parts.cpu ?? [] } };
  readings = { anew: without(whole, 'os', 'board', 'disk', 'net'), rest: copied, needed: copied };
  await client.restart();
  expect(standing()).toEqual(['usable']);
  unwrap(await client.licensing().heartbeat());
  expect(standing()).toEqual(['FINGERPRINT_MISMATCH']);
});
