import { ok } from '../../src-shared/result.ts';
import type { Organizations } from '../organizations/organizations.ts';
import type { Handlers } from './implement.ts';
import { mutable } from './mutable.ts';

export const organizationHandlers = (organizations: Organizations): Handlers['organizations'] => ({
  list: async ({ session }) => mutable(ok({ organizations: await organizations.list(session.person) })),
  create: async ({ session, body }) => mutable(await organizations.create(session.person, body)),
  read: async ({ session, params }) => mutable(await organizations.read(session.person, params.organization)),
  edit: async ({ session, params, body }) => mutable(await organizations.edit(session.person, params.organization, body)),
  remove: ({ session, params, body }) => organizations.remove(session.person, params.organization, body.name),
  leases: async ({ session, params }) => mutable(await organizations.leases(session.person, params.organization)),
  leave: ({ session, params }) => organizations.leave(session.person, params.organization),
  offerOwnership: async ({ session, params, body }) => mutable(await organizations.offerOwnership(session.person, params.organization, body)),
  endOffer: async ({ session, params }) => mutable(await organizations.endOffer(session.person, params.organization)),
  acceptOwnership: async ({ session, params, body }) => mutable(await organizations.acceptOwnership(session.person, params.organization, body.password)),
});
