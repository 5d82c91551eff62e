import { letterTime } from '../letter.ts';
import type { Letter } from '../letter.ts';

/** To the new address: the link that makes it the account's. */
export const emailChangeLetter: Letter<{ readonly name: string; readonly link: string; readonly expiresAt: number }> = {
  en: ({ name, link, expiresAt }) => ({
    subject: 'Confirm your new e-mail address',
    lines: [
      `Hello ${name},`,
      'This address is to become the one of your Latchkey account. Until you confirm it, nothing changes.',
      { link, label: 'Confirm this address' },
      `The link is good until ${letterTime('en', expiresAt)} and can be used once. If you did not ask for this, you need not do anything.`,
    ],
  }),
  de: ({ name, link, expiresAt }) => ({
    subject: 'Bestätigen Sie Ihre neue E-Mail-Adresse',
    lines: [
      `Guten Tag ${name},`,
      'diese Adresse soll die Ihres Latchkey-Kontos werden. Bis Sie sie bestätigen, ändert sich nichts.',
      { link, label: 'Adresse bestätigen' },
      `Der Link gilt bis ${letterTime('de', expiresAt)} und kann einmal verwendet werden. Wenn Sie das nicht veranlasst haben, brauchen Sie nichts zu tun.`,
    ],
  }),
};

/** To the old address, when a change is asked for. */
export const emailChangeAskedLetter: Letter<{ readonly name: string; readonly email: string; readonly expiresAt: number }> = {
  en: ({ name, email, expiresAt }) => ({
    subject: 'A change of your e-mail address was asked for',
    lines: [
      `Hello ${name},`,
      `The e-mail address of your Latchkey account is to change to ${email}. This address stays until the new one is confirmed, which can be done until ${letterTime('en', expiresAt)}.`,
      'If it was not you who asked for it, change your password now: that also ends the change.',
    ],
  }),
  de: ({ name, email, expiresAt }) => ({
    subject: 'Eine Änderung Ihrer E-Mail-Adresse wurde angefordert',
    lines: [
      `Guten Tag ${name},`,
      `die E-Mail-Adresse Ihres Latchkey-Kontos soll zu ${email} geändert werden. Diese Adresse bleibt, bis die neue bestätigt ist; das ist bis ${letterTime('de', expiresAt)} möglich.`,
      'Wenn Sie das nicht veranlasst haben, ändern Sie jetzt Ihr Passwort: Das beendet auch diese Änderung.',
    ],
  }),
};

/** To the old address, once the new one is confirmed. */
export const emailChangedLetter: Letter<{ readonly name: string; readonly email: string; readonly at: number }> = {
  en: ({ name, email, at }) => ({
    subject: 'Your e-mail address was changed',
    lines: [
      `Hello ${name},`,
      `Since ${letterTime('en', at)} the e-mail address of your Latchkey account is ${email}. Letters no longer come to this address, and one no longer signs in with it.`,
      'If it was not you, tell an owner of your organization at once.',
    ],
  }),
  de: ({ name, email, at }) => ({
    subject: 'Ihre E-Mail-Adresse wurde geändert',
    lines: [
      `Guten Tag ${name},`,
      `seit ${letterTime('de', at)} ist ${email} die E-Mail-Adresse Ihres Latchkey-Kontos. An diese Adresse kommen keine Nachrichten mehr, und man meldet sich nicht mehr mit ihr an.`,
      'Wenn Sie das nicht waren, wenden Sie sich sofort an einen Eigentümer Ihrer Organisation.',
    ],
  }),
};
