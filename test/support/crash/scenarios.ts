import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { contract } from '../../../src-shared/http/index.ts';
import { fail, ok, unwrap } from '../../../src-shared/result.ts';
import type { Result } from '../../../src-shared/result.ts';
import { perform, visit } from './visit.ts';
import type { Act } from './visit.ts';
import { startApp } from './app.ts';
import type { CrashApp } from './app.ts';
import { giveUpOf, imported, judge, leaseIn, LICENSE } from './operations.ts';
import type { Operation } from './operations.ts';
import { runLatchkey } from './processes.ts';
import type { Driver, Ended } from './processes.ts';
import type { TrapOrder } from './trap.ts';
import { untilReached } from './world.ts';
import type { World, WorldMachine } from './world.ts';

/** When to die: at a step, or so many milliseconds after the beginning. Or what the command is started under, which makes its disk fail. */
export type Death = { readonly trap: TrapOrder | null; readonly after?: number; readonly under?: readonly string[] };

/** `told`: what the caller heard before the kill; null: nothing. */
export type Attempt = { readonly told: Result<unknown> | null; readonly died: boolean; readonly steps: readonly string[] };

export type Scenario = {
  readonly name: string;
  /** Everything is in peace; gives what the attempt, its repetition and the return to peace need. */
  readonly begin: () => Promise<{
    readonly attempt: (death: Death) => Promise<Attempt>;
    /** The same again, after the restart. What is wrong with it; null: it is right. */
    readonly again: (told: Result<unknown> | null) => Promise<string | null>;
  }>;
  readonly settle: () => Promise<void>;
};

/** The process that does the operation dies: the app's main side, warm. */
export const driven = (world: World, machine: WorldMachine, driver: Driver, operation: Operation): Scenario => ({
  name: `client ${operation.name}`,
  begin: async () => {
    const act = await operation.prepare(world, machine);
    return {
      attempt: async ({ trap, after }) => {
        const told = await driver.act(machine.place, act, trap, after);
        if (told) operation.note(machine, act, told.result);
        return { told: told?.result ?? null, died: told === null || after !== undefined, steps: told?.steps ?? [] };
      },
      again: async (told) => judge(operation, told, await visit(machine.place, (licensing) => untilReached(() => perform(licensing, act)))),
    };
  },
  settle: () => world.settle(machine),
});

/** A first start, in a home that does not exist yet. */
export const firstStart = (world: World, driver: Driver): Scenario => {
  let machine: WorldMachine | null = null;
  let born = 0;
  return {
    name: 'client first-start',
    begin: async () => {
      born += 1;
      const made = (machine = world.fresh(`born-${born}`));
      return {
        attempt: async ({ trap, after }) => {
          const told = await driver.act(made.place, { do: 'open' }, trap, after);
          return { told: told?.result ?? null, died: told === null || after !== undefined, steps: told?.steps ?? [] };
        },
        again: async () => {
          const opened = await visit(made.place, async () => ok(null));
          return opened.ok ? null : `first start again: ${opened.code}`;
        },
      };
    },
    settle: async () => {
      if (machine) world.forget(machine);
      machine = null;
    },
  };
};

/** The authority dies while a client is served; the client lives on and asks again. */
export const served = (world: World, machine: WorldMachine, operation: Operation): Scenario => ({
  name: `authority ${operation.name}`,
  begin: async () => {
    const act = await operation.prepare(world, machine);
    return {
      attempt: (death) => underAuthority(world, death, async () => {
        const result = await visit(machine.place, (licensing) => perform(licensing, act));
        operation.note(machine, act, result);
        return result;
      }),
      again: async (told) => judge(operation, told, await visit(machine.place, (licensing) => untilReached(() => perform(licensing, act)))),
    };
  },
  settle: () => world.settle(machine),
});

/** The authority dies while a person brings it a file: an activation request to answer, or a release proof to accept. */
export const brought = (world: World, machine: WorldMachine, what: 'answer' | 'accept'): Scenario => ({
  name: `authority ${what}`,
  begin: async () => {
    const text = what === 'answer'
      ? unwrap(await visit(machine.place, (licensing) => licensing.createRequest({ license: LICENSE }))).text
      : unwrap(await visit(machine.place, async (licensing) => licensing.releaseByProof(await imported(world, machine).then((lease) => {
        giveUpOf(machine, lease);
        return lease;
      })))).text;
    const bring = async (): Promise<Result<string>> => {
      if (what === 'answer') {
        const given = await world.manager()(contract.exchange.answer, { body: { request: text, license: LICENSE, days: 30 } }).catch(() => fail('AUTHORITY_UNREACHABLE'));
        return given.ok ? ok(given.value.licenseFile) : given;
      }
      const taken = await world.manager()(contract.exchange.accept, { body: { proof: text } }).catch(() => fail('AUTHORITY_UNREACHABLE'));
      return taken.ok ? ok(taken.value.receipt) : taken;
    };
    return {
      attempt: (death) => underAuthority(world, death, bring),
      again: async (told) => {
        const again = await untilReached(bring);
        if (!again.ok) return `${what} again: ${again.code}`;
        if (told?.ok && told.value !== again.value) return `${what} gave two different documents`;
        // What was issued must be of use: the machine takes it.
        const accepted = await visit(machine.place, (licensing) => licensing.accept(again.value));
        if (accepted.ok && accepted.value.kind === 'license') machine.held.add(accepted.value.lease);
        return accepted.ok ? null : `${what}: the machine refuses the document: ${accepted.code}`;
      },
    };
  },
  settle: () => world.settle(machine),
});

