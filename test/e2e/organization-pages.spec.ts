import { expect } from '@playwright/test';
import { appSize } from '../support/e2e/app.ts';
import { portalSize } from '../support/e2e/fixtures.ts';
import { dismissMessages, settle, takePicture, tooLong, tooWide, violations } from '../support/e2e/look.ts';
import { test } from '../support/e2e/mail.ts';
import { organizationScenes } from '../support/e2e/organization-screens.ts';

/**
 * Every screen around the licenses, in the portal and in the app, light and dark: axe finds nothing, and it fits into a window of
 * 900 and of 1,600 pixels. `LATCHKEY_PICTURES=1` writes the documents' pictures: the portal's in the light, and those below.
 */
const fromApp = ['app-organizations', 'app-people', 'app-products', 'app-two-factor'];
const darkOnes = ['portal-people', 'portal-license', 'portal-requests', 'portal-two-factor'];
const widths = [900, 1600] as const;

test.describe.configure({ mode: 'parallel' });

for (const scene of organizationScenes) {
  test(`${scene.entry}: ${scene.name}`, async ({ folder: _folder, stick, authority, watch, launch, openPortal, machine, smtp }) => {
    test.setTimeout(420_000);
    const { page, screens } = await scene.begin({ stick, authority, watch, launch, openPortal, machine, smtp });
    const size = scene.entry === 'app' ? appSize : portalSize;
    const found: string[] = [];
    for (const { name, go } of screens) {
      await test.step(name, async () => {
        await go();
        await page.mouse.move(0, 0);
        await dismissMessages(page);
        for (const width of widths) {
          await page.setViewportSize({ width, height: size.height });
          await settle(page);
          found.push(...[...(await tooWide(page)), ...(await tooLong(page))].map((text) => `${name} in a window of ${width}: ${text}`));
        }
        await page.setViewportSize(size);
        for (const scheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
          await settle(page);
          await takePicture(page, name, scheme, scheme === 'light' ? scene.entry === 'portal' || fromApp.includes(name) : darkOnes.includes(name));
          found.push(...(await violations(page, scheme)).map((text) => `${name}, ${scheme}: ${text}`));
        }
        await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
      });
    }
    expect(found).toEqual([]);
  });
}
