import codes from 'i18n-iso-countries/codes.json';

/** The countries of ISO 3166-1 by their names in a language, in its order. */
export const countriesIn = (locale: string): readonly { readonly id: string; readonly label: string }[] => {
  const names = new Intl.DisplayNames([locale], { type: 'region' });
  const collator = new Intl.Collator(locale);
  return (codes as readonly (readonly string[])[])
    .flatMap(([id]) => (id === undefined ? [] : [{ id, label: names.of(id) ?? id }]))
    .sort((a, b) => collator.compare(a.label, b.label));
};
