import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system of its own, small enough to be filled, that can be made read-only. */
export type SmallDisk = {
  readonly path: string;
  /** Leaves nothing free. */
  readonly fill: () => void;
  readonly free: () => void;
  readonly readOnly: (on: boolean) => void;
  readonly close: () => void;
};

const mount = (...args: string[]): boolean => spawnSync('mount', args, { stdio: 'ignore' }).status === 0;

/** Null where this user may not mount: then there is no disk to fill. */
export const createSmallDisk = (size: string): SmallDisk | null => {
  const path = mkdtempSync(join(tmpdir(), 'latchkey-disk-'));
  if (!mount('-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path)) {
    rmSync(path, { recursive: true });
    return null;
  }
  const ballast = join(path, 'ballast');
  return {
    path,
    fill: () => {
      const file = openSync(ballast, 'a');
      const chunk = Buffer.alloc(4096);
      try {
        for (;;) writeSync(file, chunk);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      } finally {
        closeSync(file);
      }
    },
    free: () => rmSync(ballast, { force: true }),
    readOnly: (on) => {
      if (!mount('-o', `remount,${on ? 'ro' : 'rw'}`, path)) throw new Error(`The disk at ${path} could not be remounted`);
    },
    close: () => {
      spawnSync('umount', ['-l', path], { stdio: 'ignore' });
      rmSync(path, { recursive: true, force: true });
    },
  };
};
