import { chownSync, cpSync, existsSync, linkSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOutputs } from '../../src-cli/outputs.ts';
import { testData } from '../support/authority.ts';
import { ask, good } from '../support/programs.ts';

/** No file that a command writes takes the place of a file that Latchkey keeps its state in: real processes, both programs. */

let folder: string;
const at = (name: string): string => join(folder, name);
const env = (): Record<string, string> => ({ LATCHKEY_AUTHORITY_HOME: at('authority'), LATCHKEY_HOME: at('machine'), LATCHKEY_TRUST: at('trust.lkkeys') });
const authority = (...args: string[]) => ask('authority', args, env(), folder);
const latchkey = (...args: string[]) => ask('latchkey', args, env(), folder);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-outputs-'));
  writeFileSync(at('data.json'), JSON.stringify(testData));
  for (const args of [['init'], ['load', at('data.json')], ['keys', 'export', '--out', at('trust.lkkeys')]]) await good('authority', args, env(), folder);
  await good('latchkey', ['request', '--product', 'stage', '--out', at('a.lkreq')], env(), folder);
  await good('authority', ['answer', at('a.lkreq'), '--license', 'lic_stage', '--days', '30', '--out', at('a.lklic')], env(), folder);
  await good('latchkey', ['import', at('a.lklic')], env(), folder);
  mkdirSync(at('elsewhere'));
  cpSync(at('authority'), at('elsewhere/authority'), { recursive: true });
  cpSync(at('machine'), at('elsewhere/machine'), { recursive: true });
  symlinkSync(at('authority'), at('linked-home'));
  symlinkSync(at('authority/keys'), at('linked-keys'));
  linkSync(at('authority/authority.db'), at('hard-link'));
  linkSync(at('machine/latchkey.db'), at('hard-link-machine'));
}, 300_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Every file of the four homes, with what is in it; the journals of SQLite come and go. */
const homes = (): Record<string, string> => Object.fromEntries(
  ['authority', 'machine', 'elsewhere'].flatMap((home) => (readdirSync(at(home), { recursive: true }) as string[]).map((name) => join(at(home), name)))
    .filter((path) => statSync(path).isFile() && !/\.lock$|\.db-(wal|shm)$/.test(path)).map((path) => [relative(folder, path), readFileSync(path, 'base64')]));

const places: readonly [what: string, path: string][] = [
  ['the database', 'authority/authority.db'],
  ['the write-ahead log of the database', 'authority/authority.db-wal'],
  ['the index of the write-ahead log', 'authority/authority.db-shm'],
  ['the journal of the database', 'authority/authority.db-journal'],
  ['a half-written copy of the database', 'authority/authority.db.part'],
  ['a new file among the keys', 'authority/keys/new.lkkeys'],
  ['the database in another case', 'authority/AUTHORITY.DB'],
  ['the database in another spelling', 'machine/../authority/./authority.db'],
  ['the database behind a link to its folder', 'linked-home/authority.db'],
  ['a file among the keys behind a link to their folder', 'linked-keys/accounts.key'],
  ['another name of the same file', 'hard-link'],
  ['the lock of a serving authority', 'authority/serve.lock'],
  ['the database of another authority', 'elsewhere/authority/authority.db'],
  ['the keys of another authority', 'elsewhere/authority/keys/new'],
  ['the database of a machine', 'machine/latchkey.db'],
  ['the write-ahead log of a machine', 'machine/latchkey.db-wal'],
  ['the lock of the running app', 'machine/SingletonLock'],
  ['the lock of the running app in another case', 'machine/singletonlock'],
  ['the lock of the running app on Windows', 'machine/lockfile'],
  ['the key of a machine', 'machine/machine-key.json'],
  ['the counter of a machine', 'machine/counter'],
  ['what the authority knows the app by', 'machine/known.json'],
  ['a license file that applications look for', 'machine/licenses/stage.lklic'],
  ['a new license file beside it', 'machine/licenses/other.lklic'],
  ['the database of another machine', 'elsewhere/machine/latchkey.db'],
];

