import { base64url } from 'jose';
import { z } from 'zod';
import { fail, ok } from '../result.ts';
import type { Result } from '../result.ts';
import { unarmor } from './armor.ts';
import { parseStrictObject } from './json.ts';
import { documentKinds, kindTable } from './kinds.ts';
import type { ClaimsOf, DocumentKind } from './kinds.ts';

/** The largest document, bytes. */
export const DOCUMENT_SIZE = 64 * 1024;

/** A document that is well-formed. Nothing about it has been checked yet: neither who signed it, nor for whom it is. */
export type Parsed<K extends DocumentKind = DocumentKind> = {
  [P in K]: {
    readonly kind: P;
    readonly kid: string;
    readonly claims: ClaimsOf<P>;
    /** The compact JWS. */
    readonly jws: string;
    /** The file as it came. */
    readonly text: string;
  };
}[K];

const header = z.strictObject({ alg: z.string(), typ: z.string(), kid: z.string().max(128) });

/** SECURITY: RFC 8725 3.1, 3.10: header members that would let a document bring its own key, or change how it is read. */
const hostile = ['jwk', 'jku', 'x5u', 'x5c', 'x5t', 'x5t#S256', 'crit', 'b64', 'zip', 'enc'];

const malformed = (why: string, at?: string) => fail('FILE_MALFORMED', at === undefined ? { why } : { why, at });

const decode = (segment: string): Uint8Array | null => {
  if (!/^[A-Za-z0-9_-]+$/.test(segment)) return null;
  try {
    const bytes = base64url.decode(segment);
    return base64url.encode(bytes) === segment ? bytes : null;
  } catch {
    return null;
  }
};

const utf8 = (bytes: Uint8Array): string | null => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
};

const firstIssue = (error: z.ZodError): string => error.issues[0]?.path.join('.') ?? '';

/**
 * Reads a compact JWS whose header and payload are strict, without checking its signature. `typ` is what it must say.
 * Errors: `FILE_MALFORMED`, `FILE_NOT_GENUINE` (an algorithm or header member that is never accepted), `FILE_WRONG_KIND`.
 */
export const parseCompact = <C>(
  jws: string,
  typ: string,
  claims: z.ZodType<C>,
): Result<{ readonly kid: string; readonly claims: C }> => {
  // Counted before any is decoded: tens of thousands of them would each cost an exception.
  const segments = jws.split('.', 4);
  if (segments.length !== 3) return malformed('base64url');
  const [head, payload, signature] = segments.map(decode);
  if (!head || !payload || !signature) return malformed('base64url');
  const headText = utf8(head);
  const headJson = headText === null ? null : parseStrictObject(headText);
  if (headJson === null) return malformed('header');
  if (hostile.some((name) => Object.hasOwn(headJson, name))) return fail('FILE_NOT_GENUINE', { why: 'header' });
  const parsedHeader = header.safeParse({ ...headJson });
  if (!parsedHeader.success) return malformed('header', firstIssue(parsedHeader.error));
  if (parsedHeader.data.alg !== 'Ed25519') return fail('FILE_NOT_GENUINE', { why: 'algorithm' });
  if (parsedHeader.data.typ !== typ) {
    const kindOf = (name: string) => documentKinds.find((kind) => kindTable[kind].typ === name);
    const actual = kindOf(parsedHeader.data.typ);
    return actual === undefined ? malformed('typ') : fail('FILE_WRONG_KIND', { expected: kindOf(typ) ?? null, actual });
  }
  const payloadText = utf8(payload);
  const payloadJson = payloadText === null ? null : parseStrictObject(payloadText);
  if (payloadJson === null) return malformed('payload');
  const parsedClaims = claims.safeParse(payloadJson);
  if (!parsedClaims.success) return malformed('claims', firstIssue(parsedClaims.error));
  return ok({ kid: parsedHeader.data.kid, claims: parsedClaims.data });
};

/**
 * Stage one: is it one of our documents at all? Bytes as read from a file, or text as it came over HTTP.
 * Errors: `FILE_MALFORMED` (details.why: size, encoding, armor, label, lines, base64url, header, typ, payload, claims),
 * `FILE_NOT_GENUINE` (an algorithm or header member that is never accepted), `FILE_WRONG_KIND` (its label names another kind).
 */
export const parseDocument = (file: Uint8Array | string): Result<Parsed> => {
  const bytes = typeof file === 'string' ? new TextEncoder().encode(file) : file;
  if (bytes.length > DOCUMENT_SIZE) return malformed('size');
  const text = utf8(bytes);
  if (text === null) return malformed('encoding');
  const envelope = unarmor(text);
  if (!envelope.ok) return envelope;
  const kind = documentKinds.find((each) => kindTable[each].label === envelope.value.label);
  if (kind === undefined) return malformed('label');
  const read = parseCompact(envelope.value.jws, kindTable[kind].typ, kindTable[kind].claims as z.ZodType);
  if (!read.ok) return read;
  return ok({ kind, kid: read.value.kid, claims: read.value.claims, jws: envelope.value.jws, text } as Parsed);
};

/** `parseDocument`, for one kind. Errors: also `FILE_WRONG_KIND` with `expected` and `actual`. */
export const parseKind = <K extends DocumentKind>(expected: K, file: Uint8Array | string): Result<Parsed<K>> => {
  const parsed = parseDocument(file);
  if (!parsed.ok) return parsed;
  if (parsed.value.kind !== expected) return fail('FILE_WRONG_KIND', { expected, actual: parsed.value.kind });
  return ok(parsed.value as Parsed<K>);
};
