import { z } from 'zod';
import { paging } from './people.ts';
import { route } from './route.ts';
import { holder, id, keysetFile, lease, mode, product, seats, seconds } from './schema.ts';

const organizationParams = z.object({ organization: id });
const licenseParams = z.object({ organization: id, license: id });
const personRef = z.object({ id, name: z.string(), email: z.string() });

/** A license as the organization's people see it: what it is, how it stands, who has it. */
export const holding = z.object({
  license: id, product, edition: z.string().nullable(), features: z.array(z.string()), access: z.enum(['everyone', 'assigned']), modes: z.array(mode),
  status: z.enum(['active', 'not-started', 'expired', 'suspended']), validFrom: seconds.nullable(), validUntil: seconds.nullable(),
  seats, assigned: z.int(), requests: z.int(),
  /** Since when, and why as the operator said it; empty where nothing was said. Only for one that is suspended. */
  suspended: z.object({ at: seconds, reason: z.string() }).optional(),
});
export type Holding = z.output<typeof holding>;

/** One seat of the ledger. */
export const seatRow = z.object({
  number: z.int(), state: z.enum(['free', 'in-use', 'in-transit', 'at-risk']), until: seconds.nullable(), holder: holder.nullable(),
});

export const task = z.object({
  id, kind: z.enum(['assignment', 'release']), license: id, productName: z.string(), edition: z.string().nullable(), from: personRef, to: personRef.nullable(), lease: id.nullable(),
  /** On which machine the lease is that is to be released. */
  machine: z.object({ id, name: z.string() }).nullable(),
  note: z.string(), createdAt: seconds, state: z.enum(['open', 'granted', 'declined', 'withdrawn']), answeredBy: z.string().nullable(), answeredAt: seconds.nullable(),
  /** Whether the signed-in person may answer it. Whoever asked may always withdraw an open one, by declining it. */
  yours: z.boolean(),
});
export type Task = z.output<typeof task>;

export const machineRow = z.object({
  id, name: z.string(), os: z.string(), app: z.string(), firstSeen: seconds, leases: z.array(lease), fingerprintChanges: z.int(),
  /** When it last spoke over the network; null for one that works by files. */
  lastContact: seconds.nullable(),
  /** Since when it waits for a decision, because its profile is used twice; until then nothing is issued to it. */
  clonedAt: seconds.nullable(),
  /** Since when it is retired: nothing is issued to it ever again. */
  retiredAt: seconds.nullable(),
});
export type MachineRow = z.output<typeof machineRow>;

/** A lease in use whose license file was signed by a key that has been revoked since. `network`: it came over the network and comes so again. */
export const reissue = z.object({ lease, carrier: z.enum(['network', 'file']), revokedAt: seconds });
export type ReissueRow = z.output<typeof reissue>;

