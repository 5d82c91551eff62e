import { existsSync, mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { project } from '../support/build.ts';
import { launchPreview, type Preview } from '../support/electron-preview/index.ts';

/** What the app does on this computer while nobody looks at it: start at login, and what closing does. */
let folder = '';
let app: Preview;
test.beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'latchkey-settings-'))));
test.afterEach(async () => {
  await app.kill();
  rmSync(folder, { recursive: true, force: true });
});

const entry = (): string => join(folder, 'config/autostart/latchkey-at-login.desktop');
async function open(page: Page, env: Readonly<Record<string, string>> = {}): Promise<void> {
  app = await launchPreview({
    main: join(project, 'out/main/main.js'),
    env: { LATCHKEY_HOME: join(folder, 'home'), LATCHKEY_AUTHORITY: '', LATCHKEY_TRUST: undefined, XDG_CONFIG_HOME: join(folder, 'config'), ...env },
  });
  await page.goto(app.url);
  // At once: what is asked for before the first page stands is not lost.
  await expect(page.locator('#root')).not.toBeEmpty();
  await app.clickMenu(['File', 'Settings…']);
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
}
const startAtLogin = (page: Page) => page.getByRole('switch', { name: /Start Latchkey when you sign in/ });

test('an app that runs from its sources does not start at login, and says why', async ({ page }) => {
  await open(page);
  await expect(startAtLogin(page)).toBeDisabled();
  await expect(page.getByText('Only an installed Latchkey can be started at sign-in.')).toBeVisible();
  expect(existsSync(join(folder, 'config'))).toBe(false);
});

test.describe('an installed app on Linux', () => {
  test.skip(process.platform !== 'linux', 'elsewhere the system keeps it');
  const packaged = { ELECTRON_PREVIEW_PACKAGED: '1' };

  test('starts hidden at the next login once it is switched on, also after the app was started again, until it is switched off', async ({ page }) => {
    await open(page, packaged);
    await expect(startAtLogin(page)).not.toBeChecked();
    await page.getByText('Start Latchkey when you sign in').click();
    await expect(startAtLogin(page)).toBeChecked();
    expect(readFileSync(entry(), 'utf8')).toMatch(/^Exec=.* --hidden$/m);
    await app.quit();

    await open(page, packaged);
    await expect(startAtLogin(page)).toBeChecked();
    await page.getByText('Start Latchkey when you sign in').click();
    await expect(startAtLogin(page)).not.toBeChecked();
    expect(existsSync(entry())).toBe(false);
  });

  test('leaves the file of another program alone, and says which', async ({ page }) => {
    mkdirSync(join(folder, 'config/autostart'), { recursive: true });
    writeFileSync(entry(), '[Desktop Entry]\n');
    await open(page, packaged);
    await expect(startAtLogin(page)).toBeDisabled();
    await expect(page.getByText('latchkey-at-login.desktop')).toBeVisible();
    expect(readFileSync(entry(), 'utf8')).toBe('[Desktop Entry]\n');
    // It is looked at again when the person comes back to the window.
    rmSync(entry());
    await page.evaluate(() => globalThis.dispatchEvent(new Event('focus')));
    await expect(startAtLogin(page)).toBeEnabled();
  });

  test('says so where the folder cannot be written, and stays as it was', async ({ page }) => {
    await open(page, { ...packaged, XDG_CONFIG_HOME: '/proc/latchkey' });
    await page.getByText('Start Latchkey when you sign in').click();
    await expect(page.getByText('The disk does not work as it should').or(page.getByText('cannot be written'))).toBeVisible();
    await expect(startAtLogin(page)).not.toBeChecked();
  });
});

test('closing quits once that is chosen, and the choice is kept', async ({ page }) => {
  await open(page);
  await page.getByText('Quit Latchkey', { exact: true }).click();
  await expect(page.getByRole('radio', { name: /Quit Latchkey/ })).toBeChecked();
  await app.closeWindow();
  expect(await app.exited).toMatchObject({ code: 0 });

  await open(page);
  await expect(page.getByRole('radio', { name: /Quit Latchkey/ })).toBeChecked();
  await page.getByText('Keep Latchkey running').click();
  await app.closeWindow();
  await expect.poll(async () => (await app.windows())[0]?.visible).toBe(false);
});
