import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ensureBuilt, project } from '../support/build.ts';
import { launchChromium } from '../support/electron-preview/chromium.ts';
import { startPreview } from '../support/electron-preview/index.ts';

/** By this an administrator, and `npm run package:start`, know from outside that the window of an app came up. */
test('the log says when the window has painted, and when the page has begun', async () => {
  await ensureBuilt('app');
  const home = mkdtempSync(join(tmpdir(), 'latchkey-started-'));
  const events = (): readonly unknown[] => readFileSync(join(home, 'logs/latchkey.log'), 'utf8').trim().split('\n').map((line) => (JSON.parse(line) as { readonly event: unknown }).event);
  const app = startPreview({ main: join(project, 'out/main/main.js'), env: { LATCHKEY_HOME: home, LATCHKEY_AUTHORITY: '', LATCHKEY_TRUST: undefined } });
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    const address = await app.firstWindow;
    expect(events()).not.toContain('page.started');
    await page.goto(address);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await expect.poll(events, { timeout: 30_000 }).toEqual(expect.arrayContaining(['page.painted', 'page.started']));
  } finally {
    await browser.close();
    await app.quit();
    rmSync(home, { recursive: true, force: true });
  }
});
