import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { I18nProvider } from '../ui/index.ts';

/** Dates, numbers and the kit's own words follow the language shown. */
export const LanguageProvider = ({ children }: { readonly children: ReactNode }) => <I18nProvider locale={useTranslation().i18n.language}>{children}</I18nProvider>;
