import type { TOptions } from 'i18next';
import { useTranslation } from 'react-i18next';
import type { common } from './en/common.ts';
import { addWords } from './index.ts';
import type { Translation } from './translation.ts';

/** The dotted names of all words below `T`; plural forms (`_one`, `_other`) count as one name. */
type Path<T> = {
  [K in keyof T & string]: T[K] extends string ? (K extends `${infer Base}_${'one' | 'other'}` ? Base : K) : `${K}.${Path<T[K]>}`;
}[keyof T & string];

export type Say<T> = (name: Path<T>, values?: TOptions) => string;

/** A hook that says the words of one namespace; a name that is not there breaks the compile. */
export const wordsHook = <T extends object>(namespace: string) => (): Say<T> => {
  const { t } = useTranslation(namespace);
  return t as never;
};

/** The same for a page that brings its own words, in every language, when it is loaded. */
export const pageWords = <T extends object>(namespace: string, each: { readonly en: T; readonly de: Translation<T> }): (() => Say<T>) => {
  addWords(namespace, each);
  return wordsHook<T>(namespace);
};

export const useCommonWords = wordsHook<typeof common>('common');

/** The language shown, as BCP 47, for `Time` and `Intl`. */
export const useLanguage = (): string => useTranslation().i18n.language;
