import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { launchChromium } from '../../support/electron-preview/chromium.ts';
import { launchPreview, startPreview, type Preview } from '../../support/electron-preview/index.ts';

type Fixture = {
  invoke(channel: string, ...args: unknown[]): Promise<unknown>; send(channel: string, ...args: unknown[]): void; onPong(listener: (value: unknown) => void): void;
  pathOf(file: File): string; requires(name: string): unknown; echo(value: unknown): unknown; give(): { fresh: boolean };
  readonly platform: string; readonly sandboxed: boolean; readonly nested: { list: unknown[]; when: Date }; readonly instance: object; readonly whole: object;
};
declare global { interface Window { fixture: Fixture; seenFirst: string } }

const main = fileURLToPath(new URL('../../support/electron-preview/fixture/main.mjs', import.meta.url));
let browser: Browser;
let home: string;
let preview: Preview;
let said: { event: string; detail?: unknown }[];

const told = (event: string) => said.filter((one) => one.event === event).map((one) => one.detail);
const onLine = (line: string) => { if (line.startsWith('{')) said.push(JSON.parse(line) as { event: string }); };
const launch = (...args: string[]) => launchPreview({ main, args: [`--user-data-dir=${home}`, ...args], onLine });
const open = async (url = preview.url): Promise<Page> => {
  const page = await (await browser.newContext()).newPage();
  await page.goto(url);
  return page;
};
/** As a client that follows no redirect and resolves no path. */
const raw = (path: string, headers: Record<string, string> = {}) => new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
  const { hostname, port } = new URL(preview.url);
  request({ hostname, port, path, headers }, (response) => {
    let body = '';
    response.setEncoding('utf8').on('data', (part: string) => { body += part; }).on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
  }).on('error', reject).end();
});
const takeCookie = async () => {
  const { pathname, search } = new URL(preview.url);
  const { headers } = await raw(pathname + search);
  return String(headers['set-cookie']).split(';')[0] ?? '';
};

beforeAll(async () => { browser = await launchChromium(); });
afterAll(() => browser.close());
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'electron-preview-'));
  said = [];
  preview = await launch();
});
afterEach(async () => {
  await preview.kill();
  for (const context of browser.contexts()) await context.close();
  rmSync(home, { recursive: true, force: true });
});

test('the main script runs as on an unpackaged Electron, by import and by require', async () => {
  const page = await open();
  const { argv, ...runtime } = await page.evaluate(() => window.fixture.invoke('runtime')) as Record<string, unknown>;
  expect(runtime).toEqual({ electron: '45.0.0-preview', type: 'browser', packaged: false, name: 'preview-fixture', version: '1.2.3', userData: home, sameModule: true, encryption: [false, true, 'encrypted'] });
  expect(argv).toEqual([process.execPath, main, `--user-data-dir=${home}`]);
});

test('values, bytes and pushes cross between page and main', async () => {
  const page = await open();
  const result = await page.evaluate(async () => {
    const [bytes, missing, when, plain] = await window.fixture.invoke('echo', new Uint8Array([0, 200, 255]), undefined, new Date(7), { a: [1] }) as [Uint8Array, undefined, Date, object];
    const pong = new Promise((resolve) => window.fixture.onPong(resolve));
    window.fixture.send('ping', new Uint8Array([9]));
    return { bytes: bytes instanceof Uint8Array && [...bytes], missing, when: when.getTime(), plain, pong: [...await pong as Uint8Array] };
  });
  expect(result).toEqual({ bytes: [0, 200, 255], missing: undefined, when: 7, plain: { a: [1] }, pong: [9] });
});

test('an error of a handler, an unknown channel and what cannot be cloned reject as in Electron', async () => {
  const page = await open();
  const messages = await page.evaluate(async () => {
    const messageOf = (promise: Promise<unknown>) => promise.then(() => 'resolved', (error: Error) => error.message);
    const invoke = (channel: string, ...args: unknown[]) => messageOf(window.fixture.invoke(channel, ...args));
    return [await invoke('fail'), await invoke('nowhere'), await invoke('uncloneable'), await invoke('echo', () => 1), await invoke('echo', document.body), await invoke('echo', new File([], 'a.txt')), await invoke('echo', [new DOMRect()])];
  });
  const refused = 'An object could not be cloned.';
  expect(messages).toEqual([
    "Error invoking remote method 'fail': RangeError: no such thing", "Error invoking remote method 'nowhere': Error: No handler registered for 'nowhere'",
    `Error invoking remote method 'uncloneable': Error: ${refused}`, refused, refused, refused, refused,
  ]);
});

