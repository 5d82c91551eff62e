import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LoginItemSettings, LoginItemSettingsOptions, Settings } from 'electron';
import { autostartEntry, autostartFile, programOf, readAutostartEntry } from '../../../src-main/shell/autostart-entry.ts';
import { readDeployment } from '../../../src-main/shell/deployment.ts';
import { createLoginItem, settleLoginItem, type LoginItemFacts } from '../../../src-main/shell/login-item.ts';

const id = 'app.latchkey.desktop';
let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-login-'));
  file = join(folder, 'autostart', 'latchkey-at-login.desktop');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What Electron keeps on Windows: one value of the registry, and whether Task Manager lets it start. */
const registry = () => {
  let value: string | null = null;
  let approved = true;
  const line = (args: readonly string[] = []) => ['Latchkey.exe', ...args].join(' ');
  return {
    disable: () => void (approved = false),
    value: () => value,
    getLoginItemSettings: ({ args }: LoginItemSettingsOptions = {}) => ({
      openAtLogin: value === line(args), status: 'not-registered' as const,
      launchItems: value === null ? [] : [{ name: id, path: 'Latchkey.exe', args: value.split(' ').slice(1), scope: 'user' as const, enabled: approved }],
    }),
    setLoginItemSettings: ({ openAtLogin, args, enabled }: Settings) => {
      value = openAtLogin === true ? line(args) : null;
      if (enabled !== false) approved = true;
    },
  };
};

const service = () => {
  let status: LoginItemSettings['status'] = 'not-registered';
  return {
    set: (next: LoginItemSettings['status']) => void (status = next),
    getLoginItemSettings: () => ({ openAtLogin: status === 'enabled', status, launchItems: [] }),
    setLoginItemSettings: ({ openAtLogin }: Settings) => void (status = openAtLogin === true ? 'enabled' : 'not-registered'),
  };
};

const never = {
  getLoginItemSettings: () => expect.fail('Electron is not asked'),
  setLoginItemSettings: () => expect.fail('Electron does nothing here'),
};

const facts = (platform: NodeJS.Platform, more: Partial<LoginItemFacts> = {}): LoginItemFacts =>
  ({ platform, packaged: true, deployed: undefined, id, system: never, file, program: '/opt/Latchkey/latchkey', ...more });

