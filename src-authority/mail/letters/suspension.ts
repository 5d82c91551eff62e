import { letterTime } from '../letter.ts';
import type { Letter } from '../letter.ts';

export type LicenseSuspendedFacts = {
  readonly organization: string;
  readonly product: string;
  readonly reason: string;
  readonly online: number;
  readonly offline: readonly { readonly machine: string; readonly until: number }[];
  readonly link: string;
};

export const licenseSuspendedLetter: Letter<LicenseSuspendedFacts> = {
  en: ({ organization, product, reason, online, offline, link }) => ({
    subject: `${product} is suspended`,
    lines: [
      'Hello,',
      `The license authority has suspended ${product} of ${organization}: ${reason}`,
      'Until it is resumed, nobody can take it and no lease of it is renewed.',
      ...(online === 0 ? [] : [`Online leases in use: ${online}. They end within their term.`]),
      ...(offline.length === 0 ? [] : ['These machines hold it offline and can use it until then:', { list: offline.map(({ machine, until }) => `${machine}, until ${letterTime('en', until)}`) }]),
      { link, label: 'See the licenses' },
    ],
  }),
  de: ({ organization, product, reason, online, offline, link }) => ({
    subject: `${product} ist ausgesetzt`,
    lines: [
      'Guten Tag,',
      `Die Lizenzstelle hat ${product} von ${organization} ausgesetzt: ${reason}`,
      'Bis zur Wiederaufnahme kann niemand diese Lizenz nehmen, und keine laufende wird verlängert.',
      ...(online === 0 ? [] : [`Online in Gebrauch: ${online}. Sie enden mit ihrer Laufzeit.`]),
      ...(offline.length === 0 ? [] : ['Diese Rechner halten sie offline und können sie bis dahin nutzen:', { list: offline.map(({ machine, until }) => `${machine}, bis ${letterTime('de', until)}`) }]),
      { link, label: 'Lizenzen ansehen' },
    ],
  }),
};

export const licenseResumedLetter: Letter<{ readonly organization: string; readonly product: string; readonly link: string }> = {
  en: ({ organization, product, link }) => ({
    subject: `${product} can be used again`,
    lines: ['Hello,', `The license authority has resumed ${product} of ${organization}.`, { link, label: 'See the licenses' }],
  }),
  de: ({ organization, product, link }) => ({
    subject: `${product} kann wieder genutzt werden`,
    lines: ['Guten Tag,', `Die Lizenzstelle hat ${product} von ${organization} wieder aufgenommen.`, { link, label: 'Lizenzen ansehen' }],
  }),
};
