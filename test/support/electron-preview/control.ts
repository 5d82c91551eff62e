import { once } from 'node:events';
import { setSystemProxy } from './connections.ts';
import type { Rectangle } from 'electron';
import { app, asChromiumHandsOver } from './app.ts';
import { answerNextMessageBox, clipboard, getAsked, powerMonitor } from './desktop.ts';
import { getCrashReporting } from './crash-reporter.ts';
import { answerNextSaveDialog, finishSaveDialog, type SaveAnswer } from './download.ts';
import { createEvent } from './event.ts';
import { lifecycle } from './lifecycle.ts';
import { netErrors, type NetError } from './loading.ts';
import { clickItem, describeMenu, describePopups, getPopup, Menu } from './menu.ts';
import { setSystemDark } from './native-theme.ts';
import { clickShown, closeShown, collectGarbage, failShown, getShownNotifications } from './notification.ts';
import { setDisplays, type DisplayFacts } from './screen.ts';
import { setTrayHost } from './session-bus.ts';
import { getTrays } from './tray.ts';
import { BrowserWindow } from './window.ts';

/** What a person would do outside the page, and what they would see there. Every argument and result is JSON. */
export type Control = typeof control;

function windowOf(id?: number): BrowserWindow {
  const window = id === undefined ? BrowserWindow.getAllWindows()[0] : BrowserWindow.fromId(id);
  if (window === undefined || window === null) throw new Error('There is no such window');
  return window;
}

function trayOf() {
  const tray = getTrays()[0];
  if (tray === undefined) throw new Error('There is no tray icon');
  return tray;
}

