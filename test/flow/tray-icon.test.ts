import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { project } from '../support/build.ts';
import { startPreview, type RunningPreview } from '../support/electron-preview/index.ts';

/** Main's real program on the stand-in: which icon it puts on which taskbar, panel and menu bar. */
let folder = '';
let app: RunningPreview;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'latchkey-icon-'))));
afterEach(async () => {
  await app.kill();
  rmSync(folder, { recursive: true, force: true });
});

const start = async (env: Readonly<Record<string, string>>): Promise<void> => {
  app = startPreview({ main: join(project, 'src-main/main.ts'), env: { LATCHKEY_HOME: join(folder, 'home'), LATCHKEY_AUTHORITY: '', LATCHKEY_TRUST: undefined, LANG: 'en_GB.UTF-8', ...env } });
  await app.firstWindow;
};
const icon = async (): Promise<string> => basename((await app.tray())[0]?.image ?? '');

// The registry's program is a shell script here.
describe.skipIf(process.platform === 'win32')('on Windows', () => {
  const theme = (value: string): void => {
    writeFileSync(join(folder, 'System32/theme.next'), `\r\nHKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Themes\\Personalize\r\n    SystemUsesLightTheme    REG_DWORD    ${value}\r\n\r\n`);
    renameSync(join(folder, 'System32/theme.next'), join(folder, 'System32/theme'));
  };
  /** The registry as its own program prints it. */
  const makeRegistry = (value: string): void => {
    mkdirSync(join(folder, 'System32'));
    theme(value);
    const program = join(folder, 'System32/reg.exe');
    writeFileSync(program, '#!/bin/sh\n[ "$1 $3 $4" = "query /v SystemUsesLightTheme" ] && exec cat "$(dirname "$0")/theme"\nexit 1\n');
    chmodSync(program, 0o755);
  };
  const windows = (): Readonly<Record<string, string>> => ({ ELECTRON_PREVIEW_PLATFORM: 'win32', SystemRoot: folder });

  test('the icon is light on a dark taskbar also where apps are light, from the start', async () => {
    makeRegistry('0x0');
    await start(windows());
    await expect.poll(icon).toBe('tray-on-dark.ico');
  });

  test('it follows the taskbar and not the apps, also where the taskbar changes alone', async () => {
    makeRegistry('0x1');
    await start(windows());
    expect(await icon()).toBe('tray-on-light.ico');
    theme('0x0');
    await app.setDark(true, true);
    await expect.poll(icon).toBe('tray-on-dark.ico');
    theme('0x1');
    await app.activate();
    await expect.poll(icon).toBe('tray-on-light.ico');
  });

  test('where the registry cannot be asked, Electron is believed', async () => {
    await start(windows());
    expect(await icon()).toBe('tray-on-light.ico');
    await app.setDark(false, true);
    await app.setDark(true, true);
    await expect.poll(icon).toBe('tray-on-dark.ico');
  });
});

test.each([
  ['ubuntu:GNOME', false, 'tray-on-dark.png'], ['GNOME', true, 'tray-on-dark.png'], ['GNOME-Classic:GNOME', false, 'tray-on-any.png'], ['KDE', false, 'tray-on-any.png'], ['KDE', true, 'tray-on-any.png'], ['', false, 'tray-on-any.png'],
])('on the panel of %j the icon is seen in either theme (dark: %s)', async (XDG_CURRENT_DESKTOP, dark, expected) => {
  await start({ ELECTRON_PREVIEW_PLATFORM: 'linux', XDG_CURRENT_DESKTOP });
  await app.setDark(!dark);
  await app.setDark(dark);
  expect(await icon()).toBe(expected);
});

test('in the menu bar of macOS the system paints it', async () => {
  await start({ ELECTRON_PREVIEW_PLATFORM: 'darwin' });
  expect(await app.tray()).toMatchObject([{ image: expect.stringMatching(/trayTemplate\.png$/), template: true }]);
});
