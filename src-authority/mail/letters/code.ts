import { letterTime } from '../letter.ts';
import type { Letter } from '../letter.ts';

export type CodeFacts = { readonly name: string; readonly code: string; readonly expiresAt: number };

/** The code stands in the letter and not in its subject, which phones show while they are locked. */
export const signInCodeLetter: Letter<CodeFacts> = {
  en: ({ name, code, expiresAt }) => ({
    subject: 'Your code to sign in',
    lines: [
      `Hello ${name},`,
      'Your code to sign in to Latchkey is',
      { code },
      `It is good until ${letterTime('en', expiresAt)}. Tell it to nobody. If you are not signing in right now, somebody knows your password: change it.`,
    ],
  }),
  de: ({ name, code, expiresAt }) => ({
    subject: 'Ihr Code zum Anmelden',
    lines: [
      `Guten Tag ${name},`,
      'Ihr Code zum Anmelden bei Latchkey lautet',
      { code },
      `Er gilt bis ${letterTime('de', expiresAt)}. Geben Sie ihn niemandem weiter. Wenn Sie sich gerade nicht anmelden, kennt jemand Ihr Passwort: Ändern Sie es.`,
    ],
  }),
};

export const factorCodeLetter: Letter<CodeFacts> = {
  en: ({ name, code, expiresAt }) => ({
    subject: 'Your code to change how you sign in',
    lines: [
      `Hello ${name},`,
      'To turn codes by e-mail on or off for your Latchkey account, type this code:',
      { code },
      `It is good until ${letterTime('en', expiresAt)}. If it is not you who is doing this, change your password.`,
    ],
  }),
  de: ({ name, code, expiresAt }) => ({
    subject: 'Ihr Code für die Einstellungen der Anmeldung',
    lines: [
      `Guten Tag ${name},`,
      'um Codes per E-Mail für Ihr Latchkey-Konto ein- oder auszuschalten, geben Sie diesen Code ein:',
      { code },
      `Er gilt bis ${letterTime('de', expiresAt)}. Wenn Sie das nicht veranlasst haben, ändern Sie Ihr Passwort.`,
    ],
  }),
};
