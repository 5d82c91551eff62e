import helmet from '@fastify/helmet';
import Fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { portalPolicy } from './portal.ts';

type Headers = readonly (readonly [string, string | number | readonly string[]])[];

/** What helmet would set in an answer. */
const helmetHeaders = async (): Promise<Headers> => {
  const probe = Fastify();
  await probe.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: portalPolicy as unknown as Record<string, string[]> },
    crossOriginEmbedderPolicy: true,
    referrerPolicy: { policy: 'no-referrer' },
    hsts: false,
    xFrameOptions: { action: 'deny' },
  });
  let headers: Headers = [];
  probe.get('/', (_request, reply) => {
    headers = Object.entries(reply.getHeaders()).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
    return reply.send();
  });
  await probe.inject('/');
  await probe.close();
  return headers;
};

/**
 * SECURITY: helmet's headers in every answer, also in one that is written by hand. They are the same in each, and helmet builds
 * them anew for each, which costs a checkout more than its session: so it is asked once.
 */
export const registerProtection = async (app: FastifyInstance): Promise<void> => {
  const headers = await helmetHeaders();
  app.addHook('onRequest', (request, reply, done) => {
    for (const [name, value] of headers) reply.raw.setHeader(name, value);
    if (request.site.isSecure) void reply.header('strict-transport-security', 'max-age=31536000');
    if (request.url.startsWith('/v1/')) void reply.header('cache-control', 'no-store');
    done();
  });
};
