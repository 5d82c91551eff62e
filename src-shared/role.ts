import type { ErrorCode } from './errors.ts';

/** A person's part in one organization (design.md section 5). */
export type Role = 'owner' | 'manager' | 'editor' | 'reader';

export const roles = ['owner', 'manager', 'editor', 'reader'] as const satisfies readonly Role[];

/** Everything a role can allow. The authority enforces it; pages read it only to decide what to show. */
export type Operation =
  | 'organization.view'
  | 'organization.edit-legal'
  | 'organization.delete'
  | 'organization.transfer'
  | 'people.view'
  | 'people.invite'
  | 'people.change-role'
  | 'people.remove'
  | 'license.view'
  | 'license.use'
  | 'license.use-cloud'
  | 'license.assign'
  | 'ledger.view'
  | 'machine.view'
  | 'lease.release-own'
  | 'lease.release-any'
  | 'exchange.answer'
  | 'exchange.accept'
  | 'audit.view';

const reader: readonly Operation[] = [
  'organization.view', 'people.view', 'license.view', 'license.use-cloud', 'ledger.view', 'machine.view', 'lease.release-own',
];
const editor: readonly Operation[] = [...reader, 'license.use', 'exchange.answer', 'exchange.accept'];
const manager: readonly Operation[] = [
  ...editor, 'people.invite', 'people.change-role', 'people.remove', 'license.assign', 'lease.release-any', 'audit.view',
];
const owner: readonly Operation[] = [...manager, 'organization.edit-legal', 'organization.delete', 'organization.transfer'];

/** Who may do what: one row a role. */
export const roleTable: { readonly [R in Role]: ReadonlySet<Operation> } = {
  owner: new Set(owner),
  manager: new Set(manager),
  editor: new Set(editor),
  reader: new Set(reader),
};

export const may = (role: Role, operation: Operation): boolean => roleTable[role].has(operation);

/** The roles that a role may give, and whose holders it may change: a manager never touches an owner. */
export const rolesGivenBy = (role: Role): readonly Role[] =>
  role === 'owner' ? roles : role === 'manager' ? ['manager', 'editor', 'reader'] : [];

/**
 * Whether a role lets a person use a license: editors and up use all that is shared, readers only cloud licenses,
 * and an assignment opens a license to anyone it names. `access: 'assigned'` closes it to everyone else.
 */
export const judgeAccess = (input: {
  readonly role: Role;
  readonly access: 'everyone' | 'assigned';
  readonly assigned: boolean;
  readonly kind: 'desktop' | 'cloud';
}): Extract<ErrorCode, 'LICENSE_NOT_ASSIGNED' | 'ROLE_NOT_ALLOWED'> | null => {
  if (input.assigned) return null;
  if (input.access === 'assigned') return 'LICENSE_NOT_ASSIGNED';
  if (may(input.role, 'license.use')) return null;
  return input.kind === 'cloud' && may(input.role, 'license.use-cloud') ? null : 'ROLE_NOT_ALLOWED';
};
