import type { Browser } from '@playwright/test';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { people } from '../support/e2e/data.ts';
import { expect, portalSize, test } from '../support/e2e/fixtures.ts';
import { leasePage } from '../support/e2e/pages/lease.ts';
import { pickerPage } from '../support/e2e/pages/picker.ts';

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
