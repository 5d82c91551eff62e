import type { Command } from 'commander';
import type { Authority, KeyListing, Reissue } from '../../src-authority/index.ts';
import { fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import { outcome, showTime, wholeNumber } from '../command.ts';
import { ask, canAsk } from '../confirm.ts';
import type { Outputs } from '../outputs.ts';

type WithAuthority = <T>(work: (authority: Authority) => Promise<Result<T>>) => Promise<Result<T>>;

const describeKey = ({ kid, role, notBefore, revokedAt, privatePart, inUse, leases }: KeyListing): string =>
  [
    kid, role.padEnd(7), `since ${showTime(notBefore)}`,
    ...(inUse ? [role === 'root' ? 'signs the next keyset' : 'signs now'] : []),
    ...(revokedAt === null ? [] : [`revoked ${showTime(revokedAt)}`]),
    ...(leases === 0 ? [] : [`${leases} ${leases === 1 ? 'lease' : 'leases'} in use`]),
    ...(privatePart ? [] : ['(private part not here)']),
  ].join('  ');

const counted = (leases: number): string => (leases === 1 ? '1 license file in use' : `${leases} license files in use`);

/** What a person does for it; the same as in the portal. */
const stepOf = ({ lease, carrier }: Reissue, keyset: number): string =>
  carrier === 'file'
    ? `bring keyset ${keyset} to the machine and answer a renewal request of it`
    : lease.mode === 'online' ? 'renews by itself' : `renews by itself when it is connected; else bring keyset ${keyset} and answer a renewal request`;

const describeReissues = ({ keyset, reissues }: { readonly keyset: number; readonly reissues: readonly Reissue[] }): string =>
  reissues.length === 0
    ? 'No machine holds a license file signed by a revoked key.'
    : [
        `${reissues.length === 1 ? '1 license file in use was' : `${reissues.length} license files in use were`} signed by a key that was revoked:`,
        ...reissues.map((each) => {
          const { machine, organization, product, id, until } = each.lease;
          return `${machine.name}  ${organization.name}  ${product.name}  ${id}  until ${showTime(until)}: ${stepOf(each, keyset)}`;
        }),
      ].join('\n');

/** Revoking cannot be undone, so a person says yes: by the option, or when asked at a terminal. Errors: `INPUT_INVALID` (why: confirm), `CANCELLED`. */
const confirmed = async (key: KeyListing, isYes: boolean): Promise<Result<null>> => {
  if (isYes || key.revokedAt !== null) return ok(null);
  if (!canAsk()) return fail('INPUT_INVALID', { why: 'confirm', kid: key.kid, role: key.role, leases: key.leases });
  const consequence = key.role === 'license' ? ` ${counted(key.leases)} must be issued anew.` : ' Machines that know no other root can no longer be given keysets.';
  return ask(`Revoke the ${key.role} key ${key.kid}? This cannot be undone.${consequence}`);
};

/** A key's name is base64url and may begin with a dash: it goes behind `--`, where nobody takes it for an option. */
export const keyNamesLast = (argv: readonly string[]): readonly string[] => {
  const names = argv.filter((each) => /^-[A-Za-z0-9_-]{42}$/.test(each));
  return names.length === 0 || argv.includes('--') ? argv : [...argv.filter((each) => !names.includes(each)), '--', ...names];
};

/** `authority keys ...`. */
export const addKeyCommands = (program: Command, withAuthority: WithAuthority, outputs: Outputs): void => {
  const keys = program.command('keys').description("the authority's keys");
  keys
    .command('list')
    .description('the keys: which sign, which are revoked, whether their private parts are here')
    .action(async () =>
      outcome(await withAuthority(async (authority) => ok(await authority.keys.list())), { human: (rows) => rows.map(describeKey).join('\n') }));
  keys
    .command('export')
    .requiredOption('--out <file>', 'where to write the keyset (.lkkeys)')
    .option('--keyset <version>', 'an earlier one', wholeNumber(1, Number.MAX_SAFE_INTEGER))
    .option('--after <version>', 'the one that a machine that knows this version takes next', wholeNumber(1, Number.MAX_SAFE_INTEGER))
    .description('write the current keyset document, for machines and for the build of the app')
    .action(async (options: { readonly out: string; readonly keyset?: number; readonly after?: number }) =>
      outcome(
        await withAuthority(async (authority): Promise<Result<{ readonly file: string; readonly authority: string; readonly keyset: number }>> => {
          const { out, keyset: version, after } = options;
          if (version !== undefined && after !== undefined) return fail('INPUT_INVALID', { why: 'usage', message: '--keyset and --after exclude each other.' });
          const found = await authority.keys.keyset({ ...(version === undefined ? {} : { version }), ...(after === undefined ? {} : { after }) });
          if (!found.ok) return found;
          const written = outputs.write(out, found.value.document);
          return written.ok ? ok({ file: out, authority: authority.id, keyset: found.value.version }) : written;
        }),
        { human: ({ file, keyset }) => `Wrote ${file}: keyset ${keyset}.` },
      ));
  keys
    .command('rotate')
    .option('--root', 'a new root instead: the key that signs keysets')
    .option('--in <days>', 'let the new license key begin to sign so many days from now, when licensed applications have its keyset', wholeNumber(0, 365))
    .description('make a new license key and the next keyset; what the earlier keys signed stays good')
    .action(async (options: { readonly root?: boolean; readonly in?: number }) => {
      const { root = false, in: inDays } = options;
      const rotated = root && inDays !== undefined
        ? fail('INPUT_INVALID', { why: 'usage', message: '--in is for license keys: a root can sign from the start.' })
        : await withAuthority((authority) => authority.keys.rotate({ role: root ? 'root' : 'license', ...(inDays === undefined ? {} : { inDays }) }));
      outcome(rotated, {
        human: ({ kid, role, keyset, from }) =>
          `The new ${role} key is ${kid}, in keyset ${keyset}${inDays === undefined ? '' : `; it signs from ${showTime(from)}`}. Connected machines take the keyset by themselves; bring it to the others (authority keys export).\nBack up the folder keys of the home now.`,
      });
    });
  keys
    .command('revoke')
    .argument('<kid>', 'the key, as keys list shows it')
    .option('--reason <text>', 'why, for the record')
    .option('--yes', 'without being asked')
    .description('from the next keyset on, nothing that this key signed is believed; it cannot be undone')
    .action(async (kid: string, options: { readonly reason?: string; readonly yes?: boolean }) => {
      const revoked = await withAuthority(async (authority) => {
        const key = (await authority.keys.list()).find((each) => each.kid === kid);
        if (!key) return fail('NOT_FOUND', { kid });
        const sure = await confirmed(key, options.yes === true);
        return sure.ok ? authority.keys.revoke({ kid, reason: options.reason ?? null }) : sure;
      });
      outcome(revoked, {
        human: ({ role, keyset, revokedAt, replacedBy, leases, again }) =>
          [
            again ? `The key was revoked already, on ${showTime(revokedAt)}; nothing has changed.` : `The ${role} key is revoked in keyset ${keyset}.`,
            ...(replacedBy === null ? [] : [`The license key ${replacedBy} signs from now on. Back up the folder keys of the home now.`]),
            ...(leases === 0 ? [] : [`${counted(leases)} must be issued anew: authority keys reissues.`]),
          ].join('\n'),
      });
    });
  keys
    .command('reissues')
    .description('the machines that hold license files signed by a revoked key, and what to do for each')
    .action(async () =>
      outcome(
        await withAuthority(async (authority) => {
          const keyset = await authority.keys.keyset();
          return keyset.ok ? ok({ keyset: keyset.value.version, reissues: await authority.keys.reissues() }) : keyset;
        }),
        { human: describeReissues },
      ));
};

/** A keyset that a machine needs first; `file` is null where it was not written. */
export type KeysetWritten = { readonly version: number; readonly file: string | null };

/** Writes the keysets that a machine needs before a file: one under the name given, several with their versions in their names. */
export const writeKeysets = (
  outputs: Outputs,
  out: string | undefined,
  keysets: readonly { readonly version: number; readonly document: string }[],
): Result<readonly KeysetWritten[]> => {
  const written: KeysetWritten[] = [];
  for (const { version, document } of keysets) {
    const file = out === undefined ? null : keysets.length === 1 ? out : out.replace(/(\.[^./\\]*)?$/, `-${version}$1`);
    const wrote = file === null ? ok(null) : outputs.write(file, document);
    if (!wrote.ok) return wrote;
    written.push({ version, file });
  }
  return ok(written);
};

/** What must be carried along, said after a file was written. */
export const describeKeysets = (keysets: readonly KeysetWritten[]): string =>
  keysets.map(({ version, file }) => ` The machine must import keyset ${version} first: ${file === null ? `authority keys export --keyset ${version} --out keyset-${version}.lkkeys` : `wrote ${file}`}.`).join('');
