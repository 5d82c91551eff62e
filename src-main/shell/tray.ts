import { join } from 'node:path';
import { Menu, nativeImage, nativeTheme, Tray, type MenuItemConstructorOptions, type NativeImage } from 'electron';
import type { DesktopState } from '../../src-shared/desktop.ts';
import type { Words } from './messages.ts';
import { trayMenu, trayTip, type TrayAction, type TrayItem } from './tray-menu.ts';

export type TrayDoor = { readonly show: (state: DesktopState) => void; readonly destroy: () => void };

/** macOS colours the icon itself, by the menu bar; elsewhere there is one for each ground. */
const iconIn = (images: string): NativeImage => {
  const mac = process.platform === 'darwin';
  const image = nativeImage.createFromPath(join(images, mac ? 'trayTemplate.png' : `tray-on-${nativeTheme.shouldUseDarkColors ? 'dark' : 'light'}.png`));
  if (mac) image.setTemplateImage(true);
  return image;
};

/** On macOS a click opens the menu, and is told to the app as well (electron/shell/browser/ui/tray_icon_cocoa.mm, `mouseDown`). */
export const clickOpensApp = (platform: NodeJS.Platform): boolean => platform !== 'darwin';

export const createTray = (images: string, words: Words, act: (action: TrayAction) => void): TrayDoor => {
  const tray = new Tray(iconIn(images));
  const recolour = (): void => tray.setImage(iconIn(images));
  nativeTheme.on('updated', recolour);
  if (clickOpensApp(process.platform)) tray.on('click', () => act({ do: 'open' }));
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
      nativeTheme.off('updated', recolour);
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
