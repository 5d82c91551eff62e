import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';

/**
 * Makes the folders that Electron is pointed at, before it is: the home, and `browser` in it. Returns the latter. Errors:
 * `STORE_UNUSABLE` (why: not-a-folder, or the system's code).
 */
export const prepareProfile = (home: string): Result<string> => {
  const browser = join(home, 'browser');
  for (const folder of [home, browser]) {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      // Also one that is there: on a read-only disk Electron's lock cannot be had, which would look like another running app.
      accessSync(folder, constants.W_OK);
    } catch (error) {
      return fail('STORE_UNUSABLE', { why: whyNot(folder, error as NodeJS.ErrnoException), path: folder });
    }
  }
  return ok(browser);
};

const whyNot = (folder: string, { code = 'disk' }: NodeJS.ErrnoException): string => {
  if (code === 'EEXIST' || (code === 'ENOTDIR' && existsSync(folder))) return 'not-a-folder';
  if (code !== 'ENOENT') return code;
  // Node says so of every folder that cannot be made with those above it: those that are there know why.
  let above = dirname(folder);
  while (!existsSync(above) && above !== dirname(above)) above = dirname(above);
  try {
    accessSync(above, constants.W_OK);
    return code;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? code;
  }
};
