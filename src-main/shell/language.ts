import { localeFor, type Language } from '../../src-shared/language.ts';
import { createWords, type Words } from './messages.ts';
import type { SettingsFile } from './settings-file.ts';

/** The one language of page, menus, tray, notifications and dialogs. */
export type PersonsLanguage = {
  /** Those of the language spoken now, also once it has changed. */
  readonly words: Words;
  readonly locale: () => string;
  /** From now on and at later starts; gives the locale. */
  readonly choose: (language: Language) => string;
  readonly onChange: (listener: () => void) => void;
};

/** `system`: the names of the system's languages, the first choice first. */
export const openLanguage = (system: readonly string[], settings: SettingsFile): PersonsLanguage => {
  let locale = localeFor(settings.read().language ?? null, system);
  let words = createWords(locale);
  const listeners: (() => void)[] = [];

  const keep = (language: Language): void => {
    if (settings.read().language === language) return;
    try {
      settings.change({ language });
    } catch {
      // On a full disk the next start asks the system again.
    }
  };
  return {
    words: { say: (key, facts) => words.say(key, facts), time: (at) => words.time(at), rest: (from, to) => words.rest(from, to) },
    locale: () => locale,
    choose(language) {
      keep(language);
      const chosen = localeFor(language, system);
      if (chosen !== locale) {
        locale = chosen;
        words = createWords(locale);
        for (const listener of listeners) listener();
      }
      return locale;
    },
    onChange: (listener) => void listeners.push(listener),
  };
};
