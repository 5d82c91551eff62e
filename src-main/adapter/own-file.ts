import { chmodSync, closeSync, constants, fsyncSync, lstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { randomInt } from 'node:crypto';

/**
 * SECURITY: files of a home are opened without following a link in their place, and replaced, never written into: a link to
 * another file is replaced like any other file, and what it points to stays as it is.
 */
const NO_LINK = constants.O_NOFOLLOW ?? 0;

/** Writes a file whole or not at all, for its owner only. `flush`: it is on the disk when this returns. */
export const replaceFile = (path: string, text: string, { flush = true } = {}): void => {
  const unfinished = `${path}.${randomInt(100_000, 2 ** 31)}`;
  const file = openSync(unfinished, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | NO_LINK, 0o600);
  try {
    try {
      const bytes = Buffer.from(text);
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
      if (flush) fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    // What fails while it is written names no path.
    throw Object.assign(error as NodeJS.ErrnoException, { path });
  }
};

/** SQLite follows links. Throws `ELOOP` where one is in the place of a file of ours. */
export const refuseLink = (path: string): void => {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) throw Object.assign(new Error('ELOOP'), { code: 'ELOOP', path });
};

/** For its owner only, from now on; a link is left as it is. Not by opening it: to close a database by hand takes the locks of this process from it. */
export const narrow = (path: string): void => {
  if (lstatSync(path, { throwIfNoEntry: false })?.isFile()) chmodSync(path, 0o600);
};
