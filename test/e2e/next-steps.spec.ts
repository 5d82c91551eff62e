import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import SQLite from 'better-sqlite3';
import { importSigningKey, parseKind, signDocument } from '../../src-shared/documents/index.ts';
import type { PrivateJwk } from '../../src-shared/documents/index.ts';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import type { TestAuthority } from '../support/authority.ts';
import { runtime } from '../support/e2e/app.ts';
import { people } from '../support/e2e/data.ts';
import { choose, dropAnywhere, saved } from '../support/e2e/files.ts';
import { expect, test, type World } from '../support/e2e/fixtures.ts';
import { look } from '../support/e2e/look.ts';
import { appWindow } from '../support/e2e/pages/app-window.ts';
import { exchangePage } from '../support/e2e/pages/exchange.ts';
import { leasePage } from '../support/e2e/pages/lease.ts';
import { offlineMachinesPage } from '../support/e2e/pages/offline-machines.ts';
import { pickerPage } from '../support/e2e/pages/picker.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';

/** What the app and the portal offer next when something is in the way: each button is pressed, and does what it says. */

const TWO_YEARS = 731 * 86_400;
const main = (page: Page) => page.getByRole('main');
const button = (page: Page, name: string | RegExp) => main(page).getByRole('button', { name });
const onStick = (stick: string, name: string, text: string) => {
  const path = join(stick, name);
  writeFileSync(path, text);
  return { name, text, path };
};
const seatsOf = async (authority: TestAuthority) => {
  const token = await authority.signIn(people.mateo.email);
  const { entitlements } = unwrap(await authority.call(token)(contract.licenses.entitlements, { params: { organization: await authority.organization(token, 'Northlight Studios') }, query: {} }));
  return entitlements.find(({ license }) => license === 'lic_stage')?.seats;
};

test.describe('a license whose computer has changed too much', () => {
  test.describe.configure({ timeout: 300_000 });
  test.skip(runtime() === 'electron', 'only the stand-in reads another computer than the one it runs on');

  test('is asked for again over the network by a press, and keeps its seat', async ({ launch, authority }) => {
    const before = await launch({ as: people.ingrid, isOtherComputer: true });
    await pickerPage(before.page).search.fill('broadcast');
    await before.page.keyboard.press('Enter');
    await expect(leasePage(before.page).product(/^Aurora Stage/)).toBeVisible();
    await before.quit();

    const { page } = await launch();
    const lease = leasePage(page);
    await expect(main(page).getByRole('alert')).toContainText('This computer has changed too much');
    await expect(page.getByText('Not usable')).toBeVisible();
    await expect(main(page).getByText(/^Changed too much: 0 of \d parts are as they were/)).toBeVisible();
    await look(page, 'lease-other-computer');
    await button(page, 'Ask for this computer again').click();
    await expect(appWindow(page).messages).toContainText('Aurora Stage is bound to this computer as it is now');
    await expect(main(page).getByText('As it was when the license was given.')).toBeVisible();
    await expect(main(page).getByRole('alert')).toHaveCount(0);
    await expect(lease.renew).toBeVisible();
    expect(await seatsOf(authority)).toMatchObject({ free: 11, owned: 12 });
  });

  test('is asked for again by file, and keeps its seat', async ({ launch, authority, stick }) => {
    const before = await launch({ authority: null, name: 'WS-042', isOtherComputer: true });
    const request = await saved(before.page, stick, () => exchangePage(before.page).saveRequest.click());
    const answer = async (text: string) => unwrap(await authority.authority().answer({ request: text, license: 'lic_stage', days: 30 }));
    const first = await answer(request.text);
    await choose(before.page, onStick(stick, 'first.lklic', first.licenseFile), () => exchangePage(before.page).chooseFile.click());
    await exchangePage(before.page).import.click();
    await expect(leasePage(before.page).product(/^Aurora Stage/)).toBeVisible();
    await before.quit();

    const { page } = await launch({ authority: null });
    const exchange = exchangePage(page);
    await expect(main(page).getByRole('alert')).toContainText('This computer has changed too much');
    await button(page, 'Ask for this computer again').click();
    await expect(exchange.title).toBeVisible();
    await expect(main(page).getByText('Asks for the same license again')).toBeVisible();
    await expect(exchange.name).toBeFocused();
    await look(page, 'exchange-bind');
    const again = await saved(page, stick, () => exchange.saveRequest.click());
    const second = await answer(again.text);
    await choose(page, onStick(stick, 'second.lklic', second.licenseFile), () => exchange.chooseFile.click());
    await exchange.import.click();
    await expect(main(page).getByText('As it was when the license was given.')).toBeVisible();
    expect(await seatsOf(authority)).toMatchObject({ free: 11, owned: 12 });
  });
});