test('a push that cannot be cloned is not sent, and the next one is', async () => {
  const page = await open();
  expect(await page.evaluate(() => new Promise((resolve) => { window.fixture.onPong(resolve); window.fixture.send('push-uncloneable'); }))).toBe('after');
});

test('invoke rejects when the main process is gone', async () => {
  const page = await open();
  await preview.kill();
  const message = await page.evaluate(() => window.fixture.invoke('echo').then(() => 'resolved', (error: Error) => error.message));
  expect(message).toBe("Error invoking remote method 'echo': the main process is gone");
});

test('the context bridge copies and freezes the api and lets no prototype through', async () => {
  const page = await open();
  const seen = await page.evaluate(() => {
    const { fixture } = window;
    const attempt = (run: () => unknown) => { try { return run(); } catch (error) { return (error as Error).message; } };
    return {
      first: window.seenFirst, frozen: [fixture, fixture.nested, fixture.nested.list, fixture.nested.list[1]].every((one) => Object.isFrozen(one)),
      replaced: Reflect.set(window, 'fixture', 1) || Reflect.deleteProperty(window, 'fixture'), when: fixture.nested.when.getTime(),
      instance: [Object.keys(fixture.instance), 'method' in fixture.instance], whole: Object.keys(fixture.whole), fresh: Object.isFrozen(fixture.give()),
      symbol: fixture.echo(Symbol('s')), element: fixture.echo(document.body) === document.body, file: fixture.pathOf(new File([], 'a.txt')), sandboxed: fixture.sandboxed,
      fs: attempt(() => fixture.requires('node:fs')), script: document.querySelectorAll('script').length,
    };
  });
  expect(seen).toEqual({ first: 'object', frozen: true, replaced: false, when: 0, instance: [['visible'], false], whole: [], fresh: false, symbol: undefined, element: true, file: '', sandboxed: true, fs: 'module not found: node:fs', script: 1 });
});

test('the address opens once; then only the browser that opened it gets in, and a fresh address opens another', async () => {
  const page = await open();
  expect(page.url()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?start=1#here$/);
  const second = await (await browser.newContext()).newPage();
  expect((await second.goto(preview.url))?.status()).toBe(403);
  expect((await second.goto(new URL('/', preview.url).href))?.status()).toBe(403);
  expect((await page.reload())?.status()).toBe(200);
  expect((await page.goto(preview.url))?.status()).toBe(200);
  expect(page.url()).not.toContain('token=');
  expect((await second.goto(await preview.freshUrl()))?.status()).toBe(200);
  await expect.poll(async () => (await preview.windows())[0]?.pages).toBe(2);
});

test('the cookie is out of reach of scripts and of other sites, and another host name is refused', async () => {
  const { pathname, search } = new URL(preview.url);
  const { status, headers } = await raw(pathname + search);
  expect([status, String(headers['set-cookie'])]).toEqual([303, expect.stringMatching(/^electron-preview-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/)]);
  const cookie = String(headers['set-cookie']).split(';')[0] ?? '';
  expect((await raw('/', { cookie })).status).toBe(200);
  expect((await raw('/', { cookie: `${cookie}x` })).status).toBe(403);
  expect((await raw('/', { cookie, host: 'rebound.example' })).status).toBe(400);
  expect((await raw('/__electron-preview__/page.js')).status).toBe(403);
});

test('the socket takes the page\'s own origin and cookie only', async () => {
  const cookie = await takeCookie();
  const { origin } = new URL(preview.url);
  const { WebSocket } = await import('ws');
  const opens = (headers: Record<string, string>) => new Promise<boolean>((resolve) => {
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/__electron-preview__/ipc`, { headers });
    socket.on('open', () => { socket.close(); resolve(true); }).on('error', () => resolve(false));
  });
  expect([await opens({ cookie, origin }), await opens({ cookie, origin: 'http://127.0.0.1:1' }), await opens({ cookie }), await opens({ origin })]).toEqual([true, false, false, false]);
});

test('nonsense on the socket closes it, a message on the channel named error is dropped, and the app goes on', async () => {
  const cookie = await takeCookie();
  const { origin } = new URL(preview.url);
  const { WebSocket } = await import('ws');
  const closes = (text: string) => new Promise<string>((resolve, reject) => {
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/__electron-preview__/ipc`, { headers: { cookie, origin } });
    socket.on('open', () => socket.send(text)).on('close', () => resolve('closed')).on('error', reject);
  });
  for (const text of ['{', 'null', '{"kind":"send"}', '{"$":"Nothing"}', '{"kind":"hello","url":"http://127.0.0.1:1/"}']) expect(await closes(text)).toBe('closed');
  const page = await open(await preview.freshUrl());
  await page.evaluate(() => window.fixture.send('error', 'boom'));
  expect(await page.evaluate(() => window.fixture.invoke('echo', 1))).toEqual([1]);
});

