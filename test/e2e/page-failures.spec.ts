import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { project } from '../support/build.ts';
import { launchPreview, type Preview } from '../support/electron-preview/index.ts';

/** What a person meets when the page breaks, cannot be loaded or dies, and how they go on. */
const main = join(project, 'out/main/main.js');
let folder = '';
let app: Preview;

test.beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'latchkey-page-')); });
test.afterEach(async () => {
  await app.kill();
  rmSync(folder, { recursive: true, force: true });
});

const start = async (): Promise<void> => {
  app = await launchPreview({ main, env: { LATCHKEY_HOME: join(folder, 'home'), LATCHKEY_AUTHORITY: '', LATCHKEY_TRUST: undefined } });
};
const open = async (page: Page): Promise<void> => {
  await start();
  await page.goto(app.url);
  await expect(page.locator('#root')).not.toBeEmpty();
};
const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name });
/** Whether the page goes away for what is done in it; a page that stays keeps its mark. */
const marked = (page: Page): Promise<boolean> => page.evaluate(() => 'mark' in globalThis);
const mark = (page: Page): Promise<void> => page.evaluate(() => { Object.assign(globalThis, { mark: true }); });

test('a page whose part could not be loaded is there after trying again', async ({ page }) => {
  await page.route('**/assets/ExchangePage*', (route) => route.abort());
  await open(page);
  await page.evaluate(() => { location.hash = '#/exchange'; });
  await expect(page.getByRole('alert')).toContainText('A part of Latchkey could not be read');
  await page.unroute('**/assets/ExchangePage*');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(heading(page, 'Offline exchange')).toBeVisible();
});

test('the page loads itself again at its own address, and goes to no other', async ({ page }) => {
  await open(page);
  await mark(page);
  await page.evaluate(() => { location.reload(); }).catch(() => undefined);
  await expect.poll(() => marked(page).catch(() => true)).toBe(false);
  // The first page leads on to another.
  await expect(page).toHaveURL(/#\/exchange$/);

  await mark(page);
  const address = page.url();
  const ways = {
    'a query': () => { location.href = '/index.html?from=elsewhere#/lease'; },
    'another page of ours': () => { location.href = '/other.html'; },
    'the folder': () => { location.href = '/'; },
    'a link': () => { const link = document.createElement('a'); link.href = '/assets/x.js'; document.body.append(link); link.click(); },
  };
  for (const [way, go] of Object.entries(ways)) {
    await page.evaluate(go);
    await page.waitForTimeout(100);
    expect(await marked(page), way).toBe(true);
  }
  expect(page.url()).toBe(address);
});
