import type { FastifyInstance, FastifyReply } from 'fastify';
import { EVENTS_PATH } from '../../src-shared/http/index.ts';
import type { AuthorityEvent } from '../../src-shared/http/index.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { Ground } from '../ground.ts';
import { refuseQuery, sendFailure } from './implement.ts';
import type { Authenticate } from './implement.ts';

const STREAMS_PER_PERSON = 32;

/** Server-sent events of the signed-in person. A stream ends when its session does; the client comes again and is told. */
export const registerEvents = (app: FastifyInstance, ground: Ground, accounts: Accounts, authenticate: Authenticate, keepAliveMs: number): { readonly closeAll: () => void } => {
  let isClosing = false;
  const open = new Map<FastifyReply, { readonly user: string; readonly end: () => void }>();

  app.get(EVENTS_PATH, async (request, reply) => {
    const known = await authenticate(request);
    if (!known.ok) return sendFailure(reply, known);
    const unasked = refuseQuery(request);
    if (unasked) return sendFailure(reply, unasked);
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
    const write = (event: AuthorityEvent): void => void raw.write(`data: ${JSON.stringify(event)}\n\n`);
    /** Looks again who listens; null: nobody does any more, and the stream has ended. */
    const lookAgain = async (): Promise<readonly string[] | null> => {
      const still = await authenticate(request);
      if (!still.ok) return null;
      return accounts.organizationsOf(user);
    };
    /** What an organization says while it is not known whether this person still belongs to it. */
    let held: AuthorityEvent[] | null = null;
    let isStale = false;
    const settle = async (): Promise<void> => {
      do {
        isStale = false;
        const now = await lookAgain();
        if (now === null) return end();
        organizations = now;
      } while (isStale);
      const waiting = held ?? [];
      held = null;
      for (const event of waiting) if (!('organization' in event) || organizations.includes(event.organization)) write(event);
    };
    const send = (event: AuthorityEvent): void => {
      if (event.type === 'account') {
        // SECURITY: it may have been signed out, or removed from an organization: it hears no more of that from now on.
        write(event);
        isStale = true;
        if (held !== null) return;
        held = [];
        void settle().catch(() => end());
      } else if (held !== null && 'organization' in event) held.push(event);
      else write(event);
    };

    const unsubscribe = ground.hub.subscribe({ user, organizations: () => organizations, send });
    const keepAlive = setInterval(() => {
      void (async () => {
        const now = await lookAgain();
        if (now === null) return end();
        if (held === null) organizations = now;
        raw.write(': still here\n\n');
      })().catch(() => end());
    }, keepAliveMs);
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
