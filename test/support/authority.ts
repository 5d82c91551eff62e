import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { createAuthority, initAuthority } from '../../src-authority/index.ts';
import type { Authority, ListenOptions, Uptime } from '../../src-authority/index.ts';
import { pathOf } from '../../src-shared/http/index.ts';
import type { CallAuthority } from '../../src-shared/http/index.ts';
import { contract } from '../../src-shared/http/index.ts';
import { fail, unwrap } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import type { Clock, Random, Seconds } from '../../src-shared/time.ts';

/** A real authority in this process: Fastify on a free port of loopback, SQLite and keys in a temporary home, time set by the test. */

export type SettableClock = Clock & { readonly set: (now: Seconds) => void; readonly advance: (by: Seconds) => void };

/** 2026-11-23T12:00:00Z unless told otherwise; it stands still until it is moved. */
export const settableClock = (start: Seconds = Date.UTC(2026, 10, 23, 12) / 1000): SettableClock => {
  let now = start;
  return { now: () => now, set: (to) => void (now = to), advance: (by) => void (now += by) };
};

export const realRandom: Random = { id: (prefix) => `${prefix}_${randomBytes(16).toString('base64url')}` };

export const PASSWORD = 'correct horse battery';

/**
 * Two organizations. Northlight: owner@, manager@, editor@, second@ (editor), reader@; everybody's password is `PASSWORD`.
 * Harbor: boss@ (owner), and editor@northlight.example as editor too.
 */
export const testData = {
  products: [
    { id: 'stage', name: 'Stage', kind: 'desktop' },
    { id: 'grade', name: 'Grade', kind: 'desktop' },
    { id: 'board', name: 'Board', kind: 'cloud' },
  ],
  organizations: [
    {
      name: 'Northlight',
      users: [
        { email: 'owner@northlight.example', name: 'Olga Owner', password: PASSWORD, role: 'owner' },
        { email: 'manager@northlight.example', name: 'Mia Manager', password: PASSWORD, role: 'manager' },
        { email: 'editor@northlight.example', name: 'Edda Editor', password: PASSWORD, role: 'editor' },
        { email: 'second@northlight.example', name: 'Sven Second', password: PASSWORD, role: 'editor' },
        { email: 'reader@northlight.example', name: 'Rita Reader', password: PASSWORD, role: 'reader' },
      ],
      licenses: [
        { id: 'lic_stage', product: 'stage', edition: 'Studio', features: ['tracking', 'render'], seats: 5, validUntil: '2028-06-30' },
        { id: 'lic_single', product: 'grade', edition: 'Solo', seats: 1 },
        { id: 'lic_assigned', product: 'grade', edition: 'Finish', seats: 2, access: 'assigned', assigned: ['second@northlight.example'] },
        { id: 'lic_online', product: 'stage', edition: 'Live', seats: 2, modes: ['online'] },
        { id: 'lic_offline', product: 'stage', edition: 'Field', seats: 2, modes: ['offline'], policy: { offlineDaysByFile: 30, offlineDaysConnected: 10 } },
        { id: 'lic_expired', product: 'grade', edition: 'Old', seats: 3, validUntil: '2026-03-31' },
        { id: 'lic_future', product: 'grade', edition: 'Next', seats: 3, validFrom: '2027-02-01' },
        { id: 'lic_board', product: 'board', seats: 10 },
      ],
    },
    {
      name: 'Harbor',
      users: [
        { email: 'boss@harbor.example', name: 'Bea Boss', password: PASSWORD, role: 'owner' },
        { email: 'editor@northlight.example', name: 'Edda Editor', role: 'editor' },
      ],
      licenses: [{ id: 'lic_harbor', product: 'stage', edition: 'Harbor', seats: 2 }],
    },
  ],
} as const;

export type TestAuthority = {
  readonly url: string;
  readonly id: string;
  readonly home: string;
  readonly clock: SettableClock;
  /** The authority as its operator has it: `answer`, `accept`, `inspect`, `load`, ... */
  readonly authority: () => Authority;
  /** The text of the keyset document. */
  readonly keyset: () => string;
  /** Every line that was logged. */
  readonly log: readonly string[];
  /** A client of the HTTP contract; its replies are checked against the contract. */
  readonly call: (token?: string | null) => CallAuthority;
  /** Signs in over HTTP and returns the token. */
  readonly signIn: (email: string, password?: string) => Promise<string>;
  readonly organization: (token: string, name: string) => Promise<string>;
  /** Stops listening and closes the database; `start` opens the same home at the same address. */
  readonly stop: () => Promise<void>;
  readonly start: () => Promise<void>;
  /** Stops and deletes the home. */
  readonly close: () => Promise<void>;
};

