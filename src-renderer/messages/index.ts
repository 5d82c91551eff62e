import i18next from 'i18next';
import type { i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Problem } from '../../src-shared/desktop.ts';
import { common } from './en/common.ts';
import { errors } from './en/errors.ts';
import type { Words } from './en/errors.ts';

const SIZES = [['day', 86_400], ['hour', 3600], ['minute', 60], ['second', 1]] as const;

const date = (seconds: unknown): Date => new Date(Number(seconds) * 1000);

/** Adds what `{{value, name}}` can say: `date`, `datetime`, `when`, `duration` for epoch seconds, and words for closed lists. */
const addFormatters = (instance: i18n): void => {
  const add = (name: string, words: (value: unknown, locale: string) => string): void => {
    instance.services.formatter?.add(name, (value, locale) => words(value, locale ?? 'en'));
  };
  const word = (list: string) => (value: unknown): string =>
    instance.t(`common:${list}.${String(value)}`, { defaultValue: instance.t(`common:${list}.unknown`, { defaultValue: String(value) }) });
  // The day a license begins or ends is a day of the calendar, the same for everybody.
  add('date', (value, locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(date(value)));
  add('datetime', (value, locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(date(value)));
  add('when', (value, locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(date(value)));
  add('duration', (value, locale) => {
    const seconds = Math.max(1, Number(value) || 1);
    const [unit, size] = SIZES.find(([, each]) => seconds >= each) ?? ['second', 1];
    return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(Math.ceil(seconds / size));
  });
  add('mode', word('mode'));
  add('document', word('document'));
  add('malformed', word('malformed'));
};

/**
 * Starts the messages of an entry: its own words under its own namespace, beside `common` and `errors`.
 * Words are bundled; nothing is fetched.
 */
export const startMessages = async (locale: string, namespaces: { readonly [language: string]: { readonly [namespace: string]: object } }): Promise<i18n> => {
  const resources: Record<string, Record<string, object>> = { en: { common, errors } };
  for (const [language, own] of Object.entries(namespaces)) resources[language] = { ...resources[language], ...own };
  const instance = i18next.createInstance();
  await instance.use(initReactI18next).init({
    lng: locale,
    fallbackLng: 'en',
    resources: resources as never,
    defaultNS: 'common',
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  addFormatters(instance);
  return instance;
};

/** The words for a refusal: what happened, the facts, and the next step. */
export const wordsFor = (instance: Pick<i18n, 't'>, problem: Problem): Words => {
  const say = (part: keyof Words): string => instance.t(`errors:${problem.code}.${part}`, { ...problem.details });
  return { title: say('title'), text: say('text'), next: say('next') };
};
export type { Words } from './en/errors.ts';
