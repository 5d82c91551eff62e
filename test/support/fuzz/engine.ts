import { randomOf } from '../random.ts';
import type { Coverage } from './coverage.ts';
import { LONGEST, mutate, neighbours } from './mutate.ts';

/**
 * A parser under test. `run` says whether the input was taken or refused, and throws when something happened that must not:
 * `Broken` for an invariant, anything else for an exception that the parser does not declare.
 */
export type Target = {
  readonly name: string;
  readonly seeds: readonly Uint8Array[];
  readonly run: (input: Uint8Array) => Verdict | Promise<Verdict>;
  /** How often it has its turn beside the others. */
  readonly weight: number;
};
export type Verdict = 'taken' | 'refused';

export class Broken extends Error {}
export const must = (holds: boolean, what: string): void => {
  if (!holds) throw new Broken(what);
};

export type Finding = { readonly target: string; readonly kind: 'broken' | 'threw' | 'slow' | 'polluted'; readonly what: string; readonly input: Uint8Array };
export type Counts = { executions: number; taken: number; refused: number; corpus: number; blocks: number };

/**
 * Longer than this of the process' own time, for at most 96 KiB, is more than a linear parser needs by far, also one that lists
 * 75,000 faults of 5,000 rows on a busy computer (150 ms). One that is quadratic needs seconds.
 */
export const SLOW_MS = 500;
const BATCH = 256;

const polluted = (): boolean => Object.keys(Object.prototype).length > 0 || Object.keys(Array.prototype).length > 0 || 'polluted' in {};

const measured = async (target: Target, input: Uint8Array): Promise<{ readonly verdict: Verdict; readonly ms: number }> => {
  const cpu = process.cpuUsage();
  const started = performance.now();
  const verdict = await target.run(input);
  const { user, system } = process.cpuUsage(cpu);
  return { verdict, ms: Math.min(performance.now() - started, (user + system) / 1000) };
};

/** Runs one input; null when all is as it must be. */
export const tryInput = async (target: Target, input: Uint8Array, counts?: Counts): Promise<Finding | null> => {
  const found = (kind: Finding['kind'], what: string): Finding => ({ target: target.name, kind, what, input });
  try {
    const started = performance.now();
    const verdict = await target.run(input);
    if (counts) counts[verdict] += 1;
    if (performance.now() - started > SLOW_MS) {
      // Once is the collector or a neighbour; three times is the input.
      const times: number[] = [];
      for (let again = 0; again < 3; again += 1) times.push((await measured(target, input)).ms);
      const least = Math.min(...times);
      if (least > SLOW_MS) return found('slow', `more than ${SLOW_MS} ms for ${input.length <= LONGEST ? 'at most 96 KiB' : `${input.length} bytes`}`);
    }
  } catch (error) {
    if (error instanceof Broken) return found('broken', error.message);
    // What and where, without what the input says: one defect is one finding.
    return found('threw', error instanceof Error ? `${error.name} ${/at .*$/m.exec(error.stack?.split('\n').find((line) => line.includes('/src-') || line.includes('planted')) ?? '')?.[0] ?? ''}` : typeof error);
  }
  return polluted() ? found('polluted', 'a prototype has a member that it had not') : null;
};

/** The smallest input that a few seconds of leaving parts out come to, with the same finding. */
export const minimise = async (target: Target, finding: Finding, patience = 5000): Promise<Uint8Array> => {
  const end = performance.now() + patience;
  let least = finding.input;
  const same = async (input: Uint8Array): Promise<boolean> => {
    const again = await tryInput(target, input);
    return again !== null && again.kind === finding.kind && (finding.kind !== 'broken' || again.what === finding.what);
  };
  for (let size = Math.ceil(least.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at + size <= least.length && performance.now() < end;) {
      const without = Buffer.concat([least.subarray(0, at), least.subarray(at + size)]);
      if (await same(without)) least = without;
      else at += size;
    }
  }
  return least;
};

export type Watch = { readonly before: (target: string, input: Uint8Array) => void };

