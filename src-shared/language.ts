/** The languages of pages, menus and mails; English is the one that others are held to. */
export const languages = ['en', 'de'] as const;
export type Language = (typeof languages)[number];

export const languageOf = (locale: string): Language => (speaks(locale, 'de') ? 'de' : 'en');

/**
 * The locale to speak in: of the language chosen, the person's own kind of it (`de-AT`), else that language; without a choice the
 * first of the system's names that is one of our languages, else English. A name that `Intl` would throw at is passed over, such
 * as `c` for `C.UTF-8`, or `de-DE@euro`.
 */
export const localeFor = (chosen: Language | null, system: readonly string[]): string => {
  const ours = system.flatMap(canonical).filter((name) => languages.some((language) => speaks(name, language)));
  return (chosen === null ? ours[0] : ours.find((name) => speaks(name, chosen))) ?? chosen ?? 'en';
};

const speaks = (locale: string, language: Language): boolean => locale.toLowerCase().split('-')[0] === language;

const canonical = (name: string): readonly string[] => {
  try {
    return Intl.getCanonicalLocales(name);
  } catch {
    return [];
  }
};
