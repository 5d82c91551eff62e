import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { project } from '../support/build.ts';
import { startPreview, type RunningPreview } from '../support/electron-preview/index.ts';

/** Main's real program on the stand-in: what closing the window does, with a tray and on a Linux desktop that shows none. */
let folder = '';
let app: RunningPreview;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'latchkey-closing-'))));
afterEach(async () => {
  await app.kill();
  rmSync(folder, { recursive: true, force: true });
});

const begin = (env: Readonly<Record<string, string>> = {}, ...args: readonly string[]): RunningPreview =>
  (app = startPreview({ main: join(project, 'src-main/main.ts'), args, env: { LATCHKEY_HOME: folder, LATCHKEY_AUTHORITY: '', LATCHKEY_TRUST: undefined, ...env } }));
const start = async (env: Readonly<Record<string, string>> = {}): Promise<void> => {
  await begin(env).firstWindow;
  // Nobody opens its page here, so nothing is painted: the person asks for the window.
  await app.activate();
};
const window = async () => (await app.windows())[0];
const dialogs = async () => (await app.asked()).filter(({ what }) => what === 'messageBox').map(({ detail }) => detail as { message: string; detail: string; buttons: readonly string[] });

test('the first close hides the window and says, once for a home, that the app goes on and where', async () => {
  await start();
  await app.closeWindow();
  await expect.poll(window).toMatchObject({ visible: false });
  await expect.poll(dialogs).toHaveLength(1);
  expect((await dialogs())[0]).toMatchObject({ message: 'Latchkey is still running', buttons: ['OK', 'Quit Latchkey'] });
  expect((await dialogs())[0]?.detail).toContain('notification area');
  await app.clickTray();
  await app.closeWindow();
  await expect.poll(window).toMatchObject({ visible: false });
  await app.quit();

  await start();
  await app.closeWindow();
  await expect.poll(window).toMatchObject({ visible: false });
  expect(await dialogs()).toEqual([]);
});

test('a person who meant to quit can do so where they are told that the app goes on', async () => {
  await start();
  await app.answerNextMessageBox(1);
  await app.closeWindow();
  expect(await app.exited).toMatchObject({ code: 0 });
});

test('a home that cannot be written loses only what is remembered', async () => {
  mkdirSync(join(folder, 'settings.json'));
  await start();
  await app.closeWindow();
  await expect.poll(dialogs).toHaveLength(1);
  await app.clickTray();
  await app.closeWindow();
  await expect.poll(window).toMatchObject({ visible: false });
  expect(await dialogs()).toHaveLength(1);
});

describe.runIf(process.platform === 'linux')('on a desktop that shows no tray icons', () => {
  const noTray = { ELECTRON_PREVIEW_TRAY: 'none' };

  test('closing asks, and keeps the window in sight, minimized, for the person who lets the app run', async () => {
    await start(noTray);
    await app.answerNextMessageBox(0);
    await app.closeWindow();
    await expect.poll(window).toMatchObject({ visible: true, minimized: true });
    expect(await dialogs()).toMatchObject([{ message: 'Keep Latchkey running?', buttons: ['Keep running, minimized', 'Quit Latchkey', 'Cancel'] }]);
    await app.clickTray();
    await app.closeWindow();
    await expect.poll(dialogs).toHaveLength(2);
  });

  test('what is chosen for the next time is done then without a question, and cancelling changes nothing', async () => {
    await start(noTray);
    await app.closeWindow();
    await expect.poll(dialogs).toHaveLength(1);
    expect(await window()).toMatchObject({ visible: true, minimized: false });
    await app.answerNextMessageBox(0, true);
    await app.closeWindow();
    await expect.poll(window).toMatchObject({ visible: true, minimized: true });
    await app.quit();

    await start(noTray);
    await app.closeWindow();
    await expect.poll(window).toMatchObject({ visible: true, minimized: true });
    expect(await dialogs()).toEqual([]);
  });

  test('quitting can be chosen for good', async () => {
    await start(noTray);
    await app.answerNextMessageBox(1, true);
    await app.closeWindow();
    expect(await app.exited).toMatchObject({ code: 0 });
    await start(noTray);
    await app.closeWindow();
    expect(await app.exited).toMatchObject({ code: 0 });
  });

  test('--hidden begins with a minimized window, which a person can open', async () => {
    begin(noTray, '--hidden');
    await expect.poll(async () => (await app.windows())[0]).toMatchObject({ visible: true, minimized: true, focused: false });
    await app.clickTray();
    expect(await window()).toMatchObject({ visible: true, minimized: false, focused: true });
  });

  test('a panel that goes while the window is open, or as it closes, leaves no app that cannot be seen', async () => {
    await start();
    await app.closeWindow();
    await expect.poll(window).toMatchObject({ visible: false });
    await app.clickTray();
    await app.setTrayHost(false);
    await app.closeWindow();
    await expect.poll(window).toMatchObject({ visible: true, minimized: true });
    await app.setTrayHost(true);
    await expect.poll(async () => {
      await app.clickTray();
      await app.closeWindow();
      return (await window())?.visible;
    }).toBe(false);
  });
});
