import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { contract } from '../../../src-shared/http/index.ts';
import { unwrap } from '../../../src-shared/result.ts';
import { people } from './data.ts';
import { choose, saved } from './files.ts';
import { expect, type World } from './fixtures.ts';
import { appWindow } from './pages/app-window.ts';
import { exchangePage } from './pages/exchange.ts';
import { leasePage } from './pages/lease.ts';
import { myLicensesPage } from './pages/my-licenses.ts';
import { offlineMachinesPage } from './pages/offline-machines.ts';
import { pickerPage } from './pages/picker.ts';
import { signInPage } from './pages/sign-in.ts';

/** Every screen of both entries, and how to get there. A scene is one sitting: its screens are passed in order. */

export type Screen = { readonly name: string; readonly go: () => Promise<void> };
export type Scene = {
  readonly name: string;
  readonly entry: 'app' | 'portal';
  readonly begin: (world: World) => Promise<{ readonly page: Page; readonly screens: readonly Screen[] }>;
};

const shot = (name: string, go: () => Promise<void>): Screen => ({ name, go });
const leave = async (page: Page): Promise<void> => {
  await page.keyboard.press('Escape');
  // By class: a message is an alertdialog, too, and stays.
  await expect(page.locator('.lk-dialog')).toHaveCount(0);
};

/** Colleagues and another machine of the same person hold seats, so that the picker has something to tell. */
const colleagues = async ({ machine }: World): Promise<void> => {
  const [edit, studio] = [machine('edit-07'), machine('studio-b')];
  const hold = async (at: typeof edit, name: string, person: (typeof people)[keyof typeof people], licenses: readonly string[]): Promise<void> => {
    // A request names the machine.
    await at.run(['request', '--out', `${at.home}.lkreq`, '--name', name]);
    await at.signIn(person);
    for (const license of licenses) await at.run(['checkout', license]);
  };
  await Promise.all([hold(edit, 'edit-07', people.jonas, ['lic_comp', 'lic_stage']), hold(studio, 'studio-b', people.ingrid, ['lic_track'])]);
};

/** A license file for the open request of the app, as the portal gives it. */
const answered = async ({ authority, stick }: World, request: string, license: string): Promise<{ readonly path: string; readonly name: string }> => {
  const call = authority.call(await authority.signIn(people.mateo.email));
  const { licenseFile, fileName } = unwrap(await call(contract.exchange.answer, { body: { request, license, days: 60 } }));
  writeFileSync(join(stick, fileName), licenseFile);
  return { path: join(stick, fileName), name: fileName };
};

