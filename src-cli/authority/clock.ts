import { readFileSync } from 'node:fs';
import { uptime as systemUptime } from 'node:os';
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import type { Authority, ClockState, Uptime } from '../../src-authority/index.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import type { Seconds } from '../../src-shared/time.ts';
import { outcome, showTime, wantsJson } from '../command.ts';

type WithAuthority = <T>(work: (authority: Authority) => Promise<Result<T>>) => Promise<Result<T>>;

/** Linux names each start of the computer. Elsewhere only one process at a time can tell how much time has passed. */
const bootId = (): string | null => {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim() || null;
  } catch {
    return null;
  }
};

const ROUND: Seconds = 10;
/**
 * Some containers (LXC) have the name of their computer's start and count `running` from their own. The monotonic clock is the
 * computer's: one that shows more is why the name is not enough. A computer that slept has run longer than it shows.
 */
export const startOf = (id: string | null, { running, monotonic }: { readonly running: Seconds; readonly monotonic: Seconds }): string | null => {
  const apart = Math.round((running - monotonic) / ROUND) * ROUND;
  return id === null || apart >= 0 ? id : `${id} ${apart}`;
};

const monotonic = Number(process.hrtime.bigint() / 1_000_000n) / 1000;
const boot = startOf(bootId(), { monotonic, running: systemUptime() });
export const uptime: Uptime = () => ({ boot, seconds: systemUptime() });

const describeWrong = ({ highest, expected, wrong }: ClockState): string => {
  if (wrong === null) return 'This command finds nothing wrong with it.';
  return wrong === 'behind'
    ? `The authority has signed with ${showTime(highest)} already, so one of the two times is wrong.`
    : `By the time that has passed it should show ${showTime(expected)}: it was set ahead.`;
};

const describe = (state: ClockState & { readonly accepted: boolean }): string =>
  [
    `The clock shows ${showTime(state.now)}. The highest time that the authority has signed: ${showTime(state.highest)}.`,
    state.wrong !== null
      ? `${describeWrong(state)} Nothing is issued until the clock is right, or you confirm it: authority clock --accept.`
      : state.accepted ? 'You have confirmed it: licenses are issued again. What was promised before stays promised.' : 'It is believed.',
  ].join('\n');

/** Errors: `INPUT_INVALID` (why: usage), `CANCELLED`. */
const confirmed = async (state: ClockState): Promise<Result<null>> => {
  if (!process.stdin.isTTY || !process.stderr.isTTY || wantsJson()) return fail('INPUT_INVALID', { why: 'usage', message: `the clock shows ${showTime(state.now)}; say --yes if that is right` });
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${describeWrong(state)}\nIs it really ${showTime(state.now)} now? Seats whose time is over by this clock are given again. Type yes: `).finally(() => terminal.close());
  return answer.trim().toLowerCase() === 'yes' ? ok(null) : fail('CANCELLED');
};

/** `authority clock`. */
export const addClockCommand = (program: Command, withAuthority: WithAuthority): void => {
  program
    .command('clock')
    .option('--accept', 'say that the clock is right, where the authority does not believe it')
    .option('--yes', 'with --accept: without being asked')
    .description('how the authority judges its own clock; it issues nothing while it does not believe it')
    .action(async ({ accept = false, yes = false }: { readonly accept?: boolean; readonly yes?: boolean }) => {
      const run = async (authority: Authority): Promise<Result<ClockState & { readonly accepted: boolean }>> => {
        const state = await authority.time.look();
        // Where no start has a name, only the process that serves can tell that its clock was set.
        if (!accept || (state.wrong === null && boot !== null)) return ok({ ...state, accepted: false });
        const sure = yes ? ok(null) : await confirmed(state);
        return sure.ok ? ok({ ...(await authority.time.accept()), accepted: true }) : sure;
      };
      outcome(await withAuthority(run), { human: describe });
    });
};
