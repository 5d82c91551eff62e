import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Result } from '../../../src-shared/result.ts';
import { unwrap } from '../../../src-shared/result.ts';
import { whyOf } from '../../../src-shared/whys.ts';
import { operations } from '../crash/operations.ts';
import { brought, commanded, served } from '../crash/scenarios.ts';
import type { Scenario } from '../crash/scenarios.ts';
import type { World } from '../crash/world.ts';
import { callsIn, faultOn, straced, wasInjected } from './strace.ts';
import type { Fault } from './strace.ts';
import { stepsOf } from './sweep.ts';

/** What went wrong, and how each attempt ended. */
export type Seen = { readonly violations: string[]; readonly ended: string[] };

const clear = (told: Result<unknown> | null): string => {
  if (told === null) return 'said nothing';
  return told.ok ? 'ok' : `${told.code} ${whyOf(told.code, told.details)}`;
};

/** After a fault: what must hold, the same once more, what must hold then. Says whether the fault was met. */
const judged = async (world: World, name: string, scenario: Scenario, fault: (attempt: (under?: readonly string[]) => Promise<Result<unknown> | null>) => Promise<{ readonly told: Result<unknown> | null; readonly met: boolean }>, right: RegExp, seen: Seen): Promise<boolean> => {
  const wrong = (what: string): void => void seen.violations.push(`${name}: ${what}`);
  const { attempt, again } = await scenario.begin();
  const { told, met } = await fault(async (under) => (await attempt({ trap: null, ...(under && { under }) })).told);
  const ended = clear(told);
  seen.ended.push(ended);
  if (!right.test(ended)) wrong(`it ended with ${ended} ${JSON.stringify(told)}`);
  for (const { invariant, what } of await world.check()) wrong(`${invariant}: ${what}`);
  const problem = await again(told);
  if (problem !== null) wrong(problem);
  for (const { invariant, what } of await world.check()) wrong(`again: ${invariant}: ${what}`);
  await scenario.settle();
  return met;
};

/** The authority's disk fails while it serves; `crash`: it dies before anybody asks again. */
export const faultAuthority = async (world: World, seen: Seen, options: { readonly every: number; readonly first?: number }): Promise<void> => {
  const [office, cellar] = [await world.machine('office', 'editor'), await world.machine('cellar', null)];
  const scenarios = [
    brought(world, cellar, 'answer'), brought(world, cellar, 'accept'),
    ...operations.filter(({ by }) => by === 'network').map((operation) => served(world, office, operation)),
  ];
  const wal = join(world.authorityHome, 'authority.db-wal');
  const faults: readonly (Omit<Fault, 'path'> & { readonly crash: boolean })[] = [
    { call: 'fsync', nth: 1, error: 'EIO', crash: true },
    { call: 'fsync', nth: 1, on: true, error: 'EIO', crash: false },
    { call: 'pwrite64', nth: 2, error: 'EIO', crash: false },
    { call: 'pwrite64', nth: 1, on: true, error: 'ENOSPC', crash: true },
  ];
  let count = options.first ?? 0;
  for (const scenario of scenarios) {
    for (const { crash, ...fault } of faults) {
      count += 1;
      if (count % options.every !== 0) continue;
      const name = `${scenario.name}: ${fault.error} on ${fault.call} of the log${fault.on ? ', for long' : ''}${crash ? ', and a crash' : ''}`;
      const met = await judged(world, name, scenario, async (attempt) => {
        const disk = await faultOn(world.authority().pid, { ...fault, path: wal });
        const told = await attempt();
        const met = await disk.off();
        if (crash) {
          world.authority().kill();
          await world.authority().dead;
          await world.restart();
        }
        return { told, met };
      }, /^(ok|STORE_UNUSABLE authority-(disk|full))$/, seen);
      if (!met) seen.violations.push(`${name}: the fault was not met`);
    }
  }
};

/** The machine's disk fails while a person works with the network. */
export const faultMachine = async (world: World, seen: Seen, options: { readonly every: number }): Promise<void> => {
  const shell = await world.machine('shell', 'second', true);
  const log = join(world.folder, 'strace');
  let count = 0;
  for (const operation of operations.filter(({ name }) => ['checkout', 'renew', 'release'].includes(name))) {
    const scenario = commanded(world, shell, operation);
    const { attempt } = await scenario.begin();
    unwrap((await attempt({ trap: null, under: straced(log, null) })).told as Result<unknown>);
    const steps = stepsOf(callsIn(log, world.folder), world.folder);
    await scenario.settle();
    for (const step of steps) {
      count += 1;
      if (count % options.every !== 0) continue;
      const { path } = step.fault;
      const error = step.writes && count % 2 === 0 ? 'ENOSPC' : 'EIO';
      const name = `${scenario.name}: ${error} on ${step.name}`;
      const tryNth = (nth: number): Promise<boolean> => judged(world, name, scenario, async (ask) => {
        rmSync(log, { force: true });
        const told = await ask(straced(log, { ...step.fault, nth, error, ...(path === undefined ? {} : { path: join(world.folder, path) }) }));
        return { told, met: wasInjected(log) };
      }, /^(ok|STORE_UNUSABLE (disk|full|read-only|damaged)|INPUT_INVALID not-\w+|NOT_SIGNED_IN null)$/, seen);
      // How many pages a run reads and writes depends on those before it: where the last call of one is not reached, an earlier one fails.
      let { nth } = step.fault;
      while (!(await tryNth(nth)) && nth > 1) nth = Math.ceil(nth / 2);
      if (!wasInjected(log)) seen.violations.push(`${name}: the fault was not met`);
    }
  }
};
