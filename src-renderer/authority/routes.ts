import type { CallNamed, RouteName as NameInContract, RouteNamed, ValueNamed } from '../../src-shared/http/by-name.ts';
import type { Result } from '../../src-shared/result.ts';

/**
 * Where the operations that pages use stand. The contract stays their one source: the compiler refuses a method or path
 * that is not its own. They stand here a second time because the contract's values bring its schemas, and those 31 KB of zod
 * with them; the portal comes from the authority that it calls, and in the app main checks what passes.
 */
export const routes = {
  'authority.keyset': { method: 'GET', path: '/v1/keyset' },
  'accounts.signIn': { method: 'POST', path: '/v1/sessions' },
  'accounts.signOut': { method: 'DELETE', path: '/v1/sessions/current' },
  'accounts.me': { method: 'GET', path: '/v1/me' },
  'accounts.setDefaultOrganization': { method: 'PUT', path: '/v1/me/default-organization' },
  'licenses.entitlements': { method: 'GET', path: '/v1/organizations/:organization/entitlements' },
  'leases.mine': { method: 'GET', path: '/v1/leases' },
  'leases.release': { method: 'POST', path: '/v1/leases/:lease/release' },
  'leases.free': { method: 'POST', path: '/v1/leases/:lease/free' },
  'exchange.inspect': { method: 'POST', path: '/v1/exchange/inspections' },
  'exchange.answer': { method: 'POST', path: '/v1/exchange/answers' },
  'exchange.accept': { method: 'POST', path: '/v1/exchange/acceptances' },
  'exchange.time': { method: 'POST', path: '/v1/exchange/time-tickets' },
  'organizations.list': { method: 'GET', path: '/v1/organizations' },
  'organizations.create': { method: 'POST', path: '/v1/organizations' },
  'organizations.read': { method: 'GET', path: '/v1/organizations/:organization' },
  'organizations.edit': { method: 'PUT', path: '/v1/organizations/:organization/legal' },
  'organizations.remove': { method: 'POST', path: '/v1/organizations/:organization/deletion' },
  'organizations.leases': { method: 'GET', path: '/v1/organizations/:organization/leases' },
  'organizations.leave': { method: 'POST', path: '/v1/organizations/:organization/leave' },
  'organizations.offerOwnership': { method: 'PUT', path: '/v1/organizations/:organization/transfer' },
  'organizations.endOffer': { method: 'DELETE', path: '/v1/organizations/:organization/transfer' },
  'organizations.acceptOwnership': { method: 'POST', path: '/v1/organizations/:organization/transfer/acceptance' },
  'people.list': { method: 'GET', path: '/v1/organizations/:organization/people' },
  'people.changeRole': { method: 'PUT', path: '/v1/organizations/:organization/people/:person/role' },
  'people.remove': { method: 'POST', path: '/v1/organizations/:organization/people/removals' },
  'people.invites': { method: 'GET', path: '/v1/organizations/:organization/invites' },
  'people.invite': { method: 'POST', path: '/v1/organizations/:organization/invites' },
  'people.resend': { method: 'POST', path: '/v1/organizations/:organization/invites/:invite/resend' },
  'people.editInvite': { method: 'PUT', path: '/v1/organizations/:organization/invites/:invite/role' },
  'people.cancelInvite': { method: 'DELETE', path: '/v1/organizations/:organization/invites/:invite' },
  'people.readInvitation': { method: 'POST', path: '/v1/invitations/view' },
  'people.signUp': { method: 'POST', path: '/v1/invitations/sign-up' },
  'people.acceptInvitation': { method: 'POST', path: '/v1/invitations/acceptance' },
  'people.declineInvitation': { method: 'POST', path: '/v1/invitations/refusal' },
  'people.terms': { method: 'GET', path: '/v1/terms/:document' },
  'holdings.list': { method: 'GET', path: '/v1/organizations/:organization/licenses' },
  'holdings.read': { method: 'GET', path: '/v1/organizations/:organization/licenses/:license' },
  'holdings.assignments': { method: 'GET', path: '/v1/organizations/:organization/people/:person/assignments' },
  'holdings.assign': { method: 'POST', path: '/v1/organizations/:organization/assignments' },
  'holdings.unassign': { method: 'POST', path: '/v1/organizations/:organization/unassignments' },
  'holdings.tasks': { method: 'GET', path: '/v1/organizations/:organization/tasks' },
  'holdings.ask': { method: 'POST', path: '/v1/organizations/:organization/tasks' },
  'holdings.answer': { method: 'POST', path: '/v1/organizations/:organization/tasks/:task/answer' },
  'holdings.machines': { method: 'GET', path: '/v1/organizations/:organization/machines' },
  'holdings.machine': { method: 'GET', path: '/v1/organizations/:organization/machines/:machine' },
  'holdings.reissues': { method: 'GET', path: '/v1/organizations/:organization/reissues' },
  'holdings.resolve': { method: 'POST', path: '/v1/organizations/:organization/machines/:machine/resolution' },
  'holdings.release': { method: 'POST', path: '/v1/organizations/:organization/machines/releases' },
  'holdings.usage': { method: 'GET', path: '/v1/organizations/:organization/usage' },
  'security.profile': { method: 'GET', path: '/v1/me/profile' },
  'security.rename': { method: 'PUT', path: '/v1/me/name' },
  'security.setCluster': { method: 'PUT', path: '/v1/me/cluster' },
  'security.setLocale': { method: 'PUT', path: '/v1/me/locale' },
  'security.changeEmail': { method: 'POST', path: '/v1/me/email' },
  'security.confirmEmail': { method: 'POST', path: '/v1/email-confirmations' },
  'security.changePassword': { method: 'POST', path: '/v1/me/password' },
  'security.forgotPassword': { method: 'POST', path: '/v1/password-resets' },
  'security.resetPassword': { method: 'POST', path: '/v1/password-resets/completion' },
  'security.sendCode': { method: 'POST', path: '/v1/sessions/code' },
  'security.secondFactors': { method: 'GET', path: '/v1/me/second-factors' },
  'security.beginApp': { method: 'POST', path: '/v1/me/second-factors/app' },
  'security.confirmApp': { method: 'POST', path: '/v1/me/second-factors/app/confirmation' },
  'security.beginEmailCode': { method: 'POST', path: '/v1/me/second-factors/email' },
  'security.confirmEmailCode': { method: 'POST', path: '/v1/me/second-factors/email/confirmation' },
  'security.disable': { method: 'POST', path: '/v1/me/second-factors/removal' },
  'security.sessions': { method: 'GET', path: '/v1/me/sessions' },
  'security.endSession': { method: 'DELETE', path: '/v1/me/sessions/:session' },
  'security.endOtherSessions': { method: 'DELETE', path: '/v1/me/sessions' },
  'security.preferences': { method: 'GET', path: '/v1/me/preferences' },
  'security.setPreferences': { method: 'PUT', path: '/v1/me/preferences' },
  'security.export': { method: 'POST', path: '/v1/me/export' },
  'security.remove': { method: 'POST', path: '/v1/me/deletion' },
} as const satisfies { readonly [N in NameInContract]?: Pick<RouteNamed<N>, 'method' | 'path'> };

export type RouteName = keyof typeof routes;
export type CallInput<N extends RouteName> = CallNamed<N>;
export type CallValue<N extends RouteName> = ValueNamed<N>;

/** `CallAuthority` of the contract, by the route's name. */
export type Call = <N extends RouteName>(
  name: N,
  call: CallInput<N>,
  options?: { readonly signal?: AbortSignal },
) => Promise<Result<CallValue<N>>>;
