import { createServer, connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/**
 * A network that misbehaves, between a client and an authority. It takes one request at a time off a connection, as HTTP/1.1
 * clients send them, and does to it or to its reply what it is told; what is not told goes through.
 */
export type Fault =
  /** The request waits so many milliseconds. */
  | { readonly kind: 'delay'; readonly ms: number }
  /** The connection ends before the request is passed on, in the middle of it, or in the middle of the reply. */
  | { readonly kind: 'cut-before-request' | 'cut-mid-request' | 'cut-mid-reply' }
  /** The request is passed on, and our sending side closed at once. */
  | { readonly kind: 'half-close' }
  /** Everything is done and answered, and the reply lost: with the connection, or in silence. */
  | { readonly kind: 'drop-reply' | 'swallow-reply' }
  /** Something that is not HTTP, an answer of somebody else, or the reply cut short although it says its length. */
  | { readonly kind: 'garbage' | 'stranger' | 'truncated' }
  /** The reply a byte at a time. */
  | { readonly kind: 'drip'; readonly ms: number }
  /** A content-length that is ten too small, or ten too large with the connection kept. */
  | { readonly kind: 'short-length' | 'long-length' }
  /** Taken and never passed on. */
  | { readonly kind: 'black-hole' }
  /** A reply that never ends, as fast as it is taken. */
  | { readonly kind: 'endless' };

export type FaultProxy = {
  readonly url: string;
  /** Null: nothing is wrong. `only`: paths that it is done to. */
  readonly set: (fault: Fault | null, only?: RegExp) => void;
  /** Requests taken, as `POST /v1/checkouts`. */
  readonly taken: string[];
  /** Replies that came from the authority and were kept back, since the fault was set. */
  readonly answered: () => number;
  readonly close: () => Promise<void>;
};

export const startFaultProxy = async (target: string): Promise<FaultProxy> => {
  const to = new URL(target);
  let fault: Fault | null = null;
  let only = /./;
  let answered = 0;
  const taken: string[] = [];
  const sockets = new Set<Socket>();
  const timers = new Set<ReturnType<typeof setTimeout>>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
    return socket;
  };
  const later = (ms: number, work: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, ms);
    timers.add(timer);
  };
  /** One connection a request, so that its end is the reply's end. */
  const upstream = (request: Buffer): Socket => {
    const socket = keep(connect(Number(to.port), to.hostname));
    socket.write(asLast(request));
    return socket;
  };
  const wholeReply = (request: Buffer): Promise<Buffer> => new Promise((resolve) => {
    const parts: Buffer[] = [];
    upstream(request).on('data', (part: Buffer) => void parts.push(part)).once('close', () => resolve(Buffer.concat(parts)));
  });
  const passOn = (client: Socket, request: Buffer): void => {
    const socket = upstream(request);
    socket.pipe(client);
    client.once('close', () => socket.destroy());
  };

  const misbehave = async (client: Socket, request: Buffer, { kind, ...how }: Fault): Promise<void> => {
    const ms = 'ms' in how ? how.ms : 0;
    switch (kind) {
      case 'delay': return later(ms, () => passOn(client, request));
      case 'black-hole': return;
      case 'cut-before-request': return void client.destroy();
      case 'cut-mid-request': {
        const socket = keep(connect(Number(to.port), to.hostname));
        socket.write(request.subarray(0, Math.max(1, request.length - 20)), () => {
          socket.destroy();
          client.destroy();
        });
        return;
      }
      case 'half-close':
        void wholeReply(request);
        return void client.end();
      case 'endless': return endless(client);
      case 'garbage':
        await wholeReply(request);
        return void client.end(Buffer.from('\x16\x03\x01 SSH-2.0 \xff\xfe not http at all\r\n\r\n'.repeat(20), 'latin1'));
      case 'stranger':
        await wholeReply(request);
        return void client.end('HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 26\r\nconnection: close\r\n\r\n<html>Please log in</html>');
    }
    const reply = await wholeReply(request);
    answered += 1;
    const body = reply.indexOf('\r\n\r\n') + 4;
    switch (kind) {
      case 'drop-reply': return void client.destroy();
      case 'swallow-reply': return;
      case 'cut-mid-reply': return void client.write(reply.subarray(0, Math.floor((body + reply.length) / 2)), () => client.resetAndDestroy());
      case 'truncated': return void client.end(reply.subarray(0, reply.length - 5));
      case 'short-length': return void client.end(withLength(reply, -10));
      case 'long-length': return void client.write(withLength(reply, 10));
      case 'drip': {
        let at = 0;
        const next = (): void => {
          if (client.destroyed) return;
          client.write(reply.subarray(at, at + 1));
          at += 1;
          if (at < reply.length) later(ms, next);
          else client.end();
        };
        return next();
      }
    }
  };

  const server = createServer((client) => {
    keep(client);
    let heard = Buffer.alloc(0);
    client.on('data', (part: Buffer) => {
      heard = Buffer.concat([heard, part]);
      const request = wholeRequest(heard);
      if (request === null) return;
      heard = heard.subarray(request.length);
      const [method = '', path = ''] = request.toString('latin1').split(' ', 2);
      taken.push(`${method} ${path}`);
      if (fault === null || !only.test(path)) passOn(client, request);
      else void misbehave(client, request, fault);
    });
  });
  await new Promise<void>((ready) => void server.listen(0, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken,
    answered: () => answered,
    set: (next, matching = /./) => {
      answered = 0;
      fault = next;
      only = matching;
    },
    close: async () => {
      for (const timer of timers) clearTimeout(timer);
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
};

const wholeRequest = (heard: Buffer): Buffer | null => {
  const end = heard.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const length = Number(/\r\ncontent-length: *(\d+)/i.exec(heard.toString('latin1', 0, end))?.[1] ?? 0);
  return heard.length < end + 4 + length ? null : heard.subarray(0, end + 4 + length);
};

const asLast = (request: Buffer): Buffer => {
  const end = request.indexOf('\r\n\r\n');
  const head = request.toString('latin1', 0, end).replace(/\r\nconnection: [^\r]*/i, '');
  return Buffer.concat([Buffer.from(`${head}\r\nconnection: close`, 'latin1'), request.subarray(end)]);
};

const withLength = (reply: Buffer, by: number): Buffer => {
  const end = reply.indexOf('\r\n\r\n');
  const head = reply.toString('latin1', 0, end).replace(/content-length: *(\d+)/i, (_, length: string) => `content-length: ${Number(length) + by}`);
  return Buffer.concat([Buffer.from(head, 'latin1'), reply.subarray(end)]);
};

const endless = (client: Socket): void => {
  const chunk = Buffer.from(`10000\r\n${' '.repeat(0x10000)}\r\n`);
  client.write('HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n');
  const more = (): void => {
    while (!client.destroyed && client.write(chunk));
  };
  client.on('drain', more);
  more();
};
