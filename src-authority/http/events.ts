import type { FastifyInstance, FastifyReply } from 'fastify';
import { EVENTS_PATH } from '../../src-shared/http/index.ts';
import type { AuthorityEvent } from '../../src-shared/http/index.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Ground } from '../ground.ts';
import { sendFailure } from './implement.ts';
import type { Authenticate } from './implement.ts';

const KEEP_ALIVE_MS = 15_000;
const STREAMS_PER_PERSON = 32;

/** Server-sent events of the signed-in person. A stream ends when its session does; the client comes again and is told. */
export const registerEvents = (app: FastifyInstance, ground: Ground, accounts: Accounts, authenticate: Authenticate): { readonly closeAll: () => void } => {
  let isClosing = false;
  const open = new Map<FastifyReply, { readonly user: string; readonly end: () => void }>();

  app.get(EVENTS_PATH, async (request, reply) => {
    const known = await authenticate(request);
    if (!known.ok) return sendFailure(reply, known);
    const user = known.value.person.id;
    // The oldest stream of a person who opens too many is ended, so that a reload never locks anybody out.
    const theirs = [...open.values()].filter((stream) => stream.user === user);
    if (theirs.length >= STREAMS_PER_PERSON) theirs[0]?.end();
    let organizations = await accounts.organizationsOf(user);

    reply.hijack();
    const { raw } = reply;
    // The caller may have gone, or we may be stopping, while we looked who it is; no `close` would come any more.
    if (isClosing || raw.destroyed) {
      raw.end();
      return reply;
    }
    for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value);
    raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store', 'x-accel-buffering': 'no', connection: 'close' });
    const send = (event: AuthorityEvent): void => void raw.write(`data: ${JSON.stringify(event)}\n\n`);

    const unsubscribe = ground.hub.subscribe({ user, organizations: () => organizations, send });
    const keepAlive = setInterval(() => {
      void (async () => {
        const still = await authenticate(request);
        if (!still.ok) return end();
        organizations = await accounts.organizationsOf(user);
        raw.write(': still here\n\n');
      })().catch(() => end());
    }, KEEP_ALIVE_MS);
    keepAlive.unref();
    const end = (): void => {
      clearInterval(keepAlive);
      unsubscribe();
      open.delete(reply);
      raw.end();
    };
    open.set(reply, { user, end });
    raw.on('close', end);
    raw.on('error', end);
    send({ type: 'hello', now: ground.clock.now(), user });
    return reply;
  });

  return {
    closeAll: () => {
      isClosing = true;
      for (const stream of open.values()) stream.end();
    },
  };
};
