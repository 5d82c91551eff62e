import type { BrowserWindow } from 'electron';
import { nextZoom, zoomKey, type ZoomWish } from './zoom-steps.ts';

export type Zoom = (wish: ZoomWish) => void;

/**
 * Zoom by keys, wheel and menu, in one place. The menu's own role for zooming in has the accelerator `CommandOrControl+Plus`
 * only (electron/lib/browser/api/menu-item-roles.ts), so Ctrl and `=` would do nothing; and Electron only tells of Ctrl with
 * the wheel (electron/docs/api/web-contents.md, "Event: 'zoom-changed'"). Chromium keeps the level of `app://latchkey` in
 * `Preferences` of the session's folder, from one start to the next (electron/shell/browser/zoom_level_delegate.cc).
 */
export const serveZoom = (window: BrowserWindow): Zoom => {
  const contents = window.webContents;
  const zoom: Zoom = (wish) => {
    if (!contents.isDestroyed()) contents.setZoomFactor(nextZoom(contents.getZoomFactor(), wish));
  };
  contents.on('before-input-event', (event, input) => {
    const wish = zoomKey(input, process.platform);
    if (wish === null) return;
    // Also keeps the menu's accelerator from doing it a second time ("Event: 'before-input-event'").
    event.preventDefault();
    zoom(wish);
  });
  contents.on('zoom-changed', (_event, direction) => zoom(direction));
  return zoom;
};
