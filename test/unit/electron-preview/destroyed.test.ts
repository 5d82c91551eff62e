import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { lifecycle } from '../../support/electron-preview/lifecycle.ts';
import { nativeImage } from '../../support/electron-preview/native-image.ts';
import { Tray } from '../../support/electron-preview/tray.ts';
import { BrowserWindow } from '../../support/electron-preview/window.ts';

/** electron/shell/common/gin_helper/function_template.h and destroyable.cc; a tray says it in its own words, shell/browser/api/electron_api_tray.cc. */
const icon = join(import.meta.dirname, '../../../assets/tray-on-dark.png');
beforeAll(() => {
  lifecycle.events.on('window-all-closed', () => undefined);
  if (!lifecycle.isReady()) lifecycle.markReady();
});
afterAll(() => { for (const window of BrowserWindow.getAllWindows()) window.destroy(); });

const gone = (run: () => unknown): void => expect(run).toThrow(new TypeError('Object has been destroyed'));

test('every method and property of a destroyed window throws, except its id, isDestroyed, destroy and its listeners', () => {
  const window = new BrowserWindow({ show: false });
  const { id } = window;
  window.destroy();
  expect([window.isDestroyed(), window.id]).toEqual([true, id]);
  window.destroy();
  window.removeListener('closed', vi.fn<() => void>());
  for (const name of Object.getOwnPropertyNames(BrowserWindow.prototype)) {
    if (!['constructor', 'isDestroyed', 'destroy'].includes(name)) gone(() => { const value: unknown = Reflect.get(window, name); return typeof value === 'function' && Reflect.apply(value, window, []); });
  }
  expect(BrowserWindow.fromId(id)).toBeNull();
});

test('the contents of a destroyed window throw too, but keep their id and say that they are gone', () => {
  const window = new BrowserWindow({ show: false });
  const { webContents } = window;
  const told = vi.fn<() => void>();
  webContents.once('destroyed', told);
  window.destroy();
  expect([webContents.isDestroyed(), webContents.id, told.mock.calls.length]).toEqual([true, window.id, 1]);
  gone(() => webContents.send('channel'));
  gone(() => webContents.mainFrame);
  gone(() => webContents.session);
  gone(() => webContents.reload());
  gone(() => webContents.getURL());
  gone(() => { void webContents.loadURL('app://fixture/'); });
  webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
});

test('a window says that it is closed when it is destroyed already', () => {
  const window = new BrowserWindow({ show: false });
  const seen: unknown[] = [];
  window.on('closed', () => { seen.push(window.isDestroyed()); gone(() => window.webContents); });
  window.close();
  expect(seen).toEqual([true]);
});

test('a load that is under way when its window goes rejects', async () => {
  const window = new BrowserWindow({ show: false });
  window.webContents.session.protocol.handle('gone', () => new Response(''));
  const load = window.loadURL('gone://fixture/');
  window.destroy();
  await expect(load).rejects.toMatchObject({ errno: -2, code: 'ERR_FAILED' });
});

test('a destroyed tray throws what Electron\'s throws, and can be destroyed again', () => {
  const tray = new Tray(nativeImage.createFromPath(icon));
  tray.destroy();
  tray.destroy();
  expect(tray.isDestroyed()).toBe(true);
  for (const run of [() => tray.setImage(icon), () => tray.setToolTip('x'), () => tray.setTitle('x'), () => tray.getTitle(), () => tray.setContextMenu(null), () => tray.popUpContextMenu()]) expect(run).toThrow(new Error('Tray is destroyed'));
});
