import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { project } from '../support/build.ts';
import { startPreview, type PreviewExit, type RunningPreview } from '../support/electron-preview/index.ts';

/** Main's real program on the stand-in: the switches of a first start and of a later one. */
let folder = '';
let home = '';
const running: RunningPreview[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-switches-'));
  home = join(folder, 'home');
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((app) => app.kill()));
  rmSync(folder, { recursive: true, force: true });
});

const start = (...args: readonly string[]): RunningPreview => {
  const app = startPreview({ main: join(project, 'src-main/main.ts'), args, env: { LATCHKEY_HOME: home, LATCHKEY_AUTHORITY: '', LATCHKEY_TRUST: undefined } });
  running.push(app);
  return app;
};
const ended = async (...args: readonly string[]): Promise<PreviewExit> => start(...args).exited;
const isVisible = async (app: RunningPreview) => (await app.windows())[0]?.visible;

test('--quit ends the running app in order, and is no failure where none runs', async () => {
  expect(await ended('--quit')).toMatchObject({ code: 0, output: '' });
  expect(existsSync(home)).toBe(false);

  const app = start();
  await app.firstWindow;
  expect(await ended('--quit')).toMatchObject({ code: 0 });
  expect(await app.exited).toMatchObject({ code: 0, signal: null });
  // In order: what says that this computer works in the home is gone.
  expect(readdirSync(home)).not.toContain('in-use.json');
  expect(await ended('--quit')).toMatchObject({ code: 0 });
});

test('--hidden starts in the tray with no window, and a later start shows it', async () => {
  const app = start('--hidden');
  await expect.poll(() => app.tray(), { timeout: 30_000 }).toHaveLength(1);
  await expect.poll(async () => (await app.windows())[0]?.url).toContain('app://');
  expect(await isVisible(app)).toBe(false);
  expect(await ended('--hidden')).toMatchObject({ code: 0 });
  expect(await isVisible(app)).toBe(false);
  await app.clickTray();
  expect(await isVisible(app)).toBe(true);
  await app.closeWindow();
  await ended();
  await expect.poll(() => isVisible(app)).toBe(true);
});

test('a later start with --hidden leaves a window where it is, and shows one for a document', async () => {
  const app = start('--hidden');
  await expect.poll(() => app.tray()).toHaveLength(1);
  writeFileSync(join(folder, 'a.lklic'), 'not a license file');
  await ended('--hidden', join(folder, 'a.lklic'));
  await expect.poll(() => isVisible(app)).toBe(true);
  await ended('--hidden');
  expect(await isVisible(app)).toBe(true);
});

test('--help says what the switches do, and opens nothing', async () => {
  const { code, output } = await ended('--help');
  expect(code).toBe(0);
  for (const name of ['--hidden', '--quit', '--help', '.lklic']) expect(output).toContain(name);
  expect(existsSync(home)).toBe(false);
});
