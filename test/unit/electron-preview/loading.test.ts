import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { launchChromium } from '../../support/electron-preview/chromium.ts';
import { launchPreview, type Preview } from '../../support/electron-preview/index.ts';

/** When a window is ready and when a load ends: electron/docs/api/browser-window.md, "ready-to-show"; lib/browser/api/web-contents.ts. */
const main = fileURLToPath(new URL('../../support/electron-preview/fixture/main.mjs', import.meta.url));
let browser: Browser;
let home: string;
let preview: Preview;
let said: { event: string; detail?: unknown }[];

const told = (event: string) => said.filter((one) => one.event === event).map((one) => one.detail);
const patience = { timeout: 30_000 };
const launch = async (page?: string): Promise<void> => {
  const onLine = (line: string) => { if (line.startsWith('{')) said.push(JSON.parse(line) as { event: string }); };
  preview = await launchPreview({ main, args: [`--user-data-dir=${home}`, ...(page === undefined ? [] : [`--page=${page}`])], onLine });
};
const open = async (): Promise<Page> => {
  const page = await (await browser.newContext()).newPage();
  await page.goto(await preview.freshUrl()).catch(() => undefined);
  return page;
};

beforeAll(async () => { browser = await launchChromium(); });
afterAll(() => browser.close());
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'electron-preview-'));
  said = [];
});
afterEach(async () => {
  await preview.kill();
  for (const context of browser.contexts()) await context.close();
  rmSync(home, { recursive: true, force: true });
});

test('a window is not ready to show when its address can be opened, but when a browser has painted its page', async () => {
  await launch();
  expect(await preview.windows()).toMatchObject([{ visible: false, pages: 0 }]);
  expect([told('ready-to-show'), told('loaded')]).toEqual([[], []]);
  await open();
  await expect.poll(() => [told('ready-to-show').length, told('loaded').length], patience).toEqual([1, 1]);
  expect(await preview.windows()).toMatchObject([{ visible: true, focused: true }]);
});

test('a page with nothing to paint is loaded and never ready to show', async () => {
  await launch('blank');
  await open();
  await expect.poll(() => told('loaded'), patience).toHaveLength(1);
  expect(told('ready-to-show')).toEqual([]);
  expect(await preview.windows()).toMatchObject([{ visible: false }]);
});

test('a load can fail late: the event tells it, and the promise rejects with number and name', async () => {
  await launch();
  await preview.failLoad();
  const url = 'app://fixture/?start=1#here';
  await expect.poll(() => told('load-failed'), patience).toEqual([{ message: `ERR_FAILED (-2) loading '${url}'`, code: 'ERR_FAILED', errno: -2, url }]);
  expect(told('did-fail-load')).toEqual([{ code: -2, name: 'ERR_FAILED', url, isMainFrame: true }]);
  expect(await preview.windows()).toMatchObject([{ visible: false }]);
});

test('a handler that throws fails the load of its page', async () => {
  await launch('throws');
  await open();
  await expect.poll(() => told('load-failed'), patience).toMatchObject([{ code: 'ERR_UNEXPECTED', errno: -9 }]);
});

test('a request hook that cancels the page fails its load', async () => {
  await launch('blocked/page');
  await open();
  await expect.poll(() => told('load-failed'), patience).toMatchObject([{ code: 'ERR_BLOCKED_BY_CLIENT', errno: -20 }]);
});

test('a person closes a window only when it shows', async () => {
  await launch();
  const closing = preview.closeWindow();
  expect(await preview.windows()).toHaveLength(1);
  await open();
  await closing;
  expect(await preview.windows()).toEqual([]);
});
