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
    reply: z.object({ authority: id, version: z.string(), now: seconds, keyset: z.int() }),
    codes: [],
  }),
  keyset: route({
    method: 'GET',
    path: '/v1/keyset',
    auth: 'none',
    summary: 'The current keyset document',
    reply: z.object({ keyset: documentText }),
    codes: [],
  }),
} as const;
