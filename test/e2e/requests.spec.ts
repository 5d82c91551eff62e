import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { people } from '../support/e2e/data.ts';
import { expect, test } from '../support/e2e/fixtures.ts';
import { look } from '../support/e2e/look.ts';
import { organizationPages } from '../support/e2e/pages/organization.ts';
import { pickerPage } from '../support/e2e/pages/picker.ts';

test.describe('requests for a license', () => {
  test('what is asked for in the picker is granted with one click in the portal, and the picker shows it', async ({ launch, openPortal }) => {
    const { page } = await launch({ as: people.ingrid });
    const picker = pickerPage(page);
    await picker.search.fill('grade');
    await page.getByRole('button', { name: 'Request assignment' }).press('Enter');
    await page.getByLabel('Message').fill('Reel 3 is due on Friday.');
    await page.getByRole('button', { name: 'Send request' }).press('Enter');
    await expect(picker.details).toContainText('You asked on');
    await expect(page.locator(':focus')).toContainText('You asked on');

    const portal = await openPortal(people.mateo);
    await portal.getByRole('link', { name: /^Requests 1$/ }).click();
    await expect(portal.getByText('Reel 3 is due on Friday.')).toBeVisible();
    await portal.getByRole('button', { name: /^Assign Halide Grade/ }).click();
    await expect(portal.getByText('No open requests')).toBeVisible();

    await expect(picker.use).toBeVisible();
    await expect(page.getByRole('button', { name: 'Request assignment' })).toHaveCount(0);
  });

  test('a request to release is noticed on every page, names the machine, and is asked about before its license is taken from there', async ({ authority, machine, openPortal }) => {
    const box = machine('edit-07');
    await box.run(['request', '--out', `${box.home}.lkreq`, '--name', 'edit-07']);
    await box.signIn(people.jonas);
    await box.run(['checkout', 'lic_comp']);
    const portal = await openPortal(people.jonas);
    const at = organizationPages(portal);
    await portal.goto(authority.url);
    await expect(at.title('Northlight Studios')).toBeVisible();
    const call = authority.call(await authority.signIn(people.ingrid.email));
    const organization = await authority.organization(await authority.signIn(people.jonas.email), 'Northlight Studios');
    const params = { organization };
    const { ledger } = unwrap(await call(contract.holdings.read, { params: { ...params, license: 'lic_comp' } }));
    unwrap(await call(contract.holdings.ask, { params, body: { kind: 'release', lease: ledger[0]?.holder?.lease ?? '', note: '' } }));

    await expect(portal.getByRole('link', { name: 'Requests 1' })).toBeVisible();
    await expect(at.main.getByText('One request waits for your answer')).toBeVisible();
    await look(portal, 'portal-home-request');
    await at.main.getByRole('link', { name: 'Go to Requests' }).click();
    await expect(at.main.getByText('Ingrid Dahl asks you to release Halide Comp Professional on edit-07')).toBeVisible();
    await at.main.getByRole('button', { name: /^Release now/ }).click();
    const question = at.dialog('Release Halide Comp Professional on edit-07?');
    await expect(question).toContainText('Save the work that is open there first');
    await look(portal, 'portal-request-asks');
    await question.getByRole('button', { name: 'Cancel' }).click();
    await expect(at.main.getByText(/Ingrid Dahl asks you/)).toBeVisible();
    await at.main.getByRole('button', { name: /^Release now/ }).click();
    await question.getByRole('button', { name: 'Release now' }).click();
    await expect(at.messages).toContainText('Halide Comp Professional is released');
    await expect(portal.getByRole('link', { name: 'Requests', exact: true })).toBeVisible();
  });
});
