import { app, dialog, type BrowserWindow } from 'electron';
import { closingOf } from './closing.ts';
import type { Words } from './messages.ts';
import type { SettingsFile } from './settings-file.ts';
import { isTrayShown } from './tray-shown.ts';
import { hideWindow } from './window-visibility.ts';

export type BackgroundOptions = {
  readonly words: () => Words;
  readonly settings: SettingsFile;
};

export type Background = {
  /** The person closes the window. */
  readonly close: () => void;
  /** As last seen. */
  readonly isTrayShown: () => boolean;
};

/** How the app goes on without its window. `hidden`: it begins that way. */
export const keepInBackground = (window: BrowserWindow, hidden: boolean, { words, settings }: BackgroundOptions): Background => {
  // Looked at again whenever the person comes to the window or hides it, because a panel can come and go. Null: not known yet.
  let isTray: boolean | null = null;
  const look = async (): Promise<boolean> => (isTray = await isTrayShown(process.platform, process.env));
  const begun = look();
  window.on('focus', () => void look());
  const showIfLost = (isSeen: boolean): void => {
    if (isSeen || window.isDestroyed() || window.isVisible()) return;
    window.showInactive();
    window.minimize();
  };
  if (hidden) void begun.then(showIfLost);

  const remember = (changes: Parameters<SettingsFile['change']>[0]): void => {
    try {
      settings.change(changes);
    } catch {
      // On a full disk the person is asked, or told, once more after the next start.
    }
  };

  /** Once. A dialog and not a notification: a person who meant to quit can do it here, and the system may keep notifications back. */
  const tell = async (): Promise<void> => {
    if (settings.read().toldOfTray === true) return;
    remember({ toldOfTray: true });
    const { say } = words();
    const { response } = await dialog.showMessageBox({
      type: 'info', title: say('app.name'), message: say('closing.tray.title'), detail: say(process.platform === 'darwin' ? 'closing.tray.menu-bar' : 'closing.tray.body'),
      buttons: [say('closing.understood'), say('tray.quit')], defaultId: 0, cancelId: 0, noLink: true,
    });
    if (response === 1) app.quit();
  };

  let isAsking = false;
  const ask = async (): Promise<void> => {
    if (isAsking) return;
    isAsking = true;
    const { say } = words();
    const { response, checkboxChecked } = await dialog.showMessageBox(window, {
      type: 'question', title: say('app.name'), message: say('closing.no-tray.title'), detail: say('closing.no-tray.body'),
      buttons: [say('closing.minimize'), say('tray.quit'), say('closing.cancel')], defaultId: 0, cancelId: 2, noLink: true,
      checkboxLabel: say('closing.remember'),
    });
    isAsking = false;
    if (response === 2 || window.isDestroyed()) return;
    const choice = response === 0 ? 'stay' : 'quit';
    if (checkboxChecked) remember({ closing: choice });
    if (choice === 'stay') window.minimize();
    else app.quit();
  };

  const closeWith = (isSeen: boolean): void => {
    switch (closingOf(settings.read().closing, isSeen)) {
      case 'quit': return app.quit();
      case 'minimize': return window.minimize();
      case 'ask': return void ask();
      case 'hide':
        hideWindow(window);
        void look().then(showIfLost);
        return void tell();
    }
  };
  return {
    isTrayShown: () => isTray ?? true,
    close: () => (isTray === null ? void begun.then(closeWith) : closeWith(isTray)),
  };
};
