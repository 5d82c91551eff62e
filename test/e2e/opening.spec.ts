import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { contract } from '../../src-shared/http/index.ts';
import { unwrap } from '../../src-shared/result.ts';
import { people } from '../support/e2e/data.ts';
import { saved, type Carried } from '../support/e2e/files.ts';
import { desktopOf, expect, test } from '../support/e2e/fixtures.ts';
import { exchangePage } from '../support/e2e/pages/exchange.ts';
import { leasePage } from '../support/e2e/pages/lease.ts';
import { pickerPage } from '../support/e2e/pages/picker.ts';

test.describe('from the desktop', () => {
  test('a license file that is opened leads to the exchange page, where it is shown and imported', async ({ launch, authority, stick }) => {
    const app = await launch({ authority: null, name: 'WS-042' });
    const [exchange, lease] = [exchangePage(app.page), leasePage(app.page)];
    const request: Carried = await saved(app.page, stick, () => exchange.saveRequest.click());
    const call = authority.call(await authority.signIn(people.mateo.email));
    const { licenseFile } = unwrap(await call(contract.exchange.answer, { body: { request: request.text, license: 'lic_stage', days: 20 } }));
    const file = join(stick, 'ws-042.lklic');
    writeFileSync(file, licenseFile);

    await app.page.evaluate(() => { location.hash = '#/lease'; });
    await expect(lease.none).toBeVisible();
    await app.startAgain([file]);
    await expect(exchange.found('ws-042.lklic')).toBeVisible();
    await expect(exchange.verdicts).toContainText('It fits here, and now.');
    await exchange.import.click();
    await expect(lease.product(/^Aurora Stage Broadcast/)).toBeVisible();

    // Opened once more it is known, and nothing changes.
    await app.startAgain([file]);
    await expect(exchange.found('ws-042.lklic')).toBeVisible();
  });

  test('the tray says what is in use, and its entries switch, release, open and quit', async ({ launch }) => {
    const app = await launch({ as: people.ingrid });
    const desktop = desktopOf(app);
    const [picker, lease] = [pickerPage(app.page), leasePage(app.page)];
    const labels = async (): Promise<readonly string[]> => (await desktop.tray())[0]?.menu.map(({ label }) => label) ?? [];
    expect(await labels()).toEqual(['No license in use', 'Choose a license…', '', 'Open Latchkey', 'Quit Latchkey']);

    await picker.search.fill('track');
    await app.page.keyboard.press('Enter');
    await expect(lease.product(/^Aurora Track/)).toBeVisible();
    await expect.poll(labels).toEqual([
      'Aurora Track, online', expect.stringMatching(/^until /), 'Switch to offline mode…', 'Release license…', '', 'Open Latchkey', expect.stringMatching(/^Quitting keeps the license until /), 'Quit Latchkey',
    ]);

    await desktop.closeWindow();
    await desktop.clickTray(['Switch to offline mode…']);
    expect((await desktop.windows())[0]).toMatchObject({ visible: true, focused: true });
    const dialog = lease.offlineDialog('Aurora Track');
    await dialog.getByRole('button', { name: 'Switch to offline mode' }).click();
    await expect.poll(labels).toContain('Switch to online mode');
    await desktop.clickTray(['Switch to online mode']);
    await expect(lease.fact('Mode')).toHaveText(/online/i);

    await desktop.clickTray(['Release license…']);
    await lease.confirmRelease.click();
    await expect.poll(labels).toContain('No license in use');
    await desktop.clickTray(['Choose a license…']);
    await expect(picker.title).toBeVisible();
  });
});
