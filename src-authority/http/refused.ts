import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ErrorCode } from '../../src-shared/errors.ts';
import type { Failure } from '../../src-shared/result.ts';
import type { Refused } from '../audit/refusals.ts';
import type { Ground } from '../ground.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is signed in, once that is known. */
    person: string | null;
    /** What it was refused with. */
    refusal: Failure | null;
  }
  interface FastifyContextConfig {
    /** The route's name in the contract. */
    route?: string;
  }
}

/** Guesses, what another site asks for, and ids of others: what an attack on the authority that brings no document looks like. */
const codes: readonly ErrorCode[] = ['CREDENTIALS_INVALID', 'OTP_INVALID', 'RATE_LIMITED', 'FORBIDDEN', 'NOT_FOUND', 'LICENSE_NOT_FOUND', 'LEASE_NOT_FOUND'];
const signIns = ['accounts.signIn', 'security.sendCode'];

/** A document that was refused has left its own row (`leases/refused.ts`). */
const isDocument = (route: string): boolean => /^(exchange\..+|leases\.(checkout|renew|time|heartbeat|giveBack))$/.test(route);
const hasRow = (route: string, { code }: Failure, person: string | null): boolean =>
  isDocument(route) && (code === 'LEASE_NOT_FOUND' || (code === 'FORBIDDEN' && person !== null));

const refusedOf = ({ person, refusal, routeOptions, id }: FastifyRequest, from: string): Refused | null => {
  const { route } = routeOptions.config;
  if (refusal === null || route === undefined) return null;
  const { code, details: { why } } = refusal;
  if (!(codes.includes(code) || (code === 'INPUT_INVALID' && why === 'size')) || hasRow(route, refusal, person)) return null;
  return {
    action: signIns.includes(route) ? 'sign-in.refused' : 'request.refused', actor: person ?? 'unknown', subject: route, code, why: typeof why === 'string' ? why : null,
    details: { from, correlation: id },
  };
};

/**
 * Leaves a row of the audit for a refused request, without a name, an address or what was typed: `from` is a keyed hash of the
 * caller's address, `correlation` the id of its lines in the log. SECURITY: written when the reply is on its way, so that neither
 * its time nor its code can tell what is written, or whether it could be. Returns what waits for the writes that are under way.
 */
export const recordRefusals = (app: FastifyInstance, { refusals }: Ground, hashAddress: (address: string) => string): (() => Promise<void>) => {
  const underWay = new Set<Promise<void>>();
  app.decorateRequest('person', null);
  app.decorateRequest('refusal', null);
  const note = async (refused: Refused, request: FastifyRequest): Promise<void> => {
    await new Promise<void>((resolve) => setImmediate(resolve));
    await refusals.note(refused).catch((error: unknown) => request.log.error({ err: error }, 'a refusal could not be written'));
  };
  // Not when it has been sent: whoever hangs up before leaves a row, too.
  app.addHook('onSend', (request, _reply, payload, done) => {
    const refused = request.refusal === null ? null : refusedOf(request, hashAddress(request.ip));
    if (refused) {
      const work = note(refused, request).finally(() => underWay.delete(work));
      underWay.add(work);
    }
    done(null, payload);
  });
  return async () => void (await Promise.all(underWay));
};
