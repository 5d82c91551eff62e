import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { project } from '../support/build.ts';
import { launchPreview, type PreviewControl } from '../support/electron-preview/index.ts';
import type { MenuEntry } from '../support/electron-preview/menu.ts';
import { people } from '../support/e2e/data.ts';
import { desktopOf, expect, test } from '../support/e2e/fixtures.ts';

/** One language in the page and in everything around it. */
const trayOf = async (desktop: PreviewControl): Promise<readonly string[]> => (await desktop.tray())[0]?.menu.map(({ label }) => label) ?? [];
const menusOf = async (desktop: PreviewControl): Promise<readonly string[]> => {
  const all = (items: readonly MenuEntry[]): readonly string[] => items.flatMap(({ label, submenu }) => [label, ...all(submenu ?? [])]);
  return all(await desktop.menu());
};

test.describe('page and tray speak the same', () => {
  for (const [name, value, language, open] of [
    ['LANG', 'C.UTF-8', 'en', 'Open Latchkey'], ['LANG', 'sr_RS@latin', 'en', 'Open Latchkey'], ['LANG', 'de_DE@euro', 'de', 'Latchkey öffnen'], ['LANGUAGE', 'fr:de:en', 'de', 'Latchkey öffnen'],
  ] as const) {
    test(`on a system with ${name}=${value}`, async ({ launch }) => {
      const app = await launch({ authority: null, env: { [name]: value } });
      await expect(app.page.locator('html')).toHaveAttribute('lang', language);
      expect(await trayOf(desktopOf(app))).toContain(open);
    });
  }
});

/** The language that the document had whenever a heading was put into it. */
const watchLanguages = async (page: Page): Promise<void> => void (await page.addInitScript(() => {
  const seen: string[] = [];
  Object.assign(globalThis, { seen });
  new MutationObserver(() => {
    const said = `${document.documentElement.lang}: ${document.querySelector('h1')?.textContent ?? ''}`;
    if (document.querySelector('h1') !== null && seen.at(-1) !== said) seen.push(said);
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ['lang'] });
}));

test('the language chosen in the profile is that of tray and menus at once, and of everything from the first moment of the next start', async ({ launch, browser, authority, folder }) => {
  const app = await launch({ as: people.ingrid });
  const desktop = desktopOf(app);
  const { page } = app;
  await page.getByRole('banner').getByRole('button', { name: /^Ingrid/ }).click();
  await page.getByRole('menuitem', { name: 'Manage account' }).click();
  await page.getByRole('radio', { name: 'Deutsch' }).click({ force: true });
  await expect(page.locator('html')).toHaveAttribute('lang', 'de');
  await expect.poll(() => trayOf(desktop)).toContain('Latchkey öffnen');
  expect(await menusOf(desktop)).toEqual(expect.arrayContaining(['Datei', 'Rückgängig', 'Vollbild', 'Fenster', 'Hilfe']));
  await app.quit();

  const keyset = join(folder, 'again.lkkeys');
  writeFileSync(keyset, authority.keyset());
  // The system is English, the browser has kept nothing, and the authority that knows the account's language is away.
  const again = await launchPreview({
    main: join(project, 'out/main/main.js'), cwd: project,
    env: { LANG: 'en_GB.UTF-8', LANGUAGE: '', LC_ALL: '', LATCHKEY_HOME: join(folder, 'app'), LATCHKEY_AUTHORITY: 'http://127.0.0.1:9', LATCHKEY_TRUST: keyset },
  });
  try {
    expect(await trayOf(again)).toContain('Latchkey öffnen');
    const context = await browser.newContext({ locale: 'en-GB' });
    const next = await context.newPage();
    await watchLanguages(next);
    await next.goto(again.url);
    await expect(next.getByRole('heading', { level: 1 })).toBeVisible();
    const seen = await next.evaluate(() => (globalThis as unknown as { seen: readonly string[] }).seen);
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.filter((said) => !said.startsWith('de: '))).toEqual([]);
    await context.close();
  } finally {
    await again.kill();
  }
});