/** What the organization owns, who has it, on which machines, and how it is used. */
export const holdings = {
  list: route({
    method: 'GET', path: '/v1/organizations/:organization/licenses', auth: 'person', summary: 'Products and licenses of the organization',
    params: organizationParams, query: z.object(paging), reply: z.object({ total: z.int(), licenses: z.array(holding) }), codes: ['NOT_FOUND'],
  }),
  read: route({
    method: 'GET', path: '/v1/organizations/:organization/licenses/:license', auth: 'person', summary: 'One license: its seat ledger, its holders, whom it is assigned to',
    params: licenseParams,
    /** The ledger by seat number; of a license of more than 10,000 seats only so many rows, those that are taken first. */
    reply: z.object({ license: holding, ledger: z.array(seatRow), assigned: z.array(personRef) }), codes: ['NOT_FOUND', 'LICENSE_NOT_FOUND'],
  }),
  assignments: route({
    method: 'GET', path: '/v1/organizations/:organization/people/:person/assignments', auth: 'person', summary: 'What a member has been assigned',
    params: z.object({ organization: id, person: id }), reply: z.object({ licenses: z.array(id) }), codes: ['NOT_FOUND'],
  }),
  assign: route({
    method: 'POST', path: '/v1/organizations/:organization/assignments', auth: 'person', summary: 'Assign licenses to a member',
    params: organizationParams, body: z.strictObject({ person: id, licenses: z.array(id).min(1).max(200) }), reply: z.object({ assigned: z.int() }),
    codes: ['NOT_FOUND', 'FORBIDDEN', 'LICENSE_NOT_FOUND'],
  }),
  unassign: route({
    method: 'POST', path: '/v1/organizations/:organization/unassignments', auth: 'person',
    summary: 'Take assignments back: an online lease that rested on it ends at once; one in offline mode keeps its assignment (`LEASE_OFFLINE`, nothing changes)',
    params: organizationParams, body: z.strictObject({ person: id, licenses: z.array(id).min(1).max(200) }), reply: z.object({ unassigned: z.int(), ended: z.array(lease) }),
    codes: ['NOT_FOUND', 'FORBIDDEN', 'LICENSE_NOT_FOUND', 'LEASE_OFFLINE'],
  }),
  tasks: route({
    method: 'GET', path: '/v1/organizations/:organization/tasks', auth: 'person', summary: 'What people ask for: yours to answer, and yours asked',
    params: organizationParams, query: z.object({ ...paging, state: z.enum(['open', 'all']).default('open') }),
    /** `waiting`: open ones that the person may answer, whatever the page shows. */
    reply: z.object({ total: z.int(), waiting: z.int(), tasks: z.array(task) }), codes: ['NOT_FOUND'],
  }),
  /** `CONFLICT` says why: `asked` (the same is open), `usable` (nothing has to be assigned), `yours` (one's own lease). At most ten an hour. */
  ask: route({
    method: 'POST', path: '/v1/organizations/:organization/tasks', auth: 'person', summary: 'Ask for an assignment, or ask a holder to release',
    params: organizationParams,
    body: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('assignment'), license: id, note: z.string().max(500).default('') }),
      z.strictObject({ kind: z.literal('release'), lease: id, note: z.string().max(500).default('') }),
    ]),
    reply: task, codes: ['NOT_FOUND', 'LICENSE_NOT_FOUND', 'LEASE_NOT_FOUND', 'CONFLICT', 'RATE_LIMITED'],
  }),
  /** A task whose lease has ended in any way reads as granted. `LEASE_OFFLINE` has `next`: `switch-online`, `release-proof`. */
  answer: route({
    method: 'POST', path: '/v1/organizations/:organization/tasks/:task/answer', auth: 'person', summary: 'Grant or decline what was asked, with one click',
    params: z.object({ organization: id, task: id }), body: z.strictObject({ grant: z.boolean() }), reply: task, codes: ['NOT_FOUND', 'FORBIDDEN', 'CONFLICT', 'LEASE_OFFLINE'],
  }),
  machines: route({
    method: 'GET', path: '/v1/organizations/:organization/machines', auth: 'person', summary: 'Machines that hold or held leases of the organization, those that wait for a decision first',
    params: organizationParams, query: z.object({ ...paging, state: z.enum(['all', 'cloned']).default('all') }), reply: z.object({ total: z.int(), machines: z.array(machineRow) }), codes: ['NOT_FOUND'],
  }),
  machine: route({
    method: 'GET', path: '/v1/organizations/:organization/machines/:machine', auth: 'person', summary: 'One machine, and how its fingerprint changed over time',
    params: z.object({ organization: id, machine: id }),
    reply: z.object({ machine: machineRow, history: z.array(z.object({ at: seconds, parts: z.record(z.string(), z.enum(['first', 'same', 'changed', 'absent'])) })) }),
    codes: ['NOT_FOUND'],
  }),
  /** Only for a machine that waits for a decision, else `CONFLICT` (why: `not-cloned`, `retired`). The decision holds for every organization that the machine works for. */
  resolve: route({
    method: 'POST', path: '/v1/organizations/:organization/machines/:machine/resolution', auth: 'person',
    summary: 'Decide about a machine whose profile is used twice: it is the same machine and goes on, or it is retired for ever and its leases end',
    params: z.object({ organization: id, machine: id }),
    body: z.strictObject({ decision: z.enum(['same-machine', 'retire']), reason: z.string().trim().min(1).max(500) }),
    /** `ended`: online leases, over at once. `atRisk`: offline ones, whose seats stay taken until their files end. */
    reply: z.object({ machine: machineRow, ended: z.array(lease), atRisk: z.array(lease) }), codes: ['NOT_FOUND', 'FORBIDDEN', 'CONFLICT'],
  }),
  /** Those that wait for a person come first. `byThemselves`: online ones, which renew when their machine next speaks. `keyset` is what the others must be brought. */
  reissues: route({
    method: 'GET', path: '/v1/organizations/:organization/reissues', auth: 'person', summary: 'Machines that hold license files signed by a key that was revoked',
    params: organizationParams, query: z.object({ offset: paging.offset, limit: paging.limit }),
    reply: z.object({ total: z.int(), byThemselves: z.int(), revokedAt: seconds.nullable(), keyset: keysetFile.nullable(), reissues: z.array(reissue) }), codes: ['NOT_FOUND'],
  }),
  /** Each lease gets its own outcome. */
  release: route({
    method: 'POST', path: '/v1/organizations/:organization/machines/releases', auth: 'person', summary: 'End online leases of one or many machines',
    params: organizationParams, body: z.strictObject({ leases: z.array(id).min(1).max(200) }),
    reply: z.object({ released: z.array(lease), refused: z.array(z.object({ lease: id, code: z.string(), until: seconds.nullable() })) }), codes: ['NOT_FOUND', 'FORBIDDEN'],
  }),
  /** Days are UTC, the last is today. A product's peak is the sum of its licenses' own peaks of the day. */
  usage: route({
    method: 'GET', path: '/v1/organizations/:organization/usage', auth: 'person', summary: 'Seats in use over time, a series for each product: the peak of each day, and refusals for want of a seat',
    params: organizationParams, query: z.object({ days: z.coerce.number().int().min(7).max(366).default(30) }),
    reply: z.object({
      from: seconds,
      products: z.array(z.object({ product, owned: z.int(), days: z.array(z.object({ at: seconds, peak: z.int(), refusals: z.int() })) })),
    }),
    codes: ['NOT_FOUND', 'FORBIDDEN'],
  }),
} as const;