const underAuthority = async (world: World, { trap, after }: Death, work: () => Promise<Result<unknown>>): Promise<Attempt> => {
  const authority = world.authority();
  await authority.arm(trap);
  const timer = after === undefined ? undefined : setTimeout(authority.kill, after);
  const told = await work();
  if (after !== undefined) await authority.dead;
  clearTimeout(timer);
  let dead = after !== undefined;
  let steps: readonly string[] = [];
  try {
    // The answer may be there a moment before its sender is gone.
    steps = await authority.recorded();
    await authority.arm(null);
  } catch {
    dead = true;
  }
  if (dead) {
    await authority.dead;
    await world.restart();
  }
  return { told, died: dead, steps };
};

/** The command line itself, as a person runs it: a start and one operation a process. */
export const commanded = (world: World, machine: WorldMachine, operation: Operation): Scenario => {
  const file = join(world.folder, `${operation.name}.lk`);
  const trust = join(world.folder, 'trust.lkkeys');
  writeFileSync(trust, world.keyset);
  const record = join(world.folder, 'steps');
  const argsOf = (act: Act): readonly string[] => {
    switch (act.do) {
      case 'checkout': return ['checkout', act.license, ...(act.days === undefined ? [] : ['--offline', String(act.days)])];
      case 'renew': return ['renew'];
      case 'release': return ['release', act.lease];
      case 'import':
        writeFileSync(file, act.text);
        return ['import', file];
      case 'proof': return ['release-proof', act.lease, '--out', `${file}.lkrel`];
      default: throw new Error(`No command for ${act.do}`);
    }
  };
  return {
    name: `latchkey ${operation.name}`,
    begin: async () => {
      const act = await operation.prepare(world, machine);
      const run = async (death: Death): Promise<Attempt> => {
        rmSync(record, { force: true });
        const env: Record<string, string> = { LATCHKEY_HOME: machine.place.home, LATCHKEY_AUTHORITY: machine.place.authority ?? '', LATCHKEY_TRUST: trust };
        if (death.trap?.record) env['LATCHKEY_TRAP_RECORD'] = record;
        else if (death.trap?.at) env['LATCHKEY_TRAP_AT'] = `${death.trap.at}|${death.trap.moment ?? 'before'}`;
        const ended = await runLatchkey(argsOf(act), { env, ...(death.after === undefined ? {} : { after: death.after }), ...(death.under && { under: death.under }) });
        const line = ended.out.trim();
        const told = line === '' ? (ended.signal === null ? readFailure(ended.err) : null) : ok(JSON.parse(line) as unknown);
        if (told) operation.note(machine, act, told);
        const steps = existsSync(record) ? readFileSync(record, 'utf8').trim().split('\n') : [];
        return { told, died: ended.signal === 'SIGKILL', steps };
      };
      return {
        attempt: run,
        again: async (told) => {
          // A start of the real program, to its end.
          const { told: again } = await run({ trap: null });
          if (!again) return `${operation.name}: the restart said nothing`;
          if (operation.same && told?.ok && again.ok && leaseIn(told) !== leaseIn(again)) return `${operation.name}: another lease`;
          return judge({ ...operation, same: false }, told, again);
        },
      };
    },
    settle: () => world.settle(machine),
  };
};

const commandIn = (world: World, { place }: WorldMachine, trust: string, { trap, after, under }: Death, args: readonly string[]): Promise<Ended> => {
  const record = join(world.folder, 'steps');
  // Of several at once only the first is recorded.
  if (trap?.record) rmSync(record, { force: true });
  writeFileSync(trust, world.keyset);
  const env: Record<string, string> = { LATCHKEY_HOME: place.home, LATCHKEY_AUTHORITY: place.authority ?? '', LATCHKEY_TRUST: trust };
  if (trap?.record) env['LATCHKEY_TRAP_RECORD'] = record;
  else if (trap?.at) env['LATCHKEY_TRAP_AT'] = `${trap.at}|${trap.moment ?? 'before'}`;
  return runLatchkey(args, { env, ...(after === undefined ? {} : { after }), ...(under && { under }) });
};
const stepsOf = (world: World): readonly string[] => {
  const record = join(world.folder, 'steps');
  return existsSync(record) ? readFileSync(record, 'utf8').trim().split('\n') : [];
};
const alive: Death = { trap: null };

