import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';

const secret = ['password', 'token', 'binding', 'x-latchkey-binding', 'cookie', 'authorization', 'request', 'proof', 'document', 'heartbeat', 'licenseFile', 'receipt', 'keyset', 'otp', 'secret', 'otpauth', 'recoveryCodes'];
const struck: ReadonlySet<string> = new Set(secret.flatMap((name) => [name, `set-${name}`]));
const DEPTH = 3;

/** Without what its names say is secret. By our own hand, in one pass: pino's goes through each event once for every name and depth. */
const strike = (value: unknown, depth: number): unknown => {
  if (depth > DEPTH || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each: unknown) => strike(each, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, struck.has(name) ? '[secret]' : strike(each, depth + 1)]));
};

/** What is told of each, name by name, so that nothing else of it can come in. */
const told = {
  req: (request: { readonly method: string; readonly url: string; readonly ip?: string }) => ({ method: request.method, path: request.url.split('?')[0], address: request.ip }),
  res: (reply: { readonly statusCode: number }) => ({ status: reply.statusCode }),
  err: (error: Error) => strike(pino.stdSerializers.err(error), 1),
};

const strikeEvent = (event: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(event).map(([name, value]) => [name, struck.has(name) ? '[secret]' : Object.hasOwn(told, name) ? value : strike(value, 1)]));

/**
 * The log: one JSON line an event. SECURITY: neither headers nor bodies are written; should one come in by another way,
 * what could be used by a reader of the log is struck out.
 */
export const createLog = (destination: DestinationStream, level = 'info'): Logger =>
  pino({ level, serializers: told, formatters: { log: strikeEvent } }, destination);
