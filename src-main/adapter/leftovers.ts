import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Files that are written whole, under another name until then: their own and a number, or the app's
 * secrets and a UUID (`shell/secret-files.ts`).
 */
const unfinished = /^(?:(?:(?:machine-key|session|known|window|settings|in-use|running)\.json|counter|reserve|.+\.lk[a-z]+)\.\d{1,10}|(?:machine-key|session|known)\.json\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
/** A write that is still under way is seconds old. */
const OLD_MS = 10 * 60 * 1000;

/** A crash in the middle of a write leaves its temporary file, which may hold a key. Nobody comes back for it: it is removed. */
export const removeLeftovers = (folders: readonly string[]): void => {
  for (const folder of folders) {
    try {
      for (const name of readdirSync(folder).filter((each) => unfinished.test(each))) {
        const path = join(folder, name);
        if (Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity) > OLD_MS) rmSync(path, { force: true });
      }
    } catch {
      // Not there yet, or nothing can be changed in it: whoever opens the home says what that means.
    }
  }
};
