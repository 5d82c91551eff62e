import { existsSync, readlinkSync, renameSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';

/** What the app was called before package.json had a `productName`; on Linux the folder of that name is another one. */
const EARLIER = 'latchkey';
/** As long as a sign in `in-use.json` counts (adapter/presence.ts). */
const LIVE_MS = 5 * 60_000;

/**
 * The home to work in where nobody has named one: `home`, into which an earlier one beside it is moved when only that is
 * there, so that no license and no machine key stays behind. An earlier one in which the app runs now is used as it is.
 * `move`: null for a start that only asks the app that runs, and changes nothing.
 */
export const settleHome = (home: string, nowMs: number, move: ((from: string, to: string) => void) | null = renameSync): string => {
  const earlier = join(dirname(home), EARLIER);
  if (isHome(home) || !isHome(earlier)) return home;
  if (isLive(earlier, nowMs)) return earlier;
  if (move === null) return home;
  try {
    // Electron may have made an empty folder already, which this replaces; one with something in it stays, and so does the earlier.
    move(earlier, home);
    return home;
  } catch {
    // Where another start has moved it at the same moment it is not there any more, and must not be begun anew.
    return isHome(earlier) ? earlier : home;
  }
};

const isHome = (folder: string): boolean => existsSync(join(folder, 'latchkey.db'));

/** By the sign that a process gives every minute, and by the lock: a computer that wakes up has an old sign and the app still runs. */
const isLive = (folder: string, nowMs: number): boolean => {
  const sign = statSync(join(folder, 'in-use.json'), { throwIfNoEntry: false });
  return (sign !== undefined && Math.abs(nowMs - sign.mtimeMs) < LIVE_MS) || isLocked(folder);
};

/** A link to the computer's name and the process on Linux and macOS: chrome/browser/idsingleton_posix.cc. */
const isLocked = (folder: string): boolean => {
  try {
    const [, host, id] = /^(.*)-(\d+)$/.exec(readlinkSync(join(folder, 'SingletonLock'))) ?? [];
    return host === hostname() && isRunning(Number(id));
  } catch {
    return false;
  }
};

const isRunning = (id: number): boolean => {
  try {
    return process.kill(id, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};
