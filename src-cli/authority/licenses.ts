import type { Command } from 'commander';
import type { Authority, LicenseListing, Suspended } from '../../src-authority/index.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import { outcome, showTime } from '../command.ts';

type WithAuthority = <T>(work: (authority: Authority) => Promise<Result<T>>) => Promise<Result<T>>;

const describe = ({ id, organization, name, seats, inUse, validFrom, validUntil, suspended }: LicenseListing): string =>
  [
    id, organization.name, name, `${inUse} of ${seats} seats in use`,
    ...(validFrom === null ? [] : [`from ${showTime(validFrom)}`]), ...(validUntil === null ? [] : [`until ${showTime(validUntil)}`]),
    ...(suspended === null ? [] : [`SUSPENDED ${showTime(suspended.at)}: ${suspended.reason}`]),
  ].join('  ');

const describeSuspended = ({ license, reason, online, offline }: Suspended): string =>
  [
    `${license} is suspended: ${reason}`,
    ...(online.length === 0 ? [] : [`Online leases in use: ${online.length}. They are not renewed; the last one ends by ${showTime(Math.max(...online.map(({ busyUntil }) => busyUntil)))}.`]),
    ...(offline.length === 0 ? [] : ['Offline leases go on until their files end:', ...offline.map(({ id, machine, busyUntil }) => `  ${machine.name}  ${id}  until ${showTime(busyUntil)}`)]),
  ].join('\n');

/** Errors: `INPUT_INVALID`. */
const reasonOf = (text: string): Result<string> => {
  const reason = text.trim();
  return reason === '' || reason.length > 500 ? fail('INPUT_INVALID', { at: '--reason', problem: 'between 1 and 500 characters' }) : ok(reason);
};

/** `licenses list`, `licenses suspend` and `licenses resume`. */
export const addLicenseCommands = (program: Command, withAuthority: WithAuthority): void => {
  const licenses = program.command('licenses').description('the licenses of all organizations, and suspending one');
  licenses
    .command('list')
    .option('--organization <id>', 'only those of one organization')
    .description('the licenses: seats, validity, and which are suspended')
    .action(async ({ organization }: { readonly organization?: string }) =>
      outcome(await withAuthority(async (authority) => ok({ licenses: await authority.licenses.list(organization ?? null) })), {
        human: ({ licenses: rows }) => (rows.length === 0 ? 'There are no licenses.' : rows.map(describe).join('\n')),
      }));
  licenses
    .command('suspend')
    .argument('<license>', 'the id of the license')
    .requiredOption('--reason <text>', 'why: people who meet it read this')
    .description('nobody can take it and nothing of it is renewed until it is resumed; offline leases go on until their files end')
    .action(async (license: string, options: { readonly reason: string }) => {
      const reason = reasonOf(options.reason);
      outcome(reason.ok ? await withAuthority((authority) => authority.licenses.suspend({ license, reason: reason.value })) : reason, { human: describeSuspended });
    });
  licenses
    .command('resume')
    .argument('<license>', 'the id of the license')
    .option('--reason <text>', 'why, for the record')
    .description('end the suspension of a license')
    .action(async (license: string, options: { readonly reason?: string }) => {
      const reason = options.reason === undefined ? ok(null) : reasonOf(options.reason);
      outcome(reason.ok ? await withAuthority((authority) => authority.licenses.resume({ license, reason: reason.value })) : reason, {
        human: ({ was }) => (was ? `${license} can be used again.` : `${license} was not suspended.`),
      });
    });
};
