import { join } from 'node:path';
import { app, Menu, nativeImage, nativeTheme, Tray, type MenuItemConstructorOptions, type NativeImage } from 'electron';
import type { DesktopState } from '../../src-shared/desktop.ts';
import type { Words } from './messages.ts';
import { followTaskbar, readTaskbar } from './taskbar.ts';
import { clickOpensApp, trayIcon, type Ground } from './tray-icon.ts';
import { trayMenu, trayTip, type TrayAction, type TrayItem } from './tray-menu.ts';

export type TrayDoor = { readonly show: (state: DesktopState) => void; readonly destroy: () => void };

const taskbarTold = (): Ground => (nativeTheme.shouldUseDarkColorsForSystemIntegratedUI ? 'dark' : 'light');

/** Windows' taskbar has a theme of its own, which is changed while the app runs; gives what ends the following. */
const followOnWindows = (show: (ground: Ground) => void): (() => void) => {
  const look = followTaskbar(() => readTaskbar(process.env), taskbarTold, show);
  // A change of the taskbar alone is not always told: it is looked at again when a person comes to the window.
  nativeTheme.on('updated', look);
  app.on('browser-window-focus', look);
  look();
  return () => {
    nativeTheme.off('updated', look);
    app.off('browser-window-focus', look);
  };
};

export const createTray = (images: string, words: Words, act: (action: TrayAction) => void): TrayDoor => {
  const { env, platform } = process;
  const imageOn = (ground: Ground): NativeImage => nativeImage.createFromPath(join(images, trayIcon(platform, ground, env)));
  const tray = new Tray(imageOn(taskbarTold()));
  const unfollow = platform === 'win32' ? followOnWindows((ground) => (tray.isDestroyed() ? undefined : tray.setImage(imageOn(ground)))) : null;
  if (clickOpensApp(platform)) tray.on('click', () => act({ do: 'open' }));
  let shown = '';
  return {
    show(state) {
      const items = trayMenu(state, words);
      const tip = trayTip(state, words);
      // An open menu would close under the pointer, so it is replaced only when it says something else.
      const now = JSON.stringify([items, tip]);
      if (now === shown) return;
      shown = now;
      tray.setToolTip(tip);
      tray.setContextMenu(Menu.buildFromTemplate(items.map((item) => toElectron(item, act))));
    },
    destroy() {
      unfollow?.();
      tray.destroy();
    },
  };
};

const toElectron = (item: TrayItem, act: (action: TrayAction) => void): MenuItemConstructorOptions => {
  switch (item.type) {
    case 'separator': return { type: 'separator' };
    case 'text': return { label: item.label, enabled: false };
    case 'action': return { label: item.label, enabled: item.enabled, click: () => act(item.action) };
    case 'submenu': return { label: item.label, submenu: item.items.map((inner) => toElectron(inner, act)) };
  }
};
