import type { Letter } from '../letter.ts';

export const organizationDeletedLetter: Letter<{ readonly organization: string; readonly by: string }> = {
  en: ({ organization, by }) => ({
    subject: `${organization} was deleted`,
    lines: ['Hello,', `${by} deleted the organization ${organization} on Latchkey, with its licenses and all that was kept of it. This cannot be undone. Your own account stays.`],
  }),
  de: ({ organization, by }) => ({
    subject: `${organization} wurde gelöscht`,
    lines: [
      'Guten Tag,',
      `${by} hat die Organisation ${organization} auf Latchkey gelöscht, mit ihren Lizenzen und allem, was über sie gespeichert war. Das kann nicht rückgängig gemacht werden. Ihr eigenes Konto bleibt bestehen.`,
    ],
  }),
};
