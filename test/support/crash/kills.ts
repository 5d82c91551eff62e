import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Violation } from './invariants.ts';
import { operations } from './operations.ts';
import { startDriver } from './processes.ts';
import { ensureBuilt } from '../build.ts';
import { brought, commanded, driven, firstStart, running, served, shown, together } from './scenarios.ts';
import type { Death, Scenario } from './scenarios.ts';
import { createWorld } from './world.ts';
import type { World } from './world.ts';

/**
 * Kills processes at every named step of what they do, before it and after it, and then at random moments, until there were so
 * many kills; after each: a clean start, every invariant, the same operation again with its one right outcome, and a return to
 * peace in which every seat is free.
 */
export type KillFigures = {
  readonly kills: number;
  readonly named: number;
  readonly random: number;
  /** Different steps that a kill was made at. */
  readonly steps: number;
  readonly violations: number;
  readonly seconds: number;
  readonly byScenario: Readonly<Record<string, number>>;
};
export type KillReport = { readonly figures: KillFigures; readonly violations: readonly (Violation & { readonly at: string })[] };

/** A small generator with a seed, so that a run can be repeated. */
const chance = (seed: number) => {
  let state = seed >>> 0;
  return (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};
const shuffled = <T>(list: readonly T[], random: () => number): T[] => {
  const left = [...list];
  for (let at = left.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1));
    [left[at], left[other]] = [left[other] as T, left[at] as T];
  }
  return left;
};

type Step = { readonly scenario: Scenario; readonly death: Death; readonly label: string };
type Lane = { readonly world: World; readonly scenarios: readonly Scenario[]; readonly close: () => Promise<void> };

const clientLane = async (): Promise<Lane> => {
  const world = await createWorld();
  const driver = startDriver();
  const desk = await world.machine('desk', 'editor');
  const island = await world.machine('island', null);
  const shell = await world.machine('shell', 'second', true);
  const cellar = await world.machine('cellar', null, true);
  const scenarios = [
    ...operations.map((operation) => driven(world, operation.by === 'network' ? desk : island, driver, operation)),
    firstStart(world, driver),
    ...operations.filter(({ name }) => ['checkout', 'renew', 'release', 'import', 'release-proof'].includes(name))
      .map((operation) => commanded(world, operation.by === 'network' ? shell : cellar, operation)),
    running(world, shell),
    together(world, shell, 1),
  ];
  return {
    world, scenarios,
    close: async () => {
      await driver.stop();
      await world.close();
    },
  };
};

const authorityLane = async (): Promise<Lane> => {
  const world = await createWorld();
  const desk = await world.machine('desk', 'editor');
  const island = await world.machine('island', null);
  const scenarios = [
    ...operations.filter(({ by }) => by === 'network').map((operation) => served(world, desk, operation)),
    brought(world, island, 'answer'),
    brought(world, island, 'accept'),
  ];
  return { world, scenarios, close: world.close };
};

/** Starting the app takes seconds: it has a small share of the kills. */
const appLane = async (): Promise<Lane> => {
  await ensureBuilt('app');
  const world = await createWorld();
  const desk = await world.machine('desk', 'editor', true);
  const island = await world.machine('island', null, true);
  const scenarios = operations.filter(({ name }) => ['checkout', 'renew', 'release', 'import', 'release-proof'].includes(name))
    .map((operation) => shown(world, operation.by === 'network' ? desk : island, operation));
  return { world, scenarios, close: world.close };
};

