import { appendFileSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from './profile.ts';

/** Events by name with facts; never secrets, never the text of a document. */
export type Log = (event: string, facts: Readonly<Record<string, string | number | boolean | null>>) => void;

const full = 1024 * 1024;

/** One JSON line an event, in a file for a support engineer; at 1 MiB the file becomes `.1` and a new one begins. */
export const createLog = (file: string, now: () => number, echo: boolean): Log => {
  try {
    makeFolder(dirname(file));
  } catch {
    // As below: whoever opens the home says what is the matter with it.
  }
  return (event, facts) => {
    const line = `${JSON.stringify({ at: new Date(now() * 1000).toISOString(), event, ...facts })}\n`;
    if (echo) process.stderr.write(line);
    try {
      if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) + line.length > full) renameSync(file, `${file}.1`);
      appendFileSync(file, line, { mode: 0o600 });
    } catch {
      // A full disk must not stop a license from working, and there is nowhere else to say it.
    }
  };
};
