import { z } from 'zod';
import { route } from './route.ts';
import { entitlement, id, seconds } from './schema.ts';

/** Licenses as the signed-in person may use them. */
export const licenses = {
  entitlements: route({
    method: 'GET',
    path: '/v1/organizations/:organization/entitlements',
    auth: 'person',
    summary: 'The picker: every license of the organization as this person may use it',
    params: z.object({ organization: id }),
    query: z.object({ machine: id.exactOptional() }),
    reply: z.object({ asOf: seconds, entitlements: z.array(entitlement) }),
    codes: ['NOT_FOUND'],
  }),
} as const;
