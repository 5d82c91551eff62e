import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { documentExtensions } from '../../src-shared/inspection.ts';
import type { IpcPushes } from '../../src-shared/ipc.ts';

/** The document among a start's arguments, as an absolute path. The first argument is the program and never counts. */
export const documentInArguments = (argv: readonly string[], cwd: string): string | null => {
  const found = argv.slice(1).filter((argument) => !argument.startsWith('-')).findLast((argument) => isDocument(argument));
  return found === undefined ? null : resolve(cwd, found);
};

const isDocument = (path: string): boolean => documentExtensions.some((extension) => path.toLowerCase().endsWith(`.${extension}`));

/** A document is at most 64 KiB: one byte more is read, so that the parser sees that it is too long. */
const most = 64 * 1024 + 1;

/**
 * Reads a document that the desktop or the command line named. What is not a regular file or cannot be read is shown as
 * an empty one, which the parser refuses: the person hears why instead of nothing happening.
 */
export const readOpenedFile = async (path: string): Promise<IpcPushes['open-file']> => {
  const name = basename(path);
  try {
    // SECURITY: a pipe would wait for ever at open, so the kind is asked before, and again on what was opened. A link is not followed.
    if (!(await lstat(path)).isFile()) return { name, bytes: new Uint8Array() };
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0));
    try {
      if (!(await file.stat()).isFile()) return { name, bytes: new Uint8Array() };
      const buffer = new Uint8Array(most);
      let length = 0;
      for (;;) {
        const { bytesRead } = await file.read(buffer, length, most - length);
        length += bytesRead;
        if (bytesRead === 0 || length === most) return { name, bytes: buffer.slice(0, length) };
      }
    } finally {
      await file.close();
    }
  } catch {
    return { name, bytes: new Uint8Array() };
  }
};
