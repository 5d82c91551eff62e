import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { project } from '../support/build.ts';
import { startPreview, type RunningPreview } from '../support/electron-preview/index.ts';

/** Main's real program on the stand-in, which plays macOS: what the tray and a full-screen window do there. */
let folder = '';
let app: RunningPreview;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'latchkey-macos-'))));
afterEach(async () => {
  await app.kill();
  rmSync(folder, { recursive: true, force: true });
});

const start = async (ELECTRON_PREVIEW_PLATFORM: string): Promise<void> => {
  app = startPreview({ main: join(project, 'src-main/main.ts'), env: { LATCHKEY_HOME: folder, LATCHKEY_AUTHORITY: '', LATCHKEY_TRUST: undefined, LANG: 'en_GB.UTF-8', ELECTRON_PREVIEW_PLATFORM } });
  await app.firstWindow;
  await app.activate();
  await expect.poll(window).toMatchObject({ visible: true });
};
const window = async () => (await app.windows())[0];
const tray = async () => (await app.tray())[0];

test('a click on the tray of macOS opens its menu and no window; "Open Latchkey" in it does', async () => {
  await start('darwin');
  await app.closeWindow();
  await expect.poll(window).toMatchObject({ visible: false });
  await app.clickTray();
  expect(await tray()).toMatchObject({ opened: 1 });
  expect(await window()).toMatchObject({ visible: false });
  await app.clickTray(['Open Latchkey']);
  expect(await window()).toMatchObject({ visible: true, focused: true });
});

test.each(['win32', 'linux'])('a click on the tray of %s opens the window', async (platform) => {
  await start(platform);
  await app.closeWindow();
  await expect.poll(window).toMatchObject({ visible: false });
  await app.clickTray();
  expect(await window()).toMatchObject({ visible: true, focused: true });
});

test('closing a full-screen window on macOS leaves full screen first, and no black screen', async () => {
  await start('darwin');
  await app.fullScreenWindow(true);
  await expect.poll(window).toMatchObject({ fullScreen: true });
  await app.closeWindow();
  await expect.poll(window).toMatchObject({ visible: false, fullScreen: false, black: false });
  await app.activate();
  expect(await window()).toMatchObject({ visible: true, fullScreen: false });
  await app.closeWindow();
  await expect.poll(window).toMatchObject({ visible: false, black: false });
});

test('a window that is closed while it goes to full screen, or twice, hides all the same and leaves nothing black', async () => {
  await start('darwin');
  await app.fullScreenWindow(true);
  await app.closeWindow();
  await app.closeWindow();
  await expect.poll(window).toMatchObject({ visible: false, fullScreen: false, black: false });
});

test('a person who wants the window back while it leaves full screen gets it', async () => {
  await start('darwin');
  await app.fullScreenWindow(true);
  await expect.poll(window).toMatchObject({ fullScreen: true });
  await app.closeWindow();
  await app.activate();
  await expect.poll(window).toMatchObject({ fullScreen: false });
  expect(await window()).toMatchObject({ visible: true, black: false });
});

test('quitting from full screen on macOS ends the app', async () => {
  await start('darwin');
  await app.fullScreenWindow(true);
  await expect.poll(window).toMatchObject({ fullScreen: true });
  expect(await app.quit()).toMatchObject({ code: 0 });
});

test('closing a full-screen window elsewhere hides it, and it comes back as it was', async () => {
  await start('win32');
  await app.fullScreenWindow(true);
  await app.closeWindow();
  await expect.poll(window).toMatchObject({ visible: false, fullScreen: true });
});
