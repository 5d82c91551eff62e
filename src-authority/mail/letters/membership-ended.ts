import { letterTime } from '../letter.ts';
import type { Letter } from '../letter.ts';
import { endedLines } from './holdings.ts';
import type { EndedLease } from './holdings.ts';

export type MembershipEndedFacts = {
  readonly organization: string;
  readonly by: string;
  /** Leases that ended with it. */
  readonly ended: readonly EndedLease[];
  /** Those that go on until their file ends. */
  readonly offline: readonly { readonly product: string; readonly machine: string; readonly until: number }[];
};

export const membershipEndedLetter: Letter<MembershipEndedFacts> = {
  en: ({ organization, by, ended, offline }) => ({
    subject: `You are no longer a member of ${organization}`,
    lines: [
      'Hello,',
      `${by} removed you from ${organization} on Latchkey. Your account stays; the licenses of ${organization} can no longer be used with it.`,
      ...(ended.length === 0 ? [] : ['These licenses were released:', ...endedLines.en(ended)]),
      ...(offline.length === 0
        ? []
        : ['These machines hold a license offline. Please release it there and hand in the proof:', { list: offline.map(({ product, machine, until }) => `${product} on ${machine}, until ${letterTime('en', until)}`) }]),
    ],
  }),
  de: ({ organization, by, ended, offline }) => ({
    subject: `Sie sind nicht mehr Mitglied von ${organization}`,
    lines: [
      'Guten Tag,',
      `${by} hat Sie aus ${organization} auf Latchkey entfernt. Ihr Konto bleibt bestehen; die Lizenzen von ${organization} können damit nicht mehr genutzt werden.`,
      ...(ended.length === 0 ? [] : ['Diese Lizenzen wurden freigegeben:', ...endedLines.de(ended)]),
      ...(offline.length === 0
        ? []
        : ['Diese Rechner halten eine Lizenz offline. Bitte geben Sie sie dort frei und reichen Sie den Nachweis ein:', { list: offline.map(({ product, machine, until }) => `${product} auf ${machine}, bis ${letterTime('de', until)}`) }]),
    ],
  }),
};
