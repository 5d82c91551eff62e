import type { Command } from 'commander';
import type { Imported } from '../../src-shared/desktop.ts';
import type { Inspection, Verdict } from '../../src-shared/inspection.ts';
import { parseKind } from '../../src-shared/documents/index.ts';
import { assertNever, fail, ok } from '../../src-shared/result.ts';
import type { Result } from '../../src-shared/result.ts';
import type { Licensing } from '../../src-main/licensing/index.ts';
import { messageFor, outcome, readDocumentFile, showTime, wholeNumber } from '../command.ts';
import { nextWithFile } from '../next-steps.ts';
import { createOutputs } from '../outputs.ts';
import { ask, canAsk } from '../confirm.ts';
import { homeFolder, withLicensing } from './open.ts';
import { nameOf } from './words.ts';

const outputs = createOutputs(homeFolder);

type RequestOptions = { readonly out: string; readonly product?: string; readonly license?: string; readonly lease?: string; readonly days?: number; readonly name?: string; readonly time?: boolean };

export const addExchangeCommands = (program: Command): void => {
  program
    .command('request')
    .description('write an activation request to a file, for a machine without a network')
    .requiredOption('--out <file>', 'where to write it (.lkreq)')
    .option('--product <id>', 'the product that is wanted')
    .option('--license <id>', 'the license that is wanted')
    .option('--lease <id>', 'the lease to be extended, or to get another license file for')
    .option('--days <number>', 'for how many days', wholeNumber(1, 3660))
    .option('--name <text>', 'the name of this machine, as the request carries it')
    .option('--time', 'ask for a time ticket instead of a license: for a machine whose clock was once set ahead')
    .action(async ({ out, time = false, ...want }: RequestOptions) => {
      const result = await withLicensing(async (licensing): Promise<Result<{ file: string; request: string; expiresAt: number | null }>> => {
        if (time && Object.keys(want).length > 0) return fail('INPUT_INVALID', { why: 'usage', message: 'give --time alone: it asks for no license' });
        if ([want.product, want.license, want.lease].filter((each) => each !== undefined).length > 1) {
          return fail('INPUT_INVALID', { why: 'usage', message: 'give one of --product, --license and --lease' });
        }
        const writable = outputs.check(out);
        if (!writable.ok) return writable;
        const created = await (time ? licensing.createTimeRequest() : licensing.createRequest(want));
        if (!created.ok) return created;
        const written = outputs.write(out, created.value.text);
        if (!written.ok) return written;
        const parsed = parseKind('request', created.value.text);
        return parsed.ok ? ok({ file: out, request: parsed.value.claims.jti, expiresAt: time ? null : parsed.value.claims.exp }) : parsed;
      });
      outcome(result, {
        human: ({ file, expiresAt }) =>
          expiresAt === null
            ? `Wrote ${file}. Have it answered with a time ticket (in the portal, or by authority time), then import the ticket.`
            : `Wrote ${file}. Have it answered until ${showTime(expiresAt)}, then import the license file.`,
      });
    });

  program
    .command('import')
    .description('accept a license file, a receipt, a keyset or a time ticket')
    .argument('<file>')
    .action(async (path: string) => {
      const result = await withLicensing(async (licensing): Promise<Result<Imported>> => {
        const file = readDocumentFile(path);
        if (file.ok) return licensing.accept(file.value);
        if (file.code === 'FILE_MALFORMED') licensing.refuse(file);
        return file;
      });
      outcome(result, { human: describeImport });
    });

  program
    .command('release-proof')
    .description('release a lease for good and write its release proof to a file')
    .argument('<lease>')
    .requiredOption('--out <file>', 'where to write it (.lkrel)')
    .option('--yes', 'without being asked')
    .action(async (lease: string, { out, yes = false }: { out: string; yes?: boolean }) => {
      const result = await withLicensing(async (licensing): Promise<Result<{ file: string; lease: string }>> => {
        // Before anything is given up: a proof that cannot be written is of no use.
        const writable = outputs.check(out);
        if (!writable.ok) return writable;
        const sure = await confirmProof(licensing, lease, yes);
        if (!sure.ok) return sure;
        const proof = await licensing.releaseByProof(lease);
        if (!proof.ok) return proof;
        const written = outputs.write(out, proof.value.text);
        return written.ok ? ok({ file: out, lease }) : written;
      });
      outcome(result, { human: ({ file }) => `Wrote ${file}. The license is gone from this machine; the seat is back when the authority has accepted this file.` });
    });

  program
    .command('inspect')
    .description('say what a file is, whether it is genuine, and whether this machine would accept it')
    .argument('<file>')
    .action(async (path: string) => {
      const result = await withLicensing(async (licensing): Promise<Result<Inspection>> => {
        const file = readDocumentFile(path);
        return file.ok ? licensing.inspect(file.value) : file;
      });
      outcome(result, { human: (inspection) => describeInspection(inspection, path) });
    });
};

/** Asks at a terminal. A proof that was made before is only written again. */
const confirmProof = async (licensing: Licensing, lease: string, isYes: boolean): Promise<Result<null>> => {
  const held = licensing.current().find(({ id }) => id === lease);
  if (isYes || !canAsk() || !held || licensing.proofFile(lease).ok) return ok(null);
  return ask(`Release ${nameOf(held)} for good? This machine cannot use it from then on, and the seat is free only when the authority has accepted the proof.`);
};

const describeImport = (imported: Imported): string => {
  switch (imported.kind) {
    case 'license': return imported.again ? `This license file is in use already (lease ${imported.lease}).` : `The license is in use (lease ${imported.lease}).`;
    case 'receipt': return `The authority confirms that lease ${imported.lease} was given back.`;
    case 'keyset': return imported.again ? `Keyset ${imported.version} is known already.` : `Keyset ${imported.version} is trusted from now on.`;
    case 'time': return `The authority says that it is ${showTime(imported.at)}: this machine’s leases are usable again.`;
    default: return assertNever(imported);
  }
};

const kinds = { request: 'An activation request', license: 'A license file', release: 'A release proof', receipt: 'A receipt', keyset: 'A keyset', time: 'A time ticket' } as const;

const say = (verdict: Verdict, yes: string): string => (verdict.ok ? yes : messageFor(verdict.code, verdict.details));

const describeInspection = (each: Inspection, path: string): string => [
  `${kinds[each.kind]}, ${each.id}, of ${showTime(each.issuedAt)}${each.expiresAt === null ? '' : `, until ${showTime(each.expiresAt)}`}.`,
  `Authority ${each.authority}.`,
  ...(each.machine ? [`Machine ${each.machine.name === null ? '' : `${each.machine.name} `}${each.machine.id}.`] : []),
  ...(each.lease === null ? [] : [`Lease ${each.lease}.`]),
  ...(each.grant ? [`Grants ${each.grant.product.name}${each.grant.edition === null ? '' : ` ${each.grant.edition}`} of ${each.grant.organization.name}, ${each.grant.mode}.`] : []),
  ...(each.want ? [`Asks for ${each.want.license ?? each.want.product ?? 'any license'}${each.want.days === null ? '' : ` for ${each.want.days} days`}.`] : []),
  say(each.genuine, 'It is genuine.'),
  ...(each.genuine.ok ? [say(each.acceptable, 'This machine would accept it.')] : []),
  `Next: ${nextWithFile('machine', each, path)}`,
].join('\n');