export const control = {
  windows: () => BrowserWindow.getAllWindows().map((window) => ({
    id: window.id, title: window.getTitle(), url: window.webContents.getURL(), visible: window.isVisible(), minimized: window.isMinimized(), focused: window.isFocused(), pages: window.webContents.pageCount(), zoom: Math.round(window.webContents.getZoomFactor() * 100) / 100,
    bounds: window.getNormalBounds(), least: window.getMinimumSize(), maximized: window.isMaximized(), fullScreen: window.isFullScreen(), black: window.isBlack(),
  })),
  freshUrl: (id?: number) => windowOf(id).webContents.freshUrl(),
  /** A person closes what they see: this waits until the window shows. */
  closeWindow: async (id?: number) => {
    const window = windowOf(id);
    if (!window.isVisible()) await once(window, 'show');
    window.close();
  },
  crashPage: (reason = 'crashed', id?: number) => { windowOf(id).webContents.crash(reason); },
  /** The load that is under way fails, as when a disk gives up half way. */
  failLoad: (id?: number, error: NetError = netErrors.failed) => { windowOf(id).webContents.failLoad(error); },
  /** Moves or sizes the window as a person, or the system, does. */
  moveWindow: (bounds: Partial<Rectangle>, id?: number) => { windowOf(id).setBounds(bounds); },
  maximizeWindow: (id?: number) => { windowOf(id).maximize(); },
  fullScreenWindow: (flag: boolean, id?: number) => { windowOf(id).setFullScreen(flag); },
  /** `moved`: where the system has put the window already when it says so. */
  setDisplays: (displays: readonly DisplayFacts[], moved?: Rectangle) => {
    if (moved !== undefined) windowOf().setBounds(moved);
    setDisplays(displays);
  },
  tray: () => getTrays().map((tray) => tray.seen()).map(({ menu, ...seen }) => ({ ...seen, menu: describeMenu(menu) })),
  /** Clicks the icon itself, or with a path of labels an item of its menu. */
  clickTray: (path: readonly string[] = []) => {
    if (path.length === 0) trayOf().press();
    else clickItem(trayOf().seen().menu, path);
  },
  menu: (which: 'application' | 'popup' = 'application') => describeMenu(which === 'popup' ? getPopup() : Menu.getApplicationMenu()),
  clickMenu: (path: readonly string[], which: 'application' | 'popup' = 'application') => { clickItem(which === 'popup' ? getPopup() : Menu.getApplicationMenu(), path); },
  /** Every menu popped up so far, with the place that was asked for. */
  popups: () => describePopups(),
  /** What the desktop's settings name as the proxy from now on; null: none. */
  setProxy: (address: string | null) => { setSystemProxy(address); },
  power: (event: 'suspend' | 'resume' | 'lock-screen' | 'unlock-screen') => { powerMonitor.emit(event); },
  /** The system shuts down (Linux, macOS); whether the app asked it to wait. */
  systemShutdown: () => {
    const event = createEvent();
    powerMonitor.emit('shutdown', event);
    return event.defaultPrevented;
  },
  /** The end of a session on Windows: every window hears of it, and the process is gone right after, unless the app is quitting by itself. */
  endSession: () => {
    for (const window of BrowserWindow.getAllWindows()) window.emit('query-session-end', createEvent({ reasons: ['shutdown'] }));
    for (const window of BrowserWindow.getAllWindows()) window.emit('session-end', createEvent({ reasons: ['shutdown'] }));
    if (!lifecycle.isQuitting()) process.kill(process.pid, 'SIGKILL');
  },
  /** `taskbar`: its own theme, which Windows has. */
  setDark: (apps: boolean, taskbar?: boolean) => { setSystemDark(apps, taskbar); },
  openFile: (path: string) => { lifecycle.events.emit('open-file', createEvent(), path); },
  /** As the process of a second start does it, at this very moment. */
  secondInstance: (args: readonly string[], cwd: string) => { app.emit('second-instance', createEvent(), asChromiumHandsOver([process.execPath, ...args]), cwd, null); },
  openUrl: (url: string) => { lifecycle.events.emit('open-url', createEvent(), url); },
  activate: () => { lifecycle.events.emit('activate', createEvent(), BrowserWindow.getAllWindows().some((window) => window.isVisible())); },
  notifications: () => getShownNotifications().map(({ title, body }) => ({ title, body })),
  clickNotification: (index: number) => { clickShown(index); },
  /** The person, or the system, closes it. */
  closeNotification: (index: number, reason?: Parameters<typeof closeShown>[1]) => { closeShown(index, reason); },
  failNotification: (index: number, error: string) => { failShown(index, error); },
  /** Takes away what the app holds no longer: a notification whose object is gone hears no click. */
  collectGarbage: () => collectGarbage(),
  asked: () => getAsked(),
  /** How the next save dialog, and the download after it, end. */
  answerNextSaveDialog: (answer: SaveAnswer) => { answerNextSaveDialog(answer); },
  finishSaveDialog: (answer: SaveAnswer) => { finishSaveDialog(answer); },
  answerNextMessageBox: (button: number, checked?: boolean) => { answerNextMessageBox(button, checked); },
  /** Whether the desktop shows tray icons (Linux). */
  setTrayHost: (shown: boolean) => { setTrayHost(shown); },
  clipboard: () => clipboard.readText(),
  crashReporting: () => getCrashReporting(),
  /** Throws in main where nobody catches it, as a defect in an event's listener does; `promise`: in one that nobody awaits. */
  failInMain: (message: string, how: 'event' | 'promise' = 'event') => {
    if (how === 'promise') void Promise.reject(new Error(message));
    else setImmediate(() => { throw new Error(message); });
  },
  /** What the app's handlers answer to a page that asks for a permission, and to one that looks whether it has it. */
  permission: async (permission: string, id?: number) => {
    const { webContents } = windowOf(id);
    const ask = (how: 'request' | 'check') => webContents.session.permits({ how, permission }, webContents, webContents.mainFrame);
    return { request: await ask('request'), check: await ask('check') };
  },
  /** Every permission that pages, or `permission`, have asked for so far. */
  permissionAnswers: (id?: number) => windowOf(id).webContents.session.permissionAnswers(),
  quit: () => { lifecycle.quit(); },
};

type Command = { readonly id: number; readonly command: keyof Control; readonly args: readonly unknown[] };

/** Takes commands over the channel that the parent process opened, if there is one; a parent that goes away takes the app along. */
export function serveControl(): void {
  if (process.send === undefined) return;
  process.on('message', (message) => {
    const { id, command, args } = message as Command;
    const run = control[command] as ((...args: readonly unknown[]) => unknown) | undefined;
    const answer = async (): Promise<unknown> => {
      if (run === undefined) throw new Error(`No control command '${command}'`);
      return run(...args);
    };
    answer().then((value) => process.send?.({ id, value }), (error: unknown) => process.send?.({ id, error: String(error) }));
  });
  process.on('disconnect', lifecycle.quit);
}
