import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { ensureBuilt, project } from '../support/build.ts';
import { launchChromium } from '../support/electron-preview/chromium.ts';
import { launchPreview, type Preview } from '../support/electron-preview/index.ts';

/** Main's real program on the stand-in, with displays that come, go and change. */
const bounds = (x: number, y: number, width: number, height: number) => ({ x, y, width, height });
const laptop = { id: 1, bounds: bounds(0, 0, 1440, 900), workArea: bounds(0, 25, 1440, 875), scaleFactor: 2 };
const desk = { id: 2, bounds: bounds(1440, 0, 2560, 1440), workArea: bounds(1440, 0, 2560, 1400) };
const onDesk = bounds(1700, 100, 1200, 800);
const inside = (inner: ReturnType<typeof bounds>, outer: ReturnType<typeof bounds>): boolean =>
  inner.x >= outer.x && inner.y >= outer.y && inner.x + inner.width <= outer.x + outer.width && inner.y + inner.height <= outer.y + outer.height;

let folder = '';
let app: Preview | null = null;
let browser: Browser;
beforeAll(async () => {
  await ensureBuilt('app');
  browser = await launchChromium();
}, 120_000);
afterAll(() => browser.close());
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'latchkey-place-'))));
afterEach(async () => {
  await app?.kill();
  for (const context of browser.contexts()) await context.close();
  rmSync(folder, { recursive: true, force: true });
});

const start = async (displays: readonly object[]): Promise<Preview> => {
  app = await launchPreview({
    main: join(project, 'out/main/main.js'),
    env: { LATCHKEY_HOME: folder, LATCHKEY_AUTHORITY: '', LATCHKEY_TRUST: undefined, ELECTRON_PREVIEW_DISPLAYS: JSON.stringify(displays) },
  });
  return app;
};
/** With its page painted, which is when a window is shown. */
const startShown = async (displays: readonly object[]): Promise<Preview> => {
  const running = await start(displays);
  await (await browser.newPage()).goto(await running.freshUrl());
  await expect.poll(async () => (await window()).visible, { timeout: 30_000 }).toBe(true);
  return running;
};
const window = async () => (await app?.windows())?.[0] ?? expect.fail('no window');
const place = async () => (await window()).bounds;
const saved = () => JSON.parse(readFileSync(join(folder, 'window.json'), 'utf8')) as { bounds: object; fullScreen?: boolean; maximized: boolean };

test('a window on a display that is gone at the next start is shown on the one that is there, and again on its own when that is back', async () => {
  const first = await start([laptop, desk]);
  await first.moveWindow(onDesk);
  await first.quit();

  const travelling = await start([laptop]);
  expect(inside(await place(), laptop.workArea)).toBe(true);
  await travelling.moveWindow(bounds(40, 60, 1000, 700));
  await travelling.quit();

  const back = await start([laptop, desk]);
  expect(await place()).toEqual(onDesk);
  await back.quit();
  await start([laptop]);
  expect(await place()).toEqual(bounds(40, 60, 1000, 700));
});

test('a window whose display is taken away comes to another one, and goes back when the display does', async () => {
  const running = await start([laptop, desk]);
  await running.moveWindow(onDesk);
  await expect.poll(() => saved().bounds).toEqual(onDesk);

  await running.setDisplays([laptop]);
  expect(inside(await place(), laptop.workArea)).toBe(true);
  await running.setDisplays([laptop, desk]);
  expect(await place()).toEqual(onDesk);
});

test('so it does when the system itself moves the window before or after it says that the display has gone', async () => {
  const running = await start([laptop, desk]);
  await running.moveWindow(onDesk);
  await expect.poll(() => saved().bounds).toEqual(onDesk);

  await running.setDisplays([laptop], bounds(100, 100, 1200, 800));
  await running.moveWindow(bounds(200, 50, 1200, 800));
  await expect.poll(() => saved().bounds).toEqual(bounds(200, 50, 1200, 800));
  await running.setDisplays([laptop, desk]);
  expect(await place()).toEqual(onDesk);
});

test('a hidden window is within reach when it is shown on other displays than it was closed on', async () => {
  const running = await startShown([laptop, desk]);
  await running.moveWindow(onDesk);
  await running.closeWindow();
  await running.setDisplays([laptop]);
  await running.clickTray();
  expect(inside(await place(), laptop.workArea)).toBe(true);
});

test('a display of which less is seen, because it is scaled up, holds the whole window', async () => {
  const running = await start([desk]);
  await running.moveWindow(bounds(1500, 20, 2400, 1300));
  const scaled = { ...desk, bounds: bounds(1440, 0, 853, 480), workArea: bounds(1440, 0, 853, 450), scaleFactor: 3 };
  await running.setDisplays([scaled]);
  expect(inside(await place(), scaled.workArea)).toBe(true);
  await running.quit();

  await start([scaled]);
  expect(inside(await place(), scaled.workArea)).toBe(true);
  expect((await window()).least).toEqual([853, 450]);
});

test('a window that was maximized, or filled the screen, does so again on its own display and keeps its size of before', async () => {
  const first = await startShown([laptop, desk]);
  await first.moveWindow(onDesk);
  await first.maximizeWindow();
  await first.fullScreenWindow(true);
  await first.quit();
  expect(saved()).toMatchObject({ bounds: onDesk, maximized: true, fullScreen: true });

  const second = await startShown([laptop, desk]);
  expect(await window()).toMatchObject({ bounds: onDesk, maximized: true, fullScreen: true, focused: true });
  await second.fullScreenWindow(false);
  await second.quit();
  expect(saved().fullScreen).toBeUndefined();
});

test('the place that an earlier version has kept is read', async () => {
  writeFileSync(join(folder, 'window.json'), JSON.stringify({ bounds: onDesk, maximized: false }));
  const running = await start([laptop, desk]);
  expect(await place()).toEqual(onDesk);
  await running.setDisplays([laptop]);
  await running.setDisplays([laptop, desk]);
  expect(await place()).toEqual(onDesk);
});
