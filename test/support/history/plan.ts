import { randomOf } from '../random.ts';
import { licenses } from './system.ts';
import type { Fault } from './system.ts';

/**
 * What is to be done in a run, drawn from a seed before anything runs: rounds of steps, the steps of a round all at once. A
 * step names who does what; what that means is decided when it runs, so that any part of a plan is a plan.
 */
export type Step =
  | { readonly do: 'checkout' | 'ask-by-file'; readonly machine: number; readonly license: number; readonly mode: 'online' | 'offline'; readonly days: number; readonly fault: Fault }
  | { readonly do: 'renew'; readonly machine: number; readonly mode: 'online' | 'offline'; readonly days: number; readonly fault: Fault }
  | { readonly do: 'heartbeat'; readonly machine: number; readonly old: boolean; readonly fault: Fault }
  | { readonly do: 'give-back'; readonly machine: number; readonly fault: Fault }
  /** `keeps`: it was a copy of the machine that wrote it; the machine itself goes on with the lease. */
  | { readonly do: 'write-proof'; readonly machine: number; readonly keeps: boolean }
  | { readonly do: 'answer' | 'accept' | 'repeat'; readonly machine: number; readonly pick: number; readonly fault: Fault }
  | { readonly do: 'decide' | 'free'; readonly machine: number; readonly fault: Fault }
  | { readonly do: 'restore'; readonly machine: number }
  | { readonly do: 'client'; readonly client: number; readonly act: ClientAct; readonly license: number; readonly fault: Fault }
  | { readonly do: 'look' }
  | { readonly do: 'clock'; readonly by: number }
  | { readonly do: 'crash' };
export type ClientAct = 'checkout' | 'renew' | 'offline' | 'online' | 'heartbeat' | 'release' | 'deliver' | 'restart' | 'copy-back' | 'request';
export type Plan = readonly (readonly Step[])[];

export const MACHINES = 5;
export const CLIENTS = 3;
/** The last client is another process on the home of the one before: together they are one machine. */
export const SHARED = CLIENTS - 1;
const HOUR = 3600;
const DAY = 24 * HOUR;

const weighted: readonly (readonly [number, Step['do']])[] = [
  [20, 'checkout'], [8, 'ask-by-file'], [9, 'answer'], [24, 'renew'], [16, 'heartbeat'], [7, 'give-back'], [7, 'write-proof'], [5, 'accept'], [7, 'repeat'], [8, 'decide'], [6, 'free'], [2, 'restore'], [24, 'client'], [8, 'look'],
];
const acts: readonly ClientAct[] = ['checkout', 'checkout', 'checkout', 'renew', 'offline', 'online', 'heartbeat', 'release', 'release', 'deliver', 'restart', 'copy-back', 'request'];

export const planOf = (seed: number): Plan => {
  const { below, next, pick } = randomOf(seed);
  const total = weighted.reduce((sum, [weight]) => sum + weight, 0);
  const kind = (): Step['do'] => {
    let at = below(total);
    for (const [weight, what] of weighted) if ((at -= weight) < 0) return what;
    return 'look';
  };
  const fault = (): Fault => (next() < 0.12 ? 'deaf' : next() < 0.04 ? 'cut' : 'none');
  const step = (): Step => {
    const what = kind();
    const machine = below(MACHINES);
    const mode = next() < 0.5 ? 'online' : 'offline';
    const days = 1 + below(40);
    switch (what) {
      case 'checkout': case 'ask-by-file': return { do: what, machine, license: below(licenses.length), mode, days, fault: fault() };
      case 'renew': return { do: what, machine, mode, days, fault: fault() };
      case 'heartbeat': return { do: what, machine, old: next() < 0.4, fault: fault() };
      case 'answer': case 'accept': case 'repeat': return { do: what, machine, pick: below(8), fault: fault() };
      case 'write-proof': return { do: what, machine, keeps: next() < 0.5 };
      case 'give-back': case 'decide': case 'free': return { do: what, machine, fault: fault() };
      case 'restore': return { do: what, machine };
      case 'client': return { do: what, client: below(CLIENTS), act: pick(acts), license: below(licenses.length), fault: fault() };
      default: return { do: 'look' };
    }
  };
  return Array.from({ length: 16 + below(16) }, () => {
    const steps: Step[] = Array.from({ length: 4 + below(8) }, step);
    const chance = next();
    if (chance < 0.3) steps.splice(below(steps.length), 0, { do: 'clock', by: pick([600, 600, HOUR, HOUR, 13 * HOUR, 13 * HOUR, 25 * HOUR, 9 * DAY, 45 * DAY]) });
    else if (chance < 0.45) steps.splice(below(steps.length), 0, { do: 'crash' });
    return steps;
  });
};