test('headers and policy reach the page with the stand-in\'s own address added and nothing else', async () => {
  const { headers, body } = await raw('/', { cookie: await takeCookie() });
  const host = new URL(preview.url).host;
  expect(headers['content-security-policy']).toBe(`default-src 'none'; script-src 'self'; style-src 'self'; connect-src http://${host} ws://${host}; form-action 'none'`);
  expect([headers['x-fixture'], headers['x-seen'], headers['content-type']]).toEqual(['kept', 'mainFrame', 'text/html; charset=utf-8']);
  expect(body).toContain('<head><script src="/__electron-preview__/page.js"></script>');
});

test('the app:// handler gets the app\'s own addresses, and a path that climbs is left to it', async () => {
  const cookie = await takeCookie();
  said = [];
  expect((await raw('/..%2f..%2fsecret?q=%2e', { cookie })).status).toBe(404);
  expect((await raw('/a/%5c..%5cb?token=its-own', { cookie })).status).toBe(404);
  expect((await raw('/../../secret', { cookie })).status).toBe(404);
  expect((await raw('//elsewhere/x', { cookie })).status).toBe(404);
  await expect.poll(() => told('request')).toEqual(['app://fixture/..%2f..%2fsecret?q=%2e', 'app://fixture/a/%5c..%5cb?token=its-own', 'app://fixture/secret', 'app://fixture//elsewhere/x']);
});

test('a request of the page carries its body and the app\'s origin, and a cancelled one fails', async () => {
  const page = await open();
  expect(await page.evaluate(async () => (await fetch('/echo', { method: 'POST', body: 'hello' })).text())).toBe('POST app://fixture hello');
  expect(await page.evaluate(() => fetch('/blocked/x').then(() => 'answered', () => 'failed'))).toBe('failed');
});

test('a handler sees the frame by its app:// origin and address', async () => {
  const page = await open();
  expect(await page.evaluate(() => window.fixture.invoke('sender'))).toEqual({ origin: 'app://fixture', url: 'app://fixture/?start=1#here', isMain: true, parent: null, known: true });
  await page.evaluate(() => history.pushState(null, '', '/page/two'));
  expect(await page.evaluate(() => window.fixture.invoke('sender'))).toMatchObject({ url: 'app://fixture/page/two' });
});

test('the frame of a page that was left is null', async () => {
  const page = await open();
  await page.evaluate(() => { void window.fixture.invoke('late-sender'); });
  await page.reload();
  await expect.poll(() => told('late-sender')).toEqual([null]);
});

test('main decides over navigation, new windows and downloads', async () => {
  const page = await open();
  await page.click('#same');
  await page.click('#away');
  await page.click('#new');
  await page.evaluate(() => { location.href = '/elsewhere'; });
  expect(await page.evaluate(() => window.open('/popup'))).toBeNull();
  await page.evaluate(() => {
    for (const name of ['refused.txt', 'kept.txt']) {
      const link = Object.assign(document.createElement('a'), { href: URL.createObjectURL(new Blob(['x'])), download: name });
      link.click();
    }
  });
  await expect.poll(() => told('download')).toEqual(['refused.txt', 'kept.txt']);
  expect(told('will-navigate')).toEqual(['https://example.com/away', 'app://fixture/elsewhere']);
  expect(told('open')).toEqual([['https://example.com/new', 'foreground-tab'], ['app://fixture/popup', 'new-window']]);
  expect((await preview.asked()).filter(({ what }) => what === 'openExternal').map(({ what, detail }) => [what, detail])).toEqual([['openExternal', 'https://example.com/new'], ['openExternal', 'app://fixture/popup']]);
  expect(new URL(page.url()).hash).toBe('#there');
  expect(page.context().pages()).toHaveLength(1);
});

test('a download that main allows is saved by the browser', async () => {
  const page = await open();
  const [download] = await Promise.all([page.waitForEvent('download'), page.evaluate(() => {
    Object.assign(document.createElement('a'), { href: URL.createObjectURL(new Blob(['contents'])), download: 'kept.txt' }).click();
  })]);
  expect(download.suggestedFilename()).toBe('kept.txt');
});

