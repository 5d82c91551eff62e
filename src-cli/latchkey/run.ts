import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import type { Command } from 'commander';
import type { HeldLease } from '../../src-shared/desktop.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import type { Licensing } from '../../src-main/licensing/index.ts';
import { outcome } from '../command.ts';
import { homeFolder, withLicensing } from './open.ts';
import { createRuns } from './runs.ts';
import { nameOf } from './words.ts';

export const addRun = (program: Command): void => {
  program
    .command('run')
    .description('start a command with a license: taken before, renewed while it runs, given back after')
    .requiredOption('--product <id>', 'the product to run')
    .argument('<command...>', 'the command and its arguments, after --')
    .action(async (command: string[], { product }: { product: string }) => {
      const result = await withLicensing((licensing, { uninterrupted }) => run(licensing, product, command, uninterrupted));
      if (!result.ok) return outcome(result, { human: () => '' });
      process.exitCode = result.value;
    });
};

const run = async (licensing: Licensing, product: string, [file = '', ...args]: readonly string[], uninterrupted: () => void): Promise<Result<number>> => {
  const used = await findLease(licensing, product);
  if (!used.ok) return used;
  const { lease, taken } = used.value;
  const runs = createRuns(homeFolder());
  runs.join(lease.id, taken);
  await licensing.start();
  const stopWatching = warnWhenGone(licensing, lease);
  // From here on Ctrl-C is the command's, and the license is given back whatever ends it.
  uninterrupted();
  const status = await start(file, args, lease.file ?? '');
  stopWatching();
  if (runs.leave(lease.id) && licensing.current().some(({ id }) => id === lease.id)) {
    const released = await licensing.release({ lease: lease.id, reason: 'run-ended' });
    if (!released.ok) process.stderr.write(`latchkey: the license could not be given back (${released.code}).\n`);
  }
  await licensing.stop();
  return ok(status);
};

type Used = { readonly lease: HeldLease; readonly taken: boolean };

/** A lease that this machine holds for the product, or the best that the default organization has. */
const findLease = async (licensing: Licensing, product: string): Promise<Result<Used>> => {
  const usable = (): HeldLease | undefined => licensing.current(product).find(({ standing, file }) => standing.usable && file !== null);
  const held = usable();
  if (held) {
    // It may have been ended elsewhere since this machine last asked.
    await licensing.heartbeat();
    const still = usable();
    if (still) return ok({ lease: still, taken: false });
  }
  const picker = await licensing.entitlements();
  if (!picker.ok) return picker;
  const fitting = picker.value.entitlements.filter((each) => each.product.id === product);
  const [best] = fitting
    .filter(({ available, modes }) => available && modes.includes('online'))
    .sort((a, b) => b.seats.free - a.seats.free || (b.validUntil ?? Infinity) - (a.validUntil ?? Infinity));
  if (!best) {
    const [first] = fitting;
    if (!first) return fail('LICENSE_NOT_FOUND', { product });
    const [reason] = first.reasons;
    return reason ? fail(reason.code, reason.details) : fail('MODE_NOT_ALLOWED', { mode: 'online' });
  }
  const checkedOut = await licensing.checkout({ license: best.license });
  if (!checkedOut.ok) return checkedOut;
  const lease = usable();
  return lease ? ok({ lease, taken: true }) : fail('LEASE_NOT_FOUND', { lease: checkedOut.value.lease });
};

/** The command goes on without its license; whoever watches is told, once. */
const warnWhenGone = (licensing: Licensing, lease: HeldLease): (() => void) => {
  let told = false;
  return licensing.subscribe(({ leases }) => {
    const now = leases?.find(({ id }) => id === lease.id);
    if (!leases || told || now?.standing.usable || leases.some(({ product, standing }) => product.id === lease.product.id && standing.usable)) return;
    told = true;
    process.stderr.write(`latchkey: ${nameOf(lease)} is no longer licensed on this machine${now && !now.standing.usable ? ` (${now.standing.code})` : ''}.\n`);
  });
};

const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Starts the command and gives its exit status; one ended by a signal is 128 and its number, as in every shell. */
const start = (file: string, args: readonly string[], licenseFile: string): Promise<number> =>
  new Promise((resolve) => {
    const child: ChildProcess = spawn(file, args, { stdio: 'inherit', env: { ...process.env, LATCHKEY_LICENSE_FILE: licenseFile } });
    const forward = (signal: NodeJS.Signals): void => {
      // A terminal sends Ctrl-C to the command itself too: twice would mean something else to it.
      if (signal === 'SIGINT' && process.stdin.isTTY) return;
      child.kill(signal);
    };
    // They stay until the end: giving the license back must not be cut short by the signal that ended the command.
    for (const signal of forwarded) process.on(signal, forward);
    child.once('error', (error: NodeJS.ErrnoException) => {
      process.stderr.write(`latchkey: ${file} ${error.code === 'ENOENT' ? 'was not found' : `could not be started (${error.code ?? error.message})`}.\n`);
      resolve(error.code === 'ENOENT' ? 127 : 126);
    });
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
