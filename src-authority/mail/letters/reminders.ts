import type { Locale } from '../../adapter/schema.ts';
import { letterTime } from '../letter.ts';
import type { Letter } from '../letter.ts';

/** Letters about what ends: a license for everybody, or the offline lease of a machine. `product`: its name, with the edition. */

export type Ending =
  | { readonly kind: 'license'; readonly product: string; readonly until: number }
  | { readonly kind: 'lease'; readonly product: string; readonly machine: string; readonly person: string | null; readonly until: number };

const lines: { readonly [L in Locale]: (ending: Ending) => string } = {
  en: (ending) =>
    ending.kind === 'license'
      ? `${ending.product}: the license ends on ${letterTime('en', ending.until)}`
      : `${ending.product} on ${ending.machine}${ending.person === null ? '' : ` (${ending.person})`}: offline until ${letterTime('en', ending.until)}`,
  de: (ending) =>
    ending.kind === 'license'
      ? `${ending.product}: Die Lizenz endet am ${letterTime('de', ending.until)}`
      : `${ending.product} auf ${ending.machine}${ending.person === null ? '' : ` (${ending.person})`}: offline bis ${letterTime('de', ending.until)}`,
};

const steps: { readonly [L in Locale]: (endings: readonly Ending[]) => readonly string[] } = {
  en: (endings) => [
    ...(endings.some(({ kind }) => kind === 'lease') ? ['An offline license is extended on its machine: while it is connected, or by a request file that somebody answers in the portal.'] : []),
    ...(endings.some(({ kind }) => kind === 'license') ? ['When a license ends, nobody can use it any more. Its vendor, or the operator of the license authority, extends it.'] : []),
  ],
  de: (endings) => [
    ...(endings.some(({ kind }) => kind === 'lease') ? ['Eine Offline-Lizenz wird auf ihrem Rechner verlängert: wenn er verbunden ist, oder mit einer Anforderungsdatei, die jemand im Portal beantwortet.'] : []),
    ...(endings.some(({ kind }) => kind === 'license') ? ['Endet eine Lizenz, kann niemand sie mehr nutzen. Ihr Anbieter oder der Betreiber der Lizenzstelle verlängert sie.'] : []),
  ],
};

/** A mail stays readable; the portal has the rest. */
const MOST = 100;
const listed = (locale: Locale, endings: readonly Ending[], more: (count: number) => string) => ({
  list: [...endings.slice(0, MOST).map(lines[locale]), ...(endings.length > MOST ? [more(endings.length - MOST)] : [])],
});
const moreEn = (count: number): string => `and ${count} more`;
const moreDe = (count: number): string => `und ${count} weitere`;

export type EndingFacts = { readonly organization: string; readonly endings: readonly Ending[]; readonly link: string };

export const endingLetter: Letter<EndingFacts> = {
  en: ({ organization, endings, link }) => ({
    subject: endings.length === 1 ? `${endings[0]?.product} of ${organization} ends soon` : `${endings.length} licenses of ${organization} end soon`,
    lines: ['Hello,', `In ${organization} this ends soon:`, listed('en', endings, moreEn), ...steps.en(endings), { link, label: 'See the licenses' }],
  }),
  de: ({ organization, endings, link }) => ({
    subject: endings.length === 1 ? `${endings[0]?.product} von ${organization} endet bald` : `${endings.length} Lizenzen von ${organization} enden bald`,
    lines: ['Guten Tag,', `In ${organization} endet bald:`, listed('de', endings, moreDe), ...steps.de(endings), { link, label: 'Lizenzen ansehen' }],
  }),
};

export const weeklyLetter: Letter<EndingFacts> = {
  en: ({ organization, endings, link }) => ({
    subject: `${organization}: what ends in the next 30 days`,
    lines: ['Hello,', `In ${organization} this ends in the next 30 days:`, listed('en', endings, moreEn), ...steps.en(endings), { link, label: 'See the licenses' }, 'You get this list once a week as an owner or manager, when there is something in it.'],
  }),
  de: ({ organization, endings, link }) => ({
    subject: `${organization}: Was in den nächsten 30 Tagen endet`,
    lines: ['Guten Tag,', `In ${organization} endet in den nächsten 30 Tagen:`, listed('de', endings, moreDe), ...steps.de(endings), { link, label: 'Lizenzen ansehen' }, 'Sie erhalten diese Liste einmal in der Woche als Eigentümer oder Manager, wenn etwas darin steht.'],
  }),
};
