import type { Letter } from '../letter.ts';

export const ownershipOfferedLetter: Letter<{ readonly organization: string; readonly from: string; readonly link: string }> = {
  en: ({ organization, from, link }) => ({
    subject: `${from} offers you the ownership of ${organization}`,
    lines: [
      'Hello,',
      `${from} would like to pass the ownership of ${organization} on to you. It is yours once you accept and confirm with your password; ${from} is a manager from then on. You can also decline.`,
      { link, label: 'See the offer' },
    ],
  }),
  de: ({ organization, from, link }) => ({
    subject: `${from} bietet Ihnen die Eigentümerschaft von ${organization} an`,
    lines: [
      'Guten Tag,',
      `${from} möchte Ihnen die Eigentümerschaft von ${organization} übertragen. Sie geht auf Sie über, sobald Sie annehmen und mit Ihrem Passwort bestätigen; ${from} ist von da an Manager. Sie können auch ablehnen.`,
      { link, label: 'Angebot ansehen' },
    ],
  }),
};

export const ownershipPassedLetter: Letter<{ readonly organization: string; readonly from: string; readonly to: string }> = {
  en: ({ organization, from, to }) => ({
    subject: `${to} is now an owner of ${organization}`,
    lines: ['Hello,', `The ownership of ${organization} has passed from ${from} to ${to}. ${from} is a manager now.`],
  }),
  de: ({ organization, from, to }) => ({
    subject: `${to} ist jetzt Eigentümer von ${organization}`,
    lines: ['Guten Tag,', `Die Eigentümerschaft von ${organization} ist von ${from} auf ${to} übergegangen. ${from} ist jetzt Manager.`],
  }),
};
