/** The languages of pages and mails; English is the one that others are held to. */
export const languages = ['en', 'de'] as const;
export type Language = (typeof languages)[number];

export const languageOf = (locale: string): Language => (locale.toLowerCase().startsWith('de') ? 'de' : 'en');

/** The person's own kind of a language, by which dates and numbers are written: de-AT where the system says so. */
export const localeOf = (language: Language): string => navigator.languages.find((each) => languageOf(each) === language && each.startsWith(language)) ?? language;

const NAME = 'latchkey.language';

/** Kept for the pages before sign-in. Storage may be switched off: then the system decides again. */
export const keepLanguage = (language: Language): void => {
  try {
    localStorage.setItem(NAME, language);
  } catch {
    // Not kept.
  }
};

const keptLanguage = (): Language | null => {
  try {
    return languages.find((each) => each === localStorage.getItem(NAME)) ?? null;
  } catch {
    return null;
  }
};

/** What to begin with: the language chosen here before, else the system's, where it is one of ours. */
export const firstLocale = (system: readonly string[]): string => {
  const kept = keptLanguage();
  if (kept !== null) return localeOf(kept);
  return system.find((each) => languages.some((language) => each === language || each.startsWith(`${language}-`))) ?? 'en';
};
