import { createTestMachine } from '../machine.ts';
import type { TestMachine } from '../machine.ts';
import { claimsOf } from './history.ts';
import { FAULT_HEADER } from './system.ts';
import type { Fault, SessionOf, System } from './system.ts';

/**
 * A machine with a real key, without the client around it: it keeps to the protocol, remembers what it was given, and may be
 * put back to an earlier state, as a restored disk would.
 */
type Held = { readonly jti: string; readonly seq: number };
type State = { readonly held: Map<string, Held>; readonly older: Map<string, string>; readonly given: Set<string> };
export type Sent = { readonly path: string; readonly body: Readonly<Record<string, unknown>>; readonly session: SessionOf | null };

export type Machine = {
  readonly id: () => string;
  readonly leases: () => readonly string[];
  readonly ask: (want: { readonly license?: string; readonly mode: 'online' | 'offline'; readonly days?: number }, lease?: string) => Promise<string>;
  /** A request by network, with the heartbeat that goes with it. */
  readonly renewal: (want: Parameters<Machine['ask']>[0], lease: string) => ReturnType<TestMachine['renewal']>;
  /** With `keeps` the machine goes on with the lease, as it would when a copy of it wrote the proof. */
  readonly proof: (lease: string, keeps?: boolean) => Promise<string | null>;
  readonly heartbeat: (lease: string, old: boolean) => Promise<string | null>;
  readonly send: (sent: Sent, fault: Fault) => Promise<void>;
  readonly sent: Sent[];
  /** Requests and proofs that were written to a stick. */
  readonly requests: string[];
  readonly proofs: string[];
  readonly restore: () => Promise<void>;
  /** A machine that was found to be a copy is not used any more; another one stands in its place. */
  readonly replaceIfStopped: () => Promise<void>;
};

/** By how much the machines' clocks are off, seconds. */
const OFF = [0, 40, -200, 0, 2500, -3000];

export const createMachine = async (system: System, at: number): Promise<Machine> => {
  const clock = { now: () => system.clock.now() + (OFF[at % OFF.length] ?? 0) };
  let generation = 0;
  let stopped = false;
  let state: State = { held: new Map(), older: new Map(), given: new Set() };
  let saved: { readonly state: State; readonly seq: number } | null = null;
  const create = (options: Partial<Parameters<typeof createTestMachine>[0]> = {}): Promise<TestMachine> =>
    createTestMachine({ authority: system.id, clock, name: `WS-${at}-${generation}`, ...options });
  let machine = await create();
  const sent: Sent[] = [];
  const requests: string[] = [];
  const proofs: string[] = [];

  const learn = (text: string): void => {
    const { aud, sub, jti, seq } = claimsOf(text);
    if (aud !== machine.id || state.given.has(sub)) return;
    const held = state.held.get(sub);
    if (held && held.seq >= seq) return;
    if (held) state.older.set(sub, held.jti);
    state.held.set(sub, { jti, seq });
  };
  const copyOf = ({ held, older, given }: State): State => ({ held: new Map(held), older: new Map(older), given: new Set(given) });

  const send = async ({ path, body, session }: Sent, fault: Fault): Promise<void> => {
    try {
      const response = await fetch(`${system.url}${path}`, {
        method: 'POST',
        headers: { ...system.headers(session), 'content-type': 'application/json', ...(fault === 'none' ? {} : { [FAULT_HEADER]: fault }) },
        body: JSON.stringify(body),
      });
      const reply = (await response.json()) as { readonly ok: boolean; readonly code?: string; readonly value?: Readonly<Record<string, unknown>> };
      const file = reply.value?.['licenseFile'];
      if (reply.ok && typeof file === 'string') learn(file);
      if (reply.code === 'MACHINE_CLONED') stopped = true;
    } catch {
      // Nothing came back.
    }
  };

  return {
    id: () => machine.id,
    leases: () => [...state.held.keys()],
    ask: (want, lease) => machine.request(want, lease === undefined ? {} : { lease }),
    renewal: (want, lease) => machine.renewal(want, { lease }),
    proof: async (lease, keeps = false) => {
      const held = state.held.get(lease);
      if (!held) return null;
      // From here on the lease is gone from this machine, whatever becomes of the proof.
      if (!keeps) {
        state.held.delete(lease);
        state.given.add(lease);
      }
      return machine.proof(lease, held.jti);
    },
    heartbeat: async (lease, old) => {
      const file = (old ? state.older.get(lease) : undefined) ?? state.held.get(lease)?.jti;
      return file === undefined ? null : machine.heartbeat(lease, file);
    },
    send: async (what, fault) => {
      if (!what.path.endsWith('/heartbeats') && !sent.some(({ path, body }) => path === what.path && body['request'] === what.body['request'] && body['proof'] === what.body['proof'])) sent.push(what);
      await send(what, fault);
    },
    sent, requests, proofs,
    restore: async () => {
      if (saved === null) {
        saved = { state: copyOf(state), seq: machine.nextSeq() };
        return;
      }
      state = copyOf(saved.state);
      machine = await create({ jwk: machine.jwk, seq: saved.seq });
      system.recorder.mark({ kind: 'restore', machine: machine.id });
      saved = null;
    },
    replaceIfStopped: async () => {
      if (!stopped) return;
      stopped = false;
      generation += 1;
      state = { held: new Map(), older: new Map(), given: new Set() };
      saved = null;
      requests.length = 0;
      machine = await create();
    },
  };
};
