import { languages, localeFor } from '../../src-shared/language.ts';
import type { Language } from '../../src-shared/language.ts';

export { languageOf, languages } from '../../src-shared/language.ts';
export type { Language } from '../../src-shared/language.ts';

/** The person's own kind of a language, by which dates and numbers are written: de-AT where the browser says so. */
export const localeOf = (language: Language): string => localeFor(language, navigator.languages);

const NAME = 'latchkey.language';

/** For the pages before sign-in. Storage may be switched off: then the system decides again. */
const keepLanguage = (language: Language): void => {
  try {
    localStorage.setItem(NAME, language);
  } catch {
    // Not kept.
  }
};

/** Keeps the language chosen in this browser, and gives the locale for it. */
export const chooseInBrowser = (language: Language): Promise<string> => {
  keepLanguage(language);
  return Promise.resolve(localeOf(language));
};

const keptLanguage = (): Language | null => {
  try {
    return languages.find((each) => each === localStorage.getItem(NAME)) ?? null;
  } catch {
    return null;
  }
};

/** What to begin with: the language chosen here before, else the browser's, where it is one of ours. */
export const firstLocale = (): string => localeFor(keptLanguage(), navigator.languages);