export const runKills = async (options: { readonly kills: number; readonly seed?: number; readonly say?: (line: string) => void }): Promise<KillReport> => {
  const begun = performance.now();
  const say = options.say ?? (() => undefined);
  const random = chance(options.seed ?? 1);
  const lanes = await Promise.all([clientLane(), authorityLane(), appLane()]);
  const violations: (Violation & { at: string })[] = [];
  const stepsKilled = new Set<string>();
  const byScenario: Record<string, number> = {};
  let named = 0;
  let byChance = 0;

  /** One attempt and everything after it. True: somebody died. */
  const live = async (lane: Lane, { scenario, death, label }: Step): Promise<{ readonly died: boolean; readonly steps: readonly string[]; readonly took: number }> => {
    const report = (found: readonly Violation[], when: string): void => {
      for (const each of found) {
        violations.push({ ...each, at: `${label}, ${when}` });
        say(`VIOLATION ${each.invariant} at ${label}, ${when}: ${each.what}`);
      }
    };
    const right = (wrong: string | null): readonly Violation[] => (wrong === null ? [] : [{ invariant: 'right-after-retry', what: wrong }]);
    try {
      const { attempt, again } = await scenario.begin();
      const from = performance.now();
      const { told, died, steps } = await attempt(death);
      const took = performance.now() - from;
      report(await lane.world.check(), 'after the restart');
      report(right(await again(told)), 'asked again');
      report(await lane.world.check(), 'after the retry');
      await scenario.settle();
      const busy = lane.world.busy();
      report(right(busy === 0 ? null : `${busy} seats did not come back`), 'in peace again');
      return { died, steps, took };
    } catch (error) {
      // Nothing of ours may throw on the way: not a start, not a retry, not the return to peace.
      report(right(error instanceof Error ? (error.stack ?? error.message) : String(error)), 'thrown');
      return { died: true, steps: [], took: 0 };
    }
  };

  const runLane = async (lane: Lane, share: number): Promise<void> => {
    const killed = (step: Step, isNamed: boolean): void => {
      byScenario[step.scenario.name] = (byScenario[step.scenario.name] ?? 0) + 1;
      if (isNamed) {
        named += 1;
        stepsKilled.add(step.label.replace(/ (before|after) /, ' '));
      } else byChance += 1;
      if ((named + byChance) % 50 === 0) say(`${named + byChance} kills, ${violations.length} violations`);
    };
    const plan: Step[] = [];
    const durations = new Map<Scenario, number>();
    for (const scenario of lane.scenarios) {
      const { steps, took } = await live(lane, { scenario, death: { trap: { record: true } }, label: `${scenario.name} recorded` });
      durations.set(scenario, took);
      for (const at of steps) for (const moment of ['before', 'after'] as const) plan.push({ scenario, death: { trap: { at, moment } }, label: `${scenario.name} ${moment} ${at}` });
    }
    let done = 0;
    // A third of a small run is left to chance; a large one has room for every step.
    for (const step of spread(plan, random).slice(0, Math.max(share - Math.ceil(share / 4), 1))) {
      const { died } = await live(lane, step);
      if (!died) continue;
      killed(step, true);
      done += 1;
    }
    while (done < share) {
      const scenario = lane.scenarios[Math.floor(random() * lane.scenarios.length)] as Scenario;
      const after = random() * (durations.get(scenario) ?? 50);
      const step = { scenario, death: { trap: null, after }, label: `${scenario.name} at ${after.toFixed(1)} ms` };
      const { died } = await live(lane, step);
      if (!died) continue;
      killed(step, false);
      done += 1;
    }
  };

  try {
    const shares = [Math.round(options.kills * 0.56), Math.round(options.kills * 0.38)];
    await Promise.all(lanes.map((lane, at) => runLane(lane, shares[at] ?? options.kills - shares.reduce((sum, each) => sum + each))));
  } finally {
    for (const lane of lanes) await lane.close();
  }
  const figures: KillFigures = {
    kills: named + byChance, named, random: byChance, steps: stepsKilled.size, violations: violations.length,
    seconds: Math.round((performance.now() - begun) / 1000), byScenario,
  };
  writeFigures(figures);
  return { figures, violations };
};

/** In turn from every scenario, each in a random order, so that a small run meets all of them. */
const spread = (plan: readonly Step[], random: () => number): readonly Step[] => {
  const groups = [...Map.groupBy(plan, ({ scenario }) => scenario).values()].map((group) => shuffled(group, random));
  const mixed: Step[] = [];
  for (let at = 0; groups.some((group) => at < group.length); at += 1) {
    for (const group of groups) mixed.push(...group.slice(at, at + 1));
  }
  return mixed;
};

const writeFigures = (figures: KillFigures): void => {
  const folder = process.env['LATCHKEY_FIGURES'];
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'crash.json'), `${JSON.stringify(figures, null, 2)}\n`);
};

if (import.meta.main) {
  const { values } = parseArgs({ options: { kills: { type: 'string', default: '1000' }, seed: { type: 'string', default: '1' } } });
  const { figures, violations } = await runKills({ kills: Number(values.kills), seed: Number(values.seed), say: (line) => console.log(line) });
  console.log(JSON.stringify(figures, null, 2));
  process.exitCode = violations.length === 0 ? 0 : 1;
}