export const scenes: readonly Scene[] = [
  {
    name: 'signing in and picking',
    entry: 'app',
    begin: async (world) => {
      await colleagues(world);
      const { page } = await world.launch({ name: 'WS-017' });
      const [signIn, picker, window] = [signInPage(page), pickerPage(page), appWindow(page)];
      return {
        page,
        screens: [
          shot('sign-in', () => expect(signIn.title).toBeVisible()),
          shot('sign-in-refused', async () => {
            await signIn.enter(people.ingrid, 'not the password');
            await expect(signIn.problem).toBeVisible();
          }),
          shot('picker', async () => {
            await signIn.signIn(people.ingrid);
            await expect(picker.rows).toHaveCount(8);
          }),
          shot('picker-all-in-use', async () => {
            await picker.search.fill('comp');
            await expect(picker.active).toContainText('All seats in use');
          }),
          shot('picker-on-another-machine', async () => {
            await picker.search.fill('track');
            await expect(picker.active).toContainText('On another machine of yours');
          }),
          shot('release-there', async () => {
            await picker.details.getByRole('button', { name: /^Release it there/ }).click();
            await expect(page.getByRole('alertdialog', { name: /^Release it on/ })).toBeVisible();
          }),
          shot('picker-no-match', async () => {
            await leave(page);
            await picker.search.fill('colour chart');
            await expect(picker.noMatch).toBeVisible();
          }),
          shot('user-menu', async () => {
            await picker.showAll.click();
            await window.account(people.ingrid.name).click();
            await expect(window.menuLogOut).toBeVisible();
          }),
          shot('my-licenses', async () => {
            await page.keyboard.press('Escape');
            await window.to.myLicenses.click();
            await expect(myLicensesPage(page).row(/Aurora Track/)).toBeVisible();
          }),
          shot('lease-none', async () => {
            await window.to.lease.click();
            await expect(leasePage(page).none).toBeVisible();
          }),
        ],
      };
    },
  },
  {
    name: 'a license in use',
    entry: 'app',
    begin: async (world) => {
      const { page } = await world.launch({ name: 'WS-017', as: people.ingrid });
      const [picker, lease, window] = [pickerPage(page), leasePage(page), appWindow(page)];
      const asked = (name: string, button: () => Promise<void>): Screen => shot(name, async () => {
        await button();
        await expect(page.locator('.lk-dialog')).toBeVisible();
      });
      return {
        page,
        screens: [
          shot('lease', async () => {
            await picker.search.fill('broadcast');
            await page.keyboard.press('Enter');
            await expect(lease.product(/^Aurora Stage/)).toBeVisible();
          }),
          asked('switch-offline', () => lease.switchOffline.click()),
          asked('release', async () => {
            await leave(page);
            await lease.release.click();
          }),
          asked('log-out', async () => {
            await leave(page);
            await window.account(people.ingrid.name).click();
            await window.menuLogOut.click();
          }),
          shot('change-license', async () => {
            await leave(page);
            await lease.change.click();
            await expect(picker.changeTitle).toBeVisible();
          }),
          asked('change-license-question', async () => {
            await picker.search.fill('track');
            await page.keyboard.press('Enter');
          }),
          shot('lease-offline', async () => {
            await leave(page);
            await window.to.lease.click();
            await lease.switchOffline.click();
            await lease.offlineDialog('Aurora Stage').getByRole('button', { name: 'Switch to offline mode' }).click();
            await expect(lease.switchOnline).toBeVisible();
          }),
          asked('switch-online', () => lease.switchOnline.click()),
          shot('authority-down-lease', async () => {
            await leave(page);
            await world.authority.stop();
            await expect(window.connection).toContainText('Not connected');
          }),
          shot('authority-down-picker', async () => {
            await window.to.picker.click();
            await expect(picker.asOf).toBeVisible();
          }),
        ],
      };
    },
  },
  {
    name: 'the exchange by files',
    entry: 'app',
    begin: async (world) => {
      const { page } = await world.launch({ authority: null, name: 'WS-042' });
      const [exchange, lease, window] = [exchangePage(page), leasePage(page), appWindow(page)];
      let request = '';
      let file = { path: '', name: '' };
      return {
        page,
        screens: [
          shot('exchange-first', () => expect(exchange.saveRequest).toBeVisible()),
          shot('exchange', async () => {
            await exchange.product.click();
            await exchange.productOption('Aurora Stage').click();
            await exchange.days.fill('60');
            ({ text: request } = await saved(page, world.stick, () => exchange.saveRequest.click()));
            file = await answered(world, request, 'lic_stage');
            await expect(exchange.request('Aurora Stage')).toBeVisible();
          }),
          shot('exchange-refused', async () => {
            const damaged = join(world.stick, 'holiday.lklic');
            writeFileSync(damaged, 'not one of ours');
            await choose(page, { path: damaged }, () => exchange.chooseFile.click());
            await expect(exchange.refusal).toContainText('damaged');
          }),
          shot('exchange-license-file', async () => {
            await choose(page, file, () => exchange.chooseFile.click());
            await expect(exchange.import).toBeVisible();
          }),
          shot('lease-by-file', async () => {
            await exchange.import.click();
            await expect(lease.product(/^Aurora Stage/)).toBeVisible();
          }),
          shot('release-proof', async () => {
            await lease.saveProof.click();
            await lease.understood.check({ force: true });
          }),
          shot('exchange-given-up', async () => {
            await saved(page, world.stick, () => lease.giveUp.click());
            await window.to.exchange.click();
            await exchange.givenUp.scrollIntoViewIfNeeded();
          }),
        ],
      };
    },
  },
  {
    name: 'the portal',
    entry: 'portal',
    begin: async (world) => {
      const { authority, launch } = world;
      const app = await launch({ authority: null, name: 'WS-042' });
      const held = await launch({ home: 'second', name: 'WS-017', as: people.mateo });
      await pickerPage(held.page).search.fill('broadcast');
      await held.page.keyboard.press('Enter');
      await expect(leasePage(held.page).product(/^Aurora Stage/)).toBeVisible();
      const request = await saved(app.page, world.stick, () => exchangePage(app.page).saveRequest.click());
      const page = await world.openPortal();
      const [signIn, mine, machines] = [signInPage(page), myLicensesPage(page), offlineMachinesPage(page)];
      return {
        page,
        screens: [
          shot('portal-sign-in', () => expect(signIn.title).toBeVisible()),
          shot('portal-my-licenses', async () => {
            await signIn.signIn(people.mateo);
            await expect(mine.row(/Aurora Stage/)).toBeVisible();
          }),
          shot('portal-release', async () => {
            await mine.release('Aurora Stage', 'WS-017').click();
            await expect(mine.dialog).toBeVisible();
          }),
          shot('portal-offline-machines', async () => {
            await leave(page);
            await machines.link.click();
            await expect(machines.title).toBeVisible();
          }),
          shot('portal-refused', async () => {
            const damaged = join(world.stick, 'holiday.lkreq');
            writeFileSync(damaged, 'not one of ours');
            await choose(page, { path: damaged }, () => machines.choose.click());
            await expect(machines.problem).toContainText('damaged');
          }),
          shot('portal-request', async () => {
            await choose(page, request, () => machines.choose.click());
            await expect(machines.saveLicense).toBeVisible();
          }),
          shot('portal-answered', async () => {
            await machines.license(/Aurora Stage Broadcast/).check({ force: true });
            const license = await saved(page, world.stick, () => machines.saveLicense.click());
            const exchange = exchangePage(app.page);
            await choose(app.page, license, () => exchange.chooseFile.click());
            await exchange.import.click();
            await expect(machines.done).toBeVisible();
          }),
          shot('portal-proof', async () => {
            const lease = leasePage(app.page);
            await lease.saveProof.click();
            await lease.understood.check({ force: true });
            const proof = await saved(app.page, world.stick, () => lease.giveUp.click());
            await machines.done.click();
            await choose(page, proof, () => machines.choose.click());
            await expect(machines.acceptProof).toBeVisible();
          }),
          shot('portal-accepted', async () => {
            await saved(page, world.stick, () => machines.acceptProof.click());
            await expect(machines.seats('Now')).toBeVisible();
          }),
          shot('portal-no-connection', async () => {
            await machines.done.click();
            await authority.stop();
            await expect(page.getByText('Reconnecting…')).toBeVisible();
          }),
        ],
      };
    },
  },
];
