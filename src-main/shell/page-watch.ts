import type { BrowserWindow } from 'electron';
import type { Log } from './log.ts';

export type PageWatch = {
  readonly load: () => void;
  readonly log: Log;
  /** Asks the person what to do about a page that does not come; null leaves it as it is. */
  readonly ask: () => Promise<'retry' | null>;
  /** Whether the window waits in the tray until somebody asks for it. */
  readonly hidden: boolean;
  /** In milliseconds, and never set back. */
  readonly now: () => number;
};

/** A page that dies again so soon is not loaded a third time. */
const SOON_MS = 60_000;
/** From "loaded" to the first paint. A page that paints nothing by then is empty: a file of the program is missing. */
const PAINT_MS = 15_000;
/** Another load took its place (electron/docs/api/web-contents.md, "Event: 'did-fail-load'"). */
const ABORTED = -3;

/**
 * Loads the page, and loads it again when it dies. A page that fails to load, paints nothing, or dies twice never brings
 * `ready-to-show` (electron/docs/api/browser-window.md), so the window would stay hidden or blank and nobody would hear why: the
 * person is asked. Not while the window is hidden, but when it is wanted the next time.
 */
export const watchPage = (window: BrowserWindow, { load, log, ask, hidden, now }: PageWatch): void => {
  let isWanted = !hidden;
  let isWaiting = false;
  let isAsking = false;
  let [isLoaded, isPainted] = [false, false];
  let paint: NodeJS.Timeout | undefined;
  let died = -Infinity;

  const begin = (): void => {
    isLoaded = false;
    isPainted = false;
    clearTimeout(paint);
    load();
  };
  const tell = (): void => {
    if (window.isDestroyed() || isAsking) return;
    isWaiting = !isWanted;
    if (isWaiting) return;
    isAsking = true;
    void ask().then((answer) => {
      isAsking = false;
      if (answer === 'retry' && !window.isDestroyed()) begin();
    });
  };

  /**
   * Chromium paints no page that nobody can see, so its time begins when it can be seen (electron/docs/api/browser-window.md, "Page
   * visibility"): on macOS not while others cover the window, which only the focus tells. Before it is first shown it is painted all the same.
   */
  const isSeen = (): boolean => isWanted && !window.isMinimized() && (!window.isVisible() || window.isFocused());
  const awaitPaint = (): void => {
    clearTimeout(paint);
    if (!isLoaded || isPainted || window.isDestroyed() || !isSeen()) return;
    paint = setTimeout(() => {
      log('page.empty', {});
      tell();
    }, PAINT_MS);
  };

  window.on('show', () => {
    isWanted = true;
    if (isWaiting) tell();
    else awaitPaint();
  });
  window.on('restore', awaitPaint);
  window.on('focus', awaitPaint);
  window.on('blur', awaitPaint);
  window.on('minimize', awaitPaint);
  window.on('hide', () => {
    isWanted = false;
    awaitPaint();
  });
  window.on('ready-to-show', () => {
    log('page.painted', {});
    isPainted = true;
    isWaiting = false;
    clearTimeout(paint);
  });
  window.once('closed', () => clearTimeout(paint));
  const { webContents } = window;
  webContents.on('did-fail-load', (_event, code, name, _url, isMainFrame) => {
    if (!isMainFrame || code === ABORTED) return;
    log('page.failed', { code, name });
    tell();
  });
  webContents.on('did-finish-load', () => {
    isLoaded = true;
    awaitPaint();
  });
  webContents.on('render-process-gone', (_event, { reason }) => {
    log('page.gone', { reason });
    if (reason === 'clean-exit') return;
    if (now() - died < SOON_MS) return tell();
    died = now();
    begin();
  });
  begin();
};
