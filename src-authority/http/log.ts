import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';

const secret = ['password', 'token', 'binding', 'x-latchkey-binding', 'cookie', 'authorization', 'request', 'proof', 'document', 'heartbeat', 'licenseFile', 'receipt', 'keyset', 'otp', 'secret', 'otpauth', 'recoveryCodes'];

/**
 * The log: one JSON line an event. SECURITY: neither headers nor bodies are written; should one come in by another way,
 * what could be used by a reader of the log is struck out.
 */
export const createLog = (destination: DestinationStream, level = 'info'): Logger =>
  pino(
    {
      level,
      redact: { paths: secret.flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `*["set-${name}"]`]), censor: '[secret]' },
      serializers: {
        req: (request: { method: string; url: string; ip?: string; id?: string }) => ({ method: request.method, path: request.url.split('?')[0], address: request.ip }),
        res: (reply: { statusCode: number }) => ({ status: reply.statusCode }),
      },
    },
    destination,
  );
