import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Download, type Page } from '@playwright/test';
import { filesSavedBy, type SavedFile } from './app.ts';

/** Files as people carry them: saved by a download, brought by a file input or a drop. */
export type Carried = { readonly path: string; readonly name: string; readonly text: string };

/** What a press saves: the download, put on the stick under the name it was given. */
export const saved = async (page: Page, stick: string, press: () => Promise<void>): Promise<Carried> => {
  const before = await filesSavedBy(page);
  if (before !== null) return keepFile(await nextFile(page, before.length, press), stick);
  const [download] = await Promise.all([page.waitForEvent('download'), press()]);
  return keep(download, stick);
};

const nextFile = async (page: Page, count: number, press: () => Promise<void>): Promise<SavedFile> => {
  await press();
  await expect.poll(async () => (await filesSavedBy(page))?.length ?? 0).toBeGreaterThan(count);
  const file = (await filesSavedBy(page))?.[count];
  if (file === undefined) throw new Error('nothing was saved');
  return file;
};

const keepFile = ({ path: from, name }: SavedFile, stick: string): Carried => {
  const path = join(stick, name);
  copyFileSync(from, path);
  return { path, name, text: readFileSync(path, 'utf8') };
};

const keep = async (download: Download, stick: string): Promise<Carried> => {
  const name = download.suggestedFilename();
  const path = join(stick, name);
  await download.saveAs(path);
  return { path, name, text: readFileSync(path, 'utf8') };
};

/** Chooses a file in the dialog that a press opens. */
export const choose = async (page: Page, file: { readonly path: string }, press: () => Promise<void>): Promise<void> => {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), press()]);
  await chooser.setFiles(file.path);
};

/** Drops a file on the place with this name. */
export const drop = async (page: Page, place: string | RegExp, { name, text }: Pick<Carried, 'name' | 'text'>): Promise<void> => {
  const target = page.getByRole('group', { name: place });
  const dataTransfer = await page.evaluateHandle(([fileName, content]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([content], fileName));
    return transfer;
  }, [name, text] as const);
  for (const type of ['dragenter', 'dragover', 'drop']) await target.dispatchEvent(type, { dataTransfer });
};

/** Lets go of files over the page, beside every frame that takes files. */
export const dropAnywhere = async (page: Page, files: readonly Pick<Carried, 'name' | 'text'>[]): Promise<void> => {
  const dataTransfer = await page.evaluateHandle((all) => {
    const transfer = new DataTransfer();
    for (const { name, text } of all) transfer.items.add(new File([text], name));
    return transfer;
  }, files.map(({ name, text }) => ({ name, text })));
  for (const type of ['dragover', 'drop']) await page.locator('body').dispatchEvent(type, { dataTransfer });
};
