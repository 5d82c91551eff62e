import type { Role } from '../../../src-shared/role.ts';
import type { Letter } from '../letter.ts';
import { roleWords } from './roles.ts';

/** To a person with an account whom the operator has made a member. */
export const membershipBegunLetter: Letter<{ readonly organization: string; readonly role: Role; readonly link: string }> = {
  en: ({ organization, role, link }) => ({
    subject: `You are now a member of ${organization}`,
    lines: ['Hello,', `You were added to ${organization} on Latchkey as ${roleWords.en[role]}.`, { link, label: 'See the licenses' }],
  }),
  de: ({ organization, role, link }) => ({
    subject: `Sie sind jetzt Mitglied von ${organization}`,
    lines: ['Guten Tag,', `Sie wurden auf Latchkey zu ${organization} hinzugefügt, als ${roleWords.de[role]}.`, { link, label: 'Lizenzen ansehen' }],
  }),
};
