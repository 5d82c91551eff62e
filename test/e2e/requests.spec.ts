import { people } from '../support/e2e/data.ts';
import { expect, test } from '../support/e2e/fixtures.ts';
import { pickerPage } from '../support/e2e/pages/picker.ts';

test.describe('requests for a license', () => {
  test('what is asked for in the picker is granted with one click in the portal, and the picker shows it', async ({ launch, openPortal }) => {
    const { page } = await launch({ as: people.ingrid });
    const picker = pickerPage(page);
    await picker.search.fill('grade');
    await page.getByRole('button', { name: 'Request assignment' }).click();
    await page.getByLabel('Message').fill('Reel 3 is due on Friday.');
    await page.getByRole('button', { name: 'Send request' }).click();
    await expect(picker.details).toContainText('You asked on');

    const portal = await openPortal(people.mateo);
    await portal.getByRole('link', { name: 'Requests', exact: true }).click();
    await expect(portal.getByText('Reel 3 is due on Friday.')).toBeVisible();
    await portal.getByRole('button', { name: /^Assign Halide Grade/ }).click();
    await expect(portal.getByText('Nothing is asked')).toBeVisible();

    await expect(picker.use).toBeVisible();
    await expect(page.getByRole('button', { name: 'Request assignment' })).toHaveCount(0);
  });
});
