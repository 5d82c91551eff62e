import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHome } from '../../src-main/adapter/index.ts';
import type { OpenHome } from '../../src-main/adapter/index.ts';
import { createLicensing } from '../../src-main/licensing/index.ts';
import type { Licensing, LicensingPorts, Schedule } from '../../src-main/licensing/index.ts';
import type { Notice } from '../../src-shared/desktop.ts';
import type { Fingerprint } from '../../src-shared/fingerprint.ts';
import { unwrap } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import type { Clock, Seconds } from '../../src-shared/time.ts';
import { fingerprintOf } from './machine.ts';

/** Timers that run when the test says so. */
export type ManualSchedule = Schedule & { readonly advance: (by: Seconds) => void; readonly pending: () => number };

export const manualSchedule = (): ManualSchedule => {
  let now = 0;
  const timers = new Set<{ readonly at: number; readonly work: () => void }>();
  return {
    after: (seconds, work) => {
      const timer = { at: now + seconds, work };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance: (by) => {
      const until = now + by;
      for (;;) {
        const [next] = [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
        if (!next) break;
        timers.delete(next);
        now = next.at;
        next.work();
      }
      now = until;
    },
    pending: () => timers.size,
  };
};

/** The wire between a client and its authority, with a hand on it. */
export type Wire = {
  readonly fetch: typeof globalThis.fetch;
  /** `up`; `cut`: nothing is sent; `deaf`: everything is sent and done, and every reply is lost. */
  set: (state: 'up' | 'cut' | 'deaf', only?: RegExp) => void;
  /** From now on replies of matching paths arrive only after the returned function was called; `arrived` counts those that wait. */
  hold: (only: RegExp) => { readonly letGo: () => void; readonly arrived: () => number };
  /** What was sent: method and path. */
  readonly sent: string[];
  /** What came back so far, by its head: a stream that has begun is listening. */
  readonly answered: string[];
  /** The bodies of requests to a path, as they were sent. */
  readonly bodies: { readonly path: string; readonly body: string }[];
};

export const createWire = (): Wire => {
  let state: 'up' | 'cut' | 'deaf' = 'up';
  let only = /./;
  let holding: { readonly only: RegExp; readonly until: Promise<void>; arrived: number } | null = null;
  const [sent, answered]: [string[], string[]] = [[], []];
  const bodies: { path: string; body: string }[] = [];
  return {
    sent,
    answered,
    bodies,
    set: (next, matching = /./) => {
      state = next;
      only = matching;
    },
    hold: (matching) => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const held = { only: matching, until: promise, arrived: 0 };
      holding = held;
      return {
        arrived: () => held.arrived,
        letGo: () => {
          if (holding === held) holding = null;
          resolve();
        },
      };
    },
    fetch: async (input, init) => {
      const { pathname } = new URL(String(input));
      if (state === 'cut' && only.test(pathname)) throw new TypeError('fetch failed');
      sent.push(`${init?.method ?? 'GET'} ${pathname}`);
      if (typeof init?.body === 'string') bodies.push({ path: pathname, body: init.body });
      const response = await fetch(input, init);
      if (state === 'deaf' && only.test(pathname)) {
        await response.arrayBuffer();
        throw new TypeError('fetch failed');
      }
      if (holding?.only.test(pathname)) {
        holding.arrived += 1;
        await holding.until;
      }
      answered.push(`${init?.method ?? 'GET'} ${pathname}`);
      return response;
    },
  };
};

export type TestClient = {
  readonly home: string;
  readonly wire: Wire;
  readonly schedule: ManualSchedule;
  readonly licensing: () => Licensing;
  readonly ports: () => LicensingPorts;
  /** The notices there have been, oldest first. */
  readonly notices: Notice[];
  /** Ends this run and begins another on the same home; `change` is what is different then. */
  readonly restart: (change?: Partial<ClientOptions>) => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly close: () => Promise<void>;
};

export type ClientOptions = {
  readonly clock: Clock;
  /** Null: a machine without a network. */
  readonly authority: string | null;
  readonly keyset?: string | null;
  readonly packaged?: boolean;
  readonly name?: string;
  readonly fingerprint?: Fingerprint;
  /** In place of `fingerprint`: what each reading of the computer gives. */
  readonly readFingerprint?: LicensingPorts['machine']['readFingerprint'];
  readonly home?: string;
  /** How long an answer is waited for, milliseconds. */
  readonly timeoutMs?: number;
};

/** Real licensing on real adapters, in a temporary home; only the time, the timers, the fingerprint and the wire are the test's. */
export const startClient = async (options: ClientOptions): Promise<TestClient> => {
  const home = options.home ?? mkdtempSync(join(tmpdir(), 'latchkey-client-'));
  const schedule = manualSchedule();
  const wire = createWire();
  const notices: Notice[] = [];
  let now = options;
  let opened: OpenHome | null = null;
  let licensing: Licensing | null = null;

  const open = async (): Promise<void> => {
    opened = unwrap(await openHome({
      home, authority: now.authority, trust: { keyset: now.keyset ?? null, packaged: now.packaged ?? false }, app: 'test 1', clock: now.clock, schedule,
      fetch: wire.fetch, ...(now.timeoutMs === undefined ? {} : { timeoutMs: now.timeoutMs }), readFingerprint: now.readFingerprint ?? (async () => now.fingerprint ?? fingerprintOf(now.name ?? home)),
    }));
    licensing = await createLicensing(opened.ports);
    let before: readonly Notice[] = [];
    licensing.subscribe(({ notices: now }) => {
      if (!now) return;
      notices.push(...now.filter((each) => !before.includes(each)));
      before = now;
    });
  };
  const stop = async (): Promise<void> => {
    await licensing?.stop();
    opened?.close();
    licensing = null;
    opened = null;
  };
  await open();
  // As its person does, once: it is to keep its name.
  if (now.name !== undefined) unwrap((licensing as Licensing | null)?.renameMachine(now.name) ?? raise('the test client did not start'));
  return {
    home, wire, schedule, notices, stop,
    licensing: () => licensing ?? raise('the test client is stopped'),
    ports: () => opened?.ports ?? raise('the test client is stopped'),
    restart: async (change = {}) => {
      await stop();
      now = { ...now, ...change };
      await open();
    },
    close: async () => {
      await stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
};

const raise = (message: string): never => {
  throw new Error(message);
};

/** Waits for something that another process or a stream brings about; fails with `what` after `patience` milliseconds. */
export const eventually = async (what: string, isSo: () => boolean | Promise<boolean>, patience = 30_000): Promise<void> => {
  const end = Date.now() + patience;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`It did not happen within ${patience} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

/** The code of a refusal; fails when it is none. */
export const codeOf = (result: Result<unknown>): string => {
  if (result.ok) throw new Error(`Not refused: ${JSON.stringify(result.value)}`);
  return result.code;
};
