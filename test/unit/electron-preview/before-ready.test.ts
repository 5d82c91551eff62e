import type { CustomScheme } from 'electron';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dialog } from '../../support/electron-preview/desktop.ts';
import { lifecycle } from '../../support/electron-preview/lifecycle.ts';
import { nativeImage } from '../../support/electron-preview/native-image.ts';
import { Notification } from '../../support/electron-preview/notification.ts';
import { screen } from '../../support/electron-preview/screen.ts';
import { protocol, session } from '../../support/electron-preview/session.ts';
import { Tray } from '../../support/electron-preview/tray.ts';
import { BrowserWindow } from '../../support/electron-preview/window.ts';

/** What Electron's own sources throw before the app is ready, and after. */
const register = (schemes: unknown) => protocol.registerSchemesAsPrivileged(schemes as CustomScheme[]);

describe('before the app is ready', () => {
  test.each([
    ['a window', () => new BrowserWindow(), 'Cannot create BrowserWindow before app is ready'],
    ['a tray', () => new Tray(nativeImage.createEmpty()), 'Cannot create Tray before app is ready'],
    ['a notification', () => new Notification({ title: 'x' }), 'Cannot create Notification before app is ready'],
    ['the displays', () => screen.getPrimaryDisplay(), "The 'screen' module can't be used before the app 'ready' event"],
    ['a session', () => session.defaultSession, 'Session can only be received when app is ready'],
    ['a protocol handler', () => { protocol.handle('app', () => new Response('')); }, 'Session can only be received when app is ready'],
    ['a message box', () => dialog.showMessageBox({ message: 'x' }), 'dialog module can only be used after app is ready'],
  ])('%s is refused', (_what, run, message) => {
    expect(run).toThrow(message);
  });

  test('schemes are registered, each with its rights, and nothing that is no list of them', () => {
    register([{ scheme: 'app', privileges: { standard: true, secure: true } }, { scheme: 'plain' }]);
    for (const wrong of ['app', [{ privileges: {} }], [null]]) expect(() => register(wrong)).toThrow('Argument must be an array of custom schemes.');
    expect(() => register([{ scheme: 'fast', privileges: { codeCache: true } }])).toThrow('Code cache can only be enabled when the custom scheme is registered as standard scheme.');
  });
});

describe('after the app is ready', () => {
  beforeAll(() => {
    lifecycle.events.on('window-all-closed', () => undefined);
    lifecycle.markReady();
  });
  afterAll(() => { for (const window of BrowserWindow.getAllWindows()) window.destroy(); });

  test('schemes are refused', () => {
    expect(() => register([{ scheme: 'late' }])).toThrow('should be called before app is ready');
  });

  test('a scheme that is not standard, or that nobody handles, is not loaded', async () => {
    protocol.handle('plain', () => new Response(''));
    const window = new BrowserWindow({ show: false });
    await expect(window.loadURL('plain://host/')).rejects.toMatchObject({ code: 'ERR_UNKNOWN_URL_SCHEME', errno: -302 });
    await expect(window.loadURL('app://host/')).rejects.toMatchObject({ errno: -302 });
    expect(() => protocol.handle('plain', () => new Response(''))).toThrow('Failed to register protocol: plain');
  });

  test('a second load takes the place of the first, which was aborted', async () => {
    protocol.handle('app', () => new Response(''));
    const window = new BrowserWindow({ show: false });
    const first = window.loadURL('app://host/one');
    void window.loadURL('app://host/two');
    await expect(first).rejects.toMatchObject({ code: 'ERR_ABORTED', message: "ERR_ABORTED (-3) loading 'app://host/one'" });
  });

  test('a tray refuses a path that leads to no image and what is no image, and takes an empty one', () => {
    expect(() => new Tray('/nowhere.png')).toThrow("Failed to load image from path '/nowhere.png'");
    expect(() => new Tray({} as never)).toThrow('Argument must be a file path or a NativeImage');
    const tray = new Tray(nativeImage.createFromPath('/nowhere.png'));
    expect(tray.seen()).toMatchObject({ empty: true });
    expect(() => tray.setImage(import.meta.filename)).toThrow('Failed to load image from path');
    tray.destroy();
  });
});
