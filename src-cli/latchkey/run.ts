import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import type { Command } from 'commander';
import type { Cancellable } from '../../src-shared/cancel.ts';
import type { HeldLease } from '../../src-shared/desktop.ts';
import { isErrorCode } from '../../src-shared/errors.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Failure, Result } from '../../src-shared/result.ts';
import type { Licensing } from '../../src-main/licensing/index.ts';
import { messageFor, outcome, printable, showTime } from '../command.ts';
import { licenseCopy } from './license-copy.ts';
import { followLicense, statusFileFor } from './license-status.ts';
import type { LicenseStatus } from './license-status.ts';
import { homeFolder, LASTING, network, withLicensing } from './open.ts';
import { createRuns } from './runs.ts';
import { catchSignals, statusOf } from './signals.ts';
import type { Caught } from './signals.ts';

export const addRun = (program: Command): void => {
  program
    .command('run')
    .description('start a command with a license: taken before, renewed while it runs, released after')
    .requiredOption('--product <id>', 'the product to run')
    .option('--notify-signal <name>', 'send the command this signal when its license status changes (SIGUSR1, for example)')
    .argument('<command...>', 'the command and its arguments, after --')
    .action(async (command: string[], { product, notifySignal }: { product: string; notifySignal?: string }) => {
      const signal = signalNamed(notifySignal);
      if (!signal.ok) return outcome(signal, { human: () => '' });
      const asked = { product, command, signal: signal.value };
      const result = await withLicensing((licensing, { uninterrupted }) => run(licensing, asked, uninterrupted), LASTING);
      if (!result.ok) return outcome(result, { human: () => '' });
      process.exitCode = result.value;
    });
};

/** How long the end of a run waits for the authority, for all that is left to be told: the application has ended, and somebody waits for its status. */
const ENDING_MS = 5000;

/** SECURITY: one that ends a program whatever it does, or stops it, tells it nothing. */
const signalNamed = (name: string | undefined): Result<NodeJS.Signals | null> => {
  if (name === undefined) return ok(null);
  const signal = (Object.keys(constants.signals) as NodeJS.Signals[]).find((each) => each === name);
  if (signal === undefined || process.platform === 'win32' || signal === 'SIGKILL' || signal === 'SIGSTOP') {
    return fail('INPUT_INVALID', { why: 'usage', message: `--notify-signal takes the name of a signal that a program can handle, such as SIGUSR1; not ${JSON.stringify(name)}` });
  }
  return ok(signal);
};

type Asked = { readonly product: string; readonly command: readonly string[]; readonly signal: NodeJS.Signals | null };

const run = async (licensing: Licensing, asked: Asked, uninterrupted: () => void): Promise<Result<number>> => {
  const signals = catchSignals();
  // First, so that another run that ends at this moment leaves the license to this one, or is seen to have released it.
  const mine = await createRuns(homeFolder()).join(asked.product);
  const used = await findLease(licensing, asked.product, { signal: signals.stop });
  const status = used.ok ? await runWith(licensing, used.value, asked, signals, uninterrupted) : 0;
  await mine.leave(async (isWanted) => {
    const ended = await licensing.endRuns(isWanted);
    if (!ended.ok) process.stderr.write(`latchkey: the license could not be released (${ended.code}).\n`);
  });
  const brief = { signal: AbortSignal.timeout(ENDING_MS) };
  await licensing.deliver(brief);
  await licensing.stop(brief);
  if (used.ok) return ok(status);
  const early = signals.early();
  // Ctrl-C has words of its own; what another signal ends has nobody to tell.
  return early === null || early === 'SIGINT' ? used : ok(statusOf(early));
};

type Used = { readonly lease: HeldLease; readonly taken: boolean };

const runWith = async (licensing: Licensing, { lease, taken }: Used, { product, command, signal }: Asked, signals: Caught, uninterrupted: () => void): Promise<number> => {
  // What is told here goes to the error output of this run: the app that shares the home still has to tell its own person.
  await licensing.start({ notices: false, product });
  const told = tellApplication(licensing, lease);
  const stopSaying = sayAfterSleep(licensing);
  const copy = licenseCopy(licensing, lease);
  // From here on Ctrl-C is the command's, and the license is released whatever ends it.
  uninterrupted();
  const ended = new AbortController();
  const looked = taken ? Promise.resolve() : takeAnother(licensing, product, { signal: ended.signal });
  const status = await start(command, signals, { LATCHKEY_LICENSE_FILE: copy.path, LATCHKEY_LICENSE_STATUS: told.path }, (child) => {
    if (signal !== null) told.onChange(() => child.kill(signal));
  });
  told.stop();
  stopSaying();
  copy.stop();
  ended.abort();
  await looked;
  return status;
};

const usable = (licensing: Licensing, product: string): HeldLease | undefined =>
  licensing.current(product).find(({ standing }) => standing.usable);