test('the keys that a file needs are fetched by a press, and it can be imported', async ({ launch, authority, stick }) => {
  // A machine has them by itself as soon as it can; here the way to them is cut.
  const network = await startFaultProxy(authority.url);
  const { page } = await launch({ authority: network.url, name: 'WS-017' });
  const exchange = exchangePage(page);
  await main(page).getByRole('link', { name: 'Offline exchange' }).click();
  const request = await saved(page, stick, () => exchange.saveRequest.click());
  network.set({ kind: 'cut-before-request' }, /keyset/);
  const { keys } = authority.authority();
  unwrap(await keys.revoke({ kid: (await keys.list()).find(({ role }) => role === 'license')?.kid ?? '', reason: 'stolen' }));
  const { licenseFile } = unwrap(await authority.authority().answer({ request: request.text, license: 'lic_stage', days: 30 }));
  await choose(page, onStick(stick, 'newer.lklic', licenseFile), () => exchange.chooseFile.click());
  await expect(exchange.found('newer.lklic')).toContainText('A keyset is missing on this machine');
  await expect(exchange.import).toBeHidden();
  await look(page, 'exchange-fetch-keys');
  await button(page, 'Fetch the keys').click();
  await expect(main(page).getByRole('alert')).toContainText('The license authority cannot be reached');
  network.set(null);
  await button(page, 'Fetch the keys').click();
  await expect(exchange.verdicts).toContainText('It fits here, and now.');
  await exchange.import.click();
  await expect(leasePage(page).product(/^Aurora Stage/)).toBeVisible();
  await network.close();
});

test('a file that comes while the clock is in doubt leads to a request for the time', async ({ launch, authority, stick, folder }) => {
  const first = await launch({ authority: null, home: 'clock', name: 'WS-CLOCK' });
  const request = await saved(first.page, stick, () => exchangePage(first.page).saveRequest.click());
  await first.quit();
  const database = new SQLite(join(folder, 'clock/latchkey.db'));
  database.prepare('UPDATE machine SET highest = highest + ?').run(TWO_YEARS);
  database.close();

  const { page } = await launch({ authority: null, home: 'clock' });
  const exchange = exchangePage(page);
  const { licenseFile } = unwrap(await authority.authority().answer({ request: request.text, license: 'lic_stage', days: 30 }));
  const license = onStick(stick, 'waits.lklic', licenseFile);
  await choose(page, license, () => exchange.chooseFile.click());
  await expect(exchange.found('waits.lklic')).toContainText('Nothing is wrong with the file.');
  await look(page, 'exchange-clock-in-doubt');
  const asked = await saved(page, stick, () => button(page, 'Save a request for the time').click());
  await expect(exchange.request('the time')).toBeVisible();
  const { ticket } = unwrap(await authority.authority().tellTime(asked.text));
  // The ticket goes first, and the file that waited is then good.
  await dropAnywhere(page, [onStick(stick, 'ticket.lktime', ticket)]);
  await exchange.putAway.click();
  await exchange.import.click();
  await expect(appWindow(page).messages).toContainText('The time is right again');
  await choose(page, license, () => exchange.chooseFile.click());
  await exchange.import.click();
  await expect(leasePage(page).product(/^Aurora Stage/)).toBeVisible();
});

test('several files brought at once are gone through to the last, a damaged one among them', async ({ launch, authority, stick }) => {
  const { page } = await launch({ authority: null, name: 'WS-042' });
  const exchange = exchangePage(page);
  const requests = [await saved(page, stick, () => exchange.saveRequest.click())];
  await button(page, 'Make another request').click();
  requests.push(await saved(page, stick, () => exchange.saveRequest.click()));
  const files = await Promise.all(requests.map(async ({ text }, index) => unwrap(await authority.authority().answer({ request: text, license: index === 0 ? 'lic_stage' : 'lic_render', days: 30 })).licenseFile));
  await dropAnywhere(page, [{ name: 'one.lklic', text: files[0] ?? '' }, { name: 'cut.lklic', text: (files[0] ?? '').slice(0, 200) }, { name: 'two.lklic', text: files[1] ?? '' }]);
  await expect(page.getByText('2 files wait')).toBeVisible();
  await exchange.import.click();
  // Those that wait come first; the license in use is shown after the last.
  await expect(exchange.refusal).toContainText('cut.lklic');
  await expect(page.getByText('1 file waits')).toBeVisible();
  await button(page, 'Next file').click();
  await expect(exchange.found('two.lklic')).toBeFocused();
  await exchange.import.click();
  await expect(leasePage(page).product(/^Kiln Render Node/)).toBeVisible();
  await expect(main(page).getByRole('navigation', { name: 'Licenses in use on this machine' }).getByRole('link')).toHaveCount(2);
});

