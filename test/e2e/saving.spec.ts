import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { PreviewControl } from '../support/electron-preview/index.ts';
import { desktopOf, expect, test as base } from '../support/e2e/fixtures.ts';

/** What a person reads while a file is saved by the app, and after: never that it is saved before it is. */
const test = base.extend<{ readonly folder: string; readonly app: PreviewControl; readonly window: Page }>({
  window: async ({ launch }, use) => {
    const running = await launch({ authority: null, name: 'WS-042' });
    desktop = desktopOf(running);
    await expect(save(running.page)).toBeVisible();
    await use(running.page);
  },
  app: async ({ window: _ }, use) => {
    if (desktop === null) throw new Error('no desktop');
    await use(desktop);
  },
});
let desktop: PreviewControl | null = null;

const save = (page: Page) => page.getByRole('button', { name: 'Save request file' });
const again = (page: Page) => page.getByRole('button', { name: 'Save it again' });
const toast = (page: Page, title: string | RegExp) => page.getByRole('alertdialog').filter({ hasText: title });
const dialogs = async (app: PreviewControl) => (await app.asked()).filter(({ what }) => what === 'saveDialog').map(({ detail }) => detail as { title: string; defaultPath: string; filters?: { name: string; extensions: string[] }[]; properties?: string[] });

test('the save dialog names the file and its kind, and asks before it replaces one', async ({ app, window: page }) => {
  await save(page).click();
  await expect.poll(() => dialogs(app)).toHaveLength(1);
  const [dialog] = await dialogs(app);
  expect(dialog?.title).toMatch(/^Save .+\.lkreq$/);
  expect(dialog?.title).not.toContain('blob:');
  expect(dialog?.defaultPath).toMatch(/\.lkreq$/);
  expect(dialog?.filters).toEqual([{ name: 'Latchkey request', extensions: ['lkreq'] }, { name: 'All files', extensions: ['*'] }]);
  expect(dialog?.properties).toContain('showOverwriteConfirmation');
});

test('"saved" is said when the file is there, with where, and the folder can be shown', async ({ app, window: page, folder }) => {
  const path = join(folder, 'stick', 'ws-042.lkreq');
  mkdirSync(join(folder, 'stick'), { recursive: true });
  await app.answerNextSaveDialog({ end: 'open' });
  await save(page).click();
  await expect(again(page)).toBeVisible();
  await expect.poll(() => dialogs(app)).toHaveLength(1);
  await expect(toast(page, /saved/)).toHaveCount(0);

  await app.finishSaveDialog({ end: 'completed', path });
  await expect(toast(page, 'ws-042.lkreq is saved')).toContainText(join(folder, 'stick'));
  await toast(page, 'ws-042.lkreq is saved').getByRole('button', { name: 'Show in folder' }).click();
  await expect.poll(async () => (await app.asked()).filter(({ what }) => what === 'showItemInFolder')).toMatchObject([{ detail: path }]);
});

test('a dialog that is cancelled leaves nothing, which is said, and the button stays', async ({ app, window: page }) => {
  await app.answerNextSaveDialog({ end: 'cancelled' });
  await save(page).click();
  await expect(toast(page, 'Nothing was saved')).toBeVisible();
  await expect(toast(page, /is saved/)).toHaveCount(0);
  await again(page).click();
  await expect(toast(page, /\.lkreq is saved/)).toBeVisible();
});

for (const end of ['interrupted', 'resumable'] as const) {
  test(`a file that could not be written (${end}) is said to be missing, with what to do`, async ({ app, window: page, folder }) => {
    await app.answerNextSaveDialog({ end, path: join(folder, 'away', 'ws-042.lkreq') });
    await save(page).click();
    await expect(toast(page, /\.lkreq could not be saved/)).toContainText('Save it in another place.');
    await expect(toast(page, /is saved/)).toHaveCount(0);
    await again(page).click();
    await expect(toast(page, /\.lkreq is saved/)).toBeVisible();
  });
}

test('the page shows no file in its folder that it did not save', async ({ app, window: page }) => {
  for (const id of ['0f0f', '/etc/passwd', '../..']) {
    expect(await page.evaluate((given) => (globalThis as unknown as { latchkey: { call: (channel: string, input: unknown) => Promise<unknown> } }).latchkey.call('download.show', { id: given }), id)).toMatchObject({ ok: false, code: 'NOT_FOUND' });
  }
  expect((await app.asked()).filter(({ what }) => what === 'showItemInFolder')).toEqual([]);
});
