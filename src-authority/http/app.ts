import cookie from '@fastify/cookie';
import Fastify from 'fastify';
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import { contract } from '../../src-shared/http/index.ts';
import { fail } from '../../src-shared/result.ts';
import type { Failure } from '../../src-shared/result.ts';
import { createAuthenticate } from './credentials.ts';
import { discardBody } from './discard-body.ts';
import { registerEvents } from './events.ts';
import { createHandlers } from './handlers.ts';
import { storeFailure } from '../adapter/database.ts';
import type { Services } from './handlers.ts';
import { implement, refuseQuery, sendFailure } from './implement.ts';
import { registerJson } from './json.ts';
import { openApiOf } from './openapi.ts';
import { registerPortal } from './portal.ts';
import { registerProtection } from './protection.ts';
import { recordRefusals } from './refused.ts';
import { registerSite } from './site.ts';

const BODY_LIMIT = 128 * 1024;

/**
 * What a caller may take of the server's time and sockets. Whoever sends headers or a body byte by byte is cut off; beyond so
 * many connections new ones are closed at once, so that those which are there go on. `keepAlive`: of event streams. Milliseconds, bytes.
 */
export type Limits = { readonly headersTimeout: number; readonly requestTimeout: number; readonly headerSize: number; readonly connections: number; readonly checkEvery: number; readonly keepAlive: number };
export const defaultLimits: Limits = { headersTimeout: 10_000, requestTimeout: 30_000, headerSize: 16 * 1024, connections: 4096, checkEvery: 1000, keepAlive: 15_000 };
const LONGEST_PARAMETER = 200;
const CLOSE_WITHIN_MS = 2000;

/** What went wrong before a handler was reached is the caller's; what went wrong in one is ours. */
const refusalOf = (error: FastifyError, correlation: string) => {
  const store = storeFailure(error);
  if (store) return store;
  const status = error.statusCode ?? 500;
  if (status >= 500) return fail('INTERNAL', { correlation });
  if (status === 404) return fail('NOT_FOUND');
  if (status === 413) return fail('INPUT_INVALID', { why: 'size', most: BODY_LIMIT });
  if (status === 415) return fail('INPUT_INVALID', { why: 'content-type' });
  return fail('INPUT_INVALID', { why: 'json' });
};

/** What could not be read as a request at all. */
const refusalOfConnection = (code: string | undefined): Failure => {
  if (code === 'HPE_HEADER_OVERFLOW') return fail('INPUT_INVALID', { why: 'headers' });
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return fail('INPUT_INVALID', { why: 'slow' });
  return fail('INPUT_INVALID', { why: 'http' });
};

export type App = { readonly fastify: FastifyInstance; readonly close: () => Promise<void> };

export const createApp = async (
  services: Services,
  options: { readonly log: Logger; readonly portal: string | null; readonly trustProxy: boolean | string; readonly publicUrl: string | null; readonly limits?: Partial<Limits> },
): Promise<App> => {
  const limits = { ...defaultLimits, ...options.limits };
  const fastify = Fastify({
    loggerInstance: options.log,
    bodyLimit: BODY_LIMIT,
    trustProxy: options.trustProxy,
    forceCloseConnections: 'idle',
    requestTimeout: limits.requestTimeout,
    http: { headersTimeout: limits.headersTimeout, requestTimeout: limits.requestTimeout, maxHeaderSize: limits.headerSize, connectionsCheckingInterval: limits.checkEvery },
    routerOptions: { maxParamLength: LONGEST_PARAMETER },
    frameworkErrors: (_error, _request, reply) => void sendFailure(reply as unknown as FastifyReply, fail('INPUT_INVALID', { why: 'address' })),
    // What is no HTTP, too slow or too large, is answered as everything is, and not with the words of a library.
    clientErrorHandler: (error, socket) => {
      if (!socket.writable) return void socket.destroy();
      const body = JSON.stringify(refusalOfConnection(error.code));
      socket.end(`HTTP/1.1 400 Bad Request\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`, () => socket.destroy());
    },
    // SECURITY: names from the caller never become the id in our log.
    requestIdHeader: false,
    genReqId: () => services.ground.random.id('cor'),
  }) as unknown as FastifyInstance;

  fastify.server.maxConnections = limits.connections;
  let droppedAt = 0;
  fastify.server.on('drop', () => {
    // A flood is told of once a minute, or the log would be flooded too.
    const now = services.ground.clock.now();
    if (now - droppedAt < 60) return;
    droppedAt = now;
    options.log.warn({ connections: limits.connections }, 'connections are refused: there are too many');
  });

  fastify.setErrorHandler(async (error: FastifyError, request, reply) => {
    await discardBody(request.raw);
    const failure = refusalOf(error, request.id);
    if (failure.code === 'INTERNAL') request.log.error({ err: error }, 'a defect');
    if (failure.code === 'STORE_UNUSABLE') request.log.error({ why: failure.details['why'] }, 'the database cannot be written');
    return sendFailure(reply, failure);
  });
  registerSite(fastify, options.publicUrl);
  await registerProtection(fastify);
  await fastify.register(cookie);
  registerJson(fastify);

  const recorded = recordRefusals(fastify, services.ground, services.accounts.hashAddress);
  const authenticate = createAuthenticate(services.accounts);
  implement(fastify, contract, createHandlers(services), authenticate);
  const events = registerEvents(fastify, services.ground, services.accounts, authenticate, limits.keepAlive);
  const openApi = openApiOf(contract, services.version);
  fastify.get('/v1/openapi.json', (request, reply) => {
    const refused = refuseQuery(request);
    return refused ? sendFailure(reply, refused) : reply.send(openApi);
  });
  await registerPortal(fastify, options.portal);

  return {
    fastify,
    close: async () => {
      events.closeAll();
      // Whoever does not read their answer to its end does not keep us from stopping.
      const enough = setTimeout(() => fastify.server.closeAllConnections(), CLOSE_WITHIN_MS);
      await fastify.close();
      clearTimeout(enough);
      await recorded();
    },
  };
};
