import { z } from 'zod';
import { route } from './route.ts';
import { documentText, id, seconds } from './schema.ts';

/** The authority itself. */
export const authority = {
  about: route({
    method: 'GET',
    path: '/v1/authority',
    auth: 'none',
    summary: 'Which authority this is, and its time',
    /** `clockDoubted`: it does not believe its own clock, and issues nothing: its `now` says nothing of another clock. */
    reply: z.object({ authority: id, version: z.string(), now: seconds, keyset: z.int(), clockDoubted: z.boolean().optional() }),
    codes: [],
  }),
  keyset: route({
    method: 'GET',
    path: '/v1/keyset',
    auth: 'none',
    summary: 'A keyset document: the current one, or the newest one that is signed by a root of version `after`, from which the way goes on',
    query: z.object({ after: z.coerce.number().int().min(1).optional() }),
    reply: z.object({ keyset: documentText }),
    codes: [],
  }),
} as const;
