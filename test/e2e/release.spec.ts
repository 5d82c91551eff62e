import { people } from '../support/e2e/data.ts';
import { desktopOf, expect, test } from '../support/e2e/fixtures.ts';
import { appWindow } from '../support/e2e/pages/app-window.ts';
import { leasePage } from '../support/e2e/pages/lease.ts';
import { myLicensesPage } from '../support/e2e/pages/my-licenses.ts';
import { pickerPage } from '../support/e2e/pages/picker.ts';

test.describe('a license released from the portal', () => {
  test('is gone from the app within two seconds, which shows the picker and says what happened', async ({ launch, openPortal }) => {
    const { page } = await launch({ name: 'WS-017', as: people.ingrid });
    const picker = pickerPage(page);
    await picker.search.fill('broadcast');
    await page.keyboard.press('Enter');
    await expect(leasePage(page).product(/^Aurora Stage/)).toBeVisible();

    const portal = await openPortal(people.ingrid);
    const mine = myLicensesPage(portal);
    await expect(mine.row(/Aurora Stage.*WS-017/)).toBeVisible();
    await mine.release('Aurora Stage', 'WS-017').click();
    const begun = performance.now();
    await mine.confirm.click();
    await expect(picker.title).toBeVisible();
    const took = Math.round(performance.now() - begun);
    test.info().annotations.push({ type: 'measured', description: `${took} ms from the press in the portal to the picker in the app` });
    await expect(appWindow(page).messages).toContainText('Aurora Stage was released from elsewhere');
    await expect(mine.row(/Aurora Stage.*WS-017.*In use/)).toBeHidden();
    await picker.search.fill('broadcast');
    await expect(picker.active).toContainText('12 of 12 free');
  });

  test('is told by a notification while the window is closed to the tray', async ({ launch, openPortal }) => {
    const app = await launch({ name: 'WS-017', as: people.ingrid });
    const desktop = desktopOf(app);
    const picker = pickerPage(app.page);
    await picker.search.fill('broadcast');
    await app.page.keyboard.press('Enter');
    await expect(leasePage(app.page).product(/^Aurora Stage/)).toBeVisible();
    await desktop.closeWindow();
    expect(await desktop.notifications()).toEqual([]);

    const mine = myLicensesPage(await openPortal(people.ingrid));
    await mine.release('Aurora Stage', 'WS-017').click();
    await mine.confirm.click();
    await expect.poll(desktop.notifications).toEqual([{ title: 'Aurora Stage was released', body: 'This license was released from another place. Choose a license to go on.' }]);
    await desktop.clickNotification(0);
    expect((await desktop.windows())[0]).toMatchObject({ visible: true, focused: true });
  });
});
