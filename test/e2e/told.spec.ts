import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from '@playwright/test';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { runtime } from '../support/e2e/app.ts';
import { people } from '../support/e2e/data.ts';
import { desktopOf, expect, portalSize, test } from '../support/e2e/fixtures.ts';
import { look } from '../support/e2e/look.ts';
import { appWindow } from '../support/e2e/pages/app-window.ts';
import { leasePage } from '../support/e2e/pages/lease.ts';
import { pickerPage } from '../support/e2e/pages/picker.ts';
import { fakeTimeLibrary } from '../support/ensure-packages.ts';

/** What a person is told, and when: what stands on the page is what is done, and something always stands there. */
const PATIENCE = { timeout: 30_000 };

test('the period that was typed is the one that is taken, however quickly Enter follows', async ({ launch, authority }) => {
  const { page } = await launch({ as: people.ingrid });
  const [picker, lease] = [pickerPage(page), leasePage(page)];
  await picker.search.fill('track');
  await page.keyboard.press('Enter');
  await lease.switchOffline.click();
  await expect(lease.period).toBeVisible(PATIENCE);
  // Two keystrokes and Enter with no moment between them for anything else.
  await lease.period.evaluate((element) => {
    const input = element as HTMLInputElement;
    const write = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set;
    input.focus();
    for (const text of ['3', '30']) {
      write?.call(input, text);
      input.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertText' }));
    }
    input.form?.requestSubmit();
  });
  await expect(lease.fact('Mode')).toHaveText(/offline/i, PATIENCE);
  const call = authority.call(await authority.signIn(people.ingrid.email));
  const [held] = unwrap(await call(contract.leases.mine, {})).leases.filter(({ state }) => state === 'active');
  expect(Math.round(((held?.until ?? 0) - Date.now() / 1000) / 86_400)).toBe(30);
});

test.describe('a page that a link in a mail leads to', () => {
  const LINK = '/invitation#a-token-of-nobody-that-is-long-enough';
  const open = async (browser: Browser, locale: string) => {
    const context = await browser.newContext({ viewport: portalSize, reducedMotion: 'reduce', locale });
    return { context, page: await context.newPage() };
  };

  test('says that it is loading while its program does not come', async ({ browser, authority }) => {
    const { context, page } = await open(browser, 'en-GB');
    let release = (): void => undefined;
    const held = new Promise<void>((done) => (release = done));
    await page.route(/\/assets\/.*\.js$/, async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(`${authority.url}${LINK}`, { waitUntil: 'commit' });
    await expect(page.getByText('Latchkey', { exact: true })).toBeVisible(PATIENCE);
    await expect(page.getByText('Still loading. If nothing appears, load the page again.')).toBeVisible(PATIENCE);
    release();
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible(PATIENCE);
    await expect(page.getByText('Still loading.')).toHaveCount(0);
    await context.close();
  });

  test('stands in English while the words of another language do not come, and in that one when they do', async ({ browser, authority }) => {
    const { context, page } = await open(browser, 'de-DE');
    let release = (): void => undefined;
    const held = new Promise<void>((done) => (release = done));
    await page.route(/\/assets\/portal-entry.*\.js$/, async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(`${authority.url}${LINK}`, { waitUntil: 'commit' });
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible(PATIENCE);
    await expect(page.getByRole('link', { name: 'Skip to content' })).toBeAttached();
    release();
    await expect(page.getByRole('link', { name: 'Zum Inhalt springen' })).toBeAttached(PATIENCE);
    await context.close();
  });

  test('loads the words of the language shown and of no other', async ({ browser, authority }) => {
    const { context, page } = await open(browser, 'de-DE');
    const loaded: string[] = [];
    page.on('request', (request) => loaded.push(new URL(request.url()).pathname));
    await page.goto(`${authority.url}${LINK}`);
    await expect(page.getByRole('link', { name: 'Zum Inhalt springen' })).toBeAttached(PATIENCE);
    expect(loaded.filter((path) => /portal-entry/.test(path))).toHaveLength(1);
    expect(loaded.filter((path) => /portal-english/.test(path))).toEqual([]);
    await context.close();
  });

  test('says so when its own part does not come', async ({ browser, authority }) => {
    const { context, page } = await open(browser, 'en-GB');
    await page.route(/\/assets\/invitation-.*\.js$/, () => undefined);
    await page.goto(`${authority.url}${LINK}`, { waitUntil: 'commit' });
    await expect(page.getByText('The page is still being loaded…')).toBeVisible(PATIENCE);
    await expect(page.getByRole('heading', { level: 1, name: 'The page could not be loaded' })).toBeVisible(PATIENCE);
    await page.unroute(/\/assets\/invitation-.*\.js$/);
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByText(/invitation/i).first()).toBeVisible(PATIENCE);
    await context.close();
  });
});

test.describe('an online license while the authority is away', () => {
  const library = fakeTimeLibrary();
  test.skip(library === null || runtime() === 'electron', 'the app needs a clock of its own');

  test('is said not to be renewed, since when, until when and what to do: on every page, in the tray and by a message', async ({ launch, authority, folder }) => {
    test.setTimeout(420_000);
    const clock = join(folder, 'clock');
    const setClock = (shift: string): void => {
      writeFileSync(`${clock}.next`, `${shift}\n`);
      renameSync(`${clock}.next`, clock);
    };
    setClock('+0s');
    const app = await launch({ as: people.ingrid, env: { LD_PRELOAD: library ?? '', FAKETIME_TIMESTAMP_FILE: clock, FAKETIME_NO_CACHE: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1' } });
    const { page } = app;
    const [picker, lease, desktop] = [pickerPage(page), leasePage(page), desktopOf(app)];
    await picker.search.fill('track');
    await page.keyboard.press('Enter');
    await expect(lease.fact('Mode')).toHaveText('Online', PATIENCE);
    await authority.stop();
    setClock('+13h');
    const banner = page.getByRole('status').filter({ hasText: 'Aurora Track has not been renewed since' });
    await expect(banner).toContainText('Save your work before then.', PATIENCE);
    await expect(banner).toContainText('Check the network connection of this computer');
    await expect(lease.fact('Mode')).toHaveText('Online, not renewed');
    await expect(page.getByRole('region', { name: 'Messages' })).toContainText('Aurora Track has not been renewed', PATIENCE);
    await expect.poll(async () => JSON.stringify(await desktop.tray()), PATIENCE).toContain('Aurora Track, online, not renewed');
    await look(page, 'lease-not-renewed');
    await appWindow(page).to.exchange.click();
    await expect(banner).toBeVisible();
    await banner.getByRole('link', { name: 'Extend by file' }).click();
    await expect(page).toHaveURL(/exchange\/renew\//);
    // Quitting tells the authority nothing that it has to hear.
    await authority.start();
  });
});
