import { people } from '../support/e2e/data.ts';
import { desktopOf, expect, test } from '../support/e2e/fixtures.ts';
import { tooLong, tooWide } from '../support/e2e/look.ts';
import { appWindow } from '../support/e2e/pages/app-window.ts';
import { exchangePage } from '../support/e2e/pages/exchange.ts';
import { leasePage } from '../support/e2e/pages/lease.ts';
import { pickerPage } from '../support/e2e/pages/picker.ts';
import { signInPage } from '../support/e2e/pages/sign-in.ts';

/** How large the app shows its pages, and that it stays so. */

test('keys, the wheel and the menu zoom within limits, and the size is there again at the next start', async ({ launch }) => {
  const app = await launch();
  const desktop = desktopOf(app);
  const size = async () => (await desktop.windows())[0]?.zoom;
  const after = (zoom: number) => expect.poll(size).toBe(zoom);
  const { keyboard, mouse } = app.page;

  await keyboard.press('Control+=');
  await after(1.1);
  await keyboard.press('Control++');
  await after(1.25);
  await keyboard.press('Control+NumpadAdd');
  await after(1.5);
  await keyboard.press('Control+-');
  await after(1.25);
  await keyboard.press('Control+0');
  await after(1);
  await keyboard.down('Control');
  await mouse.move(300, 300);
  await mouse.wheel(0, -120);
  await after(1.1);
  await mouse.wheel(0, 120);
  await after(1);
  await keyboard.up('Control');
  // Without Ctrl it scrolls, and a plain key is text.
  await mouse.wheel(0, -120);
  await keyboard.press('=');

  for (const step of [1.1, 1.25, 1.5, 1.75, 2, 2.5, 3, 3]) {
    await desktop.clickMenu(['View', 'Zoom in']);
    await after(step);
  }
  await desktop.clickMenu(['View', 'Actual size']);
  await after(1);
  await desktop.clickMenu(['View', 'Zoom out']);
  await after(0.9);
  await app.quit();

  const again = desktopOf(await launch());
  await expect.poll(async () => (await again.windows())[0]?.zoom).toBe(0.9);
});

// The smallest window at 200 % has half of its width and height for the page; a window manager that tiles gives what it likes.
for (const [name, size] of [['at 200 % in the smallest window', { width: 450, height: 320 }], ['in a window of 500 by 600', { width: 500, height: 600 }]] as const) {
  test(`${name} everything is within reach, from signing in to releasing`, async ({ launch }) => {
    const { page } = await launch();
    await page.setViewportSize(size);
    const [window, picker, lease, exchange] = [appWindow(page), pickerPage(page), leasePage(page), exchangePage(page)];
    const fits = async (where: string) => expect([...(await tooWide(page)), ...(await tooLong(page))], where).toEqual([]);

    await fits('sign in');
    await signInPage(page).signIn(people.ingrid);
    await expect(picker.rows.first()).toBeVisible();
    await fits('picker');
    await picker.row(/Stage/).first().click();
    await picker.use.click();
    await expect(lease.title).toBeVisible();
    await fits('lease');
    await lease.switchOffline.click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await fits('a dialog');
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await lease.release.click();
    await lease.confirmRelease.click();
    await expect(lease.release).toBeHidden();

    await window.to.exchange.click();
    await exchange.saveRequest.scrollIntoViewIfNeeded();
    await fits('exchange');
    await window.to.myLicenses.click();
    await expect(page.getByRole('heading', { level: 1, name: 'My licenses' })).toBeVisible();
    await fits('my licenses');
    await window.account(people.ingrid.name).click();
    await window.menuLogOut.click();
    await fits('a question');
    await window.logOut.confirm.click();
    await expect(signInPage(page).title).toBeVisible();
  });
}
