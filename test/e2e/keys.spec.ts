import { unwrap } from '../../src-shared/result.ts';
import { otherProcess } from '../support/authority.ts';
import { people } from '../support/e2e/data.ts';
import { choose, saved } from '../support/e2e/files.ts';
import { expect, test } from '../support/e2e/fixtures.ts';
import { look } from '../support/e2e/look.ts';
import { appWindow } from '../support/e2e/pages/app-window.ts';
import { exchangePage } from '../support/e2e/pages/exchange.ts';
import { leasePage } from '../support/e2e/pages/lease.ts';
import { offlineMachinesPage } from '../support/e2e/pages/offline-machines.ts';
import { organizationPages } from '../support/e2e/pages/organization.ts';

test('a key is revoked: the manager sees whom to re-issue, and a machine without a network gets the keyset and another license file', async ({ authority, launch, openPortal, machine, stick }) => {
  test.setTimeout(420_000);
  const connected = machine('WS-017');
  await connected.signIn(people.ingrid);
  await connected.run(['checkout', 'lic_stage']);

  const { page } = await launch({ authority: null });
  const [exchange, lease] = [exchangePage(page), leasePage(page)];
  await exchange.name.fill('TRUCK-3');
  const request = await saved(page, stick, () => exchange.saveRequest.click());
  const portal = await openPortal(people.mateo);
  const machines = offlineMachinesPage(portal);
  const answer = async (file: { readonly path: string }) => {
    await machines.link.click();
    await choose(portal, file, () => machines.choose.click());
    const license = machines.license(/Aurora Stage Broadcast/);
    if (await license.isEnabled().catch(() => false)) await license.check({ force: true });
    await machines.period.fill('30');
    return saved(portal, stick, () => machines.saveLicense.click());
  };
  const takeIn = async (file: { readonly path: string }) => {
    await choose(page, file, () => exchange.chooseFile.click());
    await exchange.import.click();
  };
  await takeIn(await answer(request));
  await expect(lease.product(/Aurora Stage/)).toBeVisible();
  await expect(portal.getByText('needs keyset')).toHaveCount(0);
  await machines.done.click();

  const keys = authority.authority().keys;
  const stolen = (await keys.list()).find(({ role }) => role === 'license')?.kid ?? '';
  unwrap(await keys.revoke({ kid: stolen, reason: 'stolen' }));

  const at = organizationPages(portal);
  await at.goToAll();
  await at.main.getByRole('link', { name: 'Manage Northlight Studios' }).click();
  await at.go('Machines');
  await expect(at.main.getByText(/^2 license files in use were signed by a key that was revoked on/)).toBeVisible();
  await expect(at.main.getByText('One is online and renews by itself within minutes. One is on a machine that may have no network, which needs keyset 2 and a new license file.')).toBeVisible();
  await look(portal, 'portal-machines-reissues');
  await at.main.getByRole('link', { name: 'What to do for each' }).click();
  await expect(at.title('License files to issue anew')).toBeVisible();
  await expect(at.row(/TRUCK-3/)).toContainText('Carry keyset 2 and the answer to a renewal request to the machine.');
  await expect(at.row(/Ingrid Dahl/)).toContainText('Nothing to do');
  await look(portal, 'portal-reissues');
  const fromList = await saved(portal, stick, () => at.main.getByRole('button', { name: 'Save keyset 2' }).click());
  expect(fromList.text).toBe(authority.keyset());

  // The machine asks for another file before it even knows why; both files come together.
  await page.getByRole('main').getByRole('link', { name: 'Extend by file' }).click();
  await expect(exchange.title).toBeVisible();
  const renewal = await saved(page, stick, () => exchange.saveRequest.click());
  const license = await answer(renewal);
  await expect(portal.getByText('TRUCK-3 needs keyset 2 first')).toBeVisible();
  const keyset = await saved(portal, stick, () => portal.getByRole('button', { name: 'Save keyset 2' }).click());
  expect(keyset.name).toBe('latchkey-keyset-2.lkkeys');
  await look(portal, 'portal-keyset-first');

  // The wrong order is explained and changes nothing.
  await choose(page, license, () => exchange.chooseFile.click());
  await expect(page.getByRole('main').getByText('Bring keyset 2 first and drop it here, then this file again.', { exact: false }).first()).toBeVisible();
  await look(page, 'app-keyset-missing');
  await exchange.putAway.click();
  await takeIn(keyset);
  await page.getByRole('link', { name: /License in use/ }).click();
  await expect(page.getByRole('main').getByText('The key of this file was revoked').first()).toBeVisible();
  await look(page, 'app-key-revoked');
  await page.getByRole('link', { name: /Offline exchange/ }).click();
  await takeIn(license);
  await expect(appWindow(page).messages).toContainText(/Aurora Stage is extended until \d/);
  await expect(lease.product(/Aurora Stage/)).toBeVisible();
  await expect(page.getByRole('main').getByText('The key of this file was revoked')).toHaveCount(0);

  // The connected one speaks once, and renews.
  await connected.run(['renew']);
  await at.goToAll();
  await at.main.getByRole('link', { name: 'Manage Northlight Studios' }).click();
  await at.go('Machines');
  await expect(at.row(/TRUCK-3/)).toBeVisible();
  await expect(at.main.getByText(/signed by a key that was revoked/)).toHaveCount(0);

  // When another process revokes the next one, the page that stands open says so.
  const operator = await otherProcess(authority);
  const next = (await operator.keys.list()).find(({ role, inUse }) => role === 'license' && inUse)?.kid ?? '';
  unwrap(await operator.keys.revoke({ kid: next, reason: 'stolen too' }));
  await operator.close();
  await expect(at.main.getByText(/signed by a key that was revoked on/).first()).toBeVisible();
});
