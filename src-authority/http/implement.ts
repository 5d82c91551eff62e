import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { errorTable } from '../../src-shared/errors.ts';
import type { contract, Route, ValueOf } from '../../src-shared/http/index.ts';
import { fail } from '../../src-shared/result.ts';
import type { Failure, Result } from '../../src-shared/result.ts';
import type { Session } from '../accounts/accounts.ts';

/** Registers the routes of the contract: what is not described there does not exist, and what is described must be handled. */

type Part<R, N extends 'params' | 'query' | 'body'> = R extends { readonly [P in N]: infer S extends z.ZodType } ? { readonly [P in N]: z.output<S> } : unknown;
type Known<R extends Route> = R['auth'] extends 'person' ? { readonly session: Session } : unknown;

/** What a handler is given: validated input, the session where the route asks for one, and the request's circumstances. */
export type Call<R extends Route> = Part<R, 'params'> & Part<R, 'query'> & Part<R, 'body'> & Known<R> & { readonly http: Circumstances };
export type Circumstances = {
  readonly address: string;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
};
export type Handler<R extends Route> = (call: Call<R>) => Promise<Result<ValueOf<R>>>;
export type Handlers<C = typeof contract> = {
  readonly [G in keyof C]: { readonly [N in keyof C[G]]: C[G][N] extends Route ? Handler<C[G][N]> : never };
};

/** Who asks. Errors: `NOT_SIGNED_IN`, `FORBIDDEN` (a cookie that another site makes the browser send). */
export type Authenticate = (request: FastifyRequest) => Promise<Result<Session>>;

export const sendFailure = (reply: FastifyReply, failure: Failure): FastifyReply => {
  reply.request.refusal = failure;
  const { retryAfter } = failure.details;
  if (failure.code === 'RATE_LIMITED' && typeof retryAfter === 'number') reply.header('retry-after', String(retryAfter));
  // Whoever reads it would look at their own disk; where ours is, is not theirs to know.
  const { path: _path, ...details } = failure.details;
  return reply.code(errorTable[failure.code].status).send(failure.code === 'STORE_UNUSABLE' ? fail(failure.code, { ...details, whose: 'authority' }) : failure);
};

const noQuery = z.strictObject({});
/** What a route does not know of the query would be ignored without a word, and the answer be taken for another. */
const strictQuery = ({ query }: Route): z.ZodType => (query === undefined ? noQuery : query instanceof z.ZodObject ? query.strict() : query);

const inputFailure = (part: string, error: z.ZodError): Failure => {
  const issue = error.issues[0];
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : [];
  return fail('INPUT_INVALID', { why: 'format', at: [part, ...(issue?.path ?? []), ...unknown].join('.'), problem: issue?.message ?? 'invalid' });
};

/** Of a route that has no query. */
export const refuseQuery = (request: FastifyRequest): Failure | null => {
  const parsed = noQuery.safeParse(request.query);
  return parsed.success ? null : inputFailure('query', parsed.error);
};

/** The schemas of a route are made once: to make one costs many times more than to use it. */
const validator = (description: Route) => {
  const schemas = { params: description.params, query: strictQuery(description), body: description.body };
  return (request: FastifyRequest): Result<Record<string, unknown>> => validate(schemas, request);
};

const validate = (schemas: { readonly [Part in 'params' | 'query' | 'body']: z.ZodType | undefined }, request: FastifyRequest): Result<Record<string, unknown>> => {
  const input: Record<string, unknown> = {};
  for (const part of ['params', 'query', 'body'] as const) {
    const schema = schemas[part];
    if (!schema) continue;
    const parsed = schema.safeParse(part === 'body' ? (request.body ?? {}) : request[part]);
    if (!parsed.success) return inputFailure(part, parsed.error);
    input[part] = parsed.data;
  }
  return { ok: true, value: input };
};

type AnyHandler = (call: Record<string, unknown>) => Promise<Result<unknown>>;

/** Where each thing asked for has its own outcome, one that is there for nobody is refused within the reply. */
const refusedWithin = (value: unknown): Failure | null => {
  const { refused } = (value ?? {}) as { readonly refused?: readonly { readonly code?: string }[] };
  return refused?.some(({ code }) => code === 'LEASE_NOT_FOUND') ? fail('LEASE_NOT_FOUND') : null;
};

const register = (app: FastifyInstance, name: string, description: Route, handler: AnyHandler, authenticate: Authenticate): void => {
  const read = validator(description);
  app.route({
    method: description.method,
    url: description.path,
    config: { route: name },
    handler: async (request, reply) => {
      // Who asks comes before what is asked, so that a stranger learns nothing from how input is judged.
      let session: Session | null = null;
      if (description.auth === 'person') {
        const known = await authenticate(request);
        if (!known.ok) return sendFailure(reply, known);
        session = known.value;
        request.person = session.person.id;
      }
      const input = read(request);
      if (!input.ok) return sendFailure(reply, input);
      const result = await handler({ ...input.value, ...(session ? { session } : {}), http: { address: request.ip, request, reply } });
      if (!result.ok) return sendFailure(reply, result);
      request.refusal = refusedWithin(result.value);
      return reply.code(200).send(result);
    },
  });
};

export const implement = (
  app: FastifyInstance,
  routes: typeof contract,
  handlers: Handlers,
  authenticate: Authenticate,
): void => {
  for (const [group, descriptions] of Object.entries(routes)) {
    for (const [name, description] of Object.entries(descriptions as Record<string, Route>)) {
      const handler = (handlers as unknown as Record<string, Record<string, AnyHandler>>)[group]?.[name];
      if (!handler) throw new Error(`no handler for ${group}.${name}`);
      register(app, `${group}.${name}`, description, handler, authenticate);
    }
  }
};
