import i18next from 'i18next';
import { languageOf, localeFor } from '../../src-shared/language.ts';
import type { Language } from '../../src-shared/language.ts';
import { DAY, HOUR, MINUTE } from '../../src-shared/time.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { german } from './messages-de.ts';
import { english } from './messages-en.ts';
import type { Messages } from './messages-en.ts';

type Row = keyof typeof english;
/** A plural is asked for without its ending. */
export type MessageKey = Row extends infer R ? (R extends `${infer Stem}_${'one' | 'other'}` ? Stem : R) : never;
export type Facts = Readonly<Record<string, string | number>>;

export type Words = {
  readonly say: (key: MessageKey, facts?: Facts) => string;
  readonly time: (at: Seconds) => string;
  /** How long it is from one time to a later one: "in 6 days". */
  readonly rest: (from: Seconds, to: Seconds) => string;
};

const resources: { readonly [L in Language]: { readonly translation: Messages } } = { en: { translation: english }, de: { translation: german } };

/** Words in the language of a locale; English, where it is none of ours or no locale at all. */
export const createWords = (name: string): Words => {
  const locale = localeFor(null, [name]);
  const instance = i18next.createInstance();
  void instance.init({ lng: locale, fallbackLng: 'en', resources, keySeparator: false, nsSeparator: false, initAsync: false, interpolation: { escapeValue: false } });
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  return {
    say: (key, facts = {}) => instance.t(key, facts),
    time: (at) => format.format(at * 1000),
    rest: (from, to) => {
      const left = Math.max(0, to - from);
      const [unit, size] = units.find(([, each]) => left >= 2 * each) ?? units[units.length - 1] ?? ['minute', MINUTE];
      return new Intl.RelativeTimeFormat(languageOf(locale)).format(Math.max(1, Math.round(left / size)), unit);
    },
  };
};

const units = [['day', DAY], ['hour', HOUR], ['minute', MINUTE]] as const;
