import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { project } from '../support/build.ts';
import { launchPreview, startPreview } from '../support/electron-preview/index.ts';
import type { AppSnapshot, LatchkeyBridge } from '../../src-shared/ipc.ts';
import type { Result } from '../../src-shared/result.ts';

/** What the app says of the system's keychain, and what it does with the key of its machine, on Linux as Electron meets it. */

const main = join(project, 'out/main/main.js');
let folder = '';
test.beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'latchkey-keychain-')); });
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

type Env = Readonly<Record<string, string | undefined>>;
const keyring = (state: 'open' | 'locked' | 'denied' | 'portal' = 'open', name = 'keyring'): Env => ({ ELECTRON_PREVIEW_KEYRING: join(folder, name), ELECTRON_PREVIEW_KEYRING_STATE: state });
const none: Env = { ELECTRON_PREVIEW_KEYRING: undefined, ELECTRON_PREVIEW_KEYRING_STATE: undefined };
/** A desktop that Chromium takes for one with a keyring, and one that it does not know. */
const gnome: Env = { XDG_CURRENT_DESKTOP: 'GNOME' };
const unknown: Env = { XDG_CURRENT_DESKTOP: 'i3' };

const options = (env: Env) => ({ main, env: { LANG: 'en_GB.UTF-8', LC_ALL: '', LANGUAGE: '', LATCHKEY_HOME: join(folder, 'home'), LATCHKEY_AUTHORITY: '', LATCHKEY_TRUST: undefined, ...env } });
const file = () => JSON.parse(readFileSync(join(folder, 'home/machine-key.json'), 'utf8')) as { readonly sealed: string; readonly value: string };
const sealedBy = (): string => (file().sealed === 'no' ? 'nothing' : Buffer.from(file().value, 'base64').subarray(0, 3).toString());

/** Starts the app, and gives what it says of the machine and its key, on the page too. */
async function start(page: Page, env: Env): Promise<{ readonly id: string; readonly protection: string; readonly page: string }> {
  const app = await launchPreview(options(env));
  try {
    await page.goto(app.url);
    await expect(page.locator('#root')).not.toBeEmpty();
    const snapshot = (await page.evaluate(() => (globalThis as unknown as { latchkey: LatchkeyBridge }).latchkey.call('app.snapshot', null))) as Result<AppSnapshot>;
    if (!snapshot.ok) throw new Error(snapshot.code);
    const { id, protection } = snapshot.value.state.machine;
    return { id, protection, page: page.url() };
  } finally {
    await app.quit();
  }
}

/** A start that ends without a window. */
async function refused(env: Env): Promise<{ readonly code: number | null; readonly said: string }> {
  const app = startPreview(options(env));
  const opened = await Promise.race([app.exited.then(() => false), app.firstWindow.then(() => true, () => false)]);
  const { code, output } = await (opened ? app.kill() : app.exited);
  return { code, said: /error box ".*?": (.*)/.exec(output)?.[1] ?? output };
}

test('a desktop that should have a keyring and has none is not said to have one, and the key stays readable here', async ({ page }) => {
  const first = await start(page, { ...gnome, ...none });
  expect([first.protection, sealedBy()]).toEqual(['file', 'nothing']);
  expect((await start(page, { ...gnome, ...none })).id).toBe(first.id);
});

test('a keyring on a desktop that Chromium does not know is used, and said', async ({ page }) => {
  expect((await start(page, { ...unknown, ...keyring() })).protection).toBe('keychain');
  expect(sealedBy()).toBe('v11');
});

test('a key from a time without a keyring is sealed when there is one, and again with a better one', async ({ page }) => {
  const { id } = await start(page, none);
  expect(sealedBy()).toBe('nothing');
  expect(await start(page, keyring())).toMatchObject({ id, protection: 'keychain' });
  expect(sealedBy()).toBe('v11');
  expect(await start(page, keyring('portal'))).toMatchObject({ id, protection: 'keychain' });
  expect(sealedBy()).toBe('v12');
});

test('a key that an earlier version sealed with what everyone knows is opened without a keyring, and no longer called sealed', async ({ page }) => {
  const { id } = await start(page, none);
  const { value } = file();
  const { createCipheriv, pbkdf2Sync } = await import('node:crypto');
  const cipher = createCipheriv('aes-128-cbc', pbkdf2Sync('peanuts', 'saltysalt', 1, 16, 'sha1'), Buffer.alloc(16, ' '));
  const sealed = Buffer.concat([Buffer.from('v10'), cipher.update(value, 'utf8'), cipher.final()]).toString('base64');
  writeFileSync(join(folder, 'home/machine-key.json'), JSON.stringify({ v: 1, sealed: 'keychain', value: sealed }));
  expect(await start(page, { ...gnome, ...none })).toMatchObject({ id, protection: 'file' });
  expect(sealedBy()).toBe('nothing');
});

test('a key whose keyring is locked or away is not taken for lost: the app says what to do, and goes on when it is back', async ({ page }) => {
  const { id } = await start(page, keyring());
  const before = JSON.stringify(file());
  for (const away of [{ ...gnome, ...keyring('locked') }, { ...gnome, ...none }, { ...unknown, ...none }]) {
    expect(await refused(away)).toMatchObject({ code: 7, said: expect.stringContaining('Unlock the keychain') });
    expect(JSON.stringify(file())).toBe(before);
  }
  expect(await start(page, keyring())).toMatchObject({ id, protection: 'keychain' });
});

test('a keychain that refuses is told as that, before and after the first start', async ({ page }) => {
  expect(await refused(keyring('denied'))).toMatchObject({ code: 7, said: expect.stringContaining('allow the access') });
  expect(() => file()).toThrow();
  const { id } = await start(page, keyring());
  expect(await refused(keyring('denied'))).toMatchObject({ code: 7, said: expect.stringContaining('allow the access') });
  expect((await start(page, keyring())).id).toBe(id);
});

test('a key that another keyring sealed is told as that, and is not replaced', async ({ page }) => {
  await start(page, keyring());
  const before = JSON.stringify(file());
  expect(await refused(keyring('open', 'another'))).toMatchObject({ code: 7, said: expect.stringContaining('sealed by a keychain that is gone') });
  expect(JSON.stringify(file())).toBe(before);
});
