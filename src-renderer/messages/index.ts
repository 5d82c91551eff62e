import i18next from 'i18next';
import type { i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Problem } from '../../src-shared/desktop.ts';
import { whyOf } from '../../src-shared/whys.ts';
import type { Words } from './en/errors.ts';
import { languageOf, languages, localeOf } from './language.ts';
import type { Language } from './language.ts';

const SIZES = [['day', 86_400], ['hour', 3600], ['minute', 60], ['second', 1]] as const;

const date = (seconds: unknown): Date => new Date(Number(seconds) * 1000);

/** Adds what `{{value, name}}` can say: `date`, `datetime`, `when`, `brief`, `duration` for epoch seconds, and words for closed lists. */
const addFormatters = (instance: i18n): void => {
  const add = (name: string, words: (value: unknown, locale: string) => string): void => {
    // A fact that is not known is a gap in the sentence, and never a page that cannot be shown.
    instance.services.formatter?.add(name, (value, locale) => (value === undefined || value === null ? '…' : words(value, locale ?? 'en')));
  };
  const word = (list: string) => (value: unknown): string =>
    instance.t(`common:${list}.${String(value)}`, { defaultValue: instance.t(`common:${list}.unknown`, { defaultValue: String(value) }) });
  // The day a license begins or ends is a day of the calendar, the same for everybody.
  add('date', (value, locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(date(value)));
  add('datetime', (value, locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(date(value)));
  add('when', (value, locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(date(value)));
  // Where there is little room: the time today, else the day, with its year only when that is another one.
  add('brief', (value, locale) => {
    const at = date(value);
    const now = new Date();
    const style: Intl.DateTimeFormatOptions =
      at.toDateString() === now.toDateString() ? { timeStyle: 'short' }
        : at.getFullYear() === now.getFullYear() ? { day: 'numeric', month: 'short' } : { dateStyle: 'medium' };
    return new Intl.DateTimeFormat(locale, style).format(at);
  });
  add('duration', (value, locale) => {
    const seconds = Math.max(1, Number(value) || 1);
    const [unit, size] = SIZES.find(([, each]) => seconds >= each) ?? ['second', 1];
    return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(Math.ceil(seconds / size));
  });
  add('mode', word('mode'));
  add('document', word('document'));
  add('malformed', word('malformed'));
};

type Namespaces = { readonly [namespace: string]: object };

/** Fetches the words of an entry in each language; only those of the language shown are loaded. */
export type EntryWords = { readonly [L in Language]: () => Promise<Namespaces> };

/** The words for why something is refused are many and seldom needed at once: until they are here, a code's own words stand. */
const fetchWhys: { readonly [L in Language]: () => Promise<object> } = {
  en: () => import('./en/whys.ts').then(({ whys }) => whys),
  de: () => import('./de/whys.ts').then(({ whys }) => whys),
};

const words: Record<Language, Record<string, object>> = { en: {}, de: {} };
const loads = new Map<Language, Promise<void>>();
let running: i18n | null = null;

const add = (language: Language, namespace: string, each: object): void => {
  words[language][namespace] = each;
  running?.addResourceBundle(language, namespace, each);
};

/** Adds a page's words in every language; pages that load late bring their own. */
export const addWords = (namespace: string, each: { readonly [L in Language]: object }): void => languages.forEach((language) => add(language, namespace, each[language]));

let entry: EntryWords | null = null;

const fetchWords = async (language: Language): Promise<void> => {
  void fetchWhys[language]().then((whys) => add(language, 'whys', whys), () => undefined);
  for (const [namespace, each] of Object.entries((await entry?.[language]()) ?? {})) add(language, namespace, each);
};

/** Loads a language once; one that failed is fetched again when it is wanted again. */
const load = (language: Language): Promise<void> => {
  const begun = loads.get(language) ?? fetchWords(language);
  loads.set(language, begun);
  begun.catch(() => loads.delete(language));
  return begun;
};

/** Where the words of a language take longer, English stands until they are there: an empty page says less. */
const WORDS_MS = 3000;
const pause = (ms: number): Promise<boolean> => new Promise((done) => void setTimeout(done, ms, false));
const isLoaded = (language: Language): Promise<boolean> => load(language).then(() => true, () => false);

/** Keeps the language chosen, and gives the locale for it. */
export type ChooseLanguage = (language: Language) => Promise<string>;
let choose: ChooseLanguage = (language) => Promise.resolve(localeOf(language));

/** Starts the messages of an entry. Words come with the entry's own files; nothing is fetched from elsewhere. */
export const startMessages = async (locale: string, entryWords: EntryWords, chooseLanguage = choose): Promise<i18n> => {
  entry = entryWords;
  choose = chooseLanguage;
  const language = languageOf(locale);
  if (language === 'en' || !(await Promise.race([isLoaded(language), pause(WORDS_MS)]))) await load('en');
  const instance = i18next.createInstance();
  const starting = instance.use(initReactI18next).init({
    lng: locale,
    fallbackLng: 'en',
    resources: words as never,
    defaultNS: 'common',
    interpolation: { escapeValue: false },
    returnNull: false,
    missingInterpolationHandler: () => '…',
    // Pages say again what they have said when words have come.
    react: { bindI18nStore: 'added' },
  });
  running = instance;
  await starting;
  addFormatters(instance);
  document.documentElement.lang = language;
  return instance;
};

/** Shows another language from now on. Where its words cannot be loaded, the one shown stays. */
export const setLanguage = async (language: Language): Promise<void> => {
  const isShown = running === null || languageOf(running.language) === language;
  if (!isShown && !(await isLoaded(language))) return;
  const locale = await choose(language);
  if (isShown) return;
  await running?.changeLanguage(locale);
  document.documentElement.lang = language;
};

/** The words for a refusal: what happened, the facts, and the next step; those for why it happened, where there are any. */
export const wordsFor = (instance: Pick<i18n, 't'>, problem: Problem): Words => {
  const why = whyOf(problem.code, problem.details);
  const say = (part: keyof Words): string => {
    const own = `errors:${problem.code}.${part}`;
    return instance.t(why === null ? own : [`whys:${problem.code}.${why}.${part}`, own], { ...problem.details });
  };
  return { title: say('title'), text: withReason(say('text'), problem), next: say('next') };
};

/** What the operator wrote when they suspended a license is shown as it is. */
const withReason = (text: string, { code, details }: Problem): string =>
  code === 'LICENSE_SUSPENDED' && typeof details['reason'] === 'string' ? `${text.replace(/\.$/, '')}: ${details['reason']}` : text;

export type { Words } from './en/errors.ts';
