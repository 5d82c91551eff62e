import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SQLite from 'better-sqlite3';
import { PASSWORD } from '../authority.ts';
import { startClient } from '../client.ts';
import { droppedIn } from '../crash/invariants.ts';
import { databaseOf } from '../home-files.ts';
import type { ClientAct } from './plan.ts';
import type { Fault, System } from './system.ts';

/** The real client, whole: store, documents and rules of its own; what it sends passes the same wire as all else. */
export type FullClient = {
  readonly home: string;
  readonly act: (act: ClientAct, license: string, fault: Fault) => Promise<void>;
  /** Writes down which leases it says that it may use. */
  readonly confess: () => Promise<void>;
  readonly settle: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** `beside`: the client whose home it works on too, as another process of one computer does. */
export const createClient = async (system: System, at: number, beside: FullClient | null = null, isShared = beside !== null): Promise<FullClient> => {
  const name = `Client-${beside ? at - 1 : at}`;
  const client = await startClient({ clock: system.clock, authority: system.url, keyset: system.keyset, name, ...(beside && { home: beside.home }) });
  const copy = mkdtempSync(join(tmpdir(), 'latchkey-history-copy-'));
  let copied = false;
  // A person's work on one machine is one thing after the other; the rest of the world goes on meanwhile.
  let turn: Promise<unknown> = Promise.resolve();

  const lease = (): string | undefined => client.licensing().current()[0]?.id;
  const signIn = () => client.licensing().account.signIn({ email: 'editor@fleet.example', password: PASSWORD });
  const work = async (act: ClientAct, license: string): Promise<void> => {
    const held = lease();
    const licensing = client.licensing();
    switch (act) {
      case 'checkout': {
        const taken = await licensing.checkout({ license });
        // The session has ended with the time that went by.
        if (!taken.ok && taken.code === 'NOT_SIGNED_IN' && (await signIn()).ok) await licensing.checkout({ license });
        return;
      }
      case 'renew': return void (held && (await licensing.renew({ lease: held })));
      case 'offline': return void (held && (await licensing.renew({ lease: held, mode: 'offline', days: 5 })));
      case 'online': return void (held && (await licensing.renew({ lease: held, mode: 'online' })));
      case 'heartbeat': return void (await licensing.heartbeat());
      case 'release': return void (held && (await licensing.release({ lease: held, reason: 'user' })));
      case 'deliver': return void (await licensing.deliver());
      case 'request': return void (await licensing.createRequest({ license, days: 3 }));
      case 'restart': return client.restart();
      case 'copy-back': {
        // Nobody puts files back under another process that works with them.
        if (isShared) return client.restart();
        const machine = client.licensing().state().machine.id;
        await client.stop();
        if (copied) {
          rmSync(client.home, { recursive: true });
          cpSync(copy, client.home, { recursive: true });
          system.recorder.mark({ kind: 'restore', machine });
        } else cpSync(client.home, copy, { recursive: true });
        copied = !copied;
        return client.restart();
      }
    }
  };

  await signIn();
  return {
    home: client.home,
    act: (act, license, fault) => {
      const done = turn.then(async () => {
        client.wire.set(fault === 'none' ? 'up' : fault);
        try {
          await work(act, license);
        } finally {
          client.wire.set('up');
        }
      });
      turn = done.catch(() => undefined);
      return done;
    },
    confess: async () => {
      // As each process does every few seconds.
      await client.licensing().look();
      const { machine } = client.licensing().state();
      for (const held of client.licensing().current()) if (held.standing.usable) system.recorder.mark({ kind: 'usable', machine: machine.id, lease: held.id });
      const database = new SQLite(databaseOf(client.home), { readonly: true });
      for (const lease of droppedIn(database)) system.recorder.mark({ kind: 'dropped', machine: machine.id, lease });
      database.close();
    },
    settle: async () => {
      await turn;
      await client.licensing().heartbeat();
      await client.licensing().deliver();
    },
    close: async () => {
      await turn;
      // The other one still works there.
      if (beside) await client.stop();
      else await client.close();
      rmSync(copy, { recursive: true, force: true });
    },
  };
};
