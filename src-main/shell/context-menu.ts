import { clipboard, Menu, type BrowserWindow } from 'electron';
import { contextMenu } from './context-menu-items.ts';
import type { Words } from './messages.ts';

/**
 * Electron shows no menu of its own (electron/docs/tutorial/context-menu.md). The event comes for the mouse, the menu key
 * and Shift+F10; a page that prevents `contextmenu` keeps it away.
 */
export const serveContextMenu = (window: BrowserWindow, words: () => Words): void => {
  window.webContents.on('context-menu', (_event, params) => {
    const items = contextMenu(params, words(), (address) => clipboard.writeText(address));
    if (items.length === 0) return;
    // A menu opened by the keyboard belongs to the text and not to where the pointer happens to be.
    const place = params.menuSourceType === 'mouse' ? {} : { x: params.x, y: params.y };
    Menu.buildFromTemplate(items).popup({ window, sourceType: params.menuSourceType, ...place, ...(params.frame === null ? {} : { frame: params.frame }) });
  });
};
