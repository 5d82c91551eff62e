/** The HTTP contract: the one source of routes, validation, clients and the OpenAPI document. */
import { accounts } from './accounts.ts';
import { authority } from './authority.ts';
import { exchange } from './exchange.ts';
import { holdings } from './holdings.ts';
import { leases } from './leases.ts';
import { licenses } from './licenses.ts';
import { organizations } from './organizations.ts';
import { people } from './people.ts';
import { security } from './security.ts';

export const contract = { accounts, authority, exchange, holdings, leases, licenses, organizations, people, security } as const;
export { pathOf, route } from './route.ts';
export type { CallAuthority, CallOf, Route, ValueOf } from './route.ts';
export { EVENTS_PATH } from './leases.ts';
export type { AuthorityEvent } from './leases.ts';
export { account } from './schema.ts';
export type { Account, KeysetFile } from './schema.ts';
