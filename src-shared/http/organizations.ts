import { z } from 'zod';
import { route } from './route.ts';
import { clusterLocation, email, givenName, id, lease, role, seconds } from './schema.ts';

/** Who the organization legally is. Country is ISO 3166-1 alpha-2; the VAT id is checked against its country's form. */
export const legal = z.strictObject({
  companyName: z.string().trim().min(1).max(200),
  street: z.string().trim().max(200),
  postalCode: z.string().trim().max(20),
  city: z.string().trim().max(100),
  country: z.string().regex(/^[A-Z]{2}$/),
  vatId: z.string().trim().max(20).nullable(),
  contactName: z.string().trim().max(200),
  contactEmail: email,
  contactPhone: z.string().trim().max(40).nullable(),
});
export type Legal = z.output<typeof legal>;

const name = givenName(2, 100);
const organizationParams = z.object({ organization: id });

export const organization = z.object({
  id,
  name: z.string(),
  role,
  people: z.int(),
  licenses: z.int(),
  createdAt: seconds,
  /** Null until an owner has filled it in. */
  legal: legal.nullable(),
  cluster: clusterLocation,
  /** An offer of ownership that waits for the other person. */
  transfer: z.object({ to: z.object({ id, name: z.string() }), from: z.object({ id, name: z.string() }), at: seconds, yours: z.boolean() }).nullable(),
});
export type Organization = z.output<typeof organization>;

export const organizations = {
  list: route({
    method: 'GET', path: '/v1/organizations', auth: 'person', summary: 'Your organizations, with your role in each',
    reply: z.object({ organizations: z.array(organization) }), codes: [],
  }),
  create: route({
    method: 'POST', path: '/v1/organizations', auth: 'person', summary: 'Create an organization; its creator is its owner',
    body: z.strictObject({ name, cluster: clusterLocation.default('eu') }), reply: organization, codes: ['CONFLICT'],
  }),
  read: route({
    method: 'GET', path: '/v1/organizations/:organization', auth: 'person', summary: 'One organization',
    params: organizationParams, reply: organization, codes: ['NOT_FOUND'],
  }),
  edit: route({
    method: 'PUT', path: '/v1/organizations/:organization/legal', auth: 'person', summary: 'Change name, legal contact data and cluster location (owner)',
    params: organizationParams, body: z.strictObject({ name, legal: legal.nullable(), cluster: clusterLocation }), reply: organization, codes: ['NOT_FOUND', 'FORBIDDEN', 'CONFLICT'],
  }),
  remove: route({
    method: 'POST', path: '/v1/organizations/:organization/deletion', auth: 'person',
    summary: 'Delete an organization for good (owner, its name typed); refused with `CONFLICT` and the list while a lease is out',
    params: organizationParams, body: z.strictObject({ name: z.string() }), reply: z.null(), codes: ['NOT_FOUND', 'FORBIDDEN', 'CONFLICT'],
  }),
  /** What keeps an organization from being deleted. */
  leases: route({
    method: 'GET', path: '/v1/organizations/:organization/leases', auth: 'person', summary: 'Every lease that is out',
    params: organizationParams, reply: z.object({ leases: z.array(lease) }), codes: ['NOT_FOUND', 'FORBIDDEN'],
  }),
  leave: route({
    method: 'POST', path: '/v1/organizations/:organization/leave', auth: 'person', summary: 'Leave; the last owner cannot',
    params: organizationParams, reply: z.null(), codes: ['NOT_FOUND', 'CONFLICT'],
  }),
  offerOwnership: route({
    method: 'PUT', path: '/v1/organizations/:organization/transfer', auth: 'person', summary: 'Offer ownership to a member (owner, password confirms)',
    params: organizationParams, body: z.strictObject({ to: id, password: z.string().max(1024) }), reply: organization,
    codes: ['NOT_FOUND', 'FORBIDDEN', 'CONFLICT', 'CREDENTIALS_INVALID'],
  }),
  /** The one who offered withdraws it, or the one it was offered to declines. */
  endOffer: route({
    method: 'DELETE', path: '/v1/organizations/:organization/transfer', auth: 'person', summary: 'Withdraw or decline the offer of ownership',
    params: organizationParams, reply: organization, codes: ['NOT_FOUND', 'FORBIDDEN', 'CONFLICT'],
  }),
  acceptOwnership: route({
    method: 'POST', path: '/v1/organizations/:organization/transfer/acceptance', auth: 'person',
    summary: 'Become owner; the one who offered becomes manager (password confirms)',
    params: organizationParams, body: z.strictObject({ password: z.string().max(1024) }), reply: organization,
    codes: ['NOT_FOUND', 'FORBIDDEN', 'CONFLICT', 'CREDENTIALS_INVALID'],
  }),
} as const;
