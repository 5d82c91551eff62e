import { randomBytes } from 'node:crypto';
import { lstatSync, rmSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { replaceFile } from './own-file.ts';

/** Room on the disk that a home keeps for itself, in a file: so that a license can be given back when the disk is full. */
export type Reserve = {
  /** Takes the room, where there is enough of it and it is not taken yet. What fails is left for the next time. */
  readonly fill: () => void;
  /** Gives the room back to the disk. False: there was none, or the file cannot be removed. */
  readonly spend: () => boolean;
};

const SIZE = 256 * 1024;
/** What must be free, so that the reserve is not itself what fills the disk. */
const ENOUGH = 4 * SIZE;

export const createReserve = (path: string): Reserve => ({
  fill: () => {
    try {
      if (lstatSync(path, { throwIfNoEntry: false })?.size === SIZE) return;
      const { bavail, bsize } = statfsSync(dirname(path));
      // Random: a disk that compresses, or leaves holes, would keep no room for anything else.
      if (bavail * bsize >= ENOUGH) replaceFile(path, randomBytes((SIZE / 4) * 3).toString('base64'), { flush: false });
    } catch {
      // Without it only a full disk is worse.
    }
  },
  spend: () => {
    try {
      rmSync(path);
      return true;
    } catch {
      return false;
    }
  },
});
