import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { project } from '../support/build.ts';
import { createOperations, keyInUse, startOperations, takeLicense } from '../support/operations.ts';
import type { Key, Operations } from '../support/operations.ts';
import { ask, serving } from '../support/programs.ts';

/** "Rotating keys" and what may happen to `keys/`, as docs/operations.md has it: its own command lines, real processes, a machine without a network. */

let o: Operations;
beforeEach(async () => void (o = await startOperations()), 120_000);
afterEach(() => o.close());

const fileOf = (kid: string): string => o.at(`home/keys/${kid}.jwk.json`);
const version = async (): Promise<unknown> => {
  const { rows } = await o.step<{ rows: { subject: string; facts: Record<string, unknown> }[] }>('latchkey doctor');
  return rows.find(({ subject }) => subject === 'trust')?.facts['version'];
};
/** Another request is answered; says by which key. */
const answered = async (name: string): Promise<string> => {
  await o.machine(['request', '--license', 'lic_stage', '--days', '30', '--out', `${name}.lkreq`], name);
  await o.step('authority answer F.lkreq --days N --out F.lklic --keyset-out K.lkkeys', { 'F.lkreq': `${name}.lkreq`, N: '30', 'F.lklic': `${name}.lklic`, 'K.lkkeys': `${name}.lkkeys` });
  const compact = readFileSync(o.at(`${name}.lklic`), 'utf8').split('\n').slice(1, -2).join('');
  return (JSON.parse(Buffer.from(compact.split('.')[0] ?? '', 'base64url').toString()) as { kid: string }).kid;
};

