import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';

/**
 * Makes the folders that Electron is pointed at, before it is: the home, and `browser` in it. Returns the latter. Errors:
 * `STORE_UNUSABLE` (why: in-the-way, or the system's code; path).
 */
export const prepareProfile = (home: string): Result<string> => {
  const browser = join(home, 'browser');
  for (const folder of [home, browser]) {
    try {
      makeFolder(folder);
      if (!statSync(folder).isDirectory()) return fail('STORE_UNUSABLE', { why: 'in-the-way', path: folder });
      // Also one that is there: on a read-only disk Electron's lock cannot be had, which would look like another running app.
      accessSync(folder, constants.W_OK);
    } catch (error) {
      return fail('STORE_UNUSABLE', { why: (error as NodeJS.ErrnoException).code ?? 'disk', path: folder });
    }
  }
  return ok(browser);
};

/** One after the other: Node's own recursion does not say why not, and where nobody can make one, as in `/proc`, it does not end. */
export const makeFolder = (path: string): void => {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process may have made it at the same moment.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
};
