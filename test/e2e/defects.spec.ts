import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { project } from '../support/build.ts';
import { launchPreview, type Preview, type RunningPreview } from '../support/electron-preview/index.ts';

/** What a person is told of a defect, and what is written where. Nothing of it leaves the computer. */

const main = join(project, 'out/main/main.js');
let folder = '';
const apps: Preview[] = [];
const others: RunningPreview[] = [];

test.beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'latchkey-defects-')); });
test.afterEach(async () => {
  for (const app of [...apps.splice(0), ...others.splice(0)]) await app.kill();
  rmSync(folder, { recursive: true, force: true });
});

const launch = async (page: Page): Promise<Preview> => {
  const env = { LATCHKEY_HOME: join(folder, 'app'), LATCHKEY_AUTHORITY: '', LATCHKEY_TRUST: undefined, LANG: 'en_GB.UTF-8', LANGUAGE: '', LC_ALL: '' };
  const app = await launchPreview({ main, env, cwd: project });
  apps.push(app);
  await page.goto(app.url);
  await page.getByRole('heading', { level: 1 }).waitFor();
  return app;
};
const logged = (): string => readFileSync(join(folder, 'app/logs/latchkey.log'), 'utf8');
const boxesOf = async (app: Preview) => (await app.asked()).filter(({ what }) => what === 'messageBox');

test('a defect in main tells the person, shows the log, starts again or ends, and leaves no half-dead app', async ({ page }) => {
  const app = await launch(page);
  // "Show log", and then "Restart".
  await app.answerNextMessageBox(1);
  await app.answerNextMessageBox(0);
  await app.failInMain('of ann@northlight.example with "the words of a person" and eyJhbGciOiJFZDI1NTE5Iiwia2lkIjoi0123456789');
  const { code, output } = await app.exited;
  expect(code).toBe(70);
  const next = await app.relaunched;
  others.push(next);
  await page.goto(await next.firstWindow);
  await expect(page.getByRole('heading', { level: 1, name: 'Offline exchange' })).toBeVisible();
  expect(output.match(/message box "Latchkey has to end" answered with button [01]/g)).toEqual(['message box "Latchkey has to end" answered with button 1', 'message box "Latchkey has to end" answered with button 0']);

  const log = logged();
  expect(log).toContain('"event":"defect.exception"');
  for (const secret of ['ann@northlight', 'words of a person', 'eyJhbGci']) expect(log).not.toContain(secret);
  // The person was told, and the run ended in order.
  await expect(page.getByText('did not end properly')).toBeHidden();
  await next.quit();
  expect(readdirSync(join(folder, 'app'))).not.toContain('running.json');
});

test('a promise that fails and nobody awaits is written to the log, and the app goes on', async ({ page }) => {
  const app = await launch(page);
  await app.failInMain('of a promise', 'promise');
  await expect.poll(logged).toContain('"event":"defect.rejection"');
  expect(await boxesOf(app)).toEqual([]);
  expect(await app.windows()).toMatchObject([{ visible: true }]);
});

test('a page that cannot be drawn says so and shows the log, where the defect is without what it quoted', async ({ page }) => {
  const app = await launch(page);
  await page.evaluate(() => { location.hash = '/my-licenses'; });
  await expect(page.getByRole('heading', { level: 1, name: 'My licenses' })).toBeVisible();
  // The page of the exchange asks for a number of days, which nothing else does.
  await page.evaluate(() => {
    for (const method of ['format', 'formatToParts', 'resolvedOptions']) {
      Object.defineProperty(Intl.NumberFormat.prototype, method, { get: () => { throw new Error('nothing can be drawn of ann@northlight.example'); } });
    }
    location.hash = '/exchange';
  });
  await expect(page.getByText('This page could not be shown')).toBeVisible();
  await page.getByRole('button', { name: 'Show log' }).click();
  await expect.poll(async () => (await app.asked()).filter(({ what }) => what === 'showItemInFolder')).toEqual([{ what: 'showItemInFolder', detail: join(folder, 'app/logs/latchkey.log') }]);
  expect(logged()).toMatch(/"event":"page\.drawing","error":"Error: nothing can be drawn of \[address\]/);
});

test('after a crash the next start says once that the app did not end properly', async ({ page }) => {
  const ended = 'Latchkey did not end properly last time';
  const crashed = await launch(page);
  await crashed.kill();

  const app = await launch(page);
  const note = page.getByRole('status').filter({ hasText: ended });
  await expect(note).toBeVisible();
  await note.getByRole('button', { name: 'Show log' }).click();
  await expect.poll(async () => (await app.asked()).map(({ what }) => what)).toContain('showItemInFolder');
  await note.getByRole('button', { name: 'Dismiss' }).click();
  await expect(note).toBeHidden();
  expect(logged()).toMatch(/"event":"ended\.before","how":"unexpectedly"/);
  await app.quit();

  await launch(page);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByText(ended)).toBeHidden();
});

test('reports of crashes stay in the home, a few of them, and are sent to nobody', async ({ page }) => {
  const reports = join(folder, 'app/crashes/pending');
  mkdirSync(reports, { recursive: true });
  const now = Date.now() / 1000;
  for (let day = 1; day <= 14; day += 1) {
    for (const kind of ['dmp', 'meta']) {
      const file = join(reports, `report-${day}.${kind}`);
      writeFileSync(file, 'x');
      utimesSync(file, now - day * 86_400, now - day * 86_400);
    }
  }
  const app = await launch(page);
  expect(await app.crashReporting()).toEqual({ started: { uploadToServer: false, ignoreSystemCrashHandler: true }, folder: join(folder, 'app/crashes') });
  expect(readdirSync(reports).filter((name) => name.endsWith('.dmp'))).toHaveLength(10);
  expect(readdirSync(reports)).toEqual(expect.arrayContaining(['report-1.dmp', 'report-1.meta', 'report-10.dmp']));
  expect(readdirSync(reports)).not.toContain('report-11.meta');
});
