import { z } from 'zod';
import { route } from './route.ts';
import { contact, documentText, id, lease, seconds } from './schema.ts';

const heartbeatText = z.string().max(8192);
/** `contacts`: owners and managers, who may free the seat of an ended lease early. */
const ownLease = lease.extend({ contacts: z.array(contact).default([]) });

/**
 * Leases. A machine speaks by its signed documents, the same ones that travel by file; a person speaks by their session.
 */
export const leases = {
  checkout: route({
    method: 'POST',
    path: '/v1/checkouts',
    auth: 'person',
    summary: 'Answer an activation request (purpose checkout) of a connected machine for the signed-in person',
    body: z.strictObject({ request: documentText }),
    reply: z.object({ licenseFile: documentText, lease }),
    codes: [
      'FILE_MALFORMED', 'FILE_WRONG_KIND', 'FILE_NOT_GENUINE', 'FILE_WRONG_AUTHORITY', 'FILE_NOT_YET_VALID', 'REQUEST_EXPIRED', 'MACHINE_CLONED',
      'LICENSE_NOT_FOUND', 'LICENSE_NOT_STARTED', 'LICENSE_EXPIRED', 'LICENSE_SUSPENDED', 'LICENSE_NOT_ASSIGNED', 'ROLE_NOT_ALLOWED',
      'MODE_NOT_ALLOWED', 'PERIOD_NOT_ALLOWED', 'SEAT_LIMIT_EXCEEDED', 'LEASE_LIMIT_EXCEEDED', 'LEASE_RELEASED', 'FINGERPRINT_MISMATCH', 'CLOCK_ROLLED_BACK', 'CONFLICT',
    ],
  }),
  renew: route({
    method: 'POST',
    path: '/v1/renewals',
    auth: 'machine',
    summary: 'Answer an activation request (purpose renew): extend a lease, or switch its mode',
    /** `heartbeat`: of this lease, with the request's `jti` as its own. No file holds one, so whoever found a request file has no answer by this door. */
    body: z.strictObject({ request: documentText, heartbeat: heartbeatText }),
    reply: z.object({ licenseFile: documentText, lease }),
    codes: [
      'FILE_MALFORMED', 'FILE_WRONG_KIND', 'FILE_NOT_GENUINE', 'FILE_WRONG_AUTHORITY', 'FILE_NOT_YET_VALID', 'REQUEST_EXPIRED', 'MACHINE_CLONED',
      'LEASE_NOT_FOUND', 'LEASE_EXPIRED', 'LEASE_RELEASED', 'LEASE_REVOKED', 'LICENSE_EXPIRED', 'LICENSE_SUSPENDED', 'LICENSE_NOT_ASSIGNED',
      'ROLE_NOT_ALLOWED', 'MODE_NOT_ALLOWED', 'PERIOD_NOT_ALLOWED', 'FINGERPRINT_MISMATCH', 'CLOCK_ROLLED_BACK', 'LICENSE_NOT_STARTED', 'CONFLICT',
    ],
  }),
  time: route({
    method: 'POST',
    path: '/v1/time-tickets',
    auth: 'machine',
    summary: 'Answer an activation request (purpose time) with a time ticket: what time it is at the authority',
    body: z.strictObject({ request: documentText }),
    reply: z.object({ ticket: documentText }),
    codes: ['FILE_MALFORMED', 'FILE_WRONG_KIND', 'FILE_NOT_GENUINE', 'FILE_WRONG_AUTHORITY', 'MACHINE_CLONED', 'CONFLICT'],
  }),
  heartbeat: route({
    method: 'POST',
    path: '/v1/heartbeats',
    auth: 'machine',
    summary: 'A machine reports that it holds a lease, and by which license file',
    body: z.strictObject({ heartbeat: heartbeatText }),
    reply: z.object({
      state: z.enum(['active', 'expired', 'released', 'revoked']),
      /** The newest file, when it is not the one reported (a reply was lost). */
      licenseFile: documentText.nullable(),
      /** Who ended the lease, where somebody did. */
      endedBy: z.string().nullable(),
      /** The machine was retired, and its leases ended with it. */
      retired: z.boolean().exactOptional(),
      /** How often the machine is to report this lease, seconds: the policy of its license. */
      heartbeat: seconds.exactOptional(),
      /** When the license itself ends, as of now: another one than in the file asks for a renewal. */
      validUntil: seconds.nullable().exactOptional(),
      now: seconds,
    }),
    codes: ['FILE_MALFORMED', 'FILE_NOT_GENUINE', 'FILE_WRONG_AUTHORITY', 'LEASE_NOT_FOUND'],
  }),
  giveBack: route({
    method: 'POST',
    path: '/v1/releases',
    auth: 'machine',
    summary: 'A machine gives a lease back by its release proof; the seat is free from then on',
    body: z.strictObject({ proof: documentText }),
    reply: z.object({ receipt: documentText }),
    codes: ['FILE_MALFORMED', 'FILE_WRONG_KIND', 'FILE_NOT_GENUINE', 'FILE_WRONG_AUTHORITY', 'FILE_STALE', 'LEASE_NOT_FOUND', 'LEASE_EXPIRED', 'MACHINE_CLONED', 'CONFLICT'],
  }),
  mine: route({
    method: 'GET',
    path: '/v1/leases',
    auth: 'person',
    summary: 'My licenses: the leases held by the signed-in person, newest first',
    /** `unconfirmed`: ended from elsewhere; each keeps its seat at risk until its machine confirms it, or until `busyUntil`. */
    reply: z.object({ leases: z.array(lease), unconfirmed: z.array(ownLease).default([]) }),
    codes: [],
  }),
  /** The lease has ended. Its seat is free when its machine confirms that, at the latest at `busyUntil`; until then it is at risk. */
  release: route({
    method: 'POST',
    path: '/v1/leases/:lease/release',
    auth: 'person',
    summary: 'End an online lease from elsewhere, as a decision of the signed-in person; an offline one needs its proof',
    params: z.object({ lease: id }),
    reply: ownLease,
    codes: ['LEASE_NOT_FOUND', 'LEASE_OFFLINE', 'LEASE_EXPIRED', 'LEASE_RELEASED', 'LEASE_REVOKED', 'FORBIDDEN'],
  }),
  /**
   * Only a tenth of a license's seats, and one at least, may be free early at a time: beyond it `CONFLICT` (why: `freed-early`) says
   * `most` and `at`, when the next one is possible. A lease that was not ended from elsewhere is `CONFLICT` (why: `not-ended`).
   * A seat that is free already stays so.
   */
  free: route({
    method: 'POST',
    path: '/v1/leases/:lease/free',
    auth: 'person',
    summary: 'Free the seat of an ended lease early, before its machine has confirmed it; for owners and managers, and recorded',
    params: z.object({ lease: id }),
    body: z.strictObject({ reason: z.string().trim().max(500).default('') }),
    reply: lease,
    codes: ['LEASE_NOT_FOUND', 'LEASE_OFFLINE', 'LEASE_REVOKED', 'CONFLICT', 'FORBIDDEN'],
  }),
} as const;

/**
 * The events of `GET /v1/events` (server-sent, auth: person). They say what to look at again, never what is true.
 * `hello` opens every stream, and names the person whose events it carries.
 */
export type AuthorityEvent =
  | { readonly type: 'hello'; readonly now: number; readonly user?: string }
  | { readonly type: 'lease'; readonly lease: string; readonly machine: string }
  /** `machine`: what may be issued to this machine has changed too. */
  | { readonly type: 'entitlements'; readonly organization: string; readonly machine?: string }
  /** The authority's keys have changed: there is a newer keyset. */
  | { readonly type: 'keys' }
  | { readonly type: 'account' };
export const EVENTS_PATH = '/v1/events';
