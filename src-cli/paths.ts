import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { Refusal } from '../src-shared/result.ts';

/**
 * A path as somebody wrote it in a variable or behind `--home=`, where no shell has looked at it: whole, from the current
 * folder, with `~` for the person's own. `~name` is another person's home, which only a shell can find.
 * Errors: throws `INPUT_INVALID` (why: tilde).
 */
export const writtenPath = (text: string, at: string): string => {
  if (!text.startsWith('~')) return resolve(text);
  const rest = text.slice(1);
  if (rest !== '' && !/^[/\\]/.test(rest)) throw new Refusal('INPUT_INVALID', { why: 'tilde', at, path: text });
  return resolve(homedir(), `.${rest}`);
};
