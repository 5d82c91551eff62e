import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test, type Page } from '@playwright/test';
import { project } from '../support/build.ts';
import { launchPreview, startPreview, type Preview } from '../support/electron-preview/index.ts';
import { startAuthority, type LocalAuthority } from '../support/start/authority.ts';
import type { AppSnapshot, IpcChannel, IpcInput, IpcValue, LatchkeyBridge } from '../../src-shared/ipc.ts';
import type { Result } from '../../src-shared/result.ts';

/** What stands around the page: window, tray, menu, notifications, single instance, and what the page is denied. */
const main = join(project, 'out/main/main.js');
const person = { email: 'jonas@northlight.example', password: 'latchkey-demo-editor' };
let folder = '';
let app: Preview;
let authority: LocalAuthority | null = null;

test.beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'latchkey-shell-')); });
test.afterEach(async () => {
  await app.kill();
  authority?.process?.kill('SIGKILL');
  authority = null;
  rmSync(folder, { recursive: true, force: true });
});

async function open(page: Page, args: readonly string[] = []): Promise<void> {
  const env = { LATCHKEY_HOME: join(folder, 'home'), LATCHKEY_AUTHORITY: authority?.url ?? '', LATCHKEY_TRUST: authority?.keyset };
  app = await launchPreview({ main, args, env });
  await page.goto(app.url);
  // The first page may lead on to another, which changes the address.
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
}

const call = <C extends IpcChannel>(page: Page, channel: C, input: IpcInput<C>): Promise<Result<IpcValue<C>>> =>
  page.evaluate(([name, value]) => (globalThis as unknown as { latchkey: LatchkeyBridge }).latchkey.call(name as 'app.snapshot', value as null), [channel, input] as const) as Promise<Result<IpcValue<C>>>;
async function value<T>(result: Promise<Result<T>>): Promise<T> {
  const settled = await result;
  if (!settled.ok) throw new Error(`${settled.code} ${JSON.stringify(settled.details)}`);
  return settled.value;
}
const snapshot = (page: Page): Promise<AppSnapshot> => value(call(page, 'app.snapshot', null));

async function checkOut(page: Page): Promise<string> {
  await value(call(page, 'session.sign-in', person));
  await expect.poll(async () => (await snapshot(page)).state.picker.entitlements.length).toBeGreaterThan(0);
  const offer = (await snapshot(page)).state.picker.entitlements.find(({ available, modes }) => available && modes.includes('offline') && modes.includes('online'));
  if (offer === undefined) throw new Error('Nothing to check out');
  return (await value(call(page, 'lease.checkout', { license: offer.license }))).lease;
}

