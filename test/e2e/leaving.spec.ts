import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@playwright/test';
import { project } from '../support/build.ts';
import { launchPreview, type Preview, type RunningPreview } from '../support/electron-preview/index.ts';

/** How the app ends, whoever asks for it, and what becomes of a start that comes meanwhile. */
const main = join(project, 'out/main/main.js');
let folder = '';
let app: Preview;
const others: RunningPreview[] = [];
/** It takes every connection and never answers, so that ending takes a while. */
let hanging: Server;
const sockets = new Set<Socket>();

test.beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-leaving-'));
  hanging = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket)).on('data', () => undefined);
  });
  await new Promise<void>((ready) => void hanging.listen(0, '127.0.0.1', ready));
  const url = `http://127.0.0.1:${(hanging.address() as AddressInfo).port}`;
  app = await launchPreview({ main, env: { LATCHKEY_HOME: home(), LATCHKEY_AUTHORITY: url, LATCHKEY_TRUST: undefined } });
  await expect.poll(() => sockets.size).toBeGreaterThan(0);
});
test.afterEach(async () => {
  for (const each of [app, ...others.splice(0)]) await each.kill();
  for (const socket of sockets) socket.destroy();
  await new Promise((closed) => hanging.close(closed));
  rmSync(folder, { recursive: true, force: true });
});

const home = (): string => join(folder, 'home');
const log = (): string => { try { return readFileSync(join(home(), 'logs/latchkey.log'), 'utf8'); } catch { return ''; } };
/** SQLite takes the log of a database away when it is closed in order. */
const isClosed = (): boolean => existsSync(join(home(), 'latchkey.db')) && !existsSync(join(home(), 'latchkey.db-wal')) && !existsSync(join(home(), 'in-use.json'));
const relaunched = async (): Promise<RunningPreview> => {
  const next = await app.relaunched;
  others.push(next);
  return next;
};

for (const signals of [['SIGTERM'], ['SIGINT'], ['SIGHUP'], ['SIGTERM', 'SIGTERM'], ['SIGHUP', 'SIGTERM', 'SIGHUP']] as const) {
  test(`${signals.join(', then ')} ends the app in order`, async () => {
    expect(isClosed()).toBe(false);
    const [first, ...more] = signals;
    const exited = app.kill(first);
    await expect.poll(log).toContain('"event":"quit.begun"');
    for (const signal of more) app.process.kill(signal);
    expect(await exited).toMatchObject({ code: 0, signal: null });
    expect(isClosed()).toBe(true);
  });
}

test('quitting twice ends the app in order, and once', async () => {
  void app.quit();
  expect((await app.quit()).code).toBe(0);
  expect(isClosed()).toBe(true);
});

test('a shutdown waits for the app to end in order', async () => {
  expect(await app.systemShutdown()).toBe(true);
  expect((await app.exited).code).toBe(0);
  expect(isClosed()).toBe(true);
});

test('the end of a session on Windows, which waits for nothing, finds the home closed', async () => {
  await app.endSession().catch(() => undefined);
  await app.exited;
  expect(isClosed()).toBe(true);
});

test('a start that comes while the app ends happens after it, with its file', async ({ page }) => {
  const file = join(folder, 'While quitting #1.lklic');
  writeFileSync(file, 'not a license file');
  const exited = app.quit();
  await app.secondInstance([main, pathToFileURL(file).href], folder);
  expect((await exited).output).not.toContain('destroyed');
  const next = await relaunched();
  await page.goto(await next.firstWindow);
  await expect(page.getByText('While quitting #1.lklic')).toBeVisible();
});

test('a click on the dock while the app ends starts it again', async ({ page }) => {
  const exited = app.quit();
  await app.activate();
  await app.activate();
  expect((await exited).output).not.toContain('destroyed');
  const next = await relaunched();
  await page.goto(await next.firstWindow);
  await expect.poll(async () => (await next.windows())[0]?.visible).toBe(true);
});
