import { z } from 'zod';
import { errorCodes } from '../errors.ts';
import type { Details, ErrorCode } from '../errors.ts';
import type { Inspection, NextStep, Verdict } from '../inspection.ts';
import type { Lease } from '../lease.ts';
import type { Contact, Entitlement, Holder, Product, Reason, Seats } from '../license.ts';
import { isEmail } from '../email.ts';
import { isVisible } from '../name.ts';
import type { Role } from '../role.ts';

/** The nouns as they cross HTTP. Each schema is held to its noun by the compiler. */
export const seconds = z.int().min(0);
export const id = z.string().min(1).max(128);
export const role = z.enum(['owner', 'manager', 'editor', 'reader']) satisfies z.ZodType<Role>;
export const mode = z.enum(['online', 'offline']);
export const details = z.record(z.string(), z.json()) as unknown as z.ZodType<Details>;
export const code = z.enum(errorCodes as readonly [ErrorCode, ...ErrorCode[]]);
/**
 * A name as people give it: no control characters and no bidirectional overrides, so that it can pose as nothing else wherever it
 * is shown, stands in documents as it is (`label` of the claims), and is seen.
 */
export const givenName = (least: number, most: number) => z.string().trim().min(least).max(most).regex(/^[^\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/u).refine(isVisible);
/** An e-mail address. */
export const email = z.string().max(254).refine(isEmail).meta({ format: 'email' });
/** The text of a document's file, verbatim. As much as a body holds: what is wrong with a file above 64 KiB, its parser says. */
export const documentText = z.string().max(128 * 1024);

/** A keyset document with its version and the name of its file. */
export const keysetFile = z.object({ version: z.int(), document: documentText, fileName: z.string() });
export type KeysetFile = z.output<typeof keysetFile>;

export const ref = z.object({ id, name: z.string() });
export const product = z.object({ id, name: z.string(), kind: z.enum(['desktop', 'cloud']) }) satisfies z.ZodType<Product>;
export const seats = z.object({
  owned: z.int(), free: z.int(), inUse: z.int(), inTransit: z.int(), atRisk: z.int(),
}) satisfies z.ZodType<Seats>;
export const reason = z.object({
  code: z.enum([
    'LICENSE_NOT_STARTED', 'LICENSE_EXPIRED', 'LICENSE_SUSPENDED', 'LICENSE_NOT_ASSIGNED', 'ROLE_NOT_ALLOWED', 'MODE_NOT_ALLOWED',
    'SEAT_LIMIT_EXCEEDED', 'LEASE_LIMIT_EXCEEDED', 'MACHINE_CLONED', 'FINGERPRINT_MISMATCH',
  ]),
  details,
}) satisfies z.ZodType<Reason>;
export const holder = z.object({
  lease: id, person: z.string().nullable(), email: z.string().nullable().exactOptional(), machine: ref, mode, until: seconds, yours: z.boolean(), ended: z.boolean().default(false),
}) satisfies z.ZodType<Holder>;
export const contact = z.object({ name: z.string(), email: z.string(), role }) satisfies z.ZodType<Contact>;

export const entitlement = z.object({
  license: id,
  organization: ref,
  product,
  edition: z.string().nullable(),
  features: z.array(z.string()),
  seats,
  modes: z.array(mode),
  offlineDays: z.int(),
  validFrom: seconds.nullable(),
  validUntil: seconds.nullable(),
  available: z.boolean(),
  reasons: z.array(reason),
  holders: z.array(holder),
  contacts: z.array(contact),
}) satisfies z.ZodType<Entitlement>;

export const lease = z.object({
  id,
  license: id,
  product,
  edition: z.string().nullable(),
  organization: ref,
  machine: z.object({ id, name: z.string(), os: z.string().nullable() }),
  holder: ref.nullable(),
  mode,
  state: z.enum(['active', 'released', 'revoked']),
  issuedAt: seconds,
  until: seconds,
  busyUntil: seconds,
  lastContact: seconds.nullable(),
  confirmed: z.boolean(),
  validUntil: seconds.nullable(),
  ended: z.object({ at: seconds, by: z.string().nullable(), freedAt: seconds.nullable() }).nullable().default(null),
}) satisfies z.ZodType<Lease>;

const verdict = z.union([z.object({ ok: z.literal(true) }), z.object({ ok: z.literal(false), code, details })]) satisfies z.ZodType<Verdict>;
export const inspection = z.object({
  kind: z.enum(['request', 'license', 'release', 'receipt', 'keyset', 'time']),
  id,
  issuedAt: seconds,
  expiresAt: seconds.nullable(),
  authority: id,
  machine: z.object({ id, name: z.string().nullable(), os: z.string().nullable() }).nullable(),
  lease: id.nullable(),
  purpose: z.enum(['checkout', 'renew', 'time']).nullable(),
  want: z.object({ license: id.nullable(), product: id.nullable(), mode, days: z.int().nullable() }).nullable(),
  grant: z
    .object({ license: id, product: ref, edition: z.string().nullable(), organization: ref, mode })
    .nullable(),
  fingerprint: z.array(z.string()),
  genuine: verdict,
  acceptable: verdict,
  next: z.enum([
    'import', 'answer', 'answer-time', 'accept', 'take-to-authority', 'take-to-machine', 'request-again', 'bring-keyset', 'right-clock', 'resolve-clone', 'nothing', 'put-away',
  ]) satisfies z.ZodType<NextStep>,
}) satisfies z.ZodType<Inspection>;

export const membership = z.object({ id, name: z.string(), role });
/** A person's account, as they see it themselves. */
export const account = z.object({
  user: z.object({ id, email: z.string(), name: z.string() }),
  organizations: z.array(membership),
  defaultOrganization: id.nullable(),
});
export type Account = z.output<typeof account>;

/** Where cloud data of an organization, or of a person, is processed and stored. */
export const clusterLocation = z.enum(['eu', 'us', 'ap']);
export type ClusterLocation = z.output<typeof clusterLocation>;
