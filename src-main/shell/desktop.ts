import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { app, Menu, powerMonitor, session, shell } from 'electron';
import type { Notice } from '../../src-shared/desktop.ts';
import { createNoticeTeller } from '../../src-shared/notice.ts';
import type { AppSnapshot } from '../../src-shared/ipc.ts';
import type { Licensing } from '../licensing/index.ts';
import { createAbout } from './about.ts';
import { appMenu, type Page } from './app-menu.ts';
import { serveApp } from './app-protocol.ts';
import { openAppSettings } from './app-settings.ts';
import { keepInBackground } from './background.ts';
import type { Build } from './build.ts';
import { serveContextMenu } from './context-menu.ts';
import type { Defects } from './defects.ts';
import { serveDownloads } from './downloads.ts';
import { allowedLink } from './external-links.ts';
import { hardenContents, hardenSession } from './hardening.ts';
import { serveIpc } from './ipc.ts';
import type { PersonsLanguage } from './language.ts';
import type { Leaving } from './leaving.ts';
import type { Log } from './log.ts';
import { noticePage, noticeText } from './notices.ts';
import { createNotify } from './notifications.ts';
import { readOpenedFile } from './opened-file.ts';
import type { Opened, OpenedPaths } from './opened-paths.ts';
import type { SettingsFile } from './settings-file.ts';
import { askAboutPage } from './page-trouble.ts';
import { createTray } from './tray.ts';
import type { TrayAction } from './tray-menu.ts';
import { createWindow } from './window.ts';
import { showWindow } from './window-visibility.ts';
import { serveZoom } from './zoom.ts';

export type DesktopOptions = {
  readonly licensing: Licensing;
  readonly home: string;
  /** The folder of the built main script; preload, renderer and images stand around it. */
  readonly program: string;
  readonly build: Build;
  readonly language: PersonsLanguage;
  readonly settings: SettingsFile;
  readonly log: Log;
  readonly logFile: string;
  readonly opened: OpenedPaths;
  /** Whether it begins in the tray, with no window shown. */
  readonly hidden: boolean;
  readonly leaving: Leaving;
  readonly defects: Defects;
  /** Of the run before this one. */
  readonly endedUnexpectedly: boolean;
};

