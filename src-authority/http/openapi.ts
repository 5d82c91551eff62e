import { z } from 'zod';
import { errorCodes, errorTable } from '../../src-shared/errors.ts';
import type { ErrorCode } from '../../src-shared/errors.ts';
import type { contract, Route } from '../../src-shared/http/index.ts';

/** The OpenAPI 3.1 document of the contract; nothing in it is written by hand. */

type Schema = { [name: string]: unknown };

/** Every operation can also refuse so. */
const general: readonly ErrorCode[] = ['INPUT_INVALID', 'RATE_LIMITED', 'INTERNAL'];

/** zod puts what recurs under the schema's own `$defs`; in the document those are components. */
const schemaOf = (type: z.ZodType, name: string, io: 'input' | 'output', components: Schema): Schema => {
  const { $schema: _, $defs, ...schema } = z.toJSONSchema(type, { io, target: 'draft-2020-12', unrepresentable: 'any' }) as Schema & { $defs?: Schema };
  const moved = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(moved)
      : value !== null && typeof value === 'object'
        ? Object.fromEntries(
            Object.entries(value).map(([key, each]) => [
              key,
              key === '$ref' && typeof each === 'string' ? each.replace(/^#\/\$defs\//, `#/components/schemas/${name}.`) : moved(each),
            ]),
          )
        : value;
  for (const [key, definition] of Object.entries($defs ?? {})) components[`${name}.${key}`] = moved(definition);
  return moved(schema) as Schema;
};

const json = (schema: unknown) => ({ content: { 'application/json': { schema } } });

const parameters = (type: z.ZodType | undefined, place: 'path' | 'query', name: string, components: Schema) => {
  if (!type) return [];
  const schema = schemaOf(type, name, 'input', components) as { properties?: Schema; required?: string[] };
  return Object.entries(schema.properties ?? {}).map(([parameter, each]) => ({
    name: parameter, in: place, required: place === 'path' || (schema.required ?? []).includes(parameter), schema: each,
  }));
};

const operation = (group: string, name: string, route: Route, components: Schema) => {
  const id = `${group}.${name}`;
  const codes = [...new Set([...route.codes, ...general, ...(route.auth === 'person' ? (['NOT_SIGNED_IN', 'FORBIDDEN'] as const) : [])])];
  const byStatus = Map.groupBy(codes, (code) => errorTable[code].status);
  const refusals = [...byStatus].map(([status, those]) => [
    String(status),
    {
      description: those.join(', '),
      ...json({ allOf: [{ $ref: '#/components/schemas/Failure' }, { type: 'object', properties: { code: { enum: those } } }] }),
    },
  ]);
  return {
    operationId: id,
    tags: [group],
    summary: route.summary,
    security: route.auth === 'person' ? [{ bearer: [] }, { cookie: [] }] : [],
    parameters: [...parameters(route.params, 'path', `${id}.params`, components), ...parameters(route.query, 'query', `${id}.query`, components)],
    ...(route.body ? { requestBody: { required: true, ...json(schemaOf(route.body, `${id}.body`, 'input', components)) } } : {}),
    responses: {
      200: {
        description: 'Done',
        ...json({
          type: 'object', required: ['ok', 'value'],
          properties: { ok: { const: true }, value: schemaOf(route.reply, `${id}.reply`, 'output', components) },
        }),
      },
      ...Object.fromEntries(refusals),
    },
  };
};

export const openApiOf = (routes: typeof contract, version: string) => {
  const schemas: Schema = {
    Failure: {
      type: 'object', required: ['ok', 'code', 'details'],
      properties: { ok: { const: false }, code: { type: 'string', enum: errorCodes }, details: { type: 'object', additionalProperties: true } },
    },
  };
  const paths: { [path: string]: { [method: string]: unknown } } = {};
  for (const [group, descriptions] of Object.entries(routes)) {
    for (const [name, route] of Object.entries(descriptions as Record<string, Route>)) {
      const path = route.path.replace(/:([a-zA-Z]+)/g, '{$1}');
      (paths[path] ??= {})[route.method.toLowerCase()] = operation(group, name, route, schemas);
    }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Latchkey license authority', version },
    paths,
    components: {
      schemas,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        cookie: { type: 'apiKey', in: 'cookie', name: 'latchkey_session', description: 'Under https: __Host-latchkey_session.' },
      },
    },
  };
};