/** A lease that this machine holds for the product, which needs no authority to be used; or the best that the default organization has. */
const findLease = async (licensing: Licensing, product: string, options: Cancellable): Promise<Result<Used>> => {
  await licensing.look();
  const held = usable(licensing, product);
  if (held) return ok({ lease: held, taken: false });
  const taken = await takeLease(licensing, product, options);
  return taken.ok ? taken : (whyUnusable(licensing, product, taken) ?? taken);
};

/** What is wrong with the lease that is here, where no other one can be taken: that is what has to be put right, and not the sign-in. */
const whyUnusable = (licensing: Licensing, product: string, { code }: Failure): Failure | null => {
  const isAlone = licensing.state().connection.url === null;
  if (code !== 'AUTHORITY_UNREACHABLE' && code !== 'NOT_SIGNED_IN') return null;
  const reasons = licensing.current(product).map(({ standing }) => standing).filter((standing) => !standing.usable);
  // One that has ended can be taken anew after signing in, where there is somebody to sign in to.
  const reason = reasons.find((each) => isAlone || each.code !== 'LEASE_EXPIRED');
  return reason ? fail(reason.code, reason.details) : null;
};

/** Beside the application: the lease that was there may have been ended elsewhere since this machine last asked. */
const takeAnother = async (licensing: Licensing, product: string, options: Cancellable): Promise<void> => {
  await licensing.heartbeat(options);
  if (usable(licensing, product) || options.signal?.aborted) return;
  await takeLease(licensing, product, options);
};

const takeLease = async (licensing: Licensing, product: string, options?: Cancellable): Promise<Result<Used>> => {
  const picker = await licensing.entitlements(undefined, options);
  if (!picker.ok) return picker;
  // Nobody answered, and would not answer the checkout either.
  if (picker.value.problem) return fail(picker.value.problem.code, picker.value.problem.details);
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
  const checkedOut = await licensing.checkout({ license: best.license, run: true }, options);
  if (!checkedOut.ok) return checkedOut;
  const lease = usable(licensing, product);
  return lease ? ok({ lease, taken: true }) : fail('LEASE_NOT_FOUND', { lease: checkedOut.value.lease });
};

/** What became of the license of a computer that slept longer than it was good for. */
const sayAfterSleep = (licensing: Licensing): (() => void) => {
  const said = new Set<string>();
  return licensing.subscribe(({ notices = [] }) => {
    for (const notice of notices) {
      const { at, kind, lease, productName, details: { until, code, holders, ...more } } = notice;
      const name = productName ?? 'The license';
      const key = `${at} ${kind} ${lease}`;
      if (said.has(key)) continue;
      said.add(key);
      if (kind === 'taken-again') process.stderr.write(`latchkey: ${printable(name)} had ended, and was taken again until ${showTime(until)}.\n`);
      if (kind === 'expired' && typeof code === 'string' && isErrorCode(code)) {
        const who = typeof holders === 'string' && holders !== '' ? ` In use by: ${printable(holders)}.` : '';
        process.stderr.write(`latchkey: ${printable(name)} has ended, and could not be taken again. ${printable(messageFor(code, more))}${who}\n`);
      }
    }
  });
};

/** Keeps the status file of this run, and says on the error output what a person needs to know. The command goes on without its license. */
const tellApplication = (licensing: Licensing, lease: HeldLease): { readonly path: string; readonly onChange: (listener: () => void) => void; readonly stop: () => void } => {
  const file = statusFileFor(homeFolder(), lease.product.id);
  const say = (line: string): void => void process.stderr.write(`latchkey: ${line}\n`);
  let isWritten = true;
  let listener = (): void => undefined;
  const write = (status: LicenseStatus): void => {
    try {
      file.write(status);
      isWritten = true;
    } catch (error) {
      // A full disk does not end the application; what the file would say is on the error output too.
      if (isWritten) say(`${file.path} cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown'}).`);
      isWritten = false;
    }
  };
  const following = followLicense(licensing, lease, {
    say,
    changed: (status) => {
      write(status);
      listener();
    },
  });
  write(following.now());
  return {
    path: file.path,
    onChange: (next) => void (listener = next),
    stop: () => {
      following.stop();
      file.remove();
    },
  };
};

/** Starts the command and gives its exit status; one ended by a signal is 128 and its number, as in every shell. */
const start = ([file = '', ...args]: readonly string[], signals: Caught, env: Readonly<Record<string, string>>, started: (child: ChildProcess) => void): Promise<number> =>
  new Promise((resolve) => {
    const early = signals.early();
    if (early !== null) return resolve(statusOf(early));
    const child: ChildProcess = spawn(file, args, { stdio: 'inherit', env: { ...network().environment, ...env } });
    child.once('spawn', () => started(child));
    signals.passTo(child);
    child.once('error', (error: NodeJS.ErrnoException) => {
      process.stderr.write(`latchkey: ${file} ${error.code === 'ENOENT' ? 'was not found' : `could not be started (${error.code ?? error.message})`}.\n`);
      resolve(error.code === 'ENOENT' ? 127 : 126);
    });
    child.once('exit', (code, signal) => resolve(code ?? (signal === null ? 128 : statusOf(signal))));
  });