/** A client over HTTP, of whatever serves the contract at `url`. */
export const httpClient = (url: string, token: string | null = null): CallAuthority => async (route, call, options) => {
  const body = (call as { readonly body?: unknown }).body;
  let response: Response;
  try {
    response = await fetch(`${url}${pathOf(route, call as { readonly params?: unknown; readonly query?: unknown })}`, {
      method: route.method,
      headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(options?.signal ? { signal: options.signal as AbortSignal } : {}),
    });
  } catch {
    return fail('AUTHORITY_UNREACHABLE', { url });
  }
  const reply = (await response.json()) as Result<unknown>;
  return reply.ok ? { ok: true, value: route.reply.parse(reply.value) as never } : reply;
};

/** The newest keyset document of a home, as its database has it. */
export const newestKeyset = (home: string): string => {
  const database = new BetterSqlite(join(home, 'authority.db'), { readonly: true });
  try {
    return (database.prepare('SELECT document FROM keyset ORDER BY version DESC LIMIT 1').get() as { document: string }).document;
  } finally {
    database.close();
  }
};

export const startAuthority = async (
  options: { readonly data?: unknown; readonly clock?: SettableClock; readonly random?: Random; readonly uptime?: Uptime; readonly portal?: string; readonly smtp?: string; readonly limits?: ListenOptions['limits']; readonly trustProxy?: string; readonly reminders?: boolean; readonly publicUrl?: string } = {},
): Promise<TestAuthority> => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-authority-'));
  const home = join(folder, 'home');
  const clock = options.clock ?? settableClock();
  const random = options.random ?? realRandom;
  const log: string[] = [];
  const { authority: id } = unwrap(await initAuthority({ home, clock }));

  let running: Authority | null = null;
  let port = 0;
  const current = (): Authority => {
    if (!running) throw new Error('the test authority is stopped');
    return running;
  };
  const start = async (): Promise<void> => {
    running = unwrap(await createAuthority({ home, clock, random, version: '0.0.0-test', ...(options.publicUrl === undefined ? {} : { publicUrl: options.publicUrl }), ...(options.uptime === undefined ? {} : { uptime: options.uptime }) }));
    const listening = await running.listen({ host: '127.0.0.1', port, log: { write: (line) => void log.push(line) }, reminders: options.reminders ?? false, portal: options.portal ?? null, ...(options.trustProxy === undefined ? {} : { trustProxy: options.trustProxy }), ...(options.limits === undefined ? {} : { limits: options.limits }), ...(options.smtp === undefined ? {} : { mail: { url: options.smtp } }) });
    port = listening.port;
  };
  const stop = async (): Promise<void> => {
    await running?.close();
    running = null;
  };
  await start();
  const data = options.data === undefined ? testData : options.data;
  if (data !== null) unwrap(await current().load(data));

  const url = `http://127.0.0.1:${port}`;
  const call = (token: string | null = null): CallAuthority => httpClient(url, token);
  return {
    url, id, home, clock, log, call, start, stop,
    authority: current,
    keyset: () => newestKeyset(home),
    signIn: async (email, password = PASSWORD) => {
      const { token } = unwrap(await call()(contract.accounts.signIn, { body: { email, password } }));
      if (token === null) throw new Error('no token');
      return token;
    },
    organization: async (token, name) => {
      const { organizations } = unwrap(await call(token)(contract.accounts.me, {}));
      const found = organizations.find((each) => each.name === name);
      if (!found) throw new Error(`not a member of ${name}`);
      return found.id;
    },
    close: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

/** The same home as another process opens it: what its operator does on the command line while it serves. */
export const otherProcess = async ({ home, clock }: TestAuthority): Promise<Authority> => unwrap(await createAuthority({ home, clock, random: realRandom, version: '0.0.0-test' }));
