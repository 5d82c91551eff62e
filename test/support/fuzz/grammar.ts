import fc from 'fast-check';
import { z } from 'zod';

/** Values that a schema describes, drawn by fast-check from its JSON Schema: where a structured mutation begins. */
type JsonSchema = Readonly<Record<string, unknown>>;

const strings = ({ pattern, format, minLength, maxLength }: JsonSchema): fc.Arbitrary<string> => {
  if (typeof pattern === 'string') {
    try {
      return fc.stringMatching(new RegExp(pattern, 'u'), { size: 'small' });
    } catch {
      // A pattern that fast-check cannot draw from.
    }
  }
  if (format === 'email') return fc.emailAddress({ size: 'small' });
  const least = Number(minLength ?? 0);
  return fc.string({ minLength: least, maxLength: Math.min(Number(maxLength ?? 40), least + 40) });
};

const numbers = ({ type, minimum, maximum }: JsonSchema): fc.Arbitrary<number> => {
  const least = Math.max(Number(minimum ?? -1000), Number.MIN_SAFE_INTEGER);
  const most = Math.min(Number(maximum ?? least + 1_000_000), Number.MAX_SAFE_INTEGER);
  return type === 'integer' ? fc.integer({ min: least, max: Math.min(most, 2_147_483_647) }) : fc.double({ min: least, max: most, noNaN: true });
};

const arbitrary = (schema: JsonSchema, root: JsonSchema, depth: number): fc.Arbitrary<unknown> => {
  if (typeof schema['$ref'] === 'string') {
    const named = (root['$defs'] as Record<string, JsonSchema> | undefined)?.[schema['$ref'].split('/').at(-1) ?? ''];
    return named && depth < 6 ? arbitrary(named, root, depth + 1) : fc.jsonValue({ maxDepth: 1 });
  }
  if ('const' in schema) return fc.constant(schema['const']);
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as unknown[]));
  const choices = (schema['anyOf'] ?? schema['oneOf']) as readonly JsonSchema[] | undefined;
  if (choices) return fc.oneof(...choices.map((each) => arbitrary(each, root, depth + 1)));
  if (Array.isArray(schema['type'])) return fc.oneof(...(schema['type'] as string[]).map((type) => arbitrary({ ...schema, type }, root, depth + 1)));
  switch (schema['type']) {
    case 'string': return strings(schema);
    case 'integer': case 'number': return numbers(schema);
    case 'boolean': return fc.boolean();
    case 'null': return fc.constant(null);
    case 'array': return fc.array(arbitrary((schema['items'] ?? {}) as JsonSchema, root, depth + 1), { minLength: Number(schema['minItems'] ?? 0), maxLength: Math.max(Number(schema['minItems'] ?? 0), 2) });
    case 'object': {
      const properties = Object.entries((schema['properties'] ?? {}) as Record<string, JsonSchema>);
      if (properties.length === 0 && typeof schema['additionalProperties'] === 'object') return fc.dictionary(fc.string({ maxLength: 8 }), arbitrary(schema['additionalProperties'] as JsonSchema, root, depth + 1), { maxKeys: 3 });
      const required = ((schema['required'] ?? []) as string[]).filter((name) => properties.some(([key]) => key === name));
      return fc.record(Object.fromEntries(properties.map(([name, each]) => [name, arbitrary(each, root, depth + 1)])), { requiredKeys: required, noNullPrototype: true });
    }
    default: return fc.jsonValue({ maxDepth: 1 });
  }
};

/** `count` values, the same ones for the same seed. Not every one need be valid: refinements are not in a JSON Schema. */
export const samplesOf = (schema: z.ZodType, count: number, seed: number): readonly unknown[] => {
  const described = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  return fc.sample(arbitrary(described, described, 0), { numRuns: count, seed });
};
