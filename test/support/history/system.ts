import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createAuthority, initAuthority } from '../../../src-authority/index.ts';
import type { Authority } from '../../../src-authority/index.ts';
import { contract } from '../../../src-shared/http/index.ts';
import { unwrap } from '../../../src-shared/result.ts';
import { httpClient, PASSWORD, realRandom, settableClock } from '../authority.ts';
import type { SettableClock } from '../authority.ts';
import { createRecorder } from './history.ts';
import type { OperationKind, Outcome, Recorder } from './history.ts';

/**
 * A real authority behind a wire that writes down everything that passes: what was sent, when, and what came back, if it did.
 * Its address stays while authorities come and go behind it.
 */
export const SEATS = { lic_pair: 2, lic_three: 3, lic_one: 1 } as const;
export const licenses = Object.keys(SEATS) as readonly (keyof typeof SEATS)[];

const data = {
  products: [{ id: 'stage', name: 'Stage' }],
  organizations: [
    {
      name: 'Fleet',
      users: [
        { email: 'manager@fleet.example', name: 'Mia Manager', password: PASSWORD, role: 'manager' },
        { email: 'editor@fleet.example', name: 'Edda Editor', password: PASSWORD, role: 'editor' },
      ],
      licenses: Object.entries(SEATS).map(([id, seats]) => ({ id, product: 'stage', edition: id, seats, policy: { leasesPerUser: 1000 } })),
    },
  ],
};

/** What is done to a call: nothing; never sent; done, and its reply lost. */
export type Fault = 'none' | 'cut' | 'deaf';
export type SessionOf = 'manager' | 'editor';
export const FAULT_HEADER = 'x-history-fault';

export type System = {
  readonly url: string;
  readonly id: string;
  readonly clock: SettableClock;
  readonly recorder: Recorder;
  readonly keyset: string;
  readonly organization: string;
  /** The headers of a call in somebody's name, or in nobody's. */
  readonly headers: (session: SessionOf | null) => Readonly<Record<string, string>>;
  /** The authority's time goes on; sessions that have ended by it begin anew. */
  readonly advance: (by: number) => Promise<void>;
  /**
   * The authority dies here and now: what its files hold at this moment is what the next one begins with; nothing that was
   * under way is ever answered.
   */
  readonly crash: () => Promise<void>;
  readonly audit: () => Promise<void>;
  readonly close: () => Promise<void>;
};

const kinds: readonly (readonly [RegExp, OperationKind, string | null])[] = [
  [/^\/v1\/checkouts$/, 'checkout', 'request'],
  [/^\/v1\/renewals$/, 'renew', 'request'],
  [/^\/v1\/exchange\/answers$/, 'answer', 'request'],
  [/^\/v1\/releases$/, 'give-back', 'proof'],
  [/^\/v1\/exchange\/acceptances$/, 'accept', 'proof'],
  [/^\/v1\/heartbeats$/, 'heartbeat', 'heartbeat'],
  [/^\/v1\/leases\/([^/]+)\/release$/, 'decide', null],
  [/^\/v1\/leases\/([^/]+)\/free$/, 'free', null],
  [/^\/v1\/organizations\/[^/]+\/entitlements(?:\?.*)?$/, 'look', null],
];

const operationOf = (path: string, body: string, session: string | null) => {
  for (const [pattern, kind, member] of kinds) {
    const match = pattern.exec(path);
    if (!match) continue;
    const given = (body === '' ? {} : JSON.parse(body)) as Record<string, unknown>;
    const sent = member === null ? decodeURIComponent(match[1] ?? '') : String(given[member]);
    return { kind, sent, body: given, session };
  }
  return null;
};

const outcomeOf = (text: string): Outcome => {
  const reply = JSON.parse(text) as { readonly ok: boolean; readonly value?: unknown; readonly code?: string };
  return reply.ok ? { is: 'done', value: (reply.value ?? {}) as Record<string, unknown> } : { is: 'refused', code: String(reply.code) };
};

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
};

