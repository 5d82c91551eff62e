import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { fail } from '../../src-shared/result.ts';
import { sendFailure } from './implement.ts';

/** Everything the portal may load or reach is this authority's own. */
export const portalPolicy = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'data:'],
  'font-src': ["'self'"],
  'connect-src': ["'self'"],
  'form-action': ["'none'"],
  'base-uri': ["'none'"],
  'frame-ancestors': ["'none'"],
} as const;

const notBuilt = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Latchkey license authority</title></head>
<body>
<h1>Latchkey license authority</h1>
<p>The authority is running. Its portal has not been built on this computer: run the project's build, then load this page again.</p>
<p>Desktop apps and the command line work without it.</p>
</body>
</html>
`;

/** Serves the portal's files at `/`; every other page address is the portal's own to route. */
export const registerPortal = async (app: FastifyInstance, folder: string | null): Promise<void> => {
  const index = folder === null ? null : join(folder, 'index.html');
  const built = () => index !== null && existsSync(index);
  if (folder !== null && built()) {
    await app.register(fastifyStatic, { root: folder, wildcard: false, index: 'index.html', cacheControl: true, maxAge: 0 });
  }
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    const isPage = (request.method === 'GET' || request.method === 'HEAD') && !path.startsWith('/v1/') && path !== '/v1' && !/\.[a-z0-9]+$/i.test(path);
    if (!isPage) return sendFailure(reply, fail('NOT_FOUND', { path }));
    void reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache');
    return index !== null && built() ? reply.code(200).send(readFileSync(index)) : reply.code(path === '/' ? 200 : 404).send(notBuilt);
  });
};
