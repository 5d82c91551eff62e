import { readFileSync, statSync } from 'node:fs';

/** More than any small file of ours ever has. */
const most = 256 * 1024;

/**
 * The text of a small file. Throws where it cannot be read, and for what is none: something endless, or a pipe, which would be
 * waited for without an end, before there is any window that could say so.
 */
export const readSmallFile = (file: string): string => {
  const facts = statSync(file);
  if (!facts.isFile() || facts.size > most) throw new Error('Not a small file');
  return readFileSync(file, 'utf8');
};
