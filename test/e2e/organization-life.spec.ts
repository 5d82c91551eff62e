import type { Page } from '@playwright/test';
import { PASSWORD, people } from '../support/e2e/data.ts';
import { expect } from '../support/e2e/fixtures.ts';
import { test } from '../support/e2e/mail.ts';
import { organizationPages } from '../support/e2e/pages/organization.ts';

const { astrid, mateo, ingrid } = people;
const switcher = (page: Page) => page.getByRole('button', { name: /^Change organization:/ });

test.describe('an organization', () => {
  test('is handed over when both confirm: the one who offered becomes manager', async ({ openPortal, smtp }) => {
    const owner = await openPortal(astrid);
    const at = organizationPages(owner);
    await at.go('My organization');
    await at.main.getByRole('button', { name: 'Transfer ownership' }).click();
    const offer = at.dialog('Transfer ownership');
    await offer.getByText(mateo.name).click();
    await offer.getByLabel('Your password', { exact: true }).fill('not her password');
    await offer.getByRole('button', { name: 'Offer ownership' }).click();
    await expect(offer).toContainText('E-mail or password is wrong');
    await offer.getByLabel('Your password', { exact: true }).fill(PASSWORD);
    await offer.getByRole('button', { name: 'Offer ownership' }).click();
    await expect(at.main).toContainText(`Ownership is offered to ${mateo.name}`);
    await smtp.next(mateo.email);
    await expect(switcher(owner)).toContainText('Owner');

    const manager = await openPortal(mateo);
    const his = organizationPages(manager);
    await his.go('My organization');
    await his.main.getByRole('button', { name: 'Become owner' }).click();
    const question = his.dialog('Become owner of Northlight Studios?');
    await question.getByLabel('Your password', { exact: true }).fill(PASSWORD);
    await question.getByRole('button', { name: 'Become owner' }).click();
    await expect(switcher(manager)).toContainText('Owner');
    await expect(switcher(owner)).toContainText('Manager');
  });

  test('is left by a member, and not by its only owner', async ({ openPortal }) => {
    const owner = await openPortal(astrid);
    const at = organizationPages(owner);
    await at.go('My organization');
    await at.main.getByRole('button', { name: 'Leave organization' }).click();
    const refused = at.dialog('Leave Northlight Studios?');
    await refused.getByRole('button', { name: 'Leave organization' }).click();
    await expect(refused).toContainText('You are its only owner: hand the ownership over first, or delete the organization.');
    await refused.getByRole('button', { name: 'Cancel' }).click();
    await expect(switcher(owner)).toContainText('Owner');

    const editor = await openPortal(ingrid);
    const hers = organizationPages(editor);
    await expect(switcher(editor)).toContainText(/Northlight Studios|Kestrel VFX/);
    const left = (await switcher(editor).innerText()).includes('Kestrel') ? 'Kestrel VFX' : 'Northlight Studios';
    await hers.go('My organization');
    await hers.main.getByRole('button', { name: 'Leave organization' }).click();
    await hers.dialog(`Leave ${left}?`).getByRole('button', { name: 'Leave organization' }).click();
    await expect(hers.messages).toContainText(`You left ${left}`);
    await expect(switcher(editor)).not.toContainText(left);
  });

  test('is created, and deleted again once its name is typed', async ({ openPortal }) => {
    const page = await openPortal(astrid);
    const at = organizationPages(page);
    await at.goToAll();
    await at.main.getByRole('button', { name: 'Create organization' }).click();
    const create = at.dialog('Create an organization');
    await create.getByRole('textbox', { name: 'Name' }).fill('Lantern Post');
    await create.getByRole('button', { name: 'Create organization' }).click();
    await expect(switcher(page)).toContainText('Lantern Post');

    await at.go('My organization');
    await at.main.getByRole('button', { name: 'Delete organization' }).click();
    const question = at.dialog('Delete Lantern Post for good?');
    const confirm = question.getByRole('button', { name: 'Delete organization' });
    await question.getByRole('textbox').fill('Lantern');
    await expect(confirm).toBeDisabled();
    await question.getByRole('textbox').fill('Lantern Post');
    await confirm.click();
    await expect(at.messages).toContainText('Lantern Post was deleted');
    await expect(switcher(page)).toContainText('Northlight Studios');
  });
});
