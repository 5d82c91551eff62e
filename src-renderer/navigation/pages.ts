import { may } from '../../src-shared/role.ts';
import type { Operation, Role } from '../../src-shared/role.ts';
import { organizationPages } from '../authority/paths.ts';
import type { OrganizationPage } from '../authority/index.ts';

const needs: { readonly [P in OrganizationPage]: Operation } = {
  home: 'organization.view', people: 'people.view', invites: 'people.invite', products: 'license.view', machines: 'machine.view', tasks: 'license.view', usage: 'ledger.view', settings: 'organization.view',
};

/** Whether a role opens a page. It decides what is shown; the authority decides what is answered. */
export const canOpen = (role: Role, page: OrganizationPage): boolean => may(role, needs[page]);

/** The page of an organization that an address names. */
export const pageOf = (path: string): OrganizationPage | null => {
  const name = path.split('/')[3];
  return organizationPages.find((page) => page === name) ?? null;
};
