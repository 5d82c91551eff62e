import { arch, release, type } from 'node:os';
import { app, clipboard, dialog, shell, type BrowserWindow } from 'electron';
import { aboutDetails } from './about-details.ts';
import type { Build } from './build.ts';
import type { Words } from './messages.ts';

export type AboutOptions = {
  readonly build: Build;
  readonly home: string;
  readonly authority: () => string | null;
  readonly words: Words;
  /** The notices of the packages in this program (third-party.config.ts). */
  readonly notices: string;
};

export type About = {
  readonly show: () => void;
  readonly copyDetails: () => void;
  readonly showLicenses: () => void;
  /** Again when a fact or the language has changed. */
  readonly refresh: () => void;
};

/**
 * About the app. macOS has a panel of its own that the role `about` opens, and that is given its text beforehand (electron/docs/api/app.md,
 * "app.setAboutPanelOptions"); its text can be selected. Elsewhere Electron's panel has room for a version only, so it is a dialog.
 */
export const createAbout = (window: BrowserWindow, { build, home, authority, words, notices }: AboutOptions): About => {
  const { say } = words;
  const details = (): string => aboutDetails({
    version: app.getVersion(), build: build.id, electron: process.versions.electron, chromium: process.versions.chrome, node: process.versions.node,
    system: `${type()} ${release()} (${arch()})`, home, authority: authority(),
  }, words);
  const copyDetails = (): void => {
    void clipboard.writeText(`${say('app.name')}\n${details()}\n`);
  };
  // Another program cannot read inside the archive: the file is packaged beside it (electron-builder.yml, asarUnpack).
  const showLicenses = (): void => {
    void shell.openPath(notices.replace(/\bapp\.asar(?=[\\/])/, 'app.asar.unpacked'));
  };
  const show = async (): Promise<void> => {
    const { response } = await dialog.showMessageBox(window, {
      type: 'info', title: say('menu.about'), message: say('app.name'), detail: details(),
      buttons: [say('about.close'), say('about.copy'), say('about.licenses')], defaultId: 0, cancelId: 0, noLink: true,
    });
    if (response === 1) copyDetails();
    if (response === 2) showLicenses();
  };
  return {
    show() {
      void show();
    },
    copyDetails,
    showLicenses,
    refresh() {
      if (process.platform !== 'darwin') return;
      app.setAboutPanelOptions({ applicationName: say('app.name'), applicationVersion: app.getVersion(), version: build.id ?? '', credits: details() });
    },
  };
};
