import { app, BrowserWindow, nativeTheme, screen } from 'electron';
import { appStart } from './app-address.ts';
import { fitBounds, readWindowBounds, smallest, writeWindowBounds } from './window-bounds.ts';

export type WindowOptions = {
  readonly preload: string;
  readonly icon: string;
  readonly title: string;
  /** Where the window's place is kept. */
  readonly boundsFile: string;
  /** Whether the app is on its way out; otherwise closing the window only hides it. */
  readonly quitting: () => boolean;
  readonly onPageGone: (reason: string) => void;
};

/** The theme's page colours, so that the window never flashes in another one before its first paint. */
const background = { dark: '#151412', light: '#f6f5f2' } as const;

export const createWindow = ({ preload, icon, title, boundsFile, quitting, onPageGone }: WindowOptions): BrowserWindow => {
  const last = readWindowBounds(boundsFile);
  const colour = (): string => background[nativeTheme.shouldUseDarkColors ? 'dark' : 'light'];
  const window = new BrowserWindow({
    ...fitBounds(last.bounds, screen.getAllDisplays().map(({ workArea }) => workArea)),
    minWidth: smallest.width,
    minHeight: smallest.height,
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

  let waiting: NodeJS.Timeout | null = null;
  const save = (): void => {
    if (waiting !== null) clearTimeout(waiting);
    waiting = null;
    if (!window.isDestroyed() && !window.isMinimized()) writeWindowBounds(boundsFile, { bounds: window.getNormalBounds(), maximized: window.isMaximized() });
  };
  const saveSoon = (): void => {
    waiting ??= setTimeout(save, 500);
  };
  window.on('resize', saveSoon);
  window.on('move', saveSoon);

  window.on('close', (event) => {
    save();
    if (quitting()) return;
    event.preventDefault();
    window.hide();
  });
  window.once('closed', () => nativeTheme.off('updated', follow));
  // A page that died shows nothing: it is loaded anew, unless it dies again at once.
  let died = -Infinity;
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    onPageGone(reason);
    if (reason === 'clean-exit' || performance.now() - died < 10_000) return;
    died = performance.now();
    void window.loadURL(appStart);
  });
  window.once('ready-to-show', () => {
    if (last.maximized) window.maximize();
    window.show();
  });
  void window.loadURL(appStart);
  return window;
};

/** Brings the window before the person, from the tray, minimized or behind others. */
export const showWindow = (window: BrowserWindow): void => {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
};
