import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { project } from '../support/build.ts';
import { startPreview, type RunningPreview } from '../support/electron-preview/index.ts';

/** A window whose page does not come: it never is ready to show, so somebody has to say what is the matter. */
const main = join(project, 'out/main/main.js');
let folder = '';
let app: RunningPreview;

test.beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'latchkey-page-')); });
test.afterEach(async () => {
  await app.kill();
  rmSync(folder, { recursive: true, force: true });
});

const start = async (args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<void> => {
  app = startPreview({ main, args, env: { LANG: 'en_GB.UTF-8', LANGUAGE: '', LC_ALL: '', LATCHKEY_HOME: join(folder, 'home'), LATCHKEY_AUTHORITY: '', LATCHKEY_TRUST: undefined, ...env } });
  await app.firstWindow;
};
const boxes = async (): Promise<readonly string[]> => (await app.asked()).filter(({ what }) => what === 'messageBox').map(({ detail }) => (detail as { readonly message: string }).message);
const trouble = 'The window of Latchkey did not load';

test('a page that fails to load is told, and trying again brings the window', async ({ page }) => {
  await start();
  await app.answerNextMessageBox(0);
  await app.failLoad();
  await expect.poll(boxes).toEqual([trouble]);
  await page.goto(await app.freshUrl());
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect.poll(async () => (await app.windows())[0]?.visible).toBe(true);
  expect(readFileSync(join(folder, 'home/logs/latchkey.log'), 'utf8')).toContain('"event":"page.failed"');
});

test('a page that fails in an app that starts hidden is told when somebody wants the window, in the system\'s language', async () => {
  await start(['--hidden'], { LANG: 'de_DE.UTF-8' });
  await app.failLoad();
  await app.answerNextMessageBox(2);
  expect(await boxes()).toEqual([]);
  await app.clickTray().catch(() => undefined);
  expect((await app.exited).output).toContain('message box "Das Fenster von Latchkey wurde nicht geladen"');
});

test('a page that dies is loaded anew without a question, one that dies again is asked about, and the log can be shown', async ({ page }) => {
  await start();
  await page.goto(await app.firstWindow);
  await expect.poll(async () => (await app.windows())[0]?.visible).toBe(true);
  await page.evaluate(() => { (globalThis as { before?: boolean }).before = true; });
  await app.crashPage();
  await expect.poll(() => page.evaluate(() => 'before' in globalThis).catch(() => true)).toBe(false);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  expect(await boxes()).toEqual([]);

  await app.answerNextMessageBox(1);
  await app.answerNextMessageBox(0);
  await app.crashPage('oom');
  await expect.poll(boxes).toEqual([trouble, trouble]);
  expect((await app.asked()).filter(({ what }) => what === 'showItemInFolder')).toHaveLength(1);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
});

test('a page whose process ended as it should is no trouble', async ({ page }) => {
  await start();
  await page.goto(await app.firstWindow);
  await app.crashPage('clean-exit');
  await app.crashPage('clean-exit');
  expect(await boxes()).toEqual([]);
});
