import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseKind } from '../../src-shared/documents/index.ts';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { HOUR, MINUTE } from '../../src-shared/time.ts';
import { startAuthority } from '../support/authority.ts';
import type { TestAuthority } from '../support/authority.ts';
import { createTestMachine } from '../support/machine.ts';
import type { TestMachine } from '../support/machine.ts';

/** Copies whose counters are far apart never use the same number: what gives them away is a lower number that was signed later. */

let a: TestAuthority;
let token: string;
beforeEach(async () => {
  a = await startAuthority();
  token = await a.signIn('editor@northlight.example');
});
afterEach(() => a.close());

const renew = async (machine: TestMachine, lease: string, file: string, seq: number, claims: object = {}) => {
  const request = await machine.request({ license: 'lic_stage', mode: 'online' }, { purpose: 'renew', lease, seq, ...claims });
  const { jti } = unwrap(parseKind('request', request)).claims;
  return a.call()(contract.leases.renew, { body: { request, heartbeat: await machine.heartbeat(lease, unwrap(parseKind('license', file)).claims.jti, { jti }) } });
};
const taken = async (seq = 1) => {
  const machine = await createTestMachine({ authority: a.id, clock: a.clock, name: 'WS' });
  const { lease, licenseFile } = unwrap(await a.call(token)(contract.leases.checkout, { body: { request: await machine.request({ license: 'lic_stage', mode: 'online' }, { seq }) } }));
  return { machine, lease: lease.id, file: licenseFile };
};
const marked = async () => (await a.authority().machines(true)).length;

test('copies that renew by turns are noticed at the first turn of the lower one, and nothing is issued to either', async () => {
  const { machine, lease, file } = await taken();
  const second = unwrap(await renew(machine, lease, file, 100_000)).licenseFile;
  a.clock.advance(12 * HOUR);
  expect(await renew(machine, lease, second, 2)).toMatchObject({ ok: false, code: 'MACHINE_CLONED', details: { machine: machine.id, seq: 2, retired: false, last: 100_000 } });
  expect(await marked()).toBe(1);
  expect(await renew(machine, lease, second, 100_001)).toMatchObject({ ok: false, code: 'MACHINE_CLONED' });
  const rows: string[] = [];
  for await (const { action, subject } of a.authority().auditRows()) if (action === 'machine.cloned') rows.push(subject);
  expect(rows).toEqual([machine.id]);
});

test('so they are when they check out by turns', async () => {
  const { machine } = await taken(300_000);
  a.clock.advance(2 * HOUR);
  expect(await a.call(token)(contract.leases.checkout, { body: { request: await machine.request({ license: 'lic_stage', mode: 'online' }, { seq: 7 }) } })).toMatchObject({ ok: false, code: 'MACHINE_CLONED' });
  expect(await marked()).toBe(1);
});

test('requests of one machine that overtake each other on the way are answered, however late the earlier one comes', async () => {
  const { machine, lease, file } = await taken();
  const early = { iat: a.clock.now() };
  a.clock.advance(MINUTE);
  unwrap(await renew(machine, lease, file, 9));
  expect(await renew(machine, lease, file, 8)).toMatchObject({ ok: true });
  a.clock.advance(20 * HOUR);
  expect(await renew(machine, lease, file, 7, early)).toMatchObject({ ok: true });
  expect(await marked()).toBe(0);
});

test('a request that a person brings as a file may be older than what the machine sent since', async () => {
  const { machine } = await taken();
  const byFile = await machine.request({ mode: 'offline' }, { seq: 2 });
  unwrap(await a.call(token)(contract.leases.checkout, { body: { request: await machine.request({ license: 'lic_stage', mode: 'online' }, { seq: 50 }) } }));
  a.clock.advance(3 * HOUR);
  expect(await a.authority().answer({ request: byFile, license: 'lic_offline', days: 3 })).toMatchObject({ ok: true });
  expect(await marked()).toBe(0);
});

test('a request that was signed while the clock was ahead, and is sent again when it is right, marks nobody', async () => {
  const { machine, lease, file } = await taken();
  const ahead = { iat: a.clock.now() + 5 * HOUR };
  unwrap(await renew(machine, lease, file, 9));
  a.clock.advance(2 * HOUR);
  expect(await renew(machine, lease, file, 8, ahead)).toMatchObject({ ok: false, code: 'FILE_NOT_YET_VALID' });
  expect(await marked()).toBe(0);
});