/** Tries seeds and what is nearest to them, then inputs made from those that reached something new, until the time is over. */
export const fuzz = async (
  targets: readonly Target[],
  options: { readonly seconds: number; readonly seed: number; readonly coverage: Coverage; readonly watch: Watch; readonly found: (finding: Finding, minimised: Uint8Array) => void; readonly guided: boolean; readonly stopAtFirst: boolean },
): Promise<Counts & { readonly byTarget: Readonly<Record<string, number>> }> => {
  const { coverage, watch } = options;
  const chance = randomOf(options.seed);
  const end = performance.now() + options.seconds * 1000;
  const counts: Counts = { executions: 0, taken: 0, refused: 0, corpus: 0, blocks: 0 };
  const known = new Set<string>();
  const byTarget: Record<string, number> = {};
  const corpora = new Map(targets.map((target) => [target, [...target.seeds]]));

  const attempt = async (target: Target, input: Uint8Array): Promise<void> => {
    watch.before(target.name, input);
    counts.executions += 1;
    byTarget[target.name] = (byTarget[target.name] ?? 0) + 1;
    const finding = await tryInput(target, input, counts);
    if (finding === null) return;
    const name = `${finding.target} ${finding.kind} ${finding.what}`;
    if (known.has(name)) return;
    known.add(name);
    options.found(finding, await minimise(target, finding));
  };

  const seen = new Set<string>();
  const fresh = (): Set<string> => {
    const blocks = new Set([...coverage.take()].filter((block) => !seen.has(block)));
    for (const block of blocks) seen.add(block);
    return blocks;
  };

  /** The same with what it does not need left out, as far as a few tries come: a change of a short input hits more often. */
  const trimmed = async (target: Target, input: Uint8Array, blocks: ReadonlySet<string>): Promise<Uint8Array> => {
    let least = input;
    let tries = 40;
    for (let size = Math.ceil(least.length / 2); size >= 1 && tries > 0; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      for (let at = 0; at < least.length && tries > 0;) {
        tries -= 1;
        const without = Buffer.concat([least.subarray(0, at), least.subarray(at + size)]);
        await attempt(target, without);
        const reached = coverage.take();
        if ([...blocks].every((block) => reached.has(block))) least = without;
        else at += size;
      }
    }
    return least;
  };

  /** Those of a batch that reach the blocks, one for each. */
  const reaching = async (target: Target, batch: readonly Uint8Array[], blocks: Set<string>): Promise<readonly Uint8Array[]> => {
    if (blocks.size === 0 || performance.now() > end) return [];
    for (const input of batch) await attempt(target, input);
    const again = new Set([...coverage.take()].filter((block) => blocks.has(block)));
    if (again.size === 0) return [];
    const [only] = batch;
    if (batch.length === 1 && only) {
      for (const block of again) blocks.delete(block);
      return [await trimmed(target, only, again)];
    }
    const half = Math.ceil(batch.length / 2);
    return [...(await reaching(target, batch.slice(0, half), blocks)), ...(await reaching(target, batch.slice(half), blocks))];
  };

  for (const target of targets) for (const seed of target.seeds) for (const input of [seed, ...neighbours(seed)]) await attempt(target, input);
  fresh();
  const turns = targets.flatMap((target) => Array.from({ length: target.weight }, () => target));
  while (performance.now() < end && !(options.stopAtFirst && known.size > 0)) {
    const target = chance.pick(turns);
    const corpus = corpora.get(target) ?? [];
    // What reached something last leads on more often than what was there from the beginning.
    const chosen = (): Uint8Array => (chance.next() < 0.5 ? corpus.at(-1 - chance.below(Math.min(3, corpus.length))) : chance.pick(corpus)) ?? new Uint8Array();
    const batch = Array.from({ length: BATCH }, () => mutate(chosen(), chance, corpus));
    for (const input of batch) await attempt(target, input);
    if (!options.guided) continue;
    // To look costs more than to run: a batch is looked at as one, and halved only where it reached something.
    const reached = fresh();
    if (reached.size > 0) corpus.push(...(await reaching(target, batch, reached)));
  }
  counts.corpus = [...corpora.values()].reduce((sum, corpus) => sum + corpus.length, 0);
  counts.blocks = seen.size;
  return { ...counts, byTarget };
};
