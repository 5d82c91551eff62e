import { describe, expect, it } from 'vitest';
import { languageOf, localeFor } from '../../../src-shared/language.ts';

/** As Electron hands over what Linux, Windows and macOS call their languages. */
describe('the locale that a person is spoken to in', () => {
  it.each([
    [['c'], 'en'], [[], 'en'], [[''], 'en'], [['und'], 'en'], [['posix'], 'en'], [['c', 'en-US'], 'en-US'],
    [['sr-RS@latin', 'sr@latin', 'sr-RS', 'sr'], 'en'],
    [['ca-ES@valencia', 'ca@valencia', 'ca-ES', 'ca', 'en-GB'], 'en-GB'],
    [['de-DE@euro', 'de@euro', 'de-DE', 'de'], 'de-DE'],
    [['fr-CA', 'de-AT', 'en-US'], 'de-AT'], [['zh-Hans-FI', 'es-419', 'en-FI'], 'en-FI'],
    [['de_DE', 'DE-de'], 'de-DE'], [['den-CA', 'del'], 'en'], [['de-DE-1996-u-co-phonebk'], 'de-DE-1996-u-co-phonebk'],
  ])('is for a system that says %j: %s', (system, locale) => {
    expect(localeFor(null, system)).toBe(locale);
    expect(() => new Intl.DateTimeFormat(localeFor(null, system))).not.toThrow();
  });

  it('is of the language chosen, in the kind that the system names, whatever comes first there', () => {
    expect(localeFor('de', ['en-GB', 'c', 'de-CH@x', 'de-AT'])).toBe('de-AT');
    expect(localeFor('de', ['en-GB'])).toBe('de');
    expect(localeFor('en', ['de-DE'])).toBe('en');
  });

  it('is German by its language and not by its first two letters', () => {
    expect(['de', 'DE-ch', 'de-AT', 'den', 'en', 'fr-DE', ''].map(languageOf)).toEqual(['de', 'de', 'de', 'en', 'en', 'en', 'en']);
  });
});
