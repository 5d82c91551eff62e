import type { Role } from '../../../src-shared/role.ts';
import { letterTime } from '../letter.ts';
import type { Letter } from '../letter.ts';
import { roleWords } from './roles.ts';

export type InvitationFacts = { readonly organization: string; readonly role: Role; readonly invitedBy: string; readonly link: string; readonly expiresAt: number };

export const invitationLetter: Letter<InvitationFacts> = {
  en: ({ organization, role, invitedBy, link, expiresAt }) => ({
    subject: `${invitedBy} invites you to ${organization} on Latchkey`,
    lines: [
      'Hello,',
      `${invitedBy} invites you to join ${organization} as ${roleWords.en[role]}, to use the licenses that it shares.`,
      { link, label: 'See the invitation' },
      `The invitation is good until ${letterTime('en', expiresAt)} and can be used once. If you do not know what this is about, you need not do anything.`,
    ],
  }),
  de: ({ organization, role, invitedBy, link, expiresAt }) => ({
    subject: `${invitedBy} lädt Sie zu ${organization} auf Latchkey ein`,
    lines: [
      'Guten Tag,',
      `${invitedBy} lädt Sie ein, ${organization} als ${roleWords.de[role]} beizutreten und die gemeinsamen Lizenzen zu nutzen.`,
      { link, label: 'Einladung ansehen' },
      `Die Einladung gilt bis ${letterTime('de', expiresAt)} und kann einmal verwendet werden. Wenn Sie damit nichts anfangen können, brauchen Sie nichts zu tun.`,
    ],
  }),
};
