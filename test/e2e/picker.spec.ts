import { people } from '../support/e2e/data.ts';
import { expect, test } from '../support/e2e/fixtures.ts';
import { appWindow } from '../support/e2e/pages/app-window.ts';
import { leasePage } from '../support/e2e/pages/lease.ts';
import { pickerPage } from '../support/e2e/pages/picker.ts';
import { signInPage } from '../support/e2e/pages/sign-in.ts';

test.describe('the license picker', () => {
  test('a person signs in, types to filter, moves by arrows, and Enter puts the license in use', async ({ launch }) => {
    const { page } = await launch({ name: 'WS-017' });
    const [signIn, picker, lease] = [signInPage(page), pickerPage(page), leasePage(page)];
    await signIn.enter(people.ingrid, 'not her password');
    await expect(signIn.problem).toContainText('E-mail or password is wrong');
    await signIn.signIn(people.ingrid);

    await expect(picker.search).toBeFocused();
    await expect(picker.rows).toHaveCount(8);
    await page.keyboard.type('aurora');
    await expect(picker.rows).toHaveCount(3);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await expect(picker.active).toContainText('Aurora Stage Live Event');
    await expect(picker.details).toContainText('Live Event · Northlight Studios');
    await page.keyboard.press('Enter');

    await expect(lease.title).toBeVisible();
    await expect(lease.product('Aurora Stage Live Event')).toBeVisible();
    await expect(lease.fact('Machine')).toContainText('WS-017');
    await expect(appWindow(page).connection).toContainText('Connected');
  });

  test('a license that is not available says why, who has it, and who can change that', async ({ launch, machine }) => {
    const taken = machine('edit-07');
    await taken.signIn(people.jonas);
    await taken.run(['checkout', 'lic_comp']);
    const { page } = await launch({ as: people.ingrid });
    const picker = pickerPage(page);

    await picker.search.fill('comp');
    await expect(picker.rows).toHaveCount(1);
    await expect(picker.active).toContainText('All seats in use');
    await expect(picker.active).toContainText('Jonas Weber on ');
    await expect(picker.active).toContainText('0 of 1 free');
    await expect(picker.details).toContainText('None of the seats is free; the organization owns 1.');
    await expect(picker.details).toContainText('Jonas Weber');
    await expect(picker.details).toContainText(people.mateo.email);
    await expect(picker.use).toBeHidden();
    await page.keyboard.press('Enter');
    await expect(picker.title).toBeVisible();
    // Nothing of its own can be done about it: the reason is read, and nothing is copied by a second Enter.
    await expect(picker.details.getByRole('heading', { name: 'Halide Comp' })).toBeFocused();

    await picker.search.fill('grade');
    await expect(picker.active).toContainText('Not assigned to you');
    await expect(picker.details).toContainText('Ask a manager to assign it to you.');
    await picker.search.fill('last year');
    await expect(picker.active).toContainText(/Expired \d/);
    await expect(picker.active).not.toContainText('free');
    await expect(picker.details).toContainText('None can be taken now; the organization owns 20.');
    await expect(picker.details).toContainText('Its vendor, or the operator of the license authority, extends it');
    await expect(picker.details).toContainText(people.astrid.email);

    await picker.search.fill('nothing of this name');
    await expect(picker.noMatch).toBeVisible();
    await picker.showAll.click();
    await expect(picker.rows).toHaveCount(8);
  });

  test('a license for offline use only is taken for a period, in place of what is in use', async ({ launch }) => {
    const { page } = await launch({ as: people.noor });
    const [picker, lease, window] = [pickerPage(page), leasePage(page), appWindow(page)];
    await picker.search.fill('enterprise');
    await page.keyboard.press('Enter');
    await expect(lease.product('Halide Comp Enterprise')).toBeVisible();

    await window.to.picker.click();
    await picker.search.fill('vault');
    await expect(picker.active).toContainText('Offline only');
    await expect(picker.details).toContainText('This license is given out for offline use only.');
    await expect(picker.details).not.toContainText('Who can change this');
    await expect(picker.useOffline).toBeEnabled();
    await page.keyboard.press('Enter');
    const dialog = picker.offlineDialog('Halide Comp');
    await expect(dialog).toContainText('It changes to Halide Comp Secure Vault');
    await lease.period.fill('9');
    const until = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' }).format(Date.now() + 9 * 86_400_000);
    await expect(dialog).toContainText(`Offline until ${until}`);
    await dialog.getByRole('button', { name: 'Use offline' }).click();

    await expect(lease.product('Halide Comp Secure Vault')).toBeVisible();
    await expect(lease.fact('Mode')).toHaveText(/offline/i);
    await expect(lease.card).toContainText(until);
    await expect(lease.switchOnline).toBeHidden();
    await expect(lease.product('Halide Comp Enterprise')).toBeHidden();
    await expect(window.messages).toContainText('Halide Comp Enterprise was released');
  });

  test('whoever may assign a license is not sent to ask for it', async ({ launch }) => {
    const { page } = await launch({ as: people.mateo });
    const picker = pickerPage(page);
    await picker.search.fill('grade');
    await expect(picker.active).toContainText('Not assigned to you');
    await expect(picker.details).not.toContainText('Ask a manager');
    await expect(picker.details.getByRole('button', { name: 'Request assignment' })).toBeHidden();
    await expect(picker.details).toContainText('Mateo Ruiz Manager, that is you');
    await picker.details.getByRole('link', { name: 'Assign it to yourself' }).click();
    await expect(page.getByRole('heading', { level: 1, name: /Halide Grade/ })).toBeVisible();
  });

  test('a reader is told what their role may use', async ({ launch }) => {
    const { page } = await launch({ as: people.priya });
    const picker = pickerPage(page);
    await picker.search.fill('broadcast');
    await expect(picker.active).toContainText('Not with your role');
    await picker.search.fill('lightbox');
    await expect(picker.use).toBeVisible();
  });

  test('a license that the person holds on another machine is released there and used here', async ({ launch, machine }) => {
    const other = machine('studio-b');
    await other.signIn(people.ingrid);
    await other.run(['checkout', 'lic_track']);
    const { leases: [held] } = await other.run<{ leases: { id: string }[] }>(['status']);
    expect(held).toBeDefined();

    const { page } = await launch({ as: people.ingrid });
    const [picker, lease] = [pickerPage(page), leasePage(page)];
    await picker.search.fill('track');
    await expect(picker.active).toContainText('On another machine of yours');
    const there = picker.details.getByRole('button', { name: /^Release it there \(.+\)$/ });
    await there.click();
    await page.getByRole('alertdialog', { name: /^Release it on .+\?$/ }).getByRole('button', { name: 'Release license' }).click();
    await expect(picker.use).toBeVisible();
    await picker.use.click();
    await expect(lease.product(/^Aurora Track/)).toBeVisible();
    await expect.poll(async () => (await other.run<{ leases: unknown[] }>(['status'])).leases.length).toBe(0);
  });

  test('the only seat is released on another machine: the picker waits for that machine to confirm, and goes on by itself', async ({ launch, machine }) => {
    const other = machine('studio-b');
    await other.signIn(people.ingrid);
    await other.run(['checkout', 'lic_comp']);

    const { page } = await launch({ as: people.ingrid });
    const [picker, lease] = [pickerPage(page), leasePage(page)];
    await picker.search.fill('Professional');
    await expect(picker.active).toContainText('On another machine of yours');
    await picker.details.getByRole('button', { name: /^Release it there/ }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Release license' }).click();
    const waiting = page.getByRole('dialog', { name: /^Waiting for .+ to confirm$/ });
    await expect(waiting).toContainText('It can be freed earlier by Mateo Ruiz, Astrid Solberg.');
    // It hears of it as soon as anything of Latchkey runs there.
    await other.run(['renew']).catch(() => undefined);
    await expect(waiting).toBeHidden();
    await picker.use.click();
    await expect(lease.product(/^Halide Comp/)).toBeVisible();
  });

  test('a machine that does not confirm keeps its seat at risk, which the license says, and an owner frees it early in the portal', async ({ launch, machine, openPortal }) => {
    const other = machine('studio-b');
    await other.signIn(people.ingrid);
    await other.run(['checkout', 'lic_comp']);

    const { page } = await launch({ as: people.ingrid });
    const picker = pickerPage(page);
    await picker.search.fill('Professional');
    await picker.details.getByRole('button', { name: /^Release it there/ }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Release license' }).click();
    await page.getByRole('dialog', { name: /^Waiting for / }).getByRole('button', { name: 'Stop waiting' }).click();
    await expect(picker.details).toContainText('released; the seat is free when it confirms');
    await expect(picker.details.getByRole('button', { name: /^Release it there/ })).toBeHidden();
    await appWindow(page).to.myLicenses.click();
    await expect(page.getByRole('main').getByRole('row', { name: /Halide Comp.*Not confirmed yet.*It can be freed earlier by Mateo Ruiz, Astrid Solberg/ })).toBeVisible();
    await appWindow(page).to.picker.click();

    const portal = await openPortal(people.astrid);
    await portal.goto(portal.url().replace(/(\/organizations\/[^/]+)?\/[^/]*$/, '/'));
    await portal.getByRole('link', { name: 'Products' }).first().click();
    await portal.getByRole('link', { name: /Halide Comp/ }).first().click();
    await expect(portal.getByRole('main')).toContainText(/Released\. The seat is free when .+ confirms it/);
    await portal.getByRole('button', { name: /^Free the seat of Halide Comp.* early$/ }).click();
    const dialog = portal.getByRole('alertdialog', { name: 'Free this seat early?' });
    await dialog.getByRole('textbox', { name: /^Why/ }).fill('The computer is broken');
    await dialog.getByRole('button', { name: 'Free the seat' }).click();
    await expect(dialog).toBeHidden();
    await picker.search.fill('Professional');
    await expect(picker.use).toBeVisible();
  });

  test('the picker switches organization, and the default organization is kept over a restart', async ({ launch }) => {
    const first = await launch({ as: people.ingrid });
    const [picker, window] = [pickerPage(first.page), appWindow(first.page)];
    await expect(picker.listOf('Northlight Studios')).toBeVisible();
    await picker.organization.click();
    await picker.option('Kestrel VFX').click();
    await expect(picker.listOf('Kestrel VFX')).toBeVisible();
    await expect(picker.row(/Finishing, next year.*Starts /)).toBeVisible();

    await window.account(people.ingrid.name).click();
    await window.menuDefault('Kestrel VFX').click();
    await expect(window.messages).toContainText('Kestrel VFX is now the default organization');
    await window.account(people.ingrid.name).click();
    await window.menuOrganization('Northlight Studios').click();
    await expect(picker.listOf('Northlight Studios')).toBeVisible();
    await first.quit();

    const { page } = await launch();
    await expect(pickerPage(page).listOf('Kestrel VFX')).toBeVisible();
    await appWindow(page).account(people.ingrid.name).click();
    await expect(appWindow(page).menuIsDefault('Kestrel VFX')).toBeVisible();
  });
});
