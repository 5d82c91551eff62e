import type { Locator, Page } from '@playwright/test';
import { PASSWORD, people } from '../support/e2e/data.ts';
import { saved } from '../support/e2e/files.ts';
import { expect, test } from '../support/e2e/fixtures.ts';
import { appWindow } from '../support/e2e/pages/app-window.ts';
import { exchangePage } from '../support/e2e/pages/exchange.ts';
import { leasePage } from '../support/e2e/pages/lease.ts';
import { pickerPage } from '../support/e2e/pages/picker.ts';
import { signInPage } from '../support/e2e/pages/sign-in.ts';

/** Goes on by Tab until the focus is there; every stop on the way can be seen. */
const tabTo = async (page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> => {
  for (let stops = 0; stops < 40; stops += 1) {
    if (await target.evaluate((element) => element === document.activeElement || element.contains(document.activeElement))) return;
    await page.keyboard.press(key);
    await expectFocusSeen(page);
  }
  throw new Error(`40 stops did not lead to ${String(target)}`);
};

/** What has the focus, or what it is drawn around it: an outline, a ring, or another border than it has without. */
const expectFocusSeen = async (page: Page): Promise<void> => {
  const seen = await page.evaluate(() => {
    let element = document.activeElement;
    // Past the last stop the browser's own bar has its turn.
    if (element === document.body) return true;
    const name = element?.outerHTML.slice(0, 160) ?? 'nothing';
    for (let depth = 0; element !== null && depth < 4; depth += 1, element = element.parentElement) {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
      if ((outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none') return true;
      const { outlineStyle: next, outlineWidth: wide } = element.nextElementSibling === null ? { outlineStyle: 'none', outlineWidth: '0px' } : getComputedStyle(element.nextElementSibling);
      if (next !== 'none' && wide !== '0px') return true;
    }
    return name;
  });
  expect(seen, 'the focus can be seen').toBe(true);
};

test('everything goes without a mouse: sign-in, picker, dialogs, menus, pages', async ({ launch, stick }) => {
  const { page } = await launch();
  const [signIn, picker, lease, window, exchange] = [signInPage(page), pickerPage(page), leasePage(page), appWindow(page), exchangePage(page)];
  const { keyboard } = page;

  await expect(signIn.email).toBeFocused();
  await keyboard.type(people.ingrid.email);
  await tabTo(page, signIn.password);
  await keyboard.type(PASSWORD);
  await keyboard.press('Enter');

  await expect(picker.search).toBeFocused();
  await keyboard.type('zzz');
  await expect(picker.noMatch).toBeVisible();
  await keyboard.press('Escape');
  await expect(picker.rows).toHaveCount(8);

  // Enter on a row that cannot be chosen leads to what can be done; Shift+Tab leads back.
  await keyboard.type('finishing');
  await expect(picker.active).toContainText('Not assigned to you');
  await keyboard.press('Enter');
  await expect(picker.details.getByRole('button').first()).toBeFocused();
  await tabTo(page, picker.search, 'Shift+Tab');
  await keyboard.press('Escape');
  await keyboard.type('track');
  await expect(picker.rows).toHaveCount(1);
  await keyboard.press('Enter');
  await expect(lease.product(/^Aurora Track/)).toBeVisible();

  // A dialog: the focus goes in, stays in, and Escape gives it back.
  await tabTo(page, lease.switchOffline);
  await keyboard.press('Enter');
  await expect(lease.period).toBeFocused();
  const dialog = lease.offlineDialog('Aurora Track');
  for (let stop = 0; stop < 15; stop += 1) {
    await keyboard.press('Tab');
    expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true);
  }
  await keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(lease.switchOffline).toBeFocused();

  await tabTo(page, lease.release);
  await keyboard.press('Space');
  await expect(lease.releaseDialog('Aurora Track').getByRole('button', { name: 'Cancel' })).toBeFocused();
  await keyboard.press('Escape');
  await expect(lease.release).toBeFocused();

  // The menu of the person: arrows, Escape, and the question before logging out.
  const account = window.account(people.ingrid.name);
  await tabTo(page, account, 'Shift+Tab');
  await keyboard.press('Enter');
  await expect(window.menu).toBeVisible();
  await keyboard.press('ArrowDown');
  await keyboard.press('Escape');
  await expect(account).toBeFocused();
  await keyboard.press('ArrowDown');
  await keyboard.press('End');
  await expect(window.menuLogOut).toBeFocused();
  await keyboard.press('Enter');
  await expect(window.logOut.dialog).toBeVisible();
  await keyboard.press('Escape');
  await expect(window.logOut.dialog).toBeHidden();

  // Between the pages, and past the navigation.
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await tabTo(page, window.skip);
  await tabTo(page, window.to.exchange);
  await keyboard.press('Enter');
  await expect(exchange.title).toBeFocused();
  await tabTo(page, exchange.name);
  await tabTo(page, exchange.product);
  await keyboard.press('Enter');
  await keyboard.press('End');
  await keyboard.press('Escape');
  await expect(exchange.product).toBeFocused();
  await tabTo(page, exchange.saveRequest);
  expect((await saved(page, stick, () => keyboard.press('Enter'))).name).toMatch(/\.lkreq$/);
});

test('on a narrow window the strip of pages keeps the current one in sight, and shows that it goes on', async ({ launch }) => {
  const { page } = await launch({ as: people.mateo });
  await page.setViewportSize({ width: 480, height: 760 });
  const strip = page.locator('.lk-side-nav');
  await expect(strip).toHaveAttribute('data-more', 'after');
  // By the address, as the tray and the menu do: a click would scroll the strip itself.
  for (const [path, name, more] of [['/exchange', 'Offline exchange', 'both'], ['/my-licenses', 'My licenses', 'both'], ['/picker', 'Pick a license', /after|both/]] as const) {
    await page.evaluate((hash) => { location.hash = hash; }, path);
    const current = strip.getByRole('link', { name: new RegExp(`^${name}`) });
    await expect(current).toHaveAttribute('aria-current', 'page');
    await expect(current).toBeInViewport({ ratio: 1 });
    await expect(strip).toHaveAttribute('data-more', more);
  }
});
