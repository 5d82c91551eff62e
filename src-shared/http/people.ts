import { z } from 'zod';
import { route } from './route.ts';
import { givenName, id, lease, role, seconds } from './schema.ts';

const organizationParams = z.object({ organization: id });

/** A page of a long list: rows from `offset` on, at most `limit`; `total` counts what matches. */
export const paging = {
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  search: z.string().max(100).default(''),
} as const;

export const person = z.object({
  id, name: z.string(), email: z.string(), role, joinedAt: seconds, leases: z.int(), assignments: z.int(), you: z.boolean(),
  /** Null for whoever may not know: a list of who has none is of use to an attacker. */
  secondFactor: z.boolean().nullable(),
});
export type PersonRow = z.output<typeof person>;

export const invite = z.object({
  id, email: z.string(), role, invitedBy: z.string(), createdAt: seconds, expiresAt: seconds, sentAt: seconds,
  status: z.enum(['pending', 'expired', 'accepted', 'declined', 'cancelled']),
});
export type Invite = z.output<typeof invite>;

const password = z.string().min(1).max(1024);
/** The token of an invitation's link; in the body, so that it is in no log. */
const token = z.string().min(20).max(128);

export const people = {
  list: route({
    method: 'GET', path: '/v1/organizations/:organization/people', auth: 'person', summary: 'People of the organization',
    params: organizationParams, query: z.object({ ...paging, role: role.exactOptional(), sort: z.enum(['name', 'email', 'role', 'joined']).default('name') }),
    reply: z.object({ total: z.int(), people: z.array(person) }), codes: ['NOT_FOUND'],
  }),
  changeRole: route({
    method: 'PUT', path: '/v1/organizations/:organization/people/:person/role', auth: 'person', summary: 'Give a member another role',
    params: z.object({ organization: id, person: id }), body: z.strictObject({ role }), reply: person, codes: ['NOT_FOUND', 'FORBIDDEN', 'CONFLICT'],
  }),
  /** With `confirm: false` nothing happens and the reply tells what would. */
  remove: route({
    method: 'POST', path: '/v1/organizations/:organization/people/removals', auth: 'person',
    summary: 'Remove members: they are told by mail, their online leases end, offline ones stay at risk until their file ends',
    params: organizationParams, body: z.strictObject({ people: z.array(id).min(1).max(200), confirm: z.boolean() }),
    reply: z.object({ people: z.array(z.object({ id, name: z.string() })), ended: z.array(lease), atRisk: z.array(lease),
      /** Invitations that they sent and nobody has accepted: they are cancelled. */
      invites: z.array(z.object({ id, email: z.string(), role })).default([]) }),
    codes: ['NOT_FOUND', 'FORBIDDEN', 'CONFLICT'],
  }),
  invites: route({
    method: 'GET', path: '/v1/organizations/:organization/invites', auth: 'person', summary: 'Invitations of the organization',
    params: organizationParams, query: z.object({ ...paging, status: z.enum(['open', 'all']).default('open') }),
    reply: z.object({ total: z.int(), invites: z.array(invite) }), codes: ['NOT_FOUND', 'FORBIDDEN'],
  }),
  /** Every address gets its own outcome, also one that is none (`address`); those that cannot be invited change nothing for the others. */
  invite: route({
    method: 'POST', path: '/v1/organizations/:organization/invites', auth: 'person', summary: 'Invite people by e-mail',
    params: organizationParams, body: z.strictObject({ addresses: z.array(z.string().max(1000)).min(1).max(500), role }),
    reply: z.object({ invites: z.array(invite), refused: z.array(z.object({ address: z.string(), why: z.enum(['member', 'invited', 'address']) })) }),
    codes: ['NOT_FOUND', 'FORBIDDEN'],
  }),
  resend: route({
    method: 'POST', path: '/v1/organizations/:organization/invites/:invite/resend', auth: 'person', summary: 'Send it again, with a new link and a new term',
    params: z.object({ organization: id, invite: id }), reply: invite, codes: ['NOT_FOUND', 'FORBIDDEN', 'CONFLICT', 'RATE_LIMITED'],
  }),
  editInvite: route({
    method: 'PUT', path: '/v1/organizations/:organization/invites/:invite/role', auth: 'person', summary: 'Change the role before acceptance',
    params: z.object({ organization: id, invite: id }), body: z.strictObject({ role }), reply: invite, codes: ['NOT_FOUND', 'FORBIDDEN', 'CONFLICT'],
  }),
  cancelInvite: route({
    method: 'DELETE', path: '/v1/organizations/:organization/invites/:invite', auth: 'person', summary: 'Cancel an invitation; its link is dead',
    params: z.object({ organization: id, invite: id }), reply: invite, codes: ['NOT_FOUND', 'FORBIDDEN', 'CONFLICT'],
  }),
  readInvitation: route({
    method: 'POST', path: '/v1/invitations/view', auth: 'none', summary: 'What the link of an invitation offers',
    body: z.strictObject({ token }),
    reply: z.object({
      organization: z.object({ id, name: z.string() }), email: z.string(), role, invitedBy: z.string(), expiresAt: seconds, hasAccount: z.boolean(),
      /** Versions of the license agreement and the privacy policy to be accepted at sign-up. */
      terms: z.object({ agreement: z.string(), privacy: z.string() }),
    }),
    codes: ['NOT_FOUND', 'INVITE_ENDED'],
  }),
  signUp: route({
    method: 'POST', path: '/v1/invitations/sign-up', auth: 'none', summary: 'Create an account from an invitation, and join',
    body: z.strictObject({
      token, firstName: givenName(1, 100), lastName: givenName(1, 100), password,
      accepts: z.strictObject({ agreement: z.string(), privacy: z.string() }), locale: z.enum(['en', 'de']).default('en'),
    }),
    reply: z.object({ organization: id }), codes: ['NOT_FOUND', 'INVITE_ENDED', 'CONFLICT', 'PASSWORD_WEAK'],
  }),
  acceptInvitation: route({
    method: 'POST', path: '/v1/invitations/acceptance', auth: 'person', summary: 'Join with the account it was sent to',
    body: z.strictObject({ token }), reply: z.object({ organization: id }), codes: ['NOT_FOUND', 'INVITE_ENDED', 'FORBIDDEN', 'CONFLICT'],
  }),
  declineInvitation: route({
    method: 'POST', path: '/v1/invitations/refusal', auth: 'none', summary: 'Decline an invitation',
    body: z.strictObject({ token }), reply: z.null(), codes: ['NOT_FOUND', 'INVITE_ENDED'],
  }),
  terms: route({
    method: 'GET', path: '/v1/terms/:document', auth: 'none', summary: 'The license agreement or the privacy policy in force: paragraphs parted by empty lines, `## ` before a heading',
    params: z.object({ document: z.enum(['agreement', 'privacy']) }), query: z.object({ locale: z.enum(['en', 'de']).default('en') }),
    reply: z.object({ version: z.string(), title: z.string(), text: z.string() }), codes: [],
  }),
} as const;