/** `latchkey run` dies; the next run ends with the machine holding nothing, because what the dead one took is released with it. */
export const running = (world: World, machine: WorldMachine): Scenario => {
  const trust = join(world.folder, 'trust.lkkeys');
  const run = (death: Death): Promise<Ended> => commandIn(world, machine, trust, death, ['run', '--product', 'stage', '--', 'true']);
  return {
    name: 'latchkey run',
    begin: async () => ({
      attempt: async (death) => {
        const { signal } = await run(death);
        return { told: null, died: signal === 'SIGKILL', steps: stepsOf(world) };
      },
      again: async () => {
        const again = await run(alive);
        if (again.status !== 0) return `run again: ${again.status} ${again.err}`;
        const held = unwrap(await visit(machine.place, async (licensing) => ok(licensing.current().length)));
        return held === 0 ? null : `${held} leases are left by runs`;
      },
    }),
    settle: () => world.settle(machine),
  };
};

/** Several processes of one home take the same license at once, and one of them dies: the others have it, and nothing is lost. */
export const together = (world: World, machine: WorldMachine, others: number): Scenario => {
  const trust = join(world.folder, 'trust.lkkeys');
  const take = (death: Death): Promise<Ended> => commandIn(world, machine, trust, death, ['checkout', LICENSE]);
  return {
    name: `latchkey checkout, ${others + 1} at once`,
    begin: async () => {
      let wrong: string | null = null;
      return {
        attempt: async (death) => {
          const first = take(death);
          const ends = await Promise.all(Array.from({ length: others }, () => take(alive)));
          const { signal } = await first;
          for (const { status, out, err } of ends) {
            if (status === 0) machine.held.add(leaseIn(ok(JSON.parse(out) as unknown)));
            else wrong = `one of several at once: ${status} ${err}`;
          }
          return { told: null, died: signal === 'SIGKILL', steps: stepsOf(world) };
        },
        again: async () => {
          const again = await take(alive);
          return wrong ?? (again.status === 0 ? null : `checkout again: ${again.status} ${again.err}`);
        },
      };
    },
    settle: () => world.settle(machine),
  };
};

/** The built app itself: its main process dies while its page waits; then it is started again, and asked again. */
export const shown = (world: World, machine: WorldMachine, operation: Operation): Scenario => {
  const trust = join(world.folder, 'trust.lkkeys');
  const ask = (app: CrashApp, act: Act): Promise<Result<unknown> | null> => {
    switch (act.do) {
      case 'checkout': return app.call('lease.checkout', { license: act.license });
      case 'renew': return act.days === undefined ? app.call('lease.renew', { lease: act.lease }) : app.call('lease.switch-offline', { lease: act.lease, days: act.days });
      case 'release': return app.call('lease.release', { lease: act.lease, reason: 'user' });
      case 'import': return app.call('exchange.import', { bytes: new TextEncoder().encode(act.text) });
      case 'proof': return app.call('exchange.release-proof', { lease: act.lease });
      default: throw new Error(`No page asks for ${act.do}`);
    }
  };
  return {
    name: `app ${operation.name}`,
    begin: async () => {
      writeFileSync(trust, world.keyset);
      const act = await operation.prepare(world, machine);
      return {
        attempt: async ({ trap, after }) => {
          const app = await startApp(machine.place, trust);
          await app.arm(trap);
          const timer = after === undefined ? undefined : setTimeout(app.kill, after);
          const told = await ask(app, act);
          if (told) operation.note(machine, act, told);
          if (after !== undefined) await app.dead;
          clearTimeout(timer);
          const steps = await app.recorded().catch(() => null);
          // What goes on by itself in the app may meet the step a little later, or never.
          if (steps !== null) app.kill();
          return { told, died: (await app.dead) === 'SIGKILL' && (steps === null || after !== undefined), steps: steps ?? [] };
        },
        again: async (told) => {
          const app = await startApp(machine.place, trust);
          const again = await ask(app, act);
          await app.quit();
          return again === null ? `${operation.name}: the app died again` : judge(operation, told, again);
        },
      };
    },
    settle: () => world.settle(machine),
  };
};

const readFailure = (text: string): Result<unknown> => {
  const { error } = JSON.parse(text.trim()) as { error: { code: 'INTERNAL'; details: object } };
  return fail(error.code, error.details as never);
};
