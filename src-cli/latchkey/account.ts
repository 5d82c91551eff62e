import { text as readText } from 'node:stream/consumers';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { Command } from 'commander';
import { contract } from '../../src-shared/http/index.ts';
import type { Account } from '../../src-shared/http/index.ts';
import { fail, ok, Refusal } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import type { Licensing } from '../../src-main/licensing/index.ts';
import { outcome, showTime } from '../command.ts';
import { ask, canAsk } from '../confirm.ts';
import { BRIEF, withLicensing } from './open.ts';
import { describeEntitlement, nameOf, table } from './words.ts';

/** The account as the authority has it, or as it last told. */
const accountOf = async (licensing: Licensing): Promise<Result<Account>> => {
  const reply = await licensing.account.call(contract.accounts.me, {});
  const known = licensing.state().account;
  return !reply.ok && reply.code === 'AUTHORITY_UNREACHABLE' && known ? ok(known) : reply;
};

const organizationsOf = ({ organizations, defaultOrganization }: Account) =>
  organizations.map(({ id, name, role }) => ({ id, name, role, default: id === defaultOrganization }));

/** Asks at a terminal: what is released may be taken by others at once. */
const confirmSignOut = async (licensing: Licensing, isYes: boolean): Promise<Result<null>> => {
  if (isYes || !canAsk()) return ok(null);
  const released = licensing.current().filter(({ mode, carrier }) => mode === 'online' && carrier === 'network').map(nameOf);
  return ask(`Sign out of this machine?${released.length === 0 ? '' : ` This releases ${released.join(', ')}, which others may then take.`}`);
};

export const addAccountCommands = (program: Command): void => {
  program
    .command('login')
    .description('sign in to the authority')
    .requiredOption('--email <email>', 'the e-mail address of the account')
    .option('--password-stdin', 'read the password from standard input')
    .option('--otp <code>', 'the code of your authenticator app or mail, or a recovery code, where the account needs one')
    .option('--send-code', 'have a code sent by mail, and do not sign in yet')
    .action(async ({ email, passwordStdin, otp, sendCode }: { email: string; passwordStdin?: true; otp?: string; sendCode?: true }) => {
      if (sendCode && otp !== undefined) throw new Refusal('INPUT_INVALID', { why: 'usage', message: '--send-code and --otp exclude each other' });
      const password = await readPassword(passwordStdin === true);
      if (sendCode) {
        const sent = await withLicensing((licensing) => licensing.account.call(contract.security.sendCode, { body: { email, password } }));
        outcome(sent, { human: ({ expiresAt }) => `A code was sent by mail; it is good until ${showTime(expiresAt)}. Sign in with --otp.` });
        return;
      }
      const result = await withLicensing(async (licensing) => {
        const signedIn = await licensing.account.signIn({ email, password, ...(otp === undefined ? {} : { otp }) });
        const { account } = licensing.state();
        return signedIn.ok ? (account ? ok(account) : fail('NOT_SIGNED_IN')) : signedIn;
      });
      outcome(result, { human: ({ user, organizations }) => `Signed in as ${user.name} (${organizations.map(({ name }) => name).join(', ') || 'no organization'}).` });
    });

  program
    .command('logout')
    .description('release online leases and sign out')
    .option('--yes', 'without being asked')
    .action(async ({ yes = false }: { yes?: boolean }) => {
      const result = await withLicensing(async (licensing) => {
        const sure = await confirmSignOut(licensing, yes);
        return sure.ok ? licensing.account.signOut({ release: true }) : sure;
      }, BRIEF);
      outcome(result, { json: () => ({ signedIn: false }), human: () => 'Signed out.' });
    });

  program
    .command('organizations')
    .description('the organizations you belong to')
    .action(async () => {
      const result = await withLicensing(accountOf, BRIEF);
      outcome(result, {
        json: organizationsOf,
        human: (account) => table(organizationsOf(account).map((each) => [each.default ? '*' : ' ', each.id, each.name, each.role])) || 'You belong to no organization.',
      });
    });

  program
    .command('default-organization')
    .description('show or choose the organization that comes first')
    .argument('[id]')
    .action(async (id?: string) => {
      const result = await withLicensing(async (licensing): Promise<Result<{ id: string; name: string } | null>> => {
        if (id !== undefined) {
          const chosen = await licensing.account.setDefaultOrganization(id);
          if (!chosen.ok) return chosen;
        }
        const account = id === undefined ? await accountOf(licensing) : ok(licensing.state().account);
        if (!account.ok) return account;
        const found = account.value?.organizations.find((each) => each.id === account.value?.defaultOrganization);
        return ok(found ? { id: found.id, name: found.name } : null);
      }, BRIEF);
      outcome(result, { human: (found) => (found ? `${found.id}  ${found.name}` : 'No default organization is set.') });
    });

  program
    .command('licenses')
    .description('the licenses of an organization, as you may use them')
    .option('--organization <id>', 'another organization than the default one')
    .action(async ({ organization }: { organization?: string }) => {
      const result = await withLicensing((licensing) => licensing.entitlements(organization), BRIEF);
      if (result.ok && result.value.problem) {
        process.stderr.write(`The license authority cannot be reached; this is as of ${showTime(result.value.asOf)}.\n`);
      }
      outcome(result, {
        json: ({ entitlements }) => entitlements,
        human: ({ entitlements }) => table(entitlements.map(describeEntitlement)) || 'The organization has no licenses.',
      });
    });
};

/** SECURITY: never from the arguments, which every process of the computer can read. */
const readPassword = async (fromStdin: boolean): Promise<string> => {
  if (fromStdin) return (await readText(process.stdin)).replace(/\r?\n$/, '');
  if (!process.stdin.isTTY) throw new Refusal('INPUT_INVALID', { why: 'usage', message: 'the password is missing: give --password-stdin' });
  process.stderr.write('Password: ');
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const prompt = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await prompt.question('');
  } finally {
    prompt.close();
    process.stderr.write('\n');
  }
};
