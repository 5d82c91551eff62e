import { letterTime } from '../letter.ts';
import type { Letter } from '../letter.ts';

export const passwordResetLetter: Letter<{ readonly name: string; readonly link: string; readonly expiresAt: number }> = {
  en: ({ name, link, expiresAt }) => ({
    subject: 'Set a new password',
    lines: [
      `Hello ${name},`,
      'Somebody, probably you, has asked to set a new password for your Latchkey account.',
      { link, label: 'Set a new password' },
      `The link is good until ${letterTime('en', expiresAt)} and can be used once. If it was not you, you need not do anything: your password stays as it is.`,
    ],
  }),
  de: ({ name, link, expiresAt }) => ({
    subject: 'Neues Passwort setzen',
    lines: [
      `Guten Tag ${name},`,
      'jemand, vermutlich Sie selbst, möchte für Ihr Latchkey-Konto ein neues Passwort setzen.',
      { link, label: 'Neues Passwort setzen' },
      `Der Link gilt bis ${letterTime('de', expiresAt)} und kann einmal verwendet werden. Wenn Sie das nicht waren, brauchen Sie nichts zu tun: Ihr Passwort bleibt, wie es ist.`,
    ],
  }),
};

export const passwordChangedLetter: Letter<{ readonly name: string; readonly at: number; readonly forgotLink: string }> = {
  en: ({ name, at, forgotLink }) => ({
    subject: 'Your password was changed',
    lines: [
      `Hello ${name},`,
      `The password of your Latchkey account was changed on ${letterTime('en', at)}. You have been signed out everywhere.`,
      'If it was not you, set a new one at once:',
      { link: forgotLink, label: 'I did not do this' },
    ],
  }),
  de: ({ name, at, forgotLink }) => ({
    subject: 'Ihr Passwort wurde geändert',
    lines: [
      `Guten Tag ${name},`,
      `das Passwort Ihres Latchkey-Kontos wurde am ${letterTime('de', at)} geändert. Sie sind überall abgemeldet.`,
      'Wenn Sie das nicht waren, setzen Sie sofort ein neues:',
      { link: forgotLink, label: 'Das war ich nicht' },
    ],
  }),
};
