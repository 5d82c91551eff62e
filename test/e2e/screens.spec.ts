import { copyFileSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { project } from '../support/build.ts';
import { appSize } from '../support/e2e/app.ts';
import { expect, portalSize, test } from '../support/e2e/fixtures.ts';
import { scenes } from '../support/e2e/screens.ts';

/**
 * Every screen, light and dark: a picture of it in `test-results/pictures`, and axe finds nothing. `LATCHKEY_PICTURES=1` writes
 * the documents' pictures, too: all light ones, and those below in the dark.
 */
const [all, documents] = [join(project, 'test-results/pictures'), join(project, 'docs/pictures')];
const forDocuments = process.env['LATCHKEY_PICTURES'] === '1';
const darkOnes = ['picker', 'lease', 'exchange', 'portal-request'];
const mostBytes = 150_000;

const violations = async (page: Page, scheme: 'light' | 'dark'): Promise<readonly string[]> => {
  // React Aria's announcements point at what they were about, which may be gone by now; they are spoken, not read.
  const axe = new AxeBuilder({ page }).exclude('[data-live-announcer]');
  // The dark page is the light one in other colours.
  const { violations: found } = await (scheme === 'light' ? axe : axe.withRules(['color-contrast', 'link-in-text-block'])).analyze();
  return found.flatMap(({ id, help, nodes }) => nodes.map(({ target, failureSummary }) => `${id} (${help}) at ${String(target)}: ${failureSummary ?? ''}`));
};

const settle = async (page: Page): Promise<void> => {
  await page.evaluate(async () => {
    await document.fonts.ready;
    await Promise.all(document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity).map((animation) => animation.finished.catch(() => undefined)));
  });
};

// The longest of all specs: the scenes are shared between the workers.
test.describe.configure({ mode: 'parallel' });

/** What was said in passing would lie over the page for some seconds. Behind a dialog it cannot be reached, and stays. */
const dismissMessages = async (page: Page): Promise<void> => {
  if (await page.locator('.lk-dialog').isVisible()) return;
  const dismiss = page.getByRole('region', { name: 'Messages' }).getByRole('button', { name: /^(Dismiss|Close)$/ });
  while ((await dismiss.count()) > 0) await dismiss.first().click({ timeout: 2000 }).catch(() => undefined);
};

for (const scene of scenes) {
  test(`${scene.entry}: ${scene.name}`, async ({ folder: _folder, stick, authority, watch, launch, openPortal, machine }) => {
    test.setTimeout(180_000);
    if (scene.name === 'the portal') watch.expect(/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE/);
    const { page, screens } = await scene.begin({ stick, authority, watch, launch, openPortal, machine });
    const found: string[] = [];
    for (const { name, go } of screens) {
      await test.step(name, async () => {
        await go();
        await page.mouse.move(0, 0);
        await dismissMessages(page);
        for (const scheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
          await settle(page);
          await page.setViewportSize(scene.entry === 'app' ? appSize : portalSize);
          const file = `${name}${scheme === 'dark' ? '-dark' : ''}.png`;
          await page.screenshot({ path: join(all, file), animations: 'disabled', caret: 'hide' });
          if (forDocuments && (scheme === 'light' || darkOnes.includes(name))) {
            expect(statSync(join(all, file)).size, `${file} is small enough for a document`).toBeLessThan(mostBytes);
            mkdirSync(documents, { recursive: true });
            copyFileSync(join(all, file), join(documents, file));
          }
          found.push(...(await violations(page, scheme)).map((text) => `${name}, ${scheme}: ${text}`));
        }
      });
    }
    expect(found).toEqual([]);
  });
}
