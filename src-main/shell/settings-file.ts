import { join } from 'node:path';
import { z } from 'zod';
import { languages } from '../../src-shared/language.ts';
import { replaceFile } from './replace-file.ts';
import { readSmallFile } from './small-file.ts';

/** Each member for itself: one that this version does not know, or that is damaged, says nothing, and the others count. */
const content = z.object({
  /** What closing the window does; absent as long as the person has not chosen. */
  closing: z.enum(['stay', 'quit']).optional().catch(undefined),
  /** Whether they have been told that the app goes on in the tray. */
  toldOfTray: z.boolean().optional().catch(undefined),
  /** The one chosen in the page; absent as long as the system decides. */
  language: z.enum(languages).optional().catch(undefined),
});
/** As it is written: what another version keeps there stays. */
const members = z.record(z.string(), z.json());

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
  let kept = readMembers(path);
  let now = content.parse(kept);
  return {
    path,
    read: () => now,
    change(changes) {
      kept = { ...kept, ...changes };
      now = content.parse(kept);
      replaceFile(path, JSON.stringify(kept));
    },
  };
};

/** A file that cannot be read is one of a person who has chosen nothing. */
const readMembers = (file: string): Readonly<Record<string, unknown>> => {
  try {
    return members.parse(JSON.parse(readSmallFile(file)));
  } catch {
    return {};
  }
};
