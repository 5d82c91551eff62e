import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import type { Authority } from '../../src-authority/index.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import { outcome, showTime, wantsJson } from '../command.ts';

type WithAuthority = <T>(work: (authority: Authority) => Promise<Result<T>>) => Promise<Result<T>>;

const CONSEQUENCE = 'Seats that were given after the backup can be given once more until their files end.';

/** Errors: `INPUT_INVALID` (why: usage), `CANCELLED`. */
const confirmed = async (): Promise<Result<null>> => {
  if (!process.stdin.isTTY || !process.stderr.isTTY || wantsJson()) return fail('INPUT_INVALID', { why: 'usage', message: `say --yes to go on with the restored database. ${CONSEQUENCE}` });
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`Go on with the restored database? ${CONSEQUENCE} Type yes: `).finally(() => terminal.close());
  return answer.trim().toLowerCase() === 'yes' ? ok(null) : fail('CANCELLED');
};

/** `authority restored`. */
export const addRestoredCommand = (program: Command, withAuthority: WithAuthority): void => {
  program
    .command('restored')
    .requiredOption('--accept', 'go on with the database as it is')
    .option('--yes', 'without being asked')
    .description('decide about a database that was put back from a backup: nothing is issued before')
    .action(async ({ yes = false }: { readonly accept: boolean; readonly yes?: boolean }) => {
      const run = async (authority: Authority) => {
        const waiting = await authority.restored.refusal();
        if (!waiting) return fail('CONFLICT', { why: 'not-restored' });
        const sure = yes ? ok(null) : await confirmed();
        return sure.ok ? authority.restored.accept() : sure;
      };
      outcome(await withAuthority(run), { human: ({ stateOf }) => `Licenses are issued again, from the state of ${showTime(stateOf)}. Everybody has to sign in anew; invitations are sent anew by hand.` });
    });
};
