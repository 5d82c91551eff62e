/**
 * The system's languages as Electron names them on Linux: what `g_get_language_names` gives, each by ICU's canonical form, in
 * which `C.UTF-8` is `c`, and `de_DE@euro` is `de-DE@euro`: names that `Intl` does not take.
 * electron/shell/common/language_util_linux.cc; glib/gcharset.c, "g_get_locale_variants".
 */
export function preferredLanguages(env: NodeJS.ProcessEnv): readonly string[] {
  const named = [env['LANGUAGE'], env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find((value) => value !== undefined && value !== '') ?? 'C';
  return named.split(':').flatMap(variantsOf).filter((name) => name !== 'C').map(canonical);
}

/** Chromium's own choice among the languages that it has words for. electron/docs/api/app.md, "app.getLocale" */
export function applicationLocale(languages: readonly string[]): string {
  const exact = languages.find((name) => translations.has(name));
  return exact ?? languages.map((name) => name.split(/[-@]/)[0] ?? '').find((name) => translations.has(name)) ?? 'en-US';
}

const translations: ReadonlySet<string> = new Set([
  'af', 'am', 'ar', 'bg', 'bn', 'ca', 'cs', 'da', 'de', 'el', 'en-GB', 'en-US', 'es', 'es-419', 'et', 'fa', 'fi', 'fil', 'fr', 'gu', 'he', 'hi', 'hr', 'hu', 'id', 'it', 'ja', 'kn',
  'ko', 'lt', 'lv', 'ml', 'mr', 'ms', 'nb', 'nl', 'pl', 'pt-BR', 'pt-PT', 'ro', 'ru', 'sk', 'sl', 'sr', 'sv', 'sw', 'ta', 'te', 'th', 'tr', 'uk', 'ur', 'vi', 'zh-CN', 'zh-TW',
]);

/** From the whole name to the language alone. */
function variantsOf(name: string): readonly string[] {
  const [, language = '', territory = '', codeset = '', modifier = ''] = /^([^_.@]*)(_[^.@]*)?(\.[^@]*)?(@.*)?$/s.exec(name) ?? [];
  const all = [modifier, ''].flatMap((last) => [territory, ''].flatMap((first) => [codeset, ''].map((middle) => language + first + middle + last)));
  return [...new Set(all)];
}

function canonical(name: string): string {
  const [, language = '', territory = '', modifier = ''] = /^([^_.@]*)(?:_([^.@]*))?(?:\.[^@]*)?(?:@(.*))?$/s.exec(name) ?? [];
  return `${language.toLowerCase() || 'und'}${territory && `-${territory.toUpperCase()}`}${modifier && `@${modifier.toLowerCase()}`}`;
}
