import { desktopOf, expect, test } from '../support/e2e/fixtures.ts';

/** How large the app shows its pages, and that it stays so. */

test('keys, the wheel and the menu zoom within limits, and the size is there again at the next start', async ({ launch }) => {
  const app = await launch();
  const desktop = desktopOf(app);
  const size = async () => (await desktop.windows())[0]?.zoom;
  const after = (zoom: number) => expect.poll(size).toBe(zoom);
  const { keyboard, mouse } = app.page;

  await keyboard.press('Control+=');
  await after(1.1);
  await keyboard.press('Control++');
  await after(1.25);
  await keyboard.press('Control+NumpadAdd');
  await after(1.5);
  await keyboard.press('Control+-');
  await after(1.25);
  await keyboard.press('Control+0');
  await after(1);
  await keyboard.down('Control');
  await mouse.move(300, 300);
  await mouse.wheel(0, -120);
  await after(1.1);
  await mouse.wheel(0, 120);
  await after(1);
  await keyboard.up('Control');
  // Without Ctrl it scrolls, and a plain key is text.
  await mouse.wheel(0, -120);
  await keyboard.press('=');

  for (const step of [1.1, 1.25, 1.5, 1.75, 2, 2.5, 3, 3]) {
    await desktop.clickMenu(['View', 'Zoom in']);
    await after(step);
  }
  await desktop.clickMenu(['View', 'Actual size']);
  await after(1);
  await desktop.clickMenu(['View', 'Zoom out']);
  await after(0.9);
  await app.quit();

  const again = desktopOf(await launch());
  await expect.poll(async () => (await again.windows())[0]?.zoom).toBe(0.9);
});
