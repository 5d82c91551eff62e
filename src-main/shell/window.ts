import { app, BrowserWindow, nativeTheme } from 'electron';
import { appStart } from './app-address.ts';
import type { Log } from './log.ts';
import { watchPage } from './page-watch.ts';
import { keepWindowPlace } from './window-place.ts';

export type WindowOptions = {
  readonly preload: string;
  readonly icon: string;
  readonly title: string;
  /** Where the window's place is kept. */
  readonly boundsFile: string;
  /** Whether it waits in the tray until somebody asks for it. */
  readonly hidden: boolean;
  /** Whether the app is on its way out; otherwise closing the window only asks `onClose`. */
  readonly quitting: () => boolean;
  readonly onClose: () => void;
  /** Asks the person about a page that does not come. */
  readonly onPageTrouble: (window: BrowserWindow) => Promise<'retry' | null>;
  readonly log: Log;
};

/** The theme's page colours, so that the window never flashes in another one before its first paint. */
const background = { dark: '#151412', light: '#f6f5f2' } as const;

export const createWindow = ({ preload, icon, title, boundsFile, hidden, quitting, onClose, onPageTrouble, log }: WindowOptions): BrowserWindow => {
  const place = keepWindowPlace(boundsFile);
  const colour = (): string => background[nativeTheme.shouldUseDarkColors ? 'dark' : 'light'];
  const window = new BrowserWindow({
    ...place.options,
    show: false,
    title,
    icon,
    backgroundColor: colour(),
    autoHideMenuBar: process.platform !== 'darwin',
    webPreferences: {
      preload,
      // SECURITY: checklist 2, 3, 4 and 6: no Node in the page, its own world for preload, an OS sandbox, the web's own rules.
      nodeIntegration: false,
      contextIsolation: true,
      sandbox: true,
      webSecurity: true,
      // SECURITY: checklist 8, 9, 10 and 11: none of the features that Electron warns of.
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  });
  const follow = (): void => window.setBackgroundColor(colour());
  nativeTheme.on('updated', follow);

  place.follow(window);
  window.on('close', (event) => {
    place.save();
    if (quitting()) return;
    event.preventDefault();
    onClose();
  });
  window.once('closed', () => nativeTheme.off('updated', follow));
  if (hidden) {
    window.once('focus', place.grow);
  } else {
    window.once('ready-to-show', () => {
      place.grow();
      window.show();
    });
  }
  watchPage(window, { load: () => void window.loadURL(appStart), log, ask: () => onPageTrouble(window), hidden, now: () => performance.now() });
  return window;
};
