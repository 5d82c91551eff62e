import { people } from '../support/e2e/data.ts';
import { expect, test } from '../support/e2e/fixtures.ts';
import { appWindow } from '../support/e2e/pages/app-window.ts';
import { leasePage } from '../support/e2e/pages/lease.ts';
import { myLicensesPage } from '../support/e2e/pages/my-licenses.ts';
import { pickerPage } from '../support/e2e/pages/picker.ts';
import { signInPage } from '../support/e2e/pages/sign-in.ts';

test.describe('a license in use', () => {
  test('switches to offline mode after saying until when and what that locks, and back to online mode', async ({ launch, authority }) => {
    const { page } = await launch({ as: people.ingrid });
    const [picker, lease, window] = [pickerPage(page), leasePage(page), appWindow(page)];
    await picker.search.fill('track');
    await page.keyboard.press('Enter');
    await expect(lease.fact('Mode')).toHaveText(/online/i);

    await lease.switchOffline.click();
    const dialog = lease.offlineDialog('Aurora Track');
    await expect(dialog).toContainText('At most 30 days for this license.');
    const locks = dialog.getByRole('status').filter({ hasText: 'Offline until' });
    const go = dialog.getByRole('button', { name: 'Switch to offline mode' });
    // What is said follows each keystroke: nobody is shown another period than the button takes.
    await lease.period.fill('1.5');
    await expect(dialog).toContainText('Choose 1 to 30 days.');
    await expect(locks).toBeHidden();
    await expect(go).toBeDisabled();
    await lease.period.fill('31');
    await expect(dialog).toContainText('Choose 1 to 30 days.');
    await lease.period.fill('14');
    await expect(dialog).not.toContainText('Choose 1 to 30 days.');
    await expect(lease.period).toBeFocused();
    const until = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' }).format(Date.now() + 14 * 86_400_000);
    await expect(locks).toContainText(`Offline until ${until}`);
    await expect(dialog).toContainText(`The seat stays taken until ${until}`);
    await expect(dialog).toContainText('Nobody can release it from elsewhere.');
    await go.click();
    await expect(window.messages).toContainText('Aurora Track is in offline mode');
    await expect(lease.fact('Mode')).toHaveText(/offline/i);
    await expect(lease.card).toContainText(until);

    await window.to.myLicenses.click();
    await myLicensesPage(page).row(/Aurora Track/).getByRole('button').click();
    await expect(page.getByRole('dialog')).toContainText('Its seat stays taken until');
    await page.keyboard.press('Escape');

    await window.to.lease.click();
    await lease.switchOnline.click();
    await lease.onlineDialog('Aurora Track').getByRole('button', { name: 'Switch to online mode' }).click();
    await expect(lease.fact('Mode')).toHaveText(/online/i);
    // The authority, too, counts the seat as busy for an online term only.
    const token = await authority.signIn(people.ingrid.email, 'correct horse battery');
    const { contract } = await import('../../src-shared/http/index.ts');
    await expect.poll(async () => {
      const mine = await authority.call(token)(contract.leases.mine, {});
      const active = mine.ok ? mine.value.leases.find(({ state }) => state === 'active') : undefined;
      return active?.mode === 'online' && active.busyUntil < Date.now() / 1000 + 2 * 86_400;
    }).toBe(true);
  });

  test('is released, and its seat is free again', async ({ launch }) => {
    const { page } = await launch({ as: people.ingrid });
    const [picker, lease, window] = [pickerPage(page), leasePage(page), appWindow(page)];
    await picker.search.fill('professional');
    await page.keyboard.press('Enter');
    await lease.release.click();
    await expect(lease.releaseDialog('Halide Comp')).toContainText('the seat goes back to Northlight Studios');
    await lease.confirmRelease.click();
    await expect(window.messages).toContainText('Halide Comp was released');
    await expect(lease.product(/^Halide Comp/)).toBeHidden();
    await window.to.picker.click();
    await picker.search.fill('professional');
    await expect(picker.active).toContainText('1 of 1 free');
  });

  test('is changed for another, which gives the old one back', async ({ launch }) => {
    const { page } = await launch({ as: people.ingrid });
    const [picker, lease, window] = [pickerPage(page), leasePage(page), appWindow(page)];
    await picker.search.fill('professional');
    await page.keyboard.press('Enter');
    await expect(lease.product(/^Halide Comp/)).toBeVisible();
    await lease.change.click();
    await expect(picker.changeTitle).toBeVisible();
    await picker.search.fill('broadcast');
    await page.keyboard.press('Enter');
    await expect(picker.changeDialog).toContainText('Halide Comp Professional');
    await picker.changeDialog.getByRole('button', { name: 'Change license' }).click();
    await expect(lease.product(/^Aurora Stage/)).toBeVisible();
    await expect(lease.product(/^Halide Comp/)).toBeHidden();
    await expect(window.messages).toContainText('Halide Comp Professional was released');
  });

  test('of another person says whose it is before it is ended', async ({ launch }) => {
    const { page } = await launch({ as: people.astrid });
    const [signIn, picker, lease, window] = [signInPage(page), pickerPage(page), leasePage(page), appWindow(page)];
    await picker.search.fill('broadcast');
    await page.keyboard.press('Enter');
    await expect(lease.product('Aurora Stage Broadcast')).toBeVisible();
    await window.to.picker.click();
    await window.to.lease.click();
    await expect(lease.fact('Taken by')).toHaveText('You');
    await window.account(people.astrid.name).click();
    await window.menuLogOut.click();
    await window.logOut.keep.check({ force: true });
    await window.logOut.confirm.click();

    await window.to.picker.click();
    await signIn.signIn(people.ingrid);
    await picker.search.fill('live');
    await page.keyboard.press('Enter');
    await expect(picker.changeDialog).toContainText('Astrid Solberg took it on this machine, and loses it with this.');
    await page.keyboard.press('Escape');
    await window.to.lease.click();
    await expect(lease.fact('Taken by')).toHaveText('Astrid Solberg');
    await lease.release.click();
    await expect(lease.releaseDialog('Aurora Stage')).toContainText('Astrid Solberg took it');
  });

  test('is released on logging out when the person says so, after the question', async ({ launch, machine }) => {
    const { page } = await launch({ as: people.ingrid });
    const [picker, window] = [pickerPage(page), appWindow(page)];
    await picker.search.fill('professional');
    await page.keyboard.press('Enter');
    await expect(leasePage(page).product(/^Halide Comp/)).toBeVisible();
    await window.account(people.ingrid.name).click();
    await window.menuLogOut.click();
    await expect(window.logOut.dialog).toContainText('Halide Comp Professional');
    await expect(window.logOut.release).toBeChecked();
    await window.logOut.confirm.click();
    await expect(signInPage(page).title).toBeVisible();

    const other = machine('edit-07');
    await other.signIn(people.jonas);
    const rows = await other.run<{ license: string; available: boolean }[]>(['licenses']);
    expect(rows.find(({ license }) => license === 'lic_comp')?.available).toBe(true);
  });
});
