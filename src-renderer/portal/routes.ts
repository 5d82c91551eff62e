import type { CallOf, Route, ValueOf, contract } from '../../src-shared/http/index.ts';
import type { Result } from '../../src-shared/result.ts';

type Contract = typeof contract;
type AnyName = { [S in keyof Contract & string]: `${S}.${keyof Contract[S] & string}` }[keyof Contract & string];
type At<S, N> = S extends keyof Contract ? (N extends keyof Contract[S] ? Contract[S][N] : never) : never;
type RouteOf<N extends AnyName> = Extract<N extends `${infer S}.${infer R}` ? At<S, R> : never, Route>;

/**
 * Where the operations that the portal uses stand. The contract stays their one source: the compiler refuses a method or path
 * that is not its own. They stand here a second time because the contract's values bring its schemas, and those 31 KB of zod
 * with them; the portal comes from the authority that it calls, so it has no reply to check.
 */
export const routes = {
  'accounts.signIn': { method: 'POST', path: '/v1/sessions' },
  'accounts.signOut': { method: 'DELETE', path: '/v1/sessions/current' },
  'accounts.me': { method: 'GET', path: '/v1/me' },
  'leases.mine': { method: 'GET', path: '/v1/leases' },
  'leases.release': { method: 'POST', path: '/v1/leases/:lease/release' },
  'licenses.entitlements': { method: 'GET', path: '/v1/organizations/:organization/entitlements' },
  'exchange.inspect': { method: 'POST', path: '/v1/exchange/inspections' },
  'exchange.answer': { method: 'POST', path: '/v1/exchange/answers' },
  'exchange.accept': { method: 'POST', path: '/v1/exchange/acceptances' },
} as const satisfies { readonly [N in AnyName]?: Pick<RouteOf<N>, 'method' | 'path'> };

export type RouteName = keyof typeof routes;

/** `CallAuthority` of the contract, by the route's name. */
export type Call = <N extends RouteName>(
  name: N,
  call: CallOf<RouteOf<N>>,
  options?: { readonly signal?: AbortSignal },
) => Promise<Result<ValueOf<RouteOf<N>>>>;