export const startSystem = async (): Promise<System> => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-history-'));
  const clock = settableClock();
  const recorder = createRecorder(SEATS, clock.now());
  let life = 0;
  let home = join(folder, 'home-0');
  const { authority: id } = unwrap(await initAuthority({ home, clock }));
  let running: { readonly authority: Authority; readonly url: string } | null = null;
  const dead: Promise<void>[] = [];
  const names = new Map<string, string>();

  const open = async (): Promise<void> => {
    const authority = unwrap(await createAuthority({ home, clock, random: realRandom, version: '0.0.0-history' }));
    const { url } = await authority.listen({ host: '127.0.0.1', port: 0, log: { write: () => undefined }, logLevel: 'silent', reminders: false, portal: null });
    running = { authority, url };
  };
  await open();
  const alive = () => {
    if (!running) throw new Error('no authority runs');
    return running;
  };
  unwrap(await alive().authority.load(data));

  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request);
    const path = request.url ?? '/';
    const fault = (request.headers[FAULT_HEADER] ?? 'none') as Fault;
    const operation = operationOf(path, body, names.get(request.headers.authorization ?? '') ?? request.headers.authorization ?? null);
    const end = operation ? recorder.begin(operation) : () => undefined;
    const lose = (): void => {
      end({ is: 'unknown' });
      response.destroy();
    };
    const target = running;
    const born = life;
    if (target === null || fault === 'cut') return lose();
    try {
      const { host: _, connection: __, 'content-length': ___, [FAULT_HEADER]: ____, ...headers } = request.headers;
      const reply = await fetch(`${target.url}${path}`, { method: request.method ?? 'GET', headers: headers as Record<string, string>, ...(body === '' ? {} : { body }) });
      if (reply.headers.get('content-type')?.startsWith('text/event-stream') && reply.body) {
        response.writeHead(reply.status, { 'content-type': 'text/event-stream' });
        const stream = Readable.fromWeb(reply.body as never);
        stream.on('error', () => response.destroy());
        response.on('close', () => stream.destroy());
        stream.pipe(response);
        return;
      }
      const text = await reply.text();
      if (fault === 'deaf' || life !== born) return lose();
      end(outcomeOf(text));
      response.writeHead(reply.status, { 'content-type': 'application/json' });
      response.end(text);
    } catch {
      lose();
    }
  };
  const server = createServer((request, response) => void pass(request, response).catch(() => response.destroy()));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const tokens = { manager: '', editor: '' };
  const signIn = async (): Promise<void> => {
    for (const who of ['manager', 'editor'] as const) {
      const signedIn = await httpClient(url)(contract.accounts.signIn, { body: { email: `${who}@fleet.example`, password: PASSWORD } });
      // While the authority is away nobody signs in; the call that needs it says so.
      if (!signedIn.ok) continue;
      tokens[who] = signedIn.value.token ?? '';
      names.set(`Bearer ${tokens[who]}`, who);
    }
  };
  await signIn();
  const organization = unwrap(await httpClient(url, tokens.manager)(contract.accounts.me, {})).organizations[0]?.id ?? '';

  return {
    url, id, clock, recorder, organization,
    headers: (session): Readonly<Record<string, string>> => (session === null ? {} : { authorization: `Bearer ${tokens[session]}` }),
    keyset: unwrap(await httpClient(url)(contract.authority.keyset, { query: {} })).keyset,
    advance: async (by) => {
      clock.advance(by);
      recorder.mark({ kind: 'clock', now: clock.now() });
      await signIn();
    },
    crash: async () => {
      const { authority } = alive();
      running = null;
      life += 1;
      recorder.mark({ kind: 'crash' });
      const next = join(folder, `home-${life}`);
      mkdirSync(next);
      // Nothing of this process runs between these copies: together they are the files as a kill leaves them.
      for (const suffix of ['', '-wal']) if (existsSync(join(home, `authority.db${suffix}`))) copyFileSync(join(home, `authority.db${suffix}`), join(next, `authority.db${suffix}`));
      cpSync(join(home, 'keys'), join(next, 'keys'), { recursive: true });
      dead.push(authority.close());
      home = next;
      await open();
    },
    audit: async () => {
      const { authority } = alive();
      const verdict = await authority.verifyAudit();
      const [decisions, freed]: [string[], string[]] = [[], []];
      for await (const row of authority.auditRows()) {
        const { action, subject } = row as unknown as { readonly action: string; readonly subject: string };
        if (action === 'lease.released-by-person') decisions.push(subject);
        if (action === 'lease.freed-early') freed.push(subject);
      }
      recorder.mark({ kind: 'audit', intact: verdict.intact, decisions, freed });
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
      await running?.authority.close();
      await Promise.allSettled(dead);
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
