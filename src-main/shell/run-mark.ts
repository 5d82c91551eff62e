import { readFileSync, rmSync } from 'node:fs';
import { uptime } from 'node:os';
import { z } from 'zod';
import { replaceFile } from './replace-file.ts';
import { readSmallFile } from './small-file.ts';

const mark = z.object({ at: z.int(), boot: z.string() });

/** How the run before this one ended. `with-computer`: the computer was started again since, so it may have lost its power. */
export type LastEnd = 'properly' | 'unexpectedly' | 'with-computer';

export type RunMark = { readonly lastEnd: LastEnd; /** When the run before was begun. */ readonly begun: number | null; readonly remove: () => void };

/**
 * A file that is there while the app runs. One that is found at a start was left by a run that did not end properly: it crashed or
 * was killed. Where the home cannot be written there is none, and nothing is claimed.
 */
export const markRun = (file: string, now: number, boot: string): RunMark => {
  const left = readMark(file);
  try {
    replaceFile(file, JSON.stringify({ at: now, boot }));
  } catch {
    // The next start then claims nothing, or the same as this one.
  }
  return {
    lastEnd: left === null ? 'properly' : left.boot === boot ? 'unexpectedly' : 'with-computer',
    begun: left?.at ?? null,
    remove() {
      try {
        rmSync(file, { force: true });
      } catch {
        // The home cannot be written any more. The next start says that this one did not end properly; ending goes before that.
      }
    },
  };
};

const readMark = (file: string): z.infer<typeof mark> | null => {
  try {
    return mark.parse(JSON.parse(readSmallFile(file)));
  } catch {
    return null;
  }
};

/** Tells one run of the computer from the next: Linux says it; elsewhere the hour that it was started in. */
export const bootOf = (platform: NodeJS.Platform, now: number, read: (path: string) => string = (path) => readFileSync(path, 'utf8'), up: number = uptime()): string => {
  if (platform === 'linux') {
    try {
      return read('/proc/sys/kernel/random/boot_id').trim();
    } catch {
      // A container without it: as elsewhere.
    }
  }
  return String(Math.round((now - up) / 3600));
};