/** Everything that a person sees of the app: its window, tray, menu and notifications, around one licensing. */
export const openDesktop = (options: DesktopOptions): { readonly close: () => void } => {
  const { licensing, language, log, program, build } = options;
  const { words } = language;
  const { say } = words;
  const images = join(program, 'images');

  const openLink = (address: string): void => {
    const link = allowedLink(address, [build.help, licensing.state().connection.url]);
    if (link === null) log('link.refused', { address: address.slice(0, 200) });
    else void shell.openExternal(link);
  };
  hardenContents(openLink);
  hardenSession(session.defaultSession, { devTools: !app.isPackaged });
  const downloads = serveDownloads(session.defaultSession, { words: () => words, push: (value) => ipc.push('download', value), showInFolder: (path) => shell.showItemInFolder(path) });
  serveApp(session.defaultSession, join(program, '../renderer'));

  const showLog = (): void => shell.showItemInFolder(options.logFile);
  const settings = openAppSettings(options.settings, () => background.isTrayShown(), log);
  const ipc = serveIpc({
    licensing, app: snapshotOf(options), language, endedUnexpectedly: options.endedUnexpectedly, showLog, defects: options.defects, contents: () => (window.isDestroyed() ? null : window.webContents), settings, showDownload: downloads.show, log, newId: randomUUID,
  });
  const window = createWindow({
    preload: join(program, '../preload/preload.cjs'), icon: join(images, 'icon.png'), title: say('app.name'),
    boundsFile: join(options.home, 'window.json'), hidden: options.hidden, quitting: options.leaving.begun, onClose: () => background.close(),
    onPageTrouble: (shown) => askAboutPage(shown, words, showLog), log,
  });
  // Of the main frame, and not for another place in the same page (electron/docs/api/web-contents.md, "Event: 'did-navigate'").
  window.webContents.on('did-navigate', ipc.pageGone);
  window.webContents.on('render-process-gone', ipc.pageGone);

  serveContextMenu(window, () => words);
  const zoom = serveZoom(window);

  const show = (): void => showWindow(window);
  const navigate = (page: Page): void => {
    show();
    ipc.push('navigate', { page });
  };
  const ask = (what: 'switch-offline' | 'release', lease: string): void => {
    show();
    ipc.push('ask', { what, lease });
  };
  const notify = createNotify(log);

  const background = keepInBackground(window, options.hidden, { words: () => words, settings: options.settings });

  const switchOnline = async (lease: string): Promise<void> => {
    const product = licensing.state().leases.find(({ id }) => id === lease)?.product.name ?? say('notice.some-license');
    const switched = await licensing.renew({ lease, mode: 'online' });
    if (switched.ok) return;
    log('tray.switch-refused', { code: switched.code });
    notify({ title: say('notice.switch-failed.title', { product }), body: say('notice.switch-failed.body') }, () => navigate('lease'));
  };
  const act = (action: TrayAction): void => {
    switch (action.do) {
      case 'open': return show();
      case 'choose': return navigate('picker');
      case 'show-lease': return navigate('lease');
      case 'switch-offline': return ask('switch-offline', action.lease);
      case 'release': return ask('release', action.lease);
      case 'switch-online': return void switchOnline(action.lease);
      case 'quit': return app.quit();
    }
  };
  const tray = createTray(images, words, act);

  const about = createAbout(window, { build, home: options.home, authority: () => licensing.state().connection.url, words, notices: join(program, 'third-party.txt') });
  let portal: string | null | undefined;
  const showMenu = (url: string | null): void => {
    if (url === portal) return;
    portal = url;
    about.refresh();
    const facts = { platform: process.platform, devTools: !app.isPackaged, help: build.help, portal: url };
    Menu.setApplicationMenu(Menu.buildFromTemplate(appMenu(facts, words, { navigate, about: about.show, copyDetails: about.copyDetails, showLicenses: about.showLicenses, zoom, openLink, showLog })));
  };

  // A person who looks at the window sees the notice in the page. What opening the store brought to light is told too.
  const tell = createNoticeTeller((notice: Notice) =>
    (window.isDestroyed() || window.isFocused() ? () => undefined : notify(noticeText(notice, words), () => navigate(noticePage(notice.kind)))));

  const refresh = (): void => {
    const state = licensing.state();
    tray.show(state);
    showMenu(state.connection.url);
    tell(state.notices);
  };
  const unsubscribe = licensing.subscribe(refresh);
  language.onChange(() => {
    portal = undefined;
    refresh();
  });
  refresh();

  const onResume = (): void => licensing.wake();
  powerMonitor.on('resume', onResume);
  // electron/docs/api/browser-window.md, "Event: 'session-end'" (Windows, instead of `before-quit`): the process is ended right after.
  window.on('session-end', options.leaving.endNow);
  // A window that is still loading shows itself; its page takes the file, or where to go, with the snapshot.
  const open = async (opened: Opened): Promise<void> => {
    if ('page' in opened) ipc.push('navigate', opened.page);
    else ipc.push('open-file', await readOpenedFile(opened.document));
    if (shown || options.hidden) show();
  };
  let shown = false;
  window.once('show', () => {
    shown = true;
  });
  const isAsked = options.opened.listen((opened) => void open(opened), show);
  // A window that is not hidden shows itself once it is painted.
  if (isAsked && options.hidden) show();

  return {
    close() {
      powerMonitor.off('resume', onResume);
      unsubscribe();
      ipc.stop();
      tray.destroy();
    },
  };
};

const snapshotOf = ({ build }: DesktopOptions): Omit<AppSnapshot['app'], 'locale' | 'endedUnexpectedly'> => ({
  version: app.getVersion(),
  platform: process.platform === 'win32' || process.platform === 'darwin' ? process.platform : 'linux',
  catalog: build.catalog,
});
