import { createInterface } from 'node:readline/promises';
import { Option } from 'commander';
import type { Command } from 'commander';
import type { Authority, MachineListing } from '../../src-authority/index.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import { outcome, showTime } from '../command.ts';

type WithAuthority = <T>(work: (authority: Authority) => Promise<Result<T>>) => Promise<Result<T>>;

const standingOf = ({ clonedAt, retiredAt }: MachineListing): string =>
  retiredAt !== null ? `retired ${showTime(retiredAt)}` : clonedAt !== null ? `USED TWICE since ${showTime(clonedAt)}: resolve it` : 'in order';

const describe = (machine: MachineListing): string =>
  [`${machine.id}  ${machine.name} (${machine.os})`, `    ${standingOf(machine)}; last heard of ${showTime(machine.lastContact)}; ${machine.organizations.join(', ') || 'no organization'}`].join('\n');

/** Asks at the terminal; without one the answer must be given beforehand. Errors: `INPUT_INVALID`, `CANCELLED`. */
const confirmed = async (question: string): Promise<Result<null>> => {
  if (!process.stdin.isTTY) return fail('INPUT_INVALID', { why: 'usage', message: 'to retire a machine cannot be undone: give --yes' });
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(question).finally(() => terminal.close());
  return answer.trim().toLowerCase() === 'yes' ? ok(null) : fail('CANCELLED');
};

/** `machines list` and `machines resolve`. */
export const addMachineCommands = (program: Command, withAuthority: WithAuthority): void => {
  const machines = program.command('machines').description('the machines that are known, and those whose profile is used twice');
  machines
    .command('list')
    .option('--cloned', 'only those that wait for a decision')
    .description('the machines, the last heard of first')
    .action(async ({ cloned }: { readonly cloned?: boolean }) =>
      outcome(await withAuthority(async (authority) => ok({ machines: await authority.machines(cloned ?? false) })), {
        human: ({ machines: rows }) => (rows.length === 0 ? (cloned ? 'No machine waits for a decision.' : 'No machine is known.') : rows.map(describe).join('\n')),
      }));
  machines
    .command('resolve')
    .argument('<machine>', 'the id of the machine')
    .addOption(new Option('--decision <decision>', 'same-machine: it goes on; retire: its key is never answered again, and its leases end').choices(['same-machine', 'retire']).makeOptionMandatory())
    .requiredOption('--reason <text>', 'why, for the record')
    .option('--yes', 'do not ask before a machine is retired')
    .description('decide about a machine whose profile is used twice')
    .action(async (machine: string, options: { readonly decision: 'same-machine' | 'retire'; readonly reason: string; readonly yes?: boolean }) => {
      const run = async (): Promise<Result<{ readonly machine: string; readonly decision: string; readonly ended: readonly string[]; readonly atRisk: readonly string[] }>> => {
        const reason = options.reason.trim();
        if (reason === '' || reason.length > 500) return fail('INPUT_INVALID', { at: '--reason', problem: 'between 1 and 500 characters' });
        if (options.decision === 'retire' && !options.yes) {
          const sure = await confirmed(`Retire ${machine} for ever and end its leases? Type yes: `);
          if (!sure.ok) return sure;
        }
        const decided = await withAuthority((authority) => authority.resolveMachine({ machine, decision: options.decision, reason }));
        return decided.ok ? ok({ machine, decision: options.decision, ended: decided.value.ended.map(({ id }) => id), atRisk: decided.value.atRisk.map(({ id }) => id) }) : decided;
      };
      outcome(await run(), {
        human: ({ decision, ended, atRisk }) =>
          decision === 'same-machine'
            ? `${machine} is one machine: licenses are issued to it again.`
            : `${machine} is retired. Leases ended: ${ended.length}. Offline leases that keep their seats until their files end: ${atRisk.length}.`,
      });
    });
};
