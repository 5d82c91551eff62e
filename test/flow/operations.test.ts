import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { testData } from '../support/authority.ts';
import { ask, good, serving } from '../support/programs.ts';

/** The procedures of docs/operations.md, step by step as they are written there: real processes, a machine without a network. */

let folder: string;
const at = (name: string): string => join(folder, name);
const authority = <T>(...args: string[]): Promise<T> => good('authority', args, { LATCHKEY_AUTHORITY_HOME: at('home') }, folder) as Promise<T>;
const machine = <T>(...args: string[]): Promise<T> => good('latchkey', args, { LATCHKEY_HOME: at('machine'), LATCHKEY_TRUST: at('trust.lkkeys') }, folder) as Promise<T>;
type Key = { readonly kid: string; readonly role: 'root' | 'license'; readonly inUse: boolean; readonly revokedAt: number | null };
const keyInUse = async (role: Key['role']): Promise<string> => (await authority<Key[]>('keys', 'list')).find((key) => key.role === role && key.inUse && key.revokedAt === null)?.kid ?? '';

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-operations-'));
  writeFileSync(at('organizations.json'), JSON.stringify(testData));
  await authority('init');
  await authority('load', at('organizations.json'));
  await authority('keys', 'export', '--out', 'trust.lkkeys');
}, 120_000);
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A license that the machine asks for by name, so that nobody types it again. */
const license = async (): Promise<string> => {
  await machine('request', '--license', 'lic_stage', '--days', '30', '--out', 'a.lkreq');
  const { lease } = await authority<{ lease: string; license: string }>('answer', 'a.lkreq', '--days', '30', '--out', 'a.lklic');
  await machine('import', 'a.lklic');
  return lease;
};

test('an extension request names its license, and is answered without saying it again', { timeout: 120_000 }, async () => {
  const lease = await license();
  await machine('request', '--lease', lease, '--out', 'more.lkreq');
  expect(await authority('answer', 'more.lkreq', '--days', '60', '--out', 'more.lklic')).toMatchObject({ lease, license: 'lic_stage' });
  // What is said must fit all the same, and a request that names none cannot be answered without.
  await machine('request', '--lease', lease, '--out', 'again.lkreq');
  expect(await ask('authority', ['answer', 'again.lkreq', '--license', 'lic_single', '--days', '3', '--out', 'x.lklic'], { LATCHKEY_AUTHORITY_HOME: at('home') }, folder)).toMatchObject({ status: 3, code: 'CONFLICT' });
  await machine('request', '--product', 'grade', '--out', 'any.lkreq');
  expect(await ask('authority', ['answer', 'any.lkreq', '--days', '3', '--out', 'x.lklic'], { LATCHKEY_AUTHORITY_HOME: at('home') }, folder)).toMatchObject({ status: 2, code: 'INPUT_INVALID', details: { why: 'usage' } });
});

test('a stolen license key: revoke, copy the keys, and bring a keyset and another file to the machine', { timeout: 180_000 }, async () => {
  const lease = await license();
  const stolen = await keyInUse('license');
  expect(await authority('keys', 'revoke', stolen, '--reason', 'the backup was stolen', '--yes')).toMatchObject({ replacedBy: expect.any(String), leases: 1 });
  cpSync(at('home/keys'), at('kept-keys'), { recursive: true });
  expect(await authority('keys', 'reissues')).toMatchObject({ reissues: [{ lease: { id: lease }, carrier: 'file' }] });
  // Until then it works on with the old file.
  expect(await machine('status')).toMatchObject({ leases: [{ id: lease, standing: { usable: true } }] });
  await machine('request', '--lease', lease, '--out', 'F.lkreq');
  expect(await authority('answer', 'F.lkreq', '--days', '30', '--out', 'F.lklic', '--keyset-out', 'K.lkkeys')).toMatchObject({ keysets: [{ file: 'K.lkkeys' }] });
  await machine('import', 'K.lkkeys');
  await machine('import', 'F.lklic');
  expect(await machine('status')).toMatchObject({ leases: [{ id: lease, standing: { usable: true } }] });
  expect(await authority('keys', 'reissues')).toMatchObject({ reissues: [] });
});

test('a stolen root: another root, the old one revoked, and the keysets brought to the machine in order', { timeout: 180_000 }, async () => {
  await license();
  const stolen = await keyInUse('root');
  expect(await ask('authority', ['keys', 'revoke', stolen, '--yes'], { LATCHKEY_AUTHORITY_HOME: at('home') })).toMatchObject({ status: 3, code: 'CONFLICT', details: { why: 'last-root' } });
  await authority('keys', 'rotate', '--root');
  const { keyset: last } = await authority<{ keyset: number }>('keys', 'revoke', stolen, '--reason', 'read by a stranger', '--yes');
  for (let known = 1; known < last; ) {
    const { keyset } = await authority<{ keyset: number }>('keys', 'export', '--after', String(known), '--out', 'K.lkkeys');
    expect(keyset).toBeGreaterThan(known);
    expect(await machine('import', 'K.lkkeys')).toMatchObject({ kind: 'keyset', version: keyset });
    known = keyset;
  }
  expect(await machine('status')).toMatchObject({ leases: [{ standing: { usable: true } }] });
});

test('a restored database: stop, put the backup back, set the keys right, say to go on, and serve', { timeout: 240_000 }, async () => {
  const home = { LATCHKEY_AUTHORITY_HOME: at('home') };
  const server = await serving([], home);
  await authority('backup', '--out', 'backup.db');
  // A rotation that the backup does not know, and that the machine does.
  await authority('keys', 'rotate');
  await authority('keys', 'export', '--out', 'K.lkkeys');
  await machine('import', 'K.lkkeys');
  server.kill('SIGTERM');
  expect(await server.ended).toEqual({ status: 0, signal: null });
  for (const part of ['', '-wal', '-shm']) rmSync(at(`home/authority.db${part}`), { force: true });
  cpSync(at('backup.db'), at('home/authority.db'));

  expect(await ask('authority', ['serve', '--port', '0'], home)).toMatchObject({ status: 7, code: 'STORE_UNUSABLE', details: { why: 'restored' } });
  // As many times as keysets were lost, and once more.
  await authority('keys', 'rotate');
  await authority('keys', 'rotate');
  await authority('restored', '--accept', '--yes');
  const again = await serving([], home);
  try {
    await machine('request', '--license', 'lic_stage', '--days', '30', '--out', 'b.lkreq');
    expect(await authority('answer', 'b.lkreq', '--days', '30', '--out', 'b.lklic')).toMatchObject({ license: 'lic_stage' });
    // The keyset that it has was lost with the database: it needs the next one first, and says which.
    expect(await ask('latchkey', ['import', 'b.lklic'], { LATCHKEY_HOME: at('machine'), LATCHKEY_TRUST: at('trust.lkkeys') }, folder)).toMatchObject({ status: 4, code: 'FILE_NOT_GENUINE', details: { needed: 3, known: 2 } });
    await authority('keys', 'export', '--after', '2', '--out', 'K.lkkeys');
    await machine('import', 'K.lkkeys');
    expect(await machine('import', 'b.lklic')).toMatchObject({ kind: 'license' });
  } finally {
    again.kill('SIGTERM');
    await again.ended;
  }
  expect(await authority('audit', 'verify')).toMatchObject({ intact: true });
});
