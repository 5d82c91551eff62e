import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { IpcPushes } from '../../src-shared/ipc.ts';

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
