import type { Page } from '@playwright/test';
import { unwrap } from '../../src-shared/result.ts';
import type { TestSmtp } from '../support/smtp.ts';
import { PASSWORD, people } from '../support/e2e/data.ts';
import { expect } from '../support/e2e/fixtures.ts';
import { test } from '../support/e2e/mail.ts';
import { organizationPages } from '../support/e2e/pages/organization.ts';

const { astrid, noor } = people;

/** Invites in the portal; the link of the mail that arrives. */
const invite = async (page: Page, smtp: TestSmtp, email: string): Promise<string> => {
  const at = organizationPages(page);
  await at.go('People');
  await at.main.getByRole('button', { name: 'Invite people' }).click();
  await page.getByRole('textbox', { name: 'E-mail addresses' }).fill(email);
  await page.getByRole('button', { name: 'Send invitation' }).click();
  await expect(page.getByText('One invitation is on its way')).toBeVisible();
  await page.getByRole('button', { name: 'Done' }).click();
  const mail = await smtp.next(email);
  expect(mail.subject).toBe('Astrid Solberg invites you to Northlight Studios on Latchkey');
  return mail.link().href;
};

const switcher = (page: Page) => page.getByRole('button', { name: /^Change organization:/ });

test.describe('people', () => {
  test('are invited from the home page by a dialog that says so when its part does not come, and comes when asked again', async ({ openPortal, watch }) => {
    watch.expect(/^error: Failed to load resource: net::ERR_FAILED/);
    const page = await openPortal(astrid);
    const at = organizationPages(page);
    await page.getByRole('navigation').first().getByRole('link', { name: 'Home' }).click();
    const part = /\/assets\/InviteDialog-.*\.js$/;
    await page.route(part, (route) => route.abort());
    await at.main.getByRole('button', { name: 'Invite people' }).click();
    await expect(at.messages).toContainText('The dialog could not be loaded');
    await page.unroute(part);
    await at.main.getByRole('button', { name: 'Invite people' }).click();
    await expect(page.getByRole('textbox', { name: 'E-mail addresses' })).toBeVisible();
  });

  test('who is invited signs up by the link in the mail, gets another role, and is removed', async ({ openPortal, smtp }) => {
    const ida = 'ida@northlight.example';
    const owner = await openPortal(astrid);
    const at = organizationPages(owner);
    const link = await invite(owner, smtp, ida);

    const page = await openPortal();
    await page.goto(link);
    await expect(organizationPages(page).title('Join Northlight Studios')).toBeVisible();
    await page.getByRole('textbox', { name: 'First name' }).fill('Ida');
    await page.getByRole('textbox', { name: 'Last name' }).fill('Berg');
    await page.getByRole('checkbox', { name: 'I accept the license agreement' }).check({ force: true });
    await page.getByRole('checkbox', { name: 'I accept the privacy policy' }).check({ force: true });
    const [password, create] = [page.getByLabel('Choose a password'), page.getByRole('button', { name: 'Create account and join' })];
    await password.fill('ida berg 2026');
    await create.click();
    await expect(page.getByText('It is short, common, or contains your name or e-mail.')).toBeVisible();
    await password.fill('otter velvet quarry lantern');
    await create.click();
    await expect(organizationPages(page).messages).toContainText('Welcome to Northlight Studios');
    await expect(page).toHaveURL(/\/organizations\/org_[^/]+\/home$/);
    await expect(switcher(page)).toContainText('Editor');

    await expect(at.row(/Ida Berg/)).toContainText(ida);
    await at.main.getByRole('button', { name: 'Editor: change the role of Ida Berg' }).click();
    await owner.getByRole('menuitemradio', { name: 'Reader' }).click();
    await expect(at.messages).toContainText('Ida Berg is Reader now');
    await expect(switcher(page)).toContainText('Reader');

    await at.main.getByRole('button', { name: 'More for Ida Berg' }).click();
    await owner.getByRole('menuitem', { name: 'Remove' }).click();
    const question = at.dialog('Remove Ida Berg from Northlight Studios?');
    await expect(question).toContainText('They use no license right now.');
    await question.getByRole('button', { name: 'Remove', exact: true }).click();
    await expect(at.row(/Ida Berg/)).toHaveCount(0);
    await expect(page.getByText('You are not in this organization')).toBeVisible();
    expect((await smtp.next(ida)).subject).toBe('You are no longer a member of Northlight Studios');

    // The link was used.
    await page.goto('about:blank');
    await page.goto(link);
    await expect(page.getByText('This invitation has ended')).toBeVisible();
  });

  test('who has an account joins with it, and belongs to both organizations', async ({ openPortal, smtp }) => {
    const link = await invite(await openPortal(astrid), smtp, noor.email);
    const page = await openPortal(noor);
    await page.goto(link);
    await page.getByRole('button', { name: 'Join Northlight Studios' }).click();
    await expect(switcher(page)).toContainText('Northlight Studios');
    await switcher(page).click();
    await page.getByRole('menuitemradio', { name: 'Kestrel VFX' }).click();
    await expect(switcher(page)).toContainText('Owner');
    await expect(organizationPages(page).title('Kestrel VFX')).toBeVisible();
  });

  test('people of one name are told apart before they are removed, and where they have a license', async ({ authority, machine, openPortal }) => {
    const [one, other] = ['lee@northlight.example', 'sam@northlight.example'] as const;
    unwrap(await authority.authority().load({
      products: [], organizations: [{ name: 'Northlight Studios', users: [one, other].map((email) => ({ email, name: 'Sam Lee', password: PASSWORD, role: 'editor' })), licenses: [] }],
    }));
    for (const [name, email] of [['edit-1', one], ['edit-2', other]] as const) {
      const theirs = machine(name);
      await theirs.signIn({ email, name: 'Sam Lee' });
      await theirs.run(['checkout', 'lic_live']);
    }
    const page = await openPortal(astrid);
    const at = organizationPages(page);
    await at.go('Products');
    await at.main.getByRole('link', { name: /Live Event/ }).first().click();
    const holders = at.main.getByRole('table', { name: 'People and machines that hold a seat' });
    for (const email of [one, other]) await expect(holders.getByRole('row', { name: `Sam Lee (${email})` })).toBeVisible();

    await at.go('People');
    await at.main.getByRole('checkbox', { name: 'Select Jonas Weber', exact: true }).check({ force: true });
    for (const email of [one, other]) await at.main.getByRole('checkbox', { name: `Select Sam Lee (${email})` }).check({ force: true });
    await at.main.getByRole('button', { name: 'Remove', exact: true }).click();
    const question = at.dialog(/^Remove 3 people from/);
    await expect(question).toContainText(`Jonas Weber, Sam Lee (${one}), Sam Lee (${other})`);
    await expect(question).toContainText(`Sam Lee (${one}):`);
  });

  test('the link of a cancelled invitation says so', async ({ openPortal, smtp }) => {
    const mika = 'mika@northlight.example';
    const owner = await openPortal(astrid);
    const at = organizationPages(owner);
    const link = await invite(owner, smtp, mika);
    await at.view('Invites').click();
    await at.main.getByRole('button', { name: `Cancel invite: ${mika}` }).click();
    await at.dialog(`Cancel the invitation to ${mika}?`).getByRole('button', { name: 'Cancel invite' }).click();
    await expect(at.main.getByText('No open invitations')).toBeVisible();

    const page = await openPortal();
    await page.goto(link);
    await expect(page.getByText('This invitation has ended')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Create account and join' })).toHaveCount(0);
  });
});