test('a second start hands its arguments to the first, switches first, and ends', async () => {
  const second = startPreview({ main, args: [`--user-data-dir=${home}`, 'a file.txt'], cwd: home });
  const { code, output } = await second.exited;
  expect(code).toBe(0);
  expect(output).toContain('{"event":"second"}');
  await expect.poll(() => told('second-instance')).toEqual([{ argv: [process.execPath, `--user-data-dir=${home}`, '--allow-file-access-from-files', main, 'a file.txt'], cwd: home, data: { from: 'fixture' } }]);
});

test('after the first was killed the next start takes its place', async () => {
  await preview.kill();
  preview = await launch();
  expect(told('ready')).toHaveLength(2);
});

test('the tray menu is listed and clicked through the control channel', async () => {
  const [tray] = await preview.tray();
  expect(tray?.toolTip).toBe('Fixture');
  expect(tray?.menu.map(({ label, type }) => [label, type])).toEqual([['Open', 'normal'], ['', 'separator'], ['Mode', 'submenu'], ['Quit', 'normal']]);
  await preview.clickTray(['Mode', 'Offline']);
  await expect.poll(() => told('offline')).toEqual([true]);
  expect((await preview.tray())[0]?.menu[2]?.submenu?.[0]).toMatchObject({ label: 'Offline', checked: true });
  await expect(preview.clickTray(['Mode', 'Locked'])).rejects.toThrow('takes no click');
  await expect(preview.clickTray(['Nothing'])).rejects.toThrow("No menu item 'Nothing'");
});

test('the desktop around the app answers through the control channel', async () => {
  const page = await open();
  await preview.power('resume');
  await preview.setDark(true);
  await preview.openFile('/some/file');
  await page.evaluate(() => window.fixture.send('notify'));
  await expect.poll(() => preview.notifications()).toEqual([{ title: 'Title', body: 'Body' }]);
  await preview.clickNotification(0);
  await page.evaluate(() => window.fixture.send('ask'));
  await expect.poll(() => told('answer')).toEqual([1]);
  await preview.answerNextMessageBox(0);
  await page.evaluate(() => window.fixture.send('ask'));
  await expect.poll(() => told('answer')).toEqual([1, 0]);
  expect([told('resume'), told('theme'), told('open-file'), told('notification-click')]).toEqual([[undefined], [true], ['/some/file'], [undefined]]);
  expect(await preview.permission('geolocation')).toEqual({ request: false, check: true });
});

test('quitting closes the windows in order and ends with status 0', async () => {
  const { code } = await preview.quit();
  expect(code).toBe(0);
  expect(said.map(({ event }) => event).filter((event) => ['before-quit', 'close', 'window-all-closed', 'will-quit', 'quit'].includes(event))).toEqual(['before-quit', 'close', 'will-quit', 'quit']);
});

test('a signal that comes twice kills, and one that the app listens to is the app\'s', async () => {
  await preview.kill();
  preview = await launch('--refuse-to-quit', '--hears-hangup');
  for (const times of [1, 2]) {
    preview.process.kill('SIGHUP');
    await vi.waitFor(() => { expect(told('hangup')).toHaveLength(times); }, 30_000);
  }
  preview.process.kill('SIGTERM');
  await vi.waitFor(() => { expect(told('before-quit').length).toBeGreaterThan(0); }, 30_000);
  expect((await preview.kill('SIGTERM')).signal).toBe('SIGTERM');
});

test('an app that asked to be started again is, with its arguments, once it has ended', async () => {
  await preview.kill();
  preview = await launch('--again');
  said = [];
  await preview.quit();
  const next = await preview.relaunched;
  await next.firstWindow;
  expect(told('arguments')).toEqual([['started', 'again']]);
  await next.kill();
});

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s quits as a person would', async (signal) => {
  const { code } = await preview.kill(signal);
  expect([code, told('will-quit').length]).toEqual([0, 1]);
});

test('the app quits when the process that started it goes away', async () => {
  preview.process.disconnect();
  expect((await preview.exited).code).toBe(0);
  expect(told('will-quit')).toHaveLength(1);
});

test('closing the last window is told to the app, and an app that goes on without windows goes on', async () => {
  await open();
  await preview.closeWindow();
  await vi.waitFor(() => { expect(told('window-all-closed')).toHaveLength(1); }, 30_000);
  expect(await preview.windows()).toEqual([]);
});

test('a window that refuses to close hides in the tray, comes back by it, and still lets the app quit', async () => {
  await preview.kill();
  preview = await launch('--close-to-tray');
  await open();
  await preview.closeWindow();
  expect((await preview.windows())[0]).toMatchObject({ visible: false });
  await preview.clickTray();
  expect((await preview.windows())[0]).toMatchObject({ visible: true, focused: true });
  expect((await preview.quit()).code).toBe(0);
});
