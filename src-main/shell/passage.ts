import type { z } from 'zod';
import { routeNamed, type RouteName } from '../../src-shared/http/by-name.ts';
import type { CallAuthority, CallOf, Route } from '../../src-shared/http/index.ts';
import type { IpcInput } from '../../src-shared/ipc.ts';
import { fail, type Result } from '../../src-shared/result.ts';

/** Main's own: they change who is signed in here, or what this machine holds. */
const ours: ReadonlySet<string> = new Set<RouteName>([
  'accounts.signIn', 'accounts.signOut', 'leases.checkout', 'leases.renew', 'leases.time', 'leases.heartbeat', 'leases.giveBack',
]);

const parts = ['params', 'query', 'body'] as const;

/**
 * Passes a call of the page on to the authority. SECURITY: the page names a route of the contract and fills it by the route's
 * own schemas; it says no address, no header and no session.
 */
export const passCall = async (call: CallAuthority, input: IpcInput<'authority.call'>): Promise<Result<unknown>> => {
  const route = routeNamed(input.name);
  if (route === null) return fail('INPUT_INVALID', { fields: ['name'] });
  if (ours.has(input.name) || route.auth === 'machine') return fail('FORBIDDEN', { name: input.name });
  const wrong = parts.flatMap((part) => judgePart(part, route[part], input.call[part]));
  if (wrong.length > 0) return fail('INPUT_INVALID', { fields: wrong });
  // As it was given: the authority reads it by the same schemas, and a schema's output is not always its input.
  return call(route, input.call as CallOf<Route>);
};

const judgePart = (part: string, schema: z.ZodType | undefined, given: unknown): readonly string[] => {
  if (schema === undefined) return given === undefined ? [] : [part];
  // A query may be left out: each of its members has a default or is optional.
  const parsed = schema.safeParse(given ?? (part === 'query' ? {} : given));
  return parsed.success ? [] : parsed.error.issues.map(({ path }) => [part, ...path].join('.'));
};
