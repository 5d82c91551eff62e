import { app, dialog, type BrowserWindow } from 'electron';
import type { Words } from './messages.ts';

/** What a person is asked when the window's page does not come. Leases are main's and go on without it. */
export const askAboutPage = async (window: BrowserWindow, { say }: Words, showLog: () => void): Promise<'retry' | null> => {
  const box = { type: 'error', title: say('app.name'), message: say('page.trouble.title'), detail: say('page.trouble.text'), buttons: [say('page.trouble.retry'), say('menu.log'), say('tray.quit')], defaultId: 0, cancelId: 2, noLink: true } as const;
  // A box that belongs to a hidden window is not seen everywhere.
  const ask = (): ReturnType<typeof dialog.showMessageBox> => {
    const options = { ...box, buttons: [...box.buttons] };
    return !window.isDestroyed() && window.isVisible() ? dialog.showMessageBox(window, options) : dialog.showMessageBox(options);
  };
  for (;;) {
    const { response } = await ask();
    if (response === 0) return 'retry';
    if (response === 2) {
      app.quit();
      return null;
    }
    showLog();
  }
};
