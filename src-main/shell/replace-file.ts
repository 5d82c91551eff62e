import { randomInt } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';

/** Writes a small file whole or not at all. SECURITY: a link in its place is replaced, and nothing is written to where it leads. */
export const replaceFile = (file: string, text: string, mode: 0o600 | 0o644 = 0o600): void => {
  const unfinished = `${file}.${randomInt(100_000, 2 ** 31)}`;
  try {
    writeFileSync(unfinished, text, { flag: 'wx', mode });
    renameSync(unfinished, file);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
};
