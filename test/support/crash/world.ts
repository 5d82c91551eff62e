import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { createAuthority, initAuthority } from '../../../src-authority/index.ts';
import { contract } from '../../../src-shared/http/index.ts';
import type { CallAuthority } from '../../../src-shared/http/index.ts';
import type { Licensing } from '../../../src-main/licensing/index.ts';
import { ok, unwrap } from '../../../src-shared/result.ts';
import type { Result } from '../../../src-shared/result.ts';
import { httpClient, newestKeyset, PASSWORD, realRandom, testData } from '../authority.ts';
import { visit } from './visit.ts';
import type { Place } from './visit.ts';
import { checkInvariants } from './invariants.ts';
import type { Violation } from './invariants.ts';
import { freePort, serveAuthority } from './processes.ts';
import type { ServedAuthority } from './processes.ts';

/** An authority in a process of its own and the machines around it; they live through every kill. */
export type WorldMachine = { readonly place: Place; readonly held: Set<string>; readonly returned: Set<string> };

export type World = {
  readonly folder: string;
  readonly keyset: string;
  readonly url: string;
  readonly authorityHome: string;
  readonly authority: () => ServedAuthority;
  /** Starts it again on the home it died on. */
  readonly restart: () => Promise<void>;
  /** A machine of its own home; `who` signs in on it, nobody: it has no network. */
  readonly machine: (name: string, who: string | null, real?: true) => Promise<WorldMachine>;
  /** A machine that has never been started. */
  readonly fresh: (name: string) => WorldMachine;
  readonly forget: (machine: WorldMachine) => void;
  readonly manager: () => CallAuthority;
  readonly check: () => Promise<readonly Violation[]>;
  /** Gives everything back that a machine holds, by whatever way it has. */
  readonly settle: (machine: WorldMachine) => Promise<void>;
  /** How many seats the ledger keeps for somebody. */
  readonly busy: () => number;
  readonly close: () => Promise<void>;
};

const systemNow = (): number => Math.floor(Date.now() / 1000);

export const createWorld = async (): Promise<World> => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-crash-'));
  const authorityHome = join(folder, 'authority');
  const clock = { now: systemNow };
  unwrap(await initAuthority({ home: authorityHome, clock }));
  const quiet = unwrap(await createAuthority({ home: authorityHome, clock, random: realRandom, version: '0.0.0-crash' }));
  unwrap(await quiet.load(testData));
  const keyset = newestKeyset(authorityHome);
  await quiet.close();
  const port = await freePort();
  let served = await serveAuthority(authorityHome, port);
  const { url } = served;
  const { token } = unwrap(await httpClient(url)(contract.accounts.signIn, { body: { email: 'manager@northlight.example', password: PASSWORD } }));
  const machines: WorldMachine[] = [];
  const fresh = (name: string, who: string | null = null, real?: true): WorldMachine => {
    const made = { place: { home: join(folder, name), authority: who === null ? null : url, keyset, name, ...(real && { real }) }, held: new Set<string>(), returned: new Set<string>() };
    machines.push(made);
    return made;
  };

  return {
    folder, keyset, url, authorityHome,
    authority: () => served,
    restart: async () => {
      served = await serveAuthority(authorityHome, port);
    },
    fresh: (name) => fresh(name),
    forget: (machine) => {
      machines.splice(machines.indexOf(machine), 1);
      rmSync(machine.place.home, { recursive: true, force: true });
    },
    machine: async (name, who, real) => {
      const made = fresh(name, who, real);
      if (who !== null) unwrap(await visit(made.place, (licensing) => licensing.account.signIn({ email: `${who}@northlight.example`, password: PASSWORD })));
      else unwrap(await visit(made.place, async () => ok(null)));
      return made;
    },
    manager: () => httpClient(url, token),
    check: () => checkInvariants({ authorityHome, now: systemNow(), machines: machines.filter(({ place }) => place.name !== 'unborn') }),
    settle: async (machine) => {
      machine.held.clear();
      const { place } = machine;
      if (place.authority === null) await settleByFile(place, httpClient(url, token));
      else {
        unwrap(await visit(place, async (licensing) => {
          for (const { id } of licensing.current()) unwrap(await untilReached(() => licensing.release({ lease: id, reason: 'user' })));
          return untilReached(() => licensing.deliver());
        }));
      }
    },
    busy: () => {
      const database = new SQLite(join(authorityHome, 'authority.db'), { readonly: true });
      try {
        return database.prepare('SELECT count(*) FROM seat WHERE busy_until > ?').pluck().get(systemNow()) as number;
      } finally {
        database.close();
      }
    },
    close: async () => {
      await served.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

const settleByFile = async (place: Place, manager: CallAuthority): Promise<void> => {
  const proofs = unwrap(await visit(place, async (licensing: Licensing) => {
    for (const { id } of licensing.current()) unwrap(await licensing.releaseByProof(id));
    for (const { id } of licensing.state().requests) unwrap(licensing.discardRequest(id));
    return ok(licensing.state().givenUp.filter(({ receiptAt }) => receiptAt === null).map(({ lease }) => unwrap(licensing.proofFile(lease)).text));
  }));
  for (const proof of proofs) {
    const { receipt } = unwrap(await untilReached(() => manager(contract.exchange.accept, { body: { proof } })));
    unwrap(await visit(place, (licensing) => licensing.accept(receipt)));
  }
};

/** A connection kept from before a crash is noticed to be dead at its next use; whoever asks again gets through. */
export const untilReached = async <T>(ask: () => Promise<Result<T>>): Promise<Result<T>> => {
  for (let turns = 0; ; turns += 1) {
    const answer = await ask();
    if (answer.ok || answer.code !== 'AUTHORITY_UNREACHABLE' || turns === 5) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20 * turns));
  }
};
