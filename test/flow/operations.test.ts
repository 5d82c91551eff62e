import { cpSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { keyInUse, startOperations, takeLicense } from '../support/operations.ts';
import type { Operations } from '../support/operations.ts';
import { ask, good, serving } from '../support/programs.ts';

/** The procedures of docs/operations.md for what was stolen and restored, by its own command lines: real processes, a machine without a network. */

let o: Operations;
beforeEach(async () => void (o = await startOperations()), 120_000);
afterEach(() => o.close());

test('an extension request names its license, and is answered without saying it again', { timeout: 300_000 }, async () => {
  const lease = await takeLicense(o);
  await o.step('latchkey request --lease LEASE --out F.lkreq', { LEASE: lease });
  expect(await o.step('authority answer F.lkreq --days N --out F.lklic --keyset-out K.lkkeys', { N: '60' })).toMatchObject({ lease, license: 'lic_stage' });
  // What is said must fit all the same, and a request that names none cannot be answered without.
  await o.step('latchkey request --lease LEASE --out F.lkreq', { LEASE: lease, 'F.lkreq': 'again.lkreq' });
  expect(await ask('authority', ['answer', 'again.lkreq', '--license', 'lic_single', '--days', '3', '--out', 'x.lklic'], o.env.authority, o.folder)).toMatchObject({ status: 3, code: 'CONFLICT' });
  await o.machine(['request', '--product', 'grade', '--out', 'any.lkreq']);
  expect(await o.attempt('authority answer F.lkreq --days N --out F.lklic --keyset-out K.lkkeys', { 'F.lkreq': 'any.lkreq', N: '3' })).toMatchObject({ status: 2, code: 'INPUT_INVALID', details: { why: 'usage' } });
});

test('a stolen license key: revoke, copy the keys, and bring a keyset and another file to the machine', { timeout: 420_000 }, async () => {
  const lease = await takeLicense(o);
  const stolen = await keyInUse(o, 'license');
  expect(await o.step('authority keys revoke KID --reason "..."', { KID: stolen, '...': 'the backup was stolen' }, ['--yes'])).toMatchObject({ replacedBy: expect.any(String), leases: 1 });
  cpSync(o.at('home/keys'), o.at('kept-keys'), { recursive: true });
  expect(await o.step('authority keys reissues')).toMatchObject({ reissues: [{ lease: { id: lease }, carrier: 'file' }] });
  // Until then it works on with the old file.
  expect(await o.machine(['status'])).toMatchObject({ leases: [{ id: lease, standing: { usable: true } }] });
  await o.step('latchkey request --lease LEASE --out F.lkreq', { LEASE: lease });
  expect(await o.step('authority answer F.lkreq --days N --out F.lklic --keyset-out K.lkkeys', { N: '30' })).toMatchObject({ keysets: [{ file: 'K.lkkeys' }] });
  await o.step('latchkey import K.lkkeys');
  await o.step('latchkey import F.lklic');
  expect(await o.machine(['status'])).toMatchObject({ leases: [{ id: lease, standing: { usable: true } }] });
  expect(await o.step('authority keys reissues')).toMatchObject({ reissues: [] });
});

test('a stolen root: another root, the old one revoked, and the keysets brought to the machine in order', { timeout: 420_000 }, async () => {
  await takeLicense(o);
  const stolen = await keyInUse(o, 'root');
  const revoke = 'authority keys revoke KID-OF-THE-OLD-ROOT --reason "..."';
  expect(await o.attempt(revoke, { 'KID-OF-THE-OLD-ROOT': stolen }, ['--yes'])).toMatchObject({ status: 3, code: 'CONFLICT', details: { why: 'last-root' } });
  await o.step('authority keys rotate --root');
  const { keyset: last } = await o.step<{ keyset: number }>(revoke, { 'KID-OF-THE-OLD-ROOT': stolen, '...': 'read by a stranger' }, ['--yes']);
  for (let known = 1; known < last; ) {
    const { keyset } = await o.step<{ keyset: number }>('authority keys export --after N --out K.lkkeys', { N: String(known) });
    expect(keyset).toBeGreaterThan(known);
    expect(await o.step('latchkey import K.lkkeys')).toMatchObject({ kind: 'keyset', version: keyset });
    known = keyset;
  }
  expect(await o.machine(['status'])).toMatchObject({ leases: [{ standing: { usable: true } }] });
});

test('a restored database: stop, put the backup back, set the keys right, say to go on, and serve', { timeout: 480_000 }, async () => {
  const server = await serving([], o.env.authority);
  await o.step('authority backup --out F', { F: 'backup.db' });
  // A rotation that the backup does not know, and that the machine does.
  await o.step('authority keys rotate');
  await o.step('authority keys export --out F', { F: 'K.lkkeys' });
  await o.step('latchkey import K.lkkeys');
  server.kill('SIGTERM');
  expect(await server.ended).toEqual({ status: 0, signal: null });
  for (const part of ['', '-wal', '-shm']) rmSync(o.at(`home/authority.db${part}`), { force: true });
  cpSync(o.at('backup.db'), o.at('home/authority.db'));

  expect(await o.attempt('authority serve', {}, ['--port', '0'])).toMatchObject({ status: 7, code: 'STORE_UNUSABLE', details: { why: 'restored' } });
  // As many times as keysets were lost, and once more.
  await o.step('authority keys rotate');
  await o.step('authority keys rotate');
  await o.step('authority restored --accept', {}, ['--yes']);
  const again = await serving([], o.env.authority);
  try {
    await o.machine(['request', '--license', 'lic_stage', '--days', '30', '--out', 'b.lkreq']);
    expect(await good('authority', ['answer', 'b.lkreq', '--days', '30', '--out', 'b.lklic'], o.env.authority, o.folder)).toMatchObject({ license: 'lic_stage' });
    // The keyset that it has was lost with the database: it needs the next one first, and says which.
    expect(await o.attempt('latchkey import F.lklic', { 'F.lklic': 'b.lklic' })).toMatchObject({ status: 4, code: 'FILE_NOT_GENUINE', details: { needed: 3, known: 2 } });
    await o.step('authority keys export --after N --out K.lkkeys', { N: '2' });
    await o.step('latchkey import K.lkkeys');
    expect(await o.step('latchkey import F.lklic', { 'F.lklic': 'b.lklic' })).toMatchObject({ kind: 'license' });
  } finally {
    again.kill('SIGTERM');
    await again.ended;
  }
  expect(await o.step('authority audit verify')).toMatchObject({ intact: true });
});
