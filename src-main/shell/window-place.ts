import { screen, type BrowserWindow } from 'electron';
import { fitBounds, leastSize, placeFor, readWindowBounds, rescueBounds, withPlace, writeWindowBounds, type Rectangle } from './window-bounds.ts';

export type WindowPlaceKeeper = {
  /** What the window is made with. */
  readonly options: Partial<Rectangle> & { readonly width: number; readonly height: number; readonly minWidth: number; readonly minHeight: number };
  /** Follows the window, and the displays that come, go and change, from now on. */
  readonly follow: (window: BrowserWindow) => void;
  /** When the window is first shown: as large as it was. */
  readonly grow: () => void;
  readonly save: () => void;
};

/**
 * Keeps the window where the person put it, for each arrangement of displays that they use, and within reach on all of them.
 * The system may move a window before or after it says that a display has gone; either way the place of the other arrangement
 * stays as it was, because what is saved is saved for the displays that are there at that moment. After the app is ready
 * (electron/docs/api/screen.md: not to be used before).
 */
export const keepWindowPlace = (file: string): WindowPlaceKeeper => {
  let kept = readWindowBounds(file);
  // The primary display first: it takes a window that cannot be where it was.
  const displays = (): readonly Electron.Display[] => {
    const primary = screen.getPrimaryDisplay();
    return screen.getAllDisplays().toSorted((one, other) => Number(other.id === primary.id) - Number(one.id === primary.id));
  };
  const areas = (): readonly Rectangle[] => displays().map(({ workArea }) => workArea);
  const first = placeFor(kept, displays());
  const least = leastSize(areas());

  let window: BrowserWindow | null = null;
  let waiting: NodeJS.Timeout | null = null;
  const save = (): void => {
    if (waiting !== null) clearTimeout(waiting);
    waiting = null;
    if (window === null || window.isDestroyed() || window.isMinimized()) return;
    kept = withPlace(kept, displays(), { bounds: window.getNormalBounds(), maximized: window.isMaximized(), fullScreen: window.isFullScreen() });
    writeWindowBounds(file, kept);
  };
  const saveSoon = (): void => {
    waiting ??= setTimeout(save, 500);
  };

  const place = (): void => {
    if (window === null || window.isDestroyed()) return;
    const { width, height } = leastSize(areas());
    window.setMinimumSize(width, height);
    // A window that fills a display is moved by the system, with the state that it has.
    if (window.isMaximized() || window.isFullScreen()) return;
    const now = window.getNormalBounds();
    const wanted = placeFor({ ...kept, bounds: now }, displays()).bounds ?? now;
    const next = rescueBounds(wanted, areas()) ?? wanted;
    if (next.x !== now.x || next.y !== now.y || next.width !== now.width || next.height !== now.height) window.setBounds(next);
  };

  return {
    options: { ...fitBounds(first.bounds, areas()), minWidth: least.width, minHeight: least.height },
    follow(followed) {
      window = followed;
      // Also the place that an earlier version has kept counts for these displays from now on.
      kept = withPlace(kept, displays(), { ...first, bounds: window.getNormalBounds() });
      const onDisplays = (): void => {
        // What was waiting to be saved may be the system's own move, off a display that has gone.
        if (waiting !== null) clearTimeout(waiting);
        waiting = null;
        place();
      };
      screen.on('display-added', onDisplays);
      screen.on('display-removed', onDisplays);
      screen.on('display-metrics-changed', onDisplays);
      window.on('resize', saveSoon);
      window.on('move', saveSoon);
      window.on('maximize', saveSoon);
      window.on('unmaximize', saveSoon);
      window.on('enter-full-screen', saveSoon);
      window.on('leave-full-screen', saveSoon);
      window.once('closed', () => {
        screen.off('display-added', onDisplays);
        screen.off('display-removed', onDisplays);
        screen.off('display-metrics-changed', onDisplays);
        if (waiting !== null) clearTimeout(waiting);
      });
    },
    grow() {
      if (window === null || window.isDestroyed()) return;
      if (first.maximized) window.maximize();
      if (first.fullScreen === true) window.setFullScreen(true);
    },
    save,
  };
};
