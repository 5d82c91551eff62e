import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { project } from '../support/build.ts';
import { startPreview, type RunningPreview } from '../support/electron-preview/index.ts';

/** Main's real program on the stand-in: addresses that the desktop opens, in the log and in what is shown. */
let folder = '';
const running: RunningPreview[] = [];
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'latchkey-address-'))));
afterEach(async () => {
  await Promise.all(running.splice(0).map((app) => app.kill()));
  rmSync(folder, { recursive: true, force: true });
});

const start = (...args: readonly string[]): RunningPreview => {
  const app = startPreview({ main: join(project, 'src-main/main.ts'), args, env: { LATCHKEY_HOME: join(folder, 'home'), LATCHKEY_AUTHORITY: '', LATCHKEY_TRUST: undefined } });
  running.push(app);
  return app;
};
const isVisible = async (app: RunningPreview) => (await app.windows())[0]?.visible;
const refused = (): readonly string[] => readFileSync(join(folder, 'home/logs/latchkey.log'), 'utf8').split('\n').filter((line) => line.includes('"address.refused"'));

test('an address of ours shows the window, and any other shows nothing, is written down and changes nothing', async () => {
  const app = start('--hidden');
  await expect.poll(() => app.tray()).toHaveLength(1);
  for (const address of ['latchkey://quit', 'latchkey://picker/../exchange', 'latchkey://x --quit', 'LATCHKEY://picker']) expect(await start(address).exited).toMatchObject({ code: 0 });
  await app.openUrl('latchkey://release');
  await expect.poll(refused).toHaveLength(5);
  expect(await isVisible(app)).toBe(false);

  expect(await start('latchkey://picker').exited).toMatchObject({ code: 0 });
  await expect.poll(() => isVisible(app)).toBe(true);
  expect(refused()).toHaveLength(5);
});

test('the event of macOS shows the window too, and so does an address beside a document', async () => {
  const app = start('--hidden');
  await expect.poll(() => app.tray()).toHaveLength(1);
  await app.openUrl('latchkey://exchange');
  await expect.poll(() => isVisible(app)).toBe(true);
  await app.closeWindow();
  await expect.poll(() => isVisible(app)).toBe(false);
  writeFileSync(join(folder, 'a.lklic'), '');
  await start('latchkey://nothing', join(folder, 'a.lklic')).exited;
  await expect.poll(() => isVisible(app)).toBe(true);
});
