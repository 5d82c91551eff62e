import { letterTime } from '../letter.ts';
import type { Letter } from '../letter.ts';

export const accountDeletedLetter: Letter<{ readonly name: string; readonly at: number }> = {
  en: ({ name, at }) => ({
    subject: 'Your account was deleted',
    lines: [
      `Hello ${name},`,
      `Your Latchkey account was deleted on ${letterTime('en', at)}, with your memberships, sessions and personal data. This cannot be undone.`,
      'The record of what was done with licenses stays, without your name.',
    ],
  }),
  de: ({ name, at }) => ({
    subject: 'Ihr Konto wurde gelöscht',
    lines: [
      `Guten Tag ${name},`,
      `Ihr Latchkey-Konto wurde am ${letterTime('de', at)} gelöscht, mit Ihren Mitgliedschaften, Anmeldungen und persönlichen Daten. Das kann nicht rückgängig gemacht werden.`,
      'Die Aufzeichnung dessen, was mit Lizenzen geschah, bleibt ohne Ihren Namen bestehen.',
    ],
  }),
};
