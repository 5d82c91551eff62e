import { existsSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What the app was called before package.json had a `productName`; on Linux the folder of that name is another one. */
const EARLIER = 'latchkey';
/** As long as a sign in `in-use.json` counts (adapter/presence.ts). */
const LIVE_MS = 5 * 60_000;

/**
 * The home to work in where nobody has named one: `home`, into which an earlier one beside it is moved when only that is
 * there, so that no license and no machine key stays behind. An earlier one in which the app runs now is used as it is.
 */
export const settleHome = (home: string, nowMs: number): string => {
  const earlier = join(dirname(home), EARLIER);
  if (existsSync(join(home, 'latchkey.db')) || !existsSync(join(earlier, 'latchkey.db'))) return home;
  const sign = statSync(join(earlier, 'in-use.json'), { throwIfNoEntry: false });
  if (sign !== undefined && Math.abs(nowMs - sign.mtimeMs) < LIVE_MS) return earlier;
  try {
    // Electron may have made an empty folder already, which this replaces; one with something in it stays, and so does the earlier.
    renameSync(earlier, home);
    return home;
  } catch {
    return earlier;
  }
};
