import type { BrowserWindow } from 'electron';

/** What hiding takes: macOS leaves the screen of a window in full screen behind, black (github.com/electron/electron/issues/20263). */
export const leavesFullScreenFirst = (platform: NodeJS.Platform, fullScreen: boolean): boolean => platform === 'darwin' && fullScreen;

const leaving = new WeakMap<BrowserWindow, () => void>();

/** Leaving full screen takes a while on macOS (electron/docs/api/browser-window.md, "win.setFullScreen"): until then the window shows. */
export const hideWindow = (window: BrowserWindow): void => {
  if (leaving.has(window)) return;
  if (!leavesFullScreenFirst(process.platform, window.isFullScreen())) return window.hide();
  const hide = (): void => {
    leaving.delete(window);
    window.hide();
  };
  leaving.set(window, hide);
  window.once('leave-full-screen', hide);
  window.setFullScreen(false);
};

/** Brings the window before the person, from the tray, minimized or behind others. */
export const showWindow = (window: BrowserWindow): void => {
  // At the end of the app.
  if (window.isDestroyed()) return;
  const hide = leaving.get(window);
  if (hide !== undefined) {
    leaving.delete(window);
    window.off('leave-full-screen', hide);
  }
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
};
