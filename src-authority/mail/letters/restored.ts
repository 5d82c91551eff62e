import { letterTime } from '../letter.ts';
import type { Letter } from '../letter.ts';

export type RestoredFacts = { readonly name: string; readonly organizations: readonly string[]; readonly at: number; readonly stateOf: number; readonly link: string };

/** To every owner: what a backup that was put back may have undone. */
export const restoredLetter: Letter<RestoredFacts> = {
  en: ({ name, organizations, at, stateOf, link }) => ({
    subject: 'The license authority was restored from a backup',
    lines: [
      `Hello ${name},`,
      `On ${letterTime('en', at)} the license authority found that its database was replaced by an older copy, from ${letterTime('en', stateOf)}. This concerns:`,
      { list: organizations },
      'What was done after that time is not known any more. Everybody was signed out, mailed links and codes no longer work, and open invitations were cancelled.',
      'Please check the members, their roles and the assigned licenses. Passwords are those of that time: whoever has changed theirs since should change it again.',
      { link, label: 'Sign in and check' },
    ],
  }),
  de: ({ name, organizations, at, stateOf, link }) => ({
    subject: 'Die Lizenzstelle wurde aus einer Sicherung wiederhergestellt',
    lines: [
      `Guten Tag ${name},`,
      `am ${letterTime('de', at)} hat die Lizenzstelle festgestellt, dass ihre Datenbank durch eine ältere Kopie vom ${letterTime('de', stateOf)} ersetzt wurde. Das betrifft:`,
      { list: organizations },
      'Was danach geschah, ist nicht mehr bekannt. Alle wurden abgemeldet, Links und Codes aus E-Mails gelten nicht mehr, und offene Einladungen wurden zurückgezogen.',
      'Bitte prüfen Sie die Mitglieder, ihre Rollen und die zugewiesenen Lizenzen. Es gelten die Passwörter von damals: Wer seines seither geändert hat, sollte es noch einmal ändern.',
      { link, label: 'Anmelden und prüfen' },
    ],
  }),
};
