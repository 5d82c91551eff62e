import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { people } from '../support/e2e/data.ts';
import { choose, saved } from '../support/e2e/files.ts';
import { expect, test } from '../support/e2e/fixtures.ts';
import { look } from '../support/e2e/look.ts';
import { exchangePage } from '../support/e2e/pages/exchange.ts';
import { offlineMachinesPage } from '../support/e2e/pages/offline-machines.ts';

const TWO_YEARS = 731 * 86_400;

/** What the app writes down while its computer's clock stands two years ahead. */
const setAhead = (home: string): void => {
  const database = new SQLite(join(home, 'latchkey.db'));
  database.prepare('UPDATE machine SET highest = highest + ?').run(TWO_YEARS);
  database.close();
};

test.describe('a clock that was once two years ahead', () => {
  test.describe.configure({ timeout: 300_000 });

  test('a machine without a network asks for the time by file, and its license is back', async ({ launch, openPortal, stick, folder }) => {
    const home = 'clock-home';
    const first = await launch({ authority: null, home });
    const before = exchangePage(first.page);
    await before.name.fill('WS-CLOCK');
    const asked = await saved(first.page, stick, () => before.saveRequest.click());
    const portal = await openPortal(people.mateo);
    const machines = offlineMachinesPage(portal);
    await machines.link.click();
    await choose(portal, asked, () => machines.choose.click());
    await machines.license(/Aurora Stage Broadcast/).check({ force: true });
    await machines.period.fill('30');
    const license = await saved(portal, stick, () => machines.saveLicense.click());
    await machines.done.click();
    await choose(first.page, license, () => before.chooseFile.click());
    await before.import.click();
    await expect(first.page.getByText('In use until')).toBeVisible();
    await first.quit();
    setAhead(join(folder, home));

    const { page } = await launch({ authority: null, home });
    const banner = page.getByRole('alert').filter({ hasText: 'The clock of this computer is in doubt' });
    await expect(banner).toContainText('If the clock is behind now: set it right.');
    await expect(page.getByText('Not usable')).toBeVisible();
    await look(page, 'clock-in-doubt');
    await banner.getByRole('button', { name: 'Check again' }).click();
    await expect(page.getByText('The clock is still wrong')).toBeVisible();
    const request = await saved(page, stick, () => banner.getByRole('button', { name: 'Save a time request' }).click());
    expect(request.name).toMatch(/^latchkey-time-request-.*\.lkreq$/);
    const exchange = exchangePage(page);
    await expect(exchange.request('the time')).toBeVisible();
    await expect(banner.getByRole('link', { name: 'Show the time request' })).toBeVisible();
    await look(page, 'exchange-time-request');

    // At the portal it is seen for what it is. It asks for no license, and needs none.
    await choose(portal, request, () => machines.choose.click());
    await expect(portal.getByText('WS-CLOCK asks for the time')).toBeVisible();
    await expect(machines.facts).toContainText('The time');
    await look(portal, 'portal-time-request');
    const ticket = await saved(portal, stick, () => portal.getByRole('button', { name: 'Save time ticket' }).click());
    expect(ticket.text).toMatch(/^-----BEGIN LATCHKEY TIME TICKET-----\n/);
    await expect(portal.getByText('The time ticket for WS-CLOCK is ready')).toBeVisible();
    await machines.done.click();
    await choose(portal, request, () => machines.choose.click());
    const same = await saved(portal, stick, () => portal.getByRole('button', { name: 'Save the same time ticket' }).click());
    expect(same.text).toBe(ticket.text);

    await choose(page, ticket, () => exchange.chooseFile.click());
    await expect(exchange.found(ticket.name)).toContainText('Time ticket');
    await exchange.import.click();
    await expect(page.getByText('The time is right again')).toBeVisible();
    await expect(banner).toHaveCount(0);
    await page.getByRole('link', { name: /License in use/ }).click();
    await expect(page.getByText('In use until')).toBeVisible();
    await expect(page.getByText('As it was when the license was given.')).toBeVisible();
  });
});
