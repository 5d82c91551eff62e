/**
 * The authority for pages that stand in both entries: `useQuery` reads, `useAct` changes, `useCall` is any operation by its name;
 * `usePerson` and `useOrganization` say who looks at what.
 */
export { AuthorityProvider, createAuthority, useAuthority, useCall } from './authority.ts';
export type { Authority } from './authority.ts';
export { organizationOf, organizationPath, organizationsPath } from './paths.ts';
export type { OrganizationPage } from './paths.ts';
export { PersonProvider, useOrganization, usePerson } from './person.ts';
export type { Membership, Person } from './person.ts';
export type { Call, CallInput, CallValue, RouteName } from './routes.ts';
export { useAct } from './use-act.ts';
export type { Act } from './use-act.ts';
export { useQuery } from './use-query.ts';
export type { Query, QueryOptions } from './use-query.ts';
