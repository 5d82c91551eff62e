import type * as Electron from 'electron';
import { app } from './app.ts';
import { crashReporter } from './crash-reporter.ts';
import { clipboard, dialog, powerMonitor, shell } from './desktop.ts';
import { ipcMain } from './ipc.ts';
import { Menu, MenuItem } from './menu.ts';
import { nativeImage } from './native-image.ts';
import { net } from './net.ts';
import { nativeTheme } from './native-theme.ts';
import { Notification } from './notification.ts';
import { screen } from './screen.ts';
import { safeStorage } from './secure-storage.ts';
import { protocol, session } from './session.ts';
import { Tray } from './tray.ts';
import { BrowserWindow } from './window.ts';

/** The module that the main script gets for `electron`: these parts and no others. */
const electron = {
  app, BrowserWindow, clipboard, crashReporter, dialog, ipcMain, Menu, MenuItem, nativeImage, nativeTheme, net, Notification, powerMonitor, protocol, safeStorage, screen, session, shell, Tray,
} satisfies Partial<Record<keyof typeof Electron, unknown>>;

export { app, BrowserWindow, clipboard, crashReporter, dialog, ipcMain, Menu, MenuItem, nativeImage, nativeTheme, net, Notification, powerMonitor, protocol, safeStorage, screen, session, shell, Tray };
// oxlint-disable-next-line import/no-default-export -- Electron's own module has one.
export { electron as default, electron as 'module.exports' };
