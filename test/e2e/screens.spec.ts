import { appSize } from '../support/e2e/app.ts';
import { expect, portalSize, test } from '../support/e2e/fixtures.ts';
import { dismissMessages, settle, takePicture, tooLong, violations } from '../support/e2e/look.ts';
import { scenes } from '../support/e2e/screens.ts';

/**
 * Every screen, light and dark: a picture of it in `test-results/pictures`, axe finds nothing, and only the page scrolls.
 * `LATCHKEY_PICTURES=1` writes the documents' pictures, too: all light ones, and those below in the dark.
 */
const darkOnes = ['picker', 'lease', 'exchange', 'portal-request'];

// The longest of all specs: the scenes are shared between the workers.
test.describe.configure({ mode: 'parallel' });

for (const scene of scenes) {
  test(`${scene.entry}: ${scene.name}`, async ({ folder: _folder, stick, authority, watch, launch, openPortal, machine }) => {
    test.setTimeout(420_000);
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
          await takePicture(page, name, scheme, scheme === 'light' || darkOnes.includes(name));
          found.push(...[...(await violations(page, scheme)), ...(await tooLong(page))].map((text) => `${name}, ${scheme}: ${text}`));
        }
      });
    }
    expect(found).toEqual([]);
  });
}
