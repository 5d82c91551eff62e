import { app, powerMonitor } from 'electron';
import type { Log } from './log.ts';
import { defectText } from './scrub.ts';

/** What is open and has to be ended in this order; the home last, when nobody uses it any more. */
export type Ends = {
  readonly closeDesktop: () => void;
  /** Waits for what is under way; the signal says that there is no more time. */
  readonly stop: (options: { readonly signal: AbortSignal }) => Promise<void>;
  readonly closeHome: () => void;
};

export type Leaving = {
  /** Whether the app is on its way out. */
  readonly begun: () => boolean;
  readonly listen: (ends: Ends) => void;
  /** In order, with this exit status; at once where nothing is open yet. */
  readonly quit: (status: number) => void;
  /** At once, for a system that ends the process right after: nothing is waited for. */
  readonly endNow: () => void;
};

/** Linux gives a program five seconds at a shutdown (logind.conf, InhibitDelayMaxSec). */
const PATIENCE_MS = 4000;

/**
 * Ends the app in order, however it is asked to: by a person, a signal, the end of the desktop session. Quitting releases
 * nothing (docs/adr/0008, 0038). Asked once more, it goes on as begun: `will-quit` is prevented each time, and only `app.exit` ends it.
 */
export const watchLeaving = (log: Log): Leaving => {
  let begun = false;
  let status = 0;
  let ends: Ends | null = null;
  const takeEnds = (): Ends | null => {
    const now = ends;
    ends = null;
    return now;
  };
  const begin = (): void => {
    if (!begun) log('quit.begun', {});
    begun = true;
  };
  let ending = false;
  /** What cannot be closed keeps nobody from quitting: from here on only `app.exit` ends the app. */
  const attempt = (close: () => void): void => {
    try {
      close();
    } catch (error) {
      log('quit.defect', { error: defectText(error) });
    }
  };
  const endInOrder = async (work: Ends): Promise<void> => {
    attempt(work.closeDesktop);
    await stopWithin(work);
    attempt(work.closeHome);
    app.exit(status);
  };
  app.on('before-quit', begin);
  app.on('will-quit', (event) => {
    const work = takeEnds();
    // Nothing is open yet, or it is being closed.
    if (work === null && !ending) return;
    event.preventDefault();
    if (work === null) return;
    ending = true;
    void endInOrder(work);
  });
  return {
    begun: () => begun,
    listen: (work) => {
      ends = work;
    },
    quit: (wanted) => {
      status = wanted;
      if (ends === null && !ending) app.exit(status);
      else app.quit();
    },
    endNow: () => {
      begin();
      const work = takeEnds();
      if (work === null) return;
      ending = true;
      attempt(work.closeDesktop);
      void work.stop({ signal: AbortSignal.abort() }).catch(() => undefined);
      attempt(work.closeHome);
    },
  };
};

/** Whatever still does not end is left: the home is closed under it. */
const stopWithin = async ({ stop }: Ends): Promise<void> => {
  const hurry = new AbortController();
  const timers: NodeJS.Timeout[] = [];
  const late = new Promise<void>((done) => {
    timers.push(setTimeout(() => hurry.abort(), PATIENCE_MS), setTimeout(done, PATIENCE_MS + 500));
  });
  await Promise.race([stop({ signal: hurry.signal }).catch(() => undefined), late]);
  for (const timer of timers) clearTimeout(timer);
};

const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/**
 * Once the app is ready: Electron installs its own handlers after the main script has run, over any that are there
 * (electron/shell/browser/electron_browser_main_parts.cc, `PostCreateMainMessageLoop`). Its own quit for the first signal only and
 * let the second kill (electron_browser_main_parts_posix.cc), and a library that listens takes them away; systems send several.
 */
export const quitOnSignals = (): void => {
  for (const signal of signals) process.on(signal, () => app.quit());
  // electron/docs/api/power-monitor.md, "Event: 'shutdown'" (Linux, macOS): prevented, the system waits a little for us to quit.
  // Its types leave the event out.
  powerMonitor.on('shutdown', (...[event]: readonly Electron.Event[]) => {
    event?.preventDefault();
    app.quit();
  });
};
