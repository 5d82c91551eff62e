import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { launchPreview, startPreview, type RunningPreview } from '../../support/electron-preview/index.ts';

/** electron/lib/browser/init.ts and shell/browser/browser.cc: small apps, each of one main script, and how they end or live on. */
let folder: string;
let app: RunningPreview | null = null;
let said: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'electron-preview-'));
  said = [];
});
afterEach(async () => {
  await app?.kill();
  app = null;
  rmSync(folder, { recursive: true, force: true });
});

function run(script: string): RunningPreview {
  const main = join(folder, 'main.mjs');
  writeFileSync(main, `import { app, BrowserWindow, dialog } from 'electron';\nconst say = (text) => console.log(text);\n${script}`);
  app = startPreview({ main, onLine: (line) => said.push(line) });
  return app;
}
const errorBoxes = async (running: RunningPreview) => (await running.asked()).filter(({ what }) => what === 'errorBox').map(({ detail }) => detail);
const uncaught = (message: string) => ({ title: 'A JavaScript error occurred in the main process', content: expect.stringContaining(`Uncaught Exception:\nError: ${message}`) as string });

test('a fault that nobody listens to is shown in a box, and the app lives on', async () => {
  const running = run("app.whenReady().then(() => setTimeout(() => { setTimeout(() => say('alive'), 1); throw new Error('broken'); }));");
  await expect.poll(() => said, { timeout: 30_000 }).toContain('alive');
  expect(await errorBoxes(running)).toEqual([uncaught('broken')]);
  expect((await running.quit()).code).toBe(0);
});

test('a fault that the app listens to is the app\'s own affair', async () => {
  const running = run("process.on('uncaughtException', (error) => say(`heard ${error.message}`));\nsetTimeout(() => { throw new Error('broken'); });");
  await expect.poll(() => said, { timeout: 30_000 }).toContain('heard broken');
  expect(await errorBoxes(running)).toEqual([]);
});

test('a main script that fails is shown in a box, the app becomes ready, and a start that waits for a window is told', async () => {
  const main = join(folder, 'main.mjs');
  writeFileSync(main, "import { app } from 'electron';\napp.whenReady().then(() => console.log('ready'));\nthrow new Error('no start');");
  await expect(launchPreview({ main, onLine: (line) => said.push(line), env: {} })).rejects.toThrow('A JavaScript error occurred');
  await expect.poll(() => said, { timeout: 30_000 }).toContain('ready');
});

test('a rejection that nobody takes is a warning and no end, and quitting is as well as ever', async () => {
  const running = run("app.whenReady().then(() => { void Promise.reject(new Error('nobody')); setTimeout(() => say('alive'), 1); });");
  await expect.poll(() => said, { timeout: 30_000 }).toContain('alive');
  expect(said.join('\n')).toContain('UnhandledPromiseRejectionWarning');
  expect(await errorBoxes(running)).toEqual([]);
  expect((await running.quit()).code).toBe(0);
});

const events = "for (const name of ['before-quit', 'will-quit', 'quit', 'window-all-closed']) app.on(name, () => say(name));\napp.whenReady().then(() => { const win = new BrowserWindow({ show: false }); win.on('close', () => say('close')); win.on('closed', () => say('closed'));\n";

test('app.exit asks nobody: windows are destroyed, and only quit is told', async () => {
  const { code } = await run(`${events} setTimeout(() => { app.exit(3); say('after'); }); });`).exited;
  expect([code, said]).toEqual([3, ['closed', 'quit', 'after']]);
});

test('app.exit before the app is ready ends it on the spot', async () => {
  const { code } = await run("app.on('quit', () => say('quit'));\napp.exit(5);\nsay('after');").exited;
  expect([code, said]).toEqual([5, []]);
});

test('app.quit before the app is ready is told at once, and the app becomes ready before it ends', async () => {
  const { code } = await run(`${events} say('ready'); }).catch((error) => say(error.message));\napp.quit();\nsay('after');`).exited;
  expect([code, said]).toEqual([0, ['before-quit', 'will-quit', 'quit', 'after', 'ready']]);
});

test('app.quit asks in order: before-quit, each window, will-quit, quit', async () => {
  const { code } = await run(`${events} setTimeout(() => { app.quit(); say('after'); }); });`).exited;
  expect([code, said]).toEqual([0, ['before-quit', 'close', 'closed', 'will-quit', 'quit', 'after']]);
});

test('process.exit is app.exit, and returns', async () => {
  const { code } = await run(`${events} setTimeout(() => { process.exit(4); say('after'); }); });`).exited;
  expect([code, said]).toEqual([4, ['closed', 'quit', 'after']]);
});

test('a window that refuses to close ends the quitting, and the others are closed all the same', async () => {
  const running = run(`${events} win.on('close', (event) => event.preventDefault()); const other = new BrowserWindow({ show: false }); other.on('closed', () => say('other closed')); app.quit(); setTimeout(() => say('alive'), 1); });`);
  await expect.poll(() => said, { timeout: 30_000 }).toContain('alive');
  expect(said).toEqual(['before-quit', 'close', 'other closed', 'alive']);
  expect(await running.windows()).toHaveLength(1);
});
