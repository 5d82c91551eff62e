import { accessSync, constants, copyFileSync, existsSync, lstatSync, mkdirSync, mkdtempSync, rmSync, statfsSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fail, ok } from '../../src-shared/result.ts';
import type { Failure, Result } from '../../src-shared/result.ts';

/** What Electron is pointed at. */
export type Profile = { readonly userData: string; readonly sessionData: string };

/**
 * Makes the folders that Electron is pointed at, before it is: the home, and `browser` in it. A home that holds a database and
 * cannot be written, or whose disk is full, is shown with a folder of this run only in their place. Errors: `STORE_UNUSABLE`
 * (why: in-the-way, or the system's code; path).
 */
export const prepareProfile = (home: string): Result<Profile> => {
  const made = makeFolders(home);
  if (made.ok && !isFull(home)) return made;
  if ((!made.ok && made.details['why'] === 'in-the-way') || !existsSync(join(home, 'latchkey.db'))) return made;
  // On a full disk an app that runs already still has its lock, and shows itself.
  if (made.ok && lstatSync(join(home, 'SingletonLock'), { throwIfNoEntry: false })) return made;
  return inPassing(home, made);
};

const isFull = (folder: string): boolean => {
  const { bavail, bsize } = statfsSync(folder);
  // What Electron writes at its start.
  return bavail * bsize < 1024 * 1024;
};

const inPassing = (home: string, otherwise: Result<Profile>): Result<Profile> => {
  try {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-profile-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    // On Windows the key that secrets are sealed with is in it, itself sealed for this user.
    // It is among the session's data (electron/shell/browser/browser_process_impl.cc, `PostEarlyInitialization`, after our `app.setPath`).
    const state = join(home, 'browser', 'Local State');
    if (existsSync(state)) copyFileSync(state, join(folder, 'Local State'));
    return ok({ userData: folder, sessionData: folder });
  } catch {
    return otherwise;
  }
};

const makeFolders = (home: string): { readonly ok: true; readonly value: Profile } | Failure => {
  const browser = join(home, 'browser');
  for (const folder of [home, browser]) {
    try {
      makeFolder(folder);
      if (!statSync(folder).isDirectory()) return fail('STORE_UNUSABLE', { why: 'in-the-way', path: folder });
      // Also one that is there: on a read-only disk Electron's lock cannot be had, which would look like another running app.
      accessSync(folder, constants.W_OK);
    } catch (error) {
      return notWritten(error, folder);
    }
  }
  return { ok: true, value: { userData: home, sessionData: browser } };
};

/** Why a file or folder could not be written: `STORE_UNUSABLE` (why: the system's code; path). */
export const notWritten = (error: unknown, path: string): Failure => fail('STORE_UNUSABLE', { why: (error as NodeJS.ErrnoException).code ?? 'disk', path });

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
