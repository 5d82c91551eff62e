import type { Role } from '../../../src-shared/role.ts';
import type { Locale } from '../../adapter/schema.ts';

/** What a role is called in a letter. */
export const roleWords: { readonly [L in Locale]: { readonly [R in Role]: string } } = {
  en: { owner: 'owner', manager: 'manager', editor: 'editor', reader: 'reader' },
  de: { owner: 'Eigentümer', manager: 'Manager', editor: 'Bearbeiter', reader: 'Leser' },
};
