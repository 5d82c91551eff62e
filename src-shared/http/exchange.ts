import { z } from 'zod';
import { route } from './route.ts';
import { documentText, entitlement, id, inspection, keysetFile, lease } from './schema.ts';

const documentCodes = ['FILE_MALFORMED', 'FILE_WRONG_KIND', 'FILE_NOT_GENUINE', 'FILE_WRONG_AUTHORITY'] as const;

/** Offline machines: answering request files and accepting release proofs that a person carried here. */
export const exchange = {
  inspect: route({
    method: 'POST',
    path: '/v1/exchange/inspections',
    auth: 'person',
    summary: 'What a document is, whether it is genuine and acceptable, and the licenses that could answer a request',
    body: z.strictObject({ document: documentText }),
    reply: z.object({
      inspection,
      /** For a request: the licenses this person may answer it with, those that fit first; `offlineDays` is the longest period by file. */
      options: z.array(entitlement),
      /** The lease that the document is about, where the person may see it. */
      lease: lease.nullable(),
      /** Whether this request has been answered: answering again gives the same file. */
      answered: z.boolean(),
      /** The organization on whose pages this person finds the machine that the document names; null where they find it nowhere. */
      machineAt: id.nullable(),
    }),
    codes: ['FILE_MALFORMED', 'FILE_NOT_GENUINE', 'FILE_WRONG_KIND'],
  }),
  answer: route({
    method: 'POST',
    path: '/v1/exchange/answers',
    auth: 'person',
    summary: 'Answer a request file with a license for a period; the same request always gets the same answer',
    body: z.strictObject({ request: documentText, license: id, days: z.int().min(1).max(3660) }),
    /** `keysets`: what the machine must import before the license file, in this order; empty when it knows the key that signed. */
    reply: z.object({
      licenseFile: documentText, fileName: z.string(), lease, keysets: z.array(keysetFile),
      /** It was answered before: this is that answer, and what was chosen now was not looked at. */
      again: z.boolean(),
    }),
    codes: [
      ...documentCodes, 'FILE_NOT_YET_VALID', 'REQUEST_EXPIRED', 'MACHINE_CLONED', 'FORBIDDEN', 'CONFLICT', 'LICENSE_NOT_FOUND', 'LICENSE_NOT_STARTED',
      'LICENSE_EXPIRED', 'LICENSE_SUSPENDED', 'LICENSE_NOT_ASSIGNED', 'ROLE_NOT_ALLOWED', 'MODE_NOT_ALLOWED', 'PERIOD_NOT_ALLOWED', 'SEAT_LIMIT_EXCEEDED',
      'LEASE_LIMIT_EXCEEDED', 'LEASE_NOT_FOUND', 'LEASE_RELEASED', 'LEASE_REVOKED', 'LEASE_EXPIRED', 'FINGERPRINT_MISMATCH', 'CLOCK_ROLLED_BACK',
    ],
  }),
  time: route({
    method: 'POST',
    path: '/v1/exchange/time-tickets',
    auth: 'person',
    summary: 'Answer a request file that asks for the time with a time ticket; the same request always gets the same one',
    body: z.strictObject({ request: documentText }),
    reply: z.object({ ticket: documentText, fileName: z.string(), keysets: z.array(keysetFile) }),
    codes: [...documentCodes, 'MACHINE_CLONED', 'FORBIDDEN', 'CONFLICT'],
  }),
  accept: route({
    method: 'POST',
    path: '/v1/exchange/acceptances',
    auth: 'person',
    summary: 'Accept a release proof file; the seat comes back and the receipt is given',
    body: z.strictObject({ proof: documentText }),
    reply: z.object({ receipt: documentText, fileName: z.string(), lease, keysets: z.array(keysetFile) }),
    codes: [...documentCodes, 'FILE_STALE', 'LEASE_NOT_FOUND', 'LEASE_EXPIRED', 'FORBIDDEN', 'MACHINE_CLONED', 'CONFLICT'],
  }),
} as const;
