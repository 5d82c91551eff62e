import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Which `latchkey run` processes of a home use a lease. A lease that a run took is given back by the last run that uses it,
 * so that the first to end does not take it from the others.
 */
export type Runs = {
  readonly join: (lease: string, taken: boolean) => void;
  /** True: it is ours to give back, and nobody else uses it. */
  readonly leave: (lease: string) => boolean;
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

export const createRuns = (home: string, pid: number = process.pid): Runs => {
  const folderOf = (lease: string): string => join(home, 'runs', lease);
  return {
    join: (lease, taken) => {
      const folder = folderOf(lease);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      if (taken) writeFileSync(join(folder, 'taken'), '');
      writeFileSync(join(folder, String(pid)), '');
    },
    leave: (lease) => {
      const folder = folderOf(lease);
      rmSync(join(folder, String(pid)), { force: true });
      if (!existsSync(folder)) return false;
      const others = readdirSync(folder).filter((name) => /^\d+$/.test(name) && isAlive(Number(name)));
      if (others.length > 0) return false;
      const taken = existsSync(join(folder, 'taken'));
      rmSync(folder, { recursive: true, force: true });
      return taken;
    },
  };
};
