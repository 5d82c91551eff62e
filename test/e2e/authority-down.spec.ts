import { organizations, people } from '../support/e2e/data.ts';
import { startAuthorityProcess, type AuthorityProcess } from '../support/e2e/authority-process.ts';
import { expect, test } from '../support/e2e/fixtures.ts';
import { appWindow } from '../support/e2e/pages/app-window.ts';
import { leasePage } from '../support/e2e/pages/lease.ts';
import { pickerPage } from '../support/e2e/pages/picker.ts';

test.describe('the authority killed and started again', () => {
  let authority: AuthorityProcess;
  test.beforeAll(async () => {
    authority = await startAuthorityProcess(organizations());
  });
  test.afterAll(() => authority.close());

  test('the list stays as of the last contact, the license in use goes on, and everything recovers by itself', async ({ launch }) => {
    const { page } = await launch({ authority: authority.url, keyset: authority.keyset, as: people.ingrid });
    const [picker, lease, window] = [pickerPage(page), leasePage(page), appWindow(page)];
    await picker.search.fill('broadcast');
    await page.keyboard.press('Enter');
    await expect(lease.product(/^Aurora Stage/)).toBeVisible();

    await authority.kill();
    await expect(window.connection).toContainText('Not connected');
    await expect(lease.product(/^Aurora Stage/)).toBeVisible();
    await expect(lease.card).toContainText('Not renewed while the authority cannot be reached.');
    await expect(lease.switchOffline).toBeDisabled();
    await window.to.picker.click();
    await expect(picker.asOf).toBeVisible();
    await expect(picker.row(/Aurora Stage Broadcast.*In use here/)).toBeVisible();
    await expect(picker.rows).toHaveCount(8);

    await authority.start();
    await expect(window.connection).toContainText('Connected');
    await expect(picker.asOf).toBeHidden();
    await expect(picker.row(/Aurora Stage Broadcast.*11 of 12 free/)).toBeVisible();
    await window.to.lease.click();
    await expect(lease.switchOffline).toBeEnabled();
  });
});