describe('starting at login', () => {
  it('on Windows is one entry of the registry with --hidden, asked for with the same arguments', () => {
    const system = registry();
    const item = createLoginItem(facts('win32', { system }));
    expect(item.read()).toEqual({ on: false, locked: null, blocked: null });
    expect(item.set(true)).toEqual({ ok: true, value: null });
    expect(system.value()).toBe('Latchkey.exe --hidden');
    expect(item.read()).toEqual({ on: true, locked: null, blocked: null });
    item.set(false);
    expect([system.value(), item.read().on]).toEqual([null, false]);
  });

  it('on Windows, turned off in Task Manager, is told as that, is not undone at a start, and is by the person', () => {
    const system = registry();
    const item = createLoginItem(facts('win32', { system }));
    item.set(true);
    system.disable();
    settleLoginItem(facts('win32', { system, deployed: true }));
    expect(item.read()).toEqual({ on: true, locked: null, blocked: 'task-manager' });
    item.set(true);
    expect(item.read().blocked).toBeNull();
  });

  it('on macOS waits for the person where the system wants to be asked', () => {
    const system = service();
    const item = createLoginItem(facts('darwin', { system }));
    item.set(true);
    expect(item.read()).toEqual({ on: true, locked: null, blocked: null });
    system.set('requires-approval');
    expect(item.read()).toEqual({ on: true, locked: null, blocked: 'approval' });
    system.set('not-found');
    expect(item.read()).toEqual({ on: false, locked: null, blocked: null });
  });

  it('on Linux is a file of ours that anybody may read, and none where it is off', () => {
    const item = createLoginItem(facts('linux'));
    expect(item.read()).toEqual({ on: false, locked: null, blocked: null });
    expect(item.set(false)).toMatchObject({ ok: true });
    expect(existsSync(join(folder, 'autostart'))).toBe(false);
    item.set(true);
    expect(readFileSync(file, 'utf8')).toContain('\nExec=/opt/Latchkey/latchkey --hidden\n');
    expect([statSync(file).mode & 0o777, readdirSync(join(folder, 'autostart'))]).toEqual([0o644, ['latchkey-at-login.desktop']]);
    expect(item.read()).toEqual({ on: true, locked: null, blocked: null });
    item.set(false);
    expect([item.read().on, readdirSync(join(folder, 'autostart'))]).toEqual([false, []]);
  });

  it.each([
    ['a file of somebody else', () => writeFileSync(file, '[Desktop Entry]\nExec=latchkey\n')],
    ['a link, also to a file of ours', () => { writeFileSync(join(folder, 'real'), autostartEntry('/x')); symlinkSync(join(folder, 'real'), file); }],
    ['a folder', () => mkdirSync(file)],
    ['a file larger than any entry', () => writeFileSync(file, autostartEntry('/x').padEnd(20_000, '#'))],
  ])('on Linux leaves %s as it is, and says why it cannot be changed', (_, put) => {
    mkdirSync(join(folder, 'autostart'));
    put();
    const before = statSync(file);
    const item = createLoginItem(facts('linux'));
    expect(item.read()).toEqual({ on: false, locked: 'foreign-file', blocked: null });
    for (const on of [true, false]) expect(item.set(on)).toEqual({ ok: false, code: 'FORBIDDEN', details: {} });
    expect(settleLoginItem(facts('linux', { deployed: true }))).toMatchObject({ ok: false, code: 'FORBIDDEN' });
    expect([statSync(file).ino, statSync(file).size]).toEqual([before.ino, before.size]);
  });

  it('on Linux is off where the desktop has turned it off, and on again when the person says so here', () => {
    const item = createLoginItem(facts('linux'));
    for (const key of ['Hidden=true', 'X-GNOME-Autostart-enabled=false']) {
      item.set(true);
      writeFileSync(file, `${readFileSync(file, 'utf8')}${key}\n`);
      expect(item.read()).toEqual({ on: false, locked: null, blocked: null });
      settleLoginItem(facts('linux'));
      expect(item.read().on).toBe(false);
      item.set(true);
      expect(item.read().on).toBe(true);
    }
  });

  it.skipIf(process.getuid?.() === 0)('on Linux says where it cannot be written', () => {
    mkdirSync(join(folder, 'autostart'), { mode: 0o500 });
    try {
      expect(createLoginItem(facts('linux')).set(true)).toEqual({ ok: false, code: 'STORE_UNUSABLE', details: { why: 'EACCES', path: file } });
    } finally {
      chmodSync(join(folder, 'autostart'), 0o700);
    }
  });

  it.runIf(process.platform === 'linux')('on Linux says where no folder can be made, and comes back', () => {
    const file = '/proc/latchkey/autostart/latchkey-at-login.desktop';
    expect(createLoginItem(facts('linux', { file })).set(true)).toMatchObject({ ok: false, code: 'STORE_UNUSABLE', details: { path: file } });
  });

  it('says where a file is in the way of the folder', () => {
    writeFileSync(join(folder, 'autostart'), '');
    expect(createLoginItem(facts('linux')).set(true)).toMatchObject({ ok: false, code: 'FORBIDDEN' });
    expect(createLoginItem(facts('linux')).read()).toMatchObject({ on: false, locked: 'foreign-file' });
  });

  it('follows the program to where it is now, and only if it is on', () => {
    settleLoginItem(facts('linux'));
    expect(existsSync(file)).toBe(false);
    createLoginItem(facts('linux', { program: '/home/m/Downloads/Latchkey.AppImage' })).set(true);
    settleLoginItem(facts('linux', { program: '/home/m/Apps/Latchkey.AppImage' }));
    expect(readFileSync(file, 'utf8')).toContain('Exec=/home/m/Apps/Latchkey.AppImage --hidden');
  });

  it.each(['linux', 'win32', 'darwin'] as const)('on %s is what the administrator says, and locked', (platform) => {
    const system = platform === 'linux' ? never : platform === 'win32' ? registry() : service();
    for (const deployed of [true, false]) {
      expect(settleLoginItem(facts(platform, { system, deployed }))).toMatchObject({ ok: true });
      const item = createLoginItem(facts(platform, { system, deployed }));
      expect(item.read()).toEqual({ on: deployed, locked: 'administrator', blocked: null });
      expect(item.set(!deployed)).toEqual({ ok: false, code: 'FORBIDDEN', details: {} });
      expect(item.read().on).toBe(deployed);
    }
  });

  it.each(['linux', 'win32', 'darwin'] as const)('on %s an app that is not installed changes nothing', (platform) => {
    const there = facts(platform, { packaged: false, deployed: true });
    expect(settleLoginItem(there)).toMatchObject({ ok: true });
    expect(createLoginItem(there).read()).toEqual({ on: false, locked: 'unpackaged', blocked: null });
    expect(createLoginItem(there).set(true)).toEqual({ ok: false, code: 'FORBIDDEN', details: {} });
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe("the administrator's file", () => {
  const read = (text: string) => readDeployment('linux', {}, () => text);
  it('says each thing by itself', () => {
    expect(read('{"authority":"https://a.example","startAtLogin":true}')).toEqual({ authority: 'https://a.example', startAtLogin: true });
    expect(read('{"startAtLogin":false}')).toEqual({ startAtLogin: false });
    expect(read('{"authority":7,"startAtLogin":true}').startAtLogin).toBe(true);
    expect(read('{"authority":"https://a.example","startAtLogin":"yes"}').authority).toBe('https://a.example');
    for (const nothing of ['', 'null', '[]', '{']) expect(read(nothing)).toEqual({});
  });
});

describe('the autostart entry', () => {
  it('is where the desktop looks, and a relative XDG_CONFIG_HOME does not count', () => {
    expect(autostartFile({}, '/home/m')).toBe('/home/m/.config/autostart/latchkey-at-login.desktop');
    expect(autostartFile({ XDG_CONFIG_HOME: '/etc/m' }, '/home/m')).toBe('/etc/m/autostart/latchkey-at-login.desktop');
    expect(autostartFile({ XDG_CONFIG_HOME: 'm' }, '/home/m')).toBe('/home/m/.config/autostart/latchkey-at-login.desktop');
  });

  it('starts an AppImage and not what is in it, and no AppImage that this program is not in', () => {
    const image = { APPIMAGE: '/home/m/Latchkey.AppImage', APPDIR: '/tmp/.mount_LatchA' };
    expect(programOf(image, '/tmp/.mount_LatchA/latchkey')).toBe('/home/m/Latchkey.AppImage');
    expect(programOf(image, '/opt/Latchkey/latchkey')).toBe('/opt/Latchkey/latchkey');
    expect(programOf({ ...image, APPIMAGE: 'Latchkey.AppImage' }, '/tmp/.mount_LatchA/latchkey')).toBe('/tmp/.mount_LatchA/latchkey');
    expect(programOf({ APPIMAGE: image.APPIMAGE }, '/opt/x')).toBe('/opt/x');
  });

  it.each([
    ['/opt/Latchkey/latchkey', '/opt/Latchkey/latchkey --hidden'],
    ['/home/m/My Apps/Latchkey.AppImage', '"/home/m/My Apps/Latchkey.AppImage" --hidden'],
    ['/a"b', String.raw`"/a\\"b" --hidden`],
    ['/a$b`c', String.raw`"/a\\$b\\${'`'}c" --hidden`],
    ['/a\\b', String.raw`"/a\\\\b" --hidden`],
    ['/100%/%f', String.raw`/bin/sh -c "exec \\"\\$0\\" \\"\\$@\\"" "/100%%/%%f" --hidden`],
    ['/a\nb', String.raw`"/a\nb" --hidden`],
    ['/a=b', String.raw`/bin/sh -c "exec \\"\\$0\\" \\"\\$@\\"" "/a=b" --hidden`],
  ])('quotes %j as the Desktop Entry Specification says', (program, exec) => {
    const text = autostartEntry(program);
    expect(text).toContain(`\nExec=${exec}\n`);
    expect(readAutostartEntry(text)?.isFor(program)).toBe(true);
    expect(readAutostartEntry(text)?.isFor('/other')).toBe(false);
  });

  // By the library that GNOME starts it with, where that is here.
  const launches = spawnSync('gio', ['version']).status === 0;
  it.runIf(launches && process.platform === 'linux').each(['plain', 'with space', 'dollar$HOME `id` "quoted"', 'back\\slash', '100%f', 'a=b', 'Jürgens Ordner'])('starts a program in a folder called %s', (name) => {
    mkdirSync(join(folder, name));
    const program = join(folder, name, 'program');
    writeFileSync(program, '#!/bin/sh\nprintf "%s\\n" "$0" "$@" > "$(dirname "$0")/said"\n', { mode: 0o755 });
    const entry = join(folder, 'entry.desktop');
    writeFileSync(entry, autostartEntry(program));
    expect(spawnSync('gio', ['launch', entry], { encoding: 'utf8' })).toMatchObject({ status: 0 });
    return expect.poll(() => (existsSync(join(folder, name, 'said')) ? readFileSync(join(folder, name, 'said'), 'utf8') : '')).toBe(`${program}\n--hidden\n`);
  });
});
