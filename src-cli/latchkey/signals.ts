import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';

/** Every signal that ends a program which does nothing about it, and that a program can catch. A system has only some of them. */
const endings = [
  'SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGBREAK', 'SIGUSR1', 'SIGUSR2', 'SIGALRM', 'SIGVTALRM', 'SIGXCPU', 'SIGIO', 'SIGPWR', 'SIGSTKFLT',
] as const satisfies readonly NodeJS.Signals[];

/** A terminal sends these to the command itself too: twice would mean something else to it. */
const fromTerminal: ReadonlySet<NodeJS.Signals> = new Set<NodeJS.Signals>(['SIGINT', 'SIGQUIT']);

export type Caught = {
  /** Raised by the first signal that comes before there is a command to pass it on to. */
  readonly stop: AbortSignal;
  /** That signal, and null while none came. */
  readonly early: () => NodeJS.Signals | null;
  /** From now on signals are the command's. */
  readonly passTo: (child: ChildProcess) => void;
};

/** 128 and the signal's number, as in every shell. */
export const statusOf = (signal: NodeJS.Signals): number => 128 + constants.signals[signal];

/**
 * Catches what would end this program with its license still taken. It stays so until the end: releasing the license must not
 * be cut short by the signal that ended the command. A second signal before there is a command ends the program at once.
 */
export const catchSignals = (): Caught => {
  const stop = new AbortController();
  const known = endings.filter((name) => constants.signals[name] !== undefined);
  let early: NodeJS.Signals | null = null;
  let child: ChildProcess | null = null;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (child) {
      if (!fromTerminal.has(signal) || !process.stdin.isTTY) child.kill(signal);
    } else if (early === null) {
      early = signal;
      stop.abort();
    } else {
      for (const name of known) process.removeAllListeners(name);
      process.kill(process.pid, signal);
    }
  };
  for (const name of known) process.on(name, onSignal);
  return { stop: stop.signal, early: () => early, passTo: (started) => void (child = started) };
};