describe('a command that writes a file', () => {
  test.each(places)('never takes %s for it, on whichever of the homes it works', (_, name) => {
    const before = homes();
    const path = at(name);
    for (const home of path === at('hard-link') ? ['authority', 'linked-home'] : ['authority', 'machine', 'linked-home']) {
      const outputs = createOutputs(() => at(home));
      for (const result of [outputs.check(path), outputs.write(path, 'text')]) expect([home, result]).toEqual([home, { ok: false, code: 'INPUT_INVALID', details: { why: 'home-file', path } }]);
    }
    expect(homes()).toEqual(before);
  });

  test.runIf(process.platform !== 'win32')('never writes to where a link leads that is put there meanwhile, and leaves a file its owner', () => {
    const [path, target] = [at('out.lkreq'), at('target')];
    writeFileSync(target, 'of the system');
    const outputs = createOutputs(() => {
      // What another user does between the look at the place and the writing.
      rmSync(path, { force: true });
      symlinkSync(target, path);
      return at('machine');
    });
    expect(outputs.write(path, 'text')).toEqual({ ok: true, value: null });
    expect([readFileSync(target, 'utf8'), lstatSync(path).isFile(), readFileSync(path, 'utf8')]).toEqual(['of the system', true, 'text']);
    const before = readdirSync(folder).length;
    if (process.getuid?.() === 0) chownSync(path, 65534, 65534);
    expect(createOutputs(() => at('machine')).write(path, 'other', 0o600)).toEqual({ ok: true, value: null });
    const { mode, uid } = statSync(path);
    expect([readFileSync(path, 'utf8'), mode & 0o777, uid, readdirSync(folder).length]).toEqual(['other', 0o600, process.getuid?.() === 0 ? 65534 : process.getuid?.(), before]);
    rmSync(path);
    rmSync(target);
  });

  test('is refused before anything is done, whichever command it is', { timeout: 300_000 }, async () => {
    const [database, own] = [at('authority/authority.db'), at('machine/latchkey.db')];
    expect(await latchkey('request', '--product', 'grade', '--out', at('b.lkreq'))).toMatchObject({ status: 0 });
    const [lease] = ((await latchkey('status')).value as { leases: { id: string }[] }).leases;
    const before = homes();
    for (const args of [
      ['keys', 'export', '--out', database], ['audit', 'export', '--out', database], ['backup', '--out', database],
      ['answer', at('b.lkreq'), '--license', 'lic_single', '--days', '30', '--out', database],
      ['answer', at('b.lkreq'), '--license', 'lic_single', '--days', '30', '--out', at('b.lklic'), '--keyset-out', database],
      ['time', at('b.lkreq'), '--out', database], ['accept', at('b.lkreq'), '--out', database],
    ]) expect([args[0], await authority(...args)]).toMatchObject([args[0], { status: 2, code: 'INPUT_INVALID', details: { why: 'home-file' } }]);
    expect(await latchkey('release-proof', lease?.id ?? '', '--out', own)).toMatchObject({ status: 2, code: 'INPUT_INVALID', details: { why: 'home-file' } });
    expect(await latchkey('request', '--time', '--out', at('hard-link-machine'))).toMatchObject({ status: 2, code: 'INPUT_INVALID', details: { why: 'home-file' } });
    expect(homes()).toEqual(before);
    expect(existsSync(at('b.lklic'))).toBe(false);
    expect((await latchkey('status')).value).toMatchObject({ leases: [{ id: lease?.id }] });
  });

  test('does not write over the file that it reads, nor twice over one file', { timeout: 300_000 }, async () => {
    expect(await latchkey('request', '--product', 'grade', '--out', at('c.lkreq'))).toMatchObject({ status: 0 });
    linkSync(at('c.lkreq'), at('c-again.lkreq'));
    const before = readFileSync(at('c.lkreq'), 'utf8');
    const answer = (...rest: string[]) => authority('answer', at('c.lkreq'), '--license', 'lic_single', '--days', '30', ...rest);
    const refused = { status: 2, code: 'INPUT_INVALID', details: { why: 'same-file' } };
    for (const out of ['elsewhere/../c.lkreq', 'c-again.lkreq']) expect([out, await answer('--out', out)]).toMatchObject([out, refused]);
    expect(await answer('--out', at('c.lklic'), '--keyset-out', 'c.lklic')).toMatchObject(refused);
    expect(await answer('--out', at('c.lklic'), '--keyset-out', 'c.lkreq')).toMatchObject(refused);
    expect(await authority('accept', at('c.lkreq'), '--out', at('c.lkreq'))).toMatchObject(refused);
    expect(readFileSync(at('c.lkreq'), 'utf8')).toBe(before);
    expect(existsSync(at('c.lklic'))).toBe(false);
    expect(await answer('--out', at('c.lklic'))).toMatchObject({ status: 0 });
  });

  test('still writes where people keep files: any plain folder, under any name, also over yesterday\'s backup', { timeout: 300_000 }, async () => {
    mkdirSync(at('backups'));
    for (const out of ['backups/authority.db', 'backups/authority.db', at('backups/keys')]) {
      expect([out, await authority('backup', '--out', out)]).toMatchObject([out, { status: 0 }]);
    }
    expect(await latchkey('request', '--product', 'grade', '--out', 'backups/counter')).toMatchObject({ status: 0 });
  });
});
