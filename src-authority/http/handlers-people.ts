import { ok } from '../../src-shared/result.ts';
import type { Invitations } from '../people/invitations.ts';
import type { Invites } from '../people/invites.ts';
import type { People } from '../people/people.ts';
import { termsText } from '../people/terms.ts';
import type { Handlers } from './implement.ts';
import { mutable } from './mutable.ts';

export const peopleHandlers = (people: People, invites: Invites, invitations: Invitations): Handlers['people'] => ({
  list: async ({ session, params, query }) => mutable(await people.list(session.person, params.organization, query)),
  changeRole: async ({ session, params, body }) => mutable(await people.changeRole(session.person, params.organization, params.person, body.role)),
  remove: async ({ session, params, body }) => mutable(await people.remove(session.person, params.organization, body)),
  invites: async ({ session, params, query }) => mutable(await invites.invites(session.person, params.organization, query)),
  invite: async ({ session, params, body }) => mutable(await invites.invite(session.person, params.organization, body)),
  resend: ({ session, params }) => invites.resend(session.person, params.organization, params.invite),
  editInvite: ({ session, params, body }) => invites.editInvite(session.person, params.organization, params.invite, body.role),
  cancelInvite: ({ session, params }) => invites.cancelInvite(session.person, params.organization, params.invite),
  readInvitation: async ({ body }) => mutable(await invitations.readInvitation(body.token)),
  signUp: async ({ body }) => mutable(await invitations.signUp(body)),
  acceptInvitation: async ({ session, body }) => mutable(await invitations.acceptInvitation(session.person, body.token)),
  declineInvitation: ({ body }) => invitations.declineInvitation(body.token),
  terms: async ({ params, query }) => ok(termsText(params.document, query.locale)),
});
