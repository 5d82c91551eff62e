import { people } from '../support/e2e/data.ts';
import { expect, test } from '../support/e2e/fixtures.ts';
import { leasePage } from '../support/e2e/pages/lease.ts';
import { organizationPages } from '../support/e2e/pages/organization.ts';
import { pickerPage } from '../support/e2e/pages/picker.ts';

test.describe('assignments', () => {
  test('taking one back ends the online lease and shows the picker; one in offline mode stays, and it is said until when', async ({ launch, openPortal }) => {
    const { page } = await launch({ name: 'WS-017', as: people.jonas });
    const [picker, lease] = [pickerPage(page), leasePage(page)];
    await picker.search.fill('grade');
    await page.keyboard.press('Enter');
    await expect(lease.product(/^Halide Grade/)).toBeVisible();

    const portal = await openPortal(people.mateo);
    const at = organizationPages(portal);
    await at.go('Products');
    await at.main.getByRole('link', { name: 'Halide Grade Finishing' }).click();
    const unassign = async (): Promise<void> => {
      await at.main.getByRole('checkbox', { name: 'Select Jonas Weber' }).check({ force: true });
      await at.main.getByRole('button', { name: 'Unassign 1 person' }).click();
      await at.dialog(/^Unassign Halide Grade/).getByRole('button', { name: 'Unassign', exact: true }).click();
    };
    await unassign();
    await expect(at.main.getByText('Assigned to nobody')).toBeVisible();
    await expect(picker.title).toBeVisible();
    await picker.search.fill('grade');
    await expect(picker.details).toContainText('Not assigned to you');

    await at.main.getByRole('button', { name: 'Assign to people' }).click();
    const dialog = at.dialog(/^Assign Halide Grade/);
    await dialog.getByRole('checkbox', { name: 'Jonas Weber' }).check({ force: true });
    await dialog.getByRole('button', { name: 'Assign to 1 person' }).click();
    await picker.use.click();
    await expect(lease.product(/^Halide Grade/)).toBeVisible();
    await lease.switchOffline.click();
    await lease.offlineDialog('Halide Grade').getByRole('button', { name: 'Switch to offline mode' }).click();
    await expect(lease.switchOnline).toBeVisible();

    await unassign();
    const outcome = at.dialog('What happened');
    await expect(outcome).toContainText(/Halide Grade Finishing is in offline mode on WS-017 until \d+ \w+ \d{4}/);
    await outcome.getByRole('button', { name: 'Close' }).last().click();
    await expect(at.main.getByRole('checkbox', { name: 'Select Jonas Weber' })).toBeAttached();
    await expect(lease.product(/^Halide Grade/)).toBeVisible();
  });
});