test('the page has no network, no permissions and nowhere to go', async ({ page }) => {
  await open(page);
  const reached = (url: string) => page.evaluate((address) => fetch(address).then(() => 'reached', () => 'denied'), url);
  expect(await reached('https://example.com/')).toBe('denied');
  expect(await reached('http://127.0.0.1:9/')).toBe('denied');
  for (const permission of ['camera', 'geolocation', 'notifications', 'clipboard-read']) expect(await app.permission(permission)).toEqual({ request: false, check: false });

  await expect(page).toHaveURL(/#\/exchange$/);
  const address = page.url();
  await page.evaluate(() => { location.href = 'https://example.com/'; });
  await page.evaluate(() => { globalThis.open('https://example.com/'); });
  expect(page.url()).toBe(address);
  expect(page.context().pages()).toHaveLength(1);
  expect(await app.asked()).toEqual([]);
});

test('the page has the two functions of the contract, and a call outside of it does nothing', async ({ page }) => {
  await open(page);
  expect(await page.evaluate(() => Object.keys((globalThis as unknown as { latchkey: object }).latchkey).toSorted())).toEqual(['call', 'on']);
  expect(await page.evaluate(() => ['require', 'process', 'Buffer', 'ipcRenderer', 'electron'].filter((name) => name in globalThis))).toEqual([]);
  await expect(call(page, 'app.quit' as IpcChannel, null as never)).rejects.toThrow();
  expect(await call(page, 'lease.renew', { lease: 7 } as never)).toMatchObject({ ok: false, code: 'INPUT_INVALID' });
});

test('closing the window hides it, the tray and a second start bring it back, and quitting ends the app', async ({ page }) => {
  await open(page);
  await app.closeWindow();
  expect(await app.windows()).toMatchObject([{ visible: false }]);
  await app.clickTray();
  expect(await app.windows()).toMatchObject([{ visible: true, focused: true }]);

  await app.closeWindow();
  const second = startPreview({ main, env: { LATCHKEY_HOME: join(folder, 'home'), LATCHKEY_AUTHORITY: '' } });
  expect((await second.exited).code).toBe(0);
  await expect.poll(async () => (await app.windows())[0]?.visible).toBe(true);
  await app.clickTray(['Quit Latchkey']);
  expect((await app.exited).code).toBe(0);
});

test('two homes are two machines, side by side', async ({ page, browser }) => {
  await open(page);
  const other = await launchPreview({ main, env: { LATCHKEY_HOME: join(folder, 'other'), LATCHKEY_AUTHORITY: '' } });
  try {
    const there = await browser.newPage();
    await there.goto(other.url);
    await expect(there.locator('#root')).not.toBeEmpty();
    expect((await snapshot(there)).state.machine.id).not.toBe((await snapshot(page)).state.machine.id);
  } finally {
    await other.kill();
  }
});

test('a document opened from the command line, a second start or the desktop leads to the exchange page and is judged there', async ({ page }) => {
  const file = (name: string): string => {
    writeFileSync(join(folder, name), 'not a license file');
    return join(folder, name);
  };
  await open(page, [file('first.lklic')]);
  await expect(page).toHaveURL(/#\/exchange/);
  await expect(page.getByText('first.lklic')).toBeVisible();

  const second = startPreview({ main, args: [file('second.lklic')], env: { LATCHKEY_HOME: join(folder, 'home'), LATCHKEY_AUTHORITY: '' } });
  expect((await second.exited).code).toBe(0);
  await expect(page.getByText('second.lklic')).toBeVisible();

  await app.openFile(file('third.lkrcp'));
  await expect(page.getByText('third.lkrcp')).toBeVisible();
});

test('a document that is opened while the page is loaded again is not lost', async ({ page }) => {
  await open(page);
  let goOn = (): void => undefined;
  const held = new Promise<void>((done) => { goOn = done; });
  await page.route('**/assets/**', async (route) => {
    await held;
    await route.continue();
  });
  const assetAsked = page.waitForRequest('**/assets/**');
  await app.crashPage();
  await assetAsked;
  writeFileSync(join(folder, 'meanwhile.lklic'), 'not a license file');
  await app.openFile(join(folder, 'meanwhile.lklic'));
  goOn();
  await expect(page.getByText('meanwhile.lklic')).toBeVisible();
});

test('several documents that are opened at once, by their addresses as a Linux desktop names them, all wait on the exchange page', async ({ page }) => {
  const names = ['Erste Datei.lklic', 'two #2.lkrcp', 'three.lkkeys'];
  const addresses = names.map((name) => {
    writeFileSync(join(folder, name), 'not a license file');
    return pathToFileURL(join(folder, name)).href;
  });
  await open(page, addresses);
  await expect(page).toHaveURL(/#\/exchange/);
  for (const name of names) await expect(page.getByText(name).first()).toBeVisible();

  writeFileSync(join(folder, 'später 50%.lklic'), 'not a license file');
  const second = startPreview({ main, args: [pathToFileURL(join(folder, 'später 50%.lklic')).href], env: { LATCHKEY_HOME: join(folder, 'home'), LATCHKEY_AUTHORITY: '' } });
  expect((await second.exited).code).toBe(0);
  await expect(page.getByText('später 50%.lklic').first()).toBeVisible();
});

test('the tray follows the lease, switches it, and leads to what has to be asked', async ({ page }) => {
  authority = await startAuthority(join(folder, 'demo'), 0);
  await open(page);
  const labels = async (): Promise<readonly string[]> => (await app.tray())[0]?.menu.map(({ label }) => label) ?? [];
  expect(await app.tray()).toMatchObject([{ empty: false }]);
  expect(await labels()).toContain('No license in use');

  const lease = await checkOut(page);
  await expect.poll(labels).toContain('Switch to offline mode…');
  expect((await app.tray())[0]?.toolTip).toContain('online until');
  await app.clickTray(['Switch to offline mode…']);
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await app.clickTray(['Release license…']);
  await expect(page.getByRole('alertdialog').or(page.getByRole('dialog'))).toBeVisible();
  await page.keyboard.press('Escape');

  await value(call(page, 'lease.switch-offline', { lease, days: 7 }));
  await expect.poll(labels).toContain('Switch to online mode');
  await app.clickTray(['Switch to online mode']);
  await expect.poll(async () => (await snapshot(page)).state.leases[0]?.mode).toBe('online');
});

test('a lease released elsewhere is told by the desktop within two seconds, while nobody looks at the window', async ({ page }) => {
  authority = await startAuthority(join(folder, 'demo'), 0);
  await open(page);
  const lease = await checkOut(page);
  await expect.poll(async () => (await snapshot(page)).state.connection.state).toBe('online');
  await app.closeWindow();

  const post = (path: string, body: object | null, token = ''): Promise<Response> => fetch(`${authority?.url}${path}`, {
    method: 'POST', headers: { ...(body && { 'content-type': 'application/json' }), ...(token && { authorization: `Bearer ${token}` }) }, ...(body && { body: JSON.stringify(body) }),
  });
  const { value: { token } } = (await (await post('/v1/sessions', person)).json()) as { value: { token: string } };
  const begun = performance.now();
  expect((await post(`/v1/leases/${lease}/release`, null, token)).status).toBe(200);
  await expect.poll(async () => (await app.notifications()).length, { intervals: [50] }).toBe(1);
  expect(performance.now() - begun).toBeLessThan(2000);
  expect((await snapshot(page)).state.leases).toEqual([]);
  await app.clickNotification(0);
  expect(await app.windows()).toMatchObject([{ visible: true }]);
  await expect(page).toHaveURL(/#\/($|pick)/);
});

test('what main writes about a refusal is in the log, without secrets', async ({ page }) => {
  authority = await startAuthority(join(folder, 'demo'), 0);
  await open(page);
  await checkOut(page);
  await page.evaluate(() => { globalThis.open('https://example.com/'); });
  await app.quit();
  const log = readFileSync(join(folder, 'home/logs/latchkey.log'), 'utf8');
  expect(log).toContain('"event":"link.refused"');
  const session = (JSON.parse(readFileSync(join(folder, 'home/session.json'), 'utf8')) as { value: string }).value;
  for (const secret of [person.password, session, person.email]) expect(log).not.toContain(secret);
});
