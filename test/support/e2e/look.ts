import { copyFileSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';
import { project } from '../build.ts';

/** Looking at a screen: its picture, what axe finds, and whether it fits. */

export type Scheme = 'light' | 'dark';
const [all, documents] = [join(project, 'test-results/pictures'), join(project, 'docs/pictures')];
const forDocuments = process.env['LATCHKEY_PICTURES'] === '1';
const mostBytes = 150_000;

export const violations = async (page: Page, scheme: Scheme): Promise<readonly string[]> => {
  // React Aria's announcements point at what they were about, which may be gone by now; they are spoken, not read.
  const axe = new AxeBuilder({ page }).exclude('[data-live-announcer]');
  // The dark page is the light one in other colours.
  const { violations: found } = await (scheme === 'light' ? axe : axe.withRules(['color-contrast', 'link-in-text-block'])).analyze();
  return found.flatMap(({ id, help, nodes }) => nodes.map(({ target, failureSummary }) => `${id} (${help}) at ${String(target)}: ${failureSummary ?? ''}`));
};

export const settle = async (page: Page): Promise<void> => {
  await page.evaluate(async () => {
    await document.fonts.ready;
    await Promise.all(document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity).map((animation) => animation.finished.catch(() => undefined)));
  });
};

/** What was said in passing would lie over the page for some seconds. Behind a dialog it cannot be reached, and stays. */
export const dismissMessages = async (page: Page): Promise<void> => {
  if (await page.locator('.lk-dialog').isVisible()) return;
  const dismiss = page.getByRole('region', { name: 'Messages' }).getByRole('button', { name: /^(Dismiss|Close)$/ });
  while ((await dismiss.count()) > 0) await dismiss.first().click({ timeout: 2000 }).catch(() => undefined);
};

/** A picture in `test-results/pictures`; with `LATCHKEY_PICTURES=1` one for the documents, too. */
export const takePicture = async (page: Page, name: string, scheme: Scheme, isForDocuments: boolean): Promise<void> => {
  const file = `${name}${scheme === 'dark' ? '-dark' : ''}.png`;
  await page.screenshot({ path: join(all, file), animations: 'disabled', caret: 'hide' });
  if (!forDocuments || !isForDocuments) return;
  expect(statSync(join(all, file)).size, `${file} is small enough for a document`).toBeLessThan(mostBytes);
  mkdirSync(documents, { recursive: true });
  copyFileSync(join(all, file), join(documents, file));
};

/** A screen as a person may see it: its picture, light and dark, in which axe finds nothing and everything fits. */
export const look = async (page: Page, name: string): Promise<void> => {
  await dismissMessages(page);
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await settle(page);
    await takePicture(page, name, scheme, scheme === 'light');
    expect([...(await violations(page, scheme)), ...(await tooWide(page))], `${name}, ${scheme}`).toEqual([]);
  }
};

/** What is wider than the window shows it: the document, or the part of it that scrolls. */
export const tooWide = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => [document.documentElement, ...document.querySelectorAll('main, .lk-dialog')]
    .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
    .map(({ tagName, scrollWidth, clientWidth }) => `${tagName} is ${scrollWidth} wide where ${clientWidth} are there`));

/** The page scrolls inside the window's frame; a document longer than the window would have a second scrollbar. */
export const tooLong = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const { scrollHeight } = document.scrollingElement ?? document.documentElement;
    return scrollHeight > innerHeight ? [`the document is ${scrollHeight} long where ${innerHeight} are there`] : [];
  });
