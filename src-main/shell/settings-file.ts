import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { languages } from '../../src-shared/language.ts';
import { replaceFile } from './replace-file.ts';

const content = z.object({
  /** What closing the window does; absent as long as the person has not chosen. */
  closing: z.enum(['stay', 'quit']).exactOptional(),
  /** Whether they have been told that the app goes on in the tray. */
  toldOfTray: z.boolean().exactOptional(),
  /** The one chosen in the page; absent as long as the system decides. */
  language: z.enum(languages).exactOptional(),
});

/** What the app remembers for a person in a home, beside their licenses. */
export type Settings = Readonly<z.infer<typeof content>>;

export type SettingsFile = {
  readonly path: string;
  readonly read: () => Settings;
  /** Throws where the home cannot be written; what was changed counts until the app quits all the same. */
  readonly change: (changes: Settings) => void;
};

export const openSettings = (home: string): SettingsFile => {
  const path = join(home, 'settings.json');
  let now = readSettings(path);
  return {
    path,
    read: () => now,
    change(changes) {
      now = { ...now, ...changes };
      replaceFile(path, JSON.stringify(now));
    },
  };
};

/** A file that cannot be read is one of a person who has chosen nothing. */
const readSettings = (file: string): Settings => {
  try {
    return content.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return {};
  }
};