test('a keyset that is not the newest leads to the newest one, saved by a press', async ({ openPortal, authority, stick }) => {
  // One that this authority signed and does not keep, as after its database was put back.
  const { claims } = unwrap(parseKind('keyset', authority.keyset()));
  const root = claims.keys.find(({ role }) => role === 'root')?.kid ?? '';
  const key = await importSigningKey(JSON.parse(readFileSync(join(authority.home, 'keys', `${root}.jwk.json`), 'utf8')) as PrivateJwk);
  const older = await signDocument('keyset', { ...claims, exp: claims.exp - 1 }, key);
  unwrap(await authority.authority().keys.rotate({ role: 'license' }));

  const portal = await openPortal(people.mateo);
  const machines = offlineMachinesPage(portal);
  await machines.link.click();
  await choose(portal, onStick(stick, 'older.lkkeys', older), () => machines.choose.click());
  await expect(machines.inHand('older.lkkeys')).toContainText('These keys are older than the ones known here');
  await look(portal, 'portal-older-keyset');
  const newest = await saved(portal, stick, () => button(portal, 'Save the newest keyset').click());
  expect(newest.text).toBe(authority.keyset());
});

test.describe('local data that was damaged', () => {
  test.describe.configure({ timeout: 300_000 });

  /** A machine that works by files, with two licenses in use and a request that waits; then its database is written over. */
  const damaged = async ({ launch, authority, stick, folder }: Pick<World, 'launch' | 'authority' | 'stick'> & { readonly folder: string }, home: string) => {
    const { page, quit } = await launch({ authority: null, home, name: 'WS-042' });
    const exchange = exchangePage(page);
    for (const license of ['lic_stage', 'lic_render']) {
      await appWindow(page).to.exchange.click();
      const request = await saved(page, stick, () => exchange.saveRequest.click());
      const { licenseFile } = unwrap(await authority.authority().answer({ request: request.text, license, days: 30 }));
      await choose(page, onStick(stick, `${home}-${license}.lklic`, licenseFile), () => exchange.chooseFile.click());
      await exchange.import.click();
      await expect(leasePage(page).title.or(page.getByRole('heading', { name: 'Licenses in use' }))).toBeVisible();
    }
    await appWindow(page).to.exchange.click();
    await saved(page, stick, () => exchange.saveRequest.click());
    await quit();
    for (const name of ['latchkey.db', 'latchkey.db-wal', 'latchkey.db-shm']) rmSync(join(folder, home, name), { force: true });
    writeFileSync(join(folder, home, 'latchkey.db'), 'not a database any more');
  };

  test('is told of with what was read back, until the person has read it', async ({ launch, authority, stick, folder }) => {
    await damaged({ launch, authority, stick, folder }, 'whole');
    const { page } = await launch({ authority: null, home: 'whole' });
    const banner = page.getByRole('status').filter({ hasText: 'The local data was damaged and has been set aside' });
    await expect(banner).toContainText('2 licenses were read back from their license files and can be used again.');
    await expect(banner).toContainText('One request file that waits for its answer is there again.');
    await expect(page.getByRole('heading', { name: 'Licenses in use' })).toBeVisible();
    await look(page, 'recovered');
    await appWindow(page).to.exchange.click();
    await expect(exchangePage(page).saveRequestAgain).toBeVisible();
    await page.getByRole('link', { name: 'License in use' }).click();
    await banner.getByRole('button', { name: 'Dismiss' }).click();
    await expect(banner).toHaveCount(0);
    await page.reload();
    await expect(page.getByText('In use until')).toBeVisible();
    await expect(banner).toHaveCount(0);
  });

  test('is told of with what was not, and the way to have it again', async ({ launch, authority, stick, folder }) => {
    test.skip(runtime() === 'electron', 'only the stand-in reads another computer than the one it runs on');
    await damaged({ launch, authority, stick, folder }, 'moved');
    const { page } = await launch({ authority: null, home: 'moved', isOtherComputer: true });
    const banner = page.getByRole('status').filter({ hasText: 'The local data was damaged and has been set aside' });
    await expect(banner).toContainText('2 licenses were not read back:');
    await expect(banner.getByRole('listitem')).toHaveText(['Aurora Stage, Northlight Studios: This computer has changed too much', 'Kiln Render Node, Northlight Studios: This computer has changed too much']);
    await look(page, 'recovered-none');
    await page.getByRole('link', { name: 'License in use' }).click();
    await banner.getByRole('link', { name: 'Make a request file' }).click();
    await expect(exchangePage(page).title).toBeVisible();
  });
});
