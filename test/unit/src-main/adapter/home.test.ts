import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openHome } from '../../../../src-main/adapter/index.ts';
import { unwrap } from '../../../../src-shared/result.ts';

let folder: string;
let home: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-home-'));
  home = join(folder, 'home');
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const open = (path = home) => openHome({ home: path, authority: null, trust: { keyset: null, packaged: false }, app: 'test' });
const openAndClose = async (path = home): Promise<void> => unwrap(await open(path)).close();
const modeOf = (name = ''): number => statSync(join(home, name)).mode & 0o7777;
const make = (mode: number): void => {
  mkdirSync(home);
  chmodSync(home, mode);
};
const sharedFolder = { ok: false, code: 'STORE_UNUSABLE', details: { why: 'shared-folder', path: expect.any(String) } };
/** As far as this process may: only root gives files away. */
const giveAway = (path: string): void => {
  if (process.getuid?.() === 0) chownSync(path, 4343, 4343);
};

describe.skipIf(process.platform === 'win32')('the folder of a home', () => {
  test('that is not there is made for this user alone, with those above it', async () => {
    home = join(folder, 'a/b/home');
    await openAndClose();
    expect(modeOf()).toBe(0o700);
    expect(['latchkey.db', 'machine-key.json'].map(modeOf)).toEqual([0o600, 0o600]);
  });

  test.each([0o1777, 0o777, 0o1755])('that others may write to, or that is sticky (%o), is refused by name before anything is in it, and stays as it is', async (mode) => {
    make(mode);
    writeFileSync(join(home, 'of-somebody'), '');
    expect(await open()).toEqual({ ...sharedFolder, details: { why: 'shared-folder', path: home } });
    expect(modeOf()).toBe(mode);
    expect(readdirSync(home)).toEqual(['of-somebody']);
    // The step that is told.
    await openAndClose(join(home, 'latchkey'));
    expect(modeOf('latchkey')).toBe(0o700);
  });

  test.each([0o777, 0o755])('that is this user’s and empty (%o), or holds what the app makes before it, is narrowed at once', async (mode) => {
    make(mode);
    await openAndClose();
    expect(modeOf()).toBe(0o700);
    rmSync(home, { recursive: true });
    make(mode);
    mkdirSync(join(home, 'browser'));
    await openAndClose();
    expect(modeOf()).toBe(0o700);
  });

  test('that Electron has put the lock of the running app into is this user’s alone all the same', async () => {
    make(0o755);
    // As it makes them: links to no file.
    symlinkSync('ws-042-4711', join(home, 'SingletonLock'));
    symlinkSync('1234567890', join(home, 'SingletonCookie'));
    symlinkSync(join(folder, 'gone/SingletonSocket'), join(home, 'SingletonSocket'));
    for (const name of ['browser', 'logs', 'Crashpad']) mkdirSync(join(home, name));
    writeFileSync(join(home, 'lockfile'), '');
    await openAndClose();
    expect(modeOf()).toBe(0o700);
    expect(unwrap(await open()).ports.surroundings().home).toMatchObject({ ok: true, readableByOthers: '' });
  });

  test('that is this user’s and holds other things is used as it is, again and again; every secret in it is for its owner only', async () => {
    make(0o755);
    writeFileSync(join(home, 'notes.txt'), '');
    await openAndClose();
    await openAndClose();
    expect([modeOf(), modeOf('notes.txt') & 0o044]).toEqual([0o755, 0o044]);
    for (const name of readdirSync(home).filter((each) => /^(latchkey\.db|machine-key|counter)/.test(each))) expect([name, modeOf(name)]).toEqual([name, 0o600]);
    expect(unwrap(await open()).ports.surroundings().home).toMatchObject({ ok: true, mode: '755', readableByOthers: '' });
  });

  test('that is this user’s home and nothing else, brought here wider open, is narrowed with its files', async () => {
    await openAndClose();
    cpSync(home, join(folder, 'copy'), { recursive: true });
    home = join(folder, 'copy');
    chmodSync(home, 0o777);
    for (const name of ['latchkey.db', 'machine-key.json']) chmodSync(join(home, name), 0o644);
    await openAndClose();
    expect([modeOf(), modeOf('latchkey.db'), modeOf('machine-key.json')]).toEqual([0o700, 0o600, 0o600]);
  });

  test('that is another user’s is refused until it is their home or this user’s', async () => {
    make(0o755);
    giveAway(home);
    vi.spyOn(process, 'getuid').mockReturnValue(4242);
    expect(await open()).toMatchObject(sharedFolder);
    expect(readdirSync(home)).toEqual([]);
  });

  test.runIf(process.getuid?.() === 0)('that everybody may write to is not a home by a key that another user has put there', async () => {
    make(0o1777);
    writeFileSync(join(home, 'machine-key.json'), '{}');
    giveAway(join(home, 'machine-key.json'));
    expect(await open()).toMatchObject(sharedFolder);
    expect([modeOf(), modeOf('machine-key.json') & 0o044]).toEqual([0o1777, 0o044]);
  });

  test.runIf(process.platform === 'linux')('that nobody can make is refused, and not tried for ever', async () => {
    expect(await open('/proc/latchkey/home')).toMatchObject({ ok: false, code: 'STORE_UNUSABLE', details: { path: expect.stringMatching(/^\/proc\/latchkey/) } });
  });
});