describe('a licensed application that verifies license files itself', () => {
  type App = {
    readonly licenseKeys: (keyset: string) => ReadonlyMap<string, unknown>;
    readonly readLicense: (path: string, keys: ReadonlyMap<string, unknown>, product: string) => Promise<unknown>;
    readonly followKeyset: (known: string, newer: string) => Promise<string>;
  };
  let folder: string;
  let app: App;
  beforeEach(async () => {
    // The very code that docs/document-format.md gives its author, where it finds the project's modules.
    folder = join(project, '.tsbuild', `operations-${process.pid}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'verify.ts'), /```ts\n([\s\S]*?)```/.exec(readFileSync(join(project, 'docs/document-format.md'), 'utf8'))?.[1] ?? '');
    app = (await import(/* @vite-ignore */ join(folder, 'verify.ts'))) as App;
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const keyset = (name: string): string => readFileSync(o.at(name), 'utf8');
  const accepts = (file: string, compiledIn: string) => app.readLicense(o.at(file), app.licenseKeys(keyset(compiledIn)), 'stage').then(() => true, (error: Error) => error.message);

  test('loses nothing by a rotation that begins in sixty days, and has the keyset before', { timeout: 300_000 }, async () => {
    const before = await keyInUse(o, 'license');
    const { from, kid } = await o.step<{ from: number; kid: string }>('authority keys rotate --in 60');
    expect(from - Date.now() / 1000).toBeGreaterThan(59 * 86_400);
    expect(from - Date.now() / 1000).toBeLessThan(61 * 86_400);
    expect(await keyInUse(o, 'license')).toBe(before);
    // Nothing is signed by the new key yet: the application that nobody has built anew goes on.
    expect(await answered('meanwhile')).toBe(before);
    expect(await accepts('meanwhile.lklic', 'trust.lkkeys')).toBe(true);
    await o.step('authority keys export --out F', { F: 'next.lkkeys' });
    expect(await app.followKeyset(keyset('trust.lkkeys'), keyset('next.lkkeys'))).toBe(keyset('next.lkkeys'));
    expect([...app.licenseKeys(keyset('next.lkkeys')).keys()]).toEqual(expect.arrayContaining([before, kid]));
    expect(await accepts('meanwhile.lklic', 'next.lkkeys')).toBe(true);
  });

  test('refuses what the new key of a rotation at once has signed, until it is given the keyset', { timeout: 300_000 }, async () => {
    const before = await answered('before');
    const { kid } = await o.step<{ kid: string }>('authority keys rotate');
    // The machine takes the new keyset first; from then on it is answered with the new key.
    await o.step('authority keys export --out F', { F: 'next.lkkeys' });
    await o.machine(['import', 'next.lkkeys'], 'after');
    expect([kid === before, await answered('after')]).toEqual([false, kid]);
    expect(await accepts('after.lklic', 'trust.lkkeys')).toMatch(/unknown key/);
    expect(await accepts('after.lklic', 'next.lkkeys')).toBe(true);
    expect(await accepts('before.lklic', 'next.lkkeys')).toBe(true);
  });
});

test('after rotations a machine without a network is answered with a key that it knows, and gets the keysets by file, in order', { timeout: 420_000 }, async () => {
  const lease = await takeLicense(o);
  const before = await keyInUse(o, 'license');
  await o.step('authority keys rotate --root');
  await o.step('authority keys rotate');
  expect(await answered('unaware')).toBe(before);
  let known = 1;
  expect(await version()).toBe(known);
  for (;;) {
    const { keyset } = await o.step<{ keyset: number }>('authority keys export --after N --out K.lkkeys', { N: String(known) });
    // The same one once more: there is no later.
    if (keyset === known) break;
    await o.step('latchkey import K.lkkeys');
    known = keyset;
    expect(await version()).toBe(known);
  }
  expect(known).toBe(3);
  await o.step('latchkey request --lease LEASE --out F.lkreq', { LEASE: lease });
  await o.step('authority answer F.lkreq --days N --out F.lklic --keyset-out K.lkkeys', { N: '40' });
  await o.step('latchkey import F.lklic');
  expect(await o.machine(['status'])).toMatchObject({ leases: [{ id: lease, standing: { usable: true } }] });
});

describe('the folder keys/', () => {
  test('is copied to its place of keeping after a rotation, and a computer that has lost it goes on with the copy', { timeout: 420_000 }, async () => {
    await takeLicense(o);
    await o.step('authority keys rotate');
    cpSync(o.at('home/keys'), o.at('kept'), { recursive: true });
    await o.step('authority backup --out F', { F: 'backup.db' });
    rmSync(o.at('home'), { recursive: true });

    // Another computer: an empty folder that is there already, the database from its backup, the keys from their place.
    mkdirSync(o.at('home'));
    cpSync(o.at('backup.db'), o.at('home/authority.db'));
    expect(await o.attempt('authority serve', {}, ['--port', '0'])).toMatchObject({ status: 7, code: 'STORE_UNUSABLE' });
    cpSync(o.at('kept'), o.at('home/keys'), { recursive: true });
    for (const name of readdirSync(o.at('home/keys'))) chmodSync(o.at(`home/keys/${name}`), 0o644);
    expect((await o.step<Key[]>('authority keys list')).map(({ privatePart }) => privatePart)).toEqual([true, true, true]);
    // The head of the audit is no secret.
    expect(readdirSync(o.at('home/keys')).filter((name) => name !== 'audit-head.json').map((name) => statSync(o.at(`home/keys/${name}`)).mode & 0o777).filter((mode) => mode !== 0o600)).toEqual([]);
    const server = await serving([], o.env.authority);
    try {
      await expect(answered('again')).resolves.toBeTruthy();
    } finally {
      server.kill('SIGTERM');
      await server.ended;
    }
  });

  test('needs no older root while nobody calls for it: its file comes back from the safe when the newer one is stolen', { timeout: 420_000 }, async () => {
    const older = await keyInUse(o, 'root');
    await o.step('authority keys rotate --root');
    const newer = await keyInUse(o, 'root');
    expect(newer).not.toBe(older);
    renameSync(fileOf(older), o.at('in-the-safe'));
    expect((await o.step<Key[]>('authority keys list')).find(({ kid }) => kid === older)).toMatchObject({ privatePart: false, inUse: false });
    await o.step('authority keys rotate');
    expect(await o.attempt('authority keys revoke KID --reason "..."', { KID: newer, '...': 'stolen' }, ['--yes'])).toMatchObject({ status: 3, code: 'CONFLICT', details: { why: 'no-root-here' } });
    renameSync(o.at('in-the-safe'), fileOf(older));
    expect(await o.step('authority keys revoke KID --reason "..."', { KID: newer, '...': 'stolen' }, ['--yes'])).toMatchObject({ role: 'root', keyset: 4 });
    expect(await keyInUse(o, 'root')).toBe(older);
  });

  test('without any root signs on, rotates and revokes nothing, and a new authority takes over with a build that trusts it', { timeout: 480_000 }, async () => {
    const lease = await takeLicense(o);
    rmSync(fileOf(await keyInUse(o, 'root')));
    for (const line of ['authority keys rotate', 'authority keys rotate --root']) expect(await o.attempt(line)).toMatchObject({ status: 3, code: 'CONFLICT', details: { why: 'no-root-here' } });
    const license = (await o.step<Key[]>('authority keys list')).find(({ role }) => role === 'license')?.kid ?? '';
    expect(await o.attempt('authority keys revoke KID --reason TEXT', { KID: license, TEXT: 'stolen' }, ['--yes'])).toMatchObject({ status: 3, code: 'CONFLICT', details: { why: 'no-root-here' } });
    // What is in keys/ goes on signing, also for who has nothing yet.
    expect(await answered('another')).toBe(license);
    await o.step('latchkey request --lease LEASE --out F.lkreq', { LEASE: lease });
    await o.step('authority answer F.lkreq --days N --out F.lklic --keyset-out K.lkkeys', { N: '40' });
    await o.step('latchkey import F.lklic');

    const begun = createOperations();
    try {
      await begun.step('authority init --home /srv/latchkey');
      await begun.step('authority load organizations.json --home /srv/latchkey');
      await begun.step('authority keys export --out F', { F: 'trust.lkkeys' });
      await takeLicense(begun);
      expect(await begun.machine(['status'])).toMatchObject({ leases: [{ standing: { usable: true } }] });
      // The build for the old authority takes nothing of the new one.
      expect(await ask('latchkey', ['import', begun.at('first.lklic')], o.env.machine(), o.folder)).toMatchObject({ status: 4 });
      expect(await o.machine(['status'])).toMatchObject({ leases: [{ id: lease, standing: { usable: true } }] });
    } finally {
      begun.close();
    }
  });
});
