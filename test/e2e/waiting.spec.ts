import { people, PASSWORD } from '../support/e2e/data.ts';
import { expect, test as base } from '../support/e2e/fixtures.ts';
import { settle, takePicture, tooWide, violations } from '../support/e2e/look.ts';
import { appWindow } from '../support/e2e/pages/app-window.ts';
import { leasePage } from '../support/e2e/pages/lease.ts';
import { pickerPage } from '../support/e2e/pages/picker.ts';
import { signInPage } from '../support/e2e/pages/sign-in.ts';
import { waitingStrip } from '../support/e2e/pages/waiting.ts';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import type { FaultProxy } from '../support/fault-proxy.ts';
import type { TestAuthority } from '../support/authority.ts';

/** The authority is slow, or its answers are lost: every wait is shown, can be stopped, and is right after asking again. */
const test = base.extend<{ readonly network: FaultProxy }>({
  network: async ({ authority }, use) => {
    const network = await startFaultProxy(authority.url);
    await use(network);
    await network.close();
  },
});

const leasesOf = async (authority: TestAuthority): Promise<number> =>
  unwrap(await authority.call(await authority.signIn(people.ingrid.email, PASSWORD))(contract.leases.mine, {})).leases.length;

test('a checkout whose answer does not come: it is shown, stopped, asked again, and one seat is taken', async ({ launch, network, authority }) => {
  const { page } = await launch({ authority: network.url, as: people.ingrid });
  const [picker, lease, waiting] = [pickerPage(page), leasePage(page), waitingStrip(page)];
  await expect(picker.rows).toHaveCount(8);
  await picker.search.fill('broadcast');
  await expect(waiting.strip).toBeHidden();

  network.set({ kind: 'swallow-reply' }, /checkouts/);
  await page.keyboard.press('Enter');
  await expect(waiting.inWindow).toBeVisible();
  await expect.poll(() => leasesOf(authority)).toBe(1);
  // Escape stops nothing by accident.
  await page.keyboard.press('Escape');
  await expect(waiting.inWindow).toBeVisible();
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    await settle(page);
    await takePicture(page, 'waiting-picker', scheme, scheme === 'light');
    expect(await violations(page, scheme)).toEqual([]);
    expect(await tooWide(page)).toEqual([]);
  }
  await waiting.cancel.click();
  await expect(waiting.strip).toBeHidden();
  await expect(page.getByRole('alert').filter({ hasText: 'Cancelled' })).toBeVisible();
  await expect(picker.title).toBeVisible();

  network.set(null);
  await picker.use.click();
  await expect(lease.product(/^Aurora Stage/)).toBeVisible();
  expect(await leasesOf(authority)).toBe(1);
});

test('signing in and what a dialog asks can be stopped by the keyboard, and Escape does not do it by accident', async ({ launch, network, authority }) => {
  const { page } = await launch({ authority: network.url });
  const [signIn, picker, lease, waiting, window] = [signInPage(page), pickerPage(page), leasePage(page), waitingStrip(page), appWindow(page)];
  network.set({ kind: 'black-hole' }, /sessions/);
  await signIn.enter(people.ingrid);
  await expect(waiting.inWindow).toBeVisible();
  await waiting.cancel.focus();
  await page.keyboard.press('Enter');
  await expect(signIn.problem).toContainText('Cancelled');
  network.set(null);
  await signIn.signIn(people.ingrid);

  await picker.search.fill('broadcast');
  await page.keyboard.press('Enter');
  await lease.switchOffline.click();
  network.set({ kind: 'swallow-reply' }, /renewals/);
  const dialog = lease.offlineDialog('Aurora Stage Broadcast').or(lease.offlineDialog('Aurora Stage'));
  await dialog.getByRole('button', { name: /^Switch/ }).click();
  await expect(waiting.inDialog).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(waiting.inDialog).toBeVisible();
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme });
    await settle(page);
    await takePicture(page, 'waiting-dialog', scheme, false);
    expect(await violations(page, scheme)).toEqual([]);
  }
  for (let stops = 0; stops < 8 && !(await waiting.inDialog.getByRole('button').evaluate((each) => each === document.activeElement)); stops += 1) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(dialog).toContainText('Cancelled');
  await expect(waiting.strip).toBeHidden();
  network.set(null);
  await dialog.getByRole('button', { name: /^Switch/ }).click();
  await expect(dialog).toBeHidden();
  await expect(lease.switchOnline).toBeVisible();
  expect(await leasesOf(authority)).toBe(1);
  await expect(window.connection).toContainText('Connected');
});

test('a page that waits for its contents can be stopped and asked again, in the app and in the portal', async ({ launch, network, openPortal }) => {
  const { page } = await launch({ authority: network.url, as: people.ingrid });
  const waiting = waitingStrip(page);
  await expect(pickerPage(page).rows).toHaveCount(8);
  network.set({ kind: 'black-hole' }, /v1\/leases$/);
  await appWindow(page).to.myLicenses.click();
  await expect(waiting.inWindow).toBeVisible();
  await waiting.cancel.click();
  await expect(page.getByRole('main')).toContainText('Cancelled');
  network.set(null);
  await page.getByRole('main').getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('main')).not.toContainText('Cancelled');

  const portal = await openPortal(people.ingrid);
  // At the other address the browser keeps no binding of its own, and the session holds only with it.
  const binding = await portal.evaluate(() => localStorage.getItem('latchkey.binding'));
  await portal.addInitScript((kept) => localStorage.setItem('latchkey.binding', kept ?? ''), binding);
  network.set({ kind: 'black-hole' }, /v1\/leases$/);
  await portal.goto(`${network.url}/my-licenses`);
  const there = waitingStrip(portal);
  await expect(there.inWindow).toBeVisible();
  await settle(portal);
  await takePicture(portal, 'waiting-portal', 'light', false);
  expect(await violations(portal, 'light')).toEqual([]);
  await there.cancel.click();
  await expect(portal.getByRole('main')).toContainText('Cancelled');
  network.set(null);
  await portal.getByRole('main').getByRole('button', { name: 'Try again' }).click();
  await expect(portal.getByRole('main')).not.toContainText('Cancelled');
});
