import type { z } from 'zod';
import type { Cancellable } from '../cancel.ts';
import type { ErrorCode } from '../errors.ts';
import type { Result } from '../result.ts';

/**
 * One operation of the authority. From this description come the server's registration and validation, the typed calls
 * of every client, and the OpenAPI document. Every reply is `{ok:true,value}` or `{ok:false,code,details}`, with the status
 * of the error table.
 */
export type Route = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** `:name` segments are `params`. */
  readonly path: `/v1/${string}`;
  /** `person`: a session, as bearer or cookie. `machine`: the signed document in the body is the proof. */
  readonly auth: 'none' | 'person' | 'machine';
  readonly summary: string;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly reply: z.ZodType;
  /** The refusals that belong to this operation; `INPUT_INVALID`, `NOT_SIGNED_IN`, `RATE_LIMITED` and `INTERNAL` belong to all. */
  readonly codes: readonly ErrorCode[];
};

export const route = <const R extends Route>(description: R): R => description;

type Part<R, N extends 'params' | 'query' | 'body'> = R extends { readonly [P in N]: infer S extends z.ZodType } ? { readonly [P in N]: z.input<S> } : unknown;

/** What a call of the route is given. */
export type CallOf<R extends Route> = Part<R, 'params'> & Part<R, 'query'> & Part<R, 'body'>;
export type ValueOf<R extends Route> = z.output<R['reply']>;

/** Anything that can call the authority: HTTP in the portal and in main, the passage through main in the app's renderer. */
export type CallAuthority = <R extends Route>(route: R, call: CallOf<R>, options?: Cancellable) => Promise<Result<ValueOf<R>>>;

/** The path of a call, with its parameters and query filled in and escaped. */
export const pathOf = (description: Pick<Route, 'path'>, call: { readonly params?: unknown; readonly query?: unknown }): string => {
  const params = (call.params ?? {}) as Record<string, string | number>;
  const path = description.path.replace(/:([a-zA-Z]+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const query = Object.entries((call.query ?? {}) as Record<string, string | number | boolean | undefined>)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`);
  return query.length === 0 ? path : `${path}?${query.join('&')}`;
};
