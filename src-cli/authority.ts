#!/usr/bin/env node
import './no-inspector.ts';
import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import envPaths from 'env-paths';
import { createAuthority, initAuthority, storeFailure } from '../src-authority/index.ts';
import type { Authority } from '../src-authority/index.ts';
import { fail, ok } from '../src-shared/result.ts';
import type { Result } from '../src-shared/result.ts';
import type { Clock, Random } from '../src-shared/time.ts';
import { createProgram, outcome, readDocumentFile, runProgram, showTime, wantsJson, wholeNumber } from './command.ts';
import { createOutputs, notWritable } from './outputs.ts';
import { openNetwork } from './network.ts';
import { writtenPath } from './paths.ts';
import { describeInspection, describeMail } from './authority/describe.ts';
import type { LogLevel } from './authority/serve.ts';
import type { KeysetWritten } from './authority/keys.ts';
import { addKeyCommands, describeKeysets, keyNamesLast, writeKeysets } from './authority/keys.ts';
import { addClockCommand, uptime } from './authority/clock.ts';
import { addLicenseCommands } from './authority/licenses.ts';
import { addLoadCommand } from './authority/load.ts';
import { addMachineCommands } from './authority/machines.ts';
import { addRestoredCommand } from './authority/restored.ts';
import { csvHead, csvRow } from './csv.ts';
import { describeNotShown, notShownIn } from './parts.ts';
import { isLogLevel, listenHost, logLevels, proxyAddresses, serve } from './authority/serve.ts';

/** The license authority's command line. Every command works while `serve` runs on the same home. */

const clock: Clock = { now: () => Math.floor(Date.now() / 1000) };
const random: Random = { id: (prefix) => `${prefix}_${randomBytes(16).toString('base64url')}` };
const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as { readonly version: string };

const program = createProgram('authority', 'The Latchkey license authority: owns licenses, answers requests, serves the portal.', version, {
  LATCHKEY_AUTHORITY_HOME: 'where its database and keys are, unless --home says so',
  LATCHKEY_PUBLIC_URL: 'serve: where people reach the portal, such as https://licenses.example; needed behind a proxy that speaks https',
  LATCHKEY_SMTP_URL: 'serve: the mail server, smtp://USER:PASSWORD@HOST:PORT; without it letters stay in the outbox',
  LATCHKEY_MAIL_FROM: 'serve: the sender of the letters',
  LATCHKEY_LOG: `serve: how much is logged: ${logLevels.join(', ')}`,
}).option(
  '--home <dir>',
  'where its database and keys are (LATCHKEY_AUTHORITY_HOME)',
);

const homeOf = (): string => {
  const { home } = program.opts<{ home?: string }>();
  if (home !== undefined) return writtenPath(home, '--home');
  const named = process.env['LATCHKEY_AUTHORITY_HOME'];
  return named ? writtenPath(named, 'LATCHKEY_AUTHORITY_HOME') : envPaths('latchkey-authority', { suffix: '' }).data;
};

const outputs = createOutputs(homeOf);

/** The portal as `npm run build` leaves it. */
const portalFolder = join(import.meta.dirname, '../out/portal');

/** Nothing beside scheme, host and port. */
const isOrigin = (url: string): boolean => URL.parse(url)?.href === `${URL.parse(url)?.origin ?? ''}/`;

/** Where people reach the portal, which server takes the letters, and how much is logged: as the environment says. */
const deployment = (): Result<{ readonly publicUrl?: string; readonly mail?: { readonly url: string; readonly from?: string }; readonly logLevel: LogLevel }> => {
  const { LATCHKEY_PUBLIC_URL: publicUrl, LATCHKEY_SMTP_URL: url, LATCHKEY_MAIL_FROM: from } = process.env;
  const logLevel = process.env['LATCHKEY_LOG'] || 'info';
  if (!isLogLevel(logLevel)) return fail('INPUT_INVALID', { at: 'LATCHKEY_LOG', problem: `it must be one of ${logLevels.join(', ')}` });
  if (publicUrl && !['http:', 'https:'].includes(URL.parse(publicUrl)?.protocol ?? '')) return fail('INPUT_INVALID', { why: 'address', at: 'LATCHKEY_PUBLIC_URL' });
  if (publicUrl && !isOrigin(publicUrl)) {
    return fail('INPUT_INVALID', { at: 'LATCHKEY_PUBLIC_URL', problem: 'it must be a scheme and a host name, such as https://licenses.example: the portal cannot be served below a path' });
  }
  const server = url ? URL.parse(url) : null;
  if (url && (!server || !['smtp:', 'smtps:'].includes(server.protocol) || server.hostname === '')) return fail('INPUT_INVALID', { why: 'address', at: 'LATCHKEY_SMTP_URL' });
  return ok({ logLevel, ...(publicUrl ? { publicUrl } : {}), ...(url ? { mail: { url, ...(from ? { from } : {}) } } : {}) });
};

const withAuthority = async <T>(work: (authority: Authority) => Promise<Result<T>>): Promise<Result<T>> => {
  const opened = await createAuthority({ home: homeOf(), clock, uptime, random, version });
  if (!opened.ok) return opened;
  try {
    return await work(opened.value);
  } finally {
    await opened.value.close();
  }
};

/** Reads what somebody has brought. What is no document, whatever is in it, is refused on record like one that is. */
const readBrought = async (path: string, kind: 'request' | 'release'): Promise<Result<Uint8Array>> => {
  const file = readDocumentFile(path);
  // That there is nothing at the path is a slip of the hand, and no document. What is told is the refusal, also where no authority is there to record it.
  if (!file.ok && file.code === 'FILE_MALFORMED') await withAuthority(async (authority) => ok(await authority.refuse(kind, file)));
  return file;
};

program
  .command('init')
  .description('create the authority: its home, keys and database')
  .action(async () => outcome(await initAuthority({ home: homeOf(), clock }), { human: ({ authority, home }) => `Created the authority ${authority} in ${home}.` }));

addLoadCommand(program, withAuthority);

program
  .command('serve')
  .description('serve the HTTP interface and the portal; prints one JSON line when ready')
  .option('--host <host>', 'address to listen at', listenHost, '127.0.0.1')
  .option('--port <number>', 'port to listen at, 0 for any', wholeNumber(0, 65_535), 7420)
  .option('--trust-proxy <addresses>', 'addresses of your proxy, such as 127.0.0.1: callers are then known by its X-Forwarded-For and -Proto headers', proxyAddresses)
  .action(async (options: { readonly host: string; readonly port: number; readonly trustProxy?: string }) => {
    const deployed = deployment();
    if (!deployed.ok) return outcome(deployed, { human: () => '' });
    const { publicUrl, mail, logLevel } = deployed.value;
    const opened = await createAuthority({ home: homeOf(), clock, uptime, random, version, ...(publicUrl === undefined ? {} : { publicUrl }) });
    if (!opened.ok) return outcome(opened, { human: () => '' });
    // Letters go out over TLS, to servers that the system trusts.
    openNetwork().trustSystem();
    const served = await serve(opened.value, { ...options, portal: portalFolder, logLevel, ...(mail === undefined ? {} : { mail }) });
    // Its one line is printed by `serve` itself, when it is ready.
    if (!served.ok) outcome(served, { human: () => '' });
    // At once: an orderly end would close the lost database, and SQLite would write its log into the file that took the place.
    if (!served.ok && served.code === 'STORE_UNUSABLE') process.exit();
  });

program
  .command('answer')
  .argument('<request>', 'an activation request file (.lkreq)')
  .option('--license <id>', 'the license to answer with; without it, the one that the request names')
  .requiredOption('--days <number>', 'how long the license file is good', wholeNumber(1, 3660))
  .requiredOption('--out <file>', 'where to write the license file (.lklic)')
  .option('--keyset-out <file>', 'where to write the keyset (.lkkeys) that the machine must import first, if there is one')
  .description('answer an activation request file with a license file')
  .action(async (path: string, options: { readonly license?: string; readonly days: number; readonly out: string; readonly keysetOut?: string }) => {
    const run = async (): Promise<Result<{ readonly file: string; readonly lease: string; readonly until: number; readonly license: string; readonly again: boolean; readonly keysets: readonly KeysetWritten[]; readonly notShown: readonly string[] }>> => {
      const request = await readBrought(path, 'request');
      if (!request.ok) return request;
      const writable = outputs.check(options.out, [path, options.keysetOut]);
      if (!writable.ok) return writable;
      const keysetsWritable = outputs.check(options.keysetOut, [path]);
      if (!keysetsWritable.ok) return keysetsWritable;
      const answered = await withAuthority((authority) => authority.answer({ request: request.value, days: options.days, ...(options.license === undefined ? {} : { license: options.license }) }));
      if (!answered.ok) return answered;
      const written = outputs.write(options.out, answered.value.licenseFile);
      if (!written.ok) return written;
      const keysets = writeKeysets(outputs, options.keysetOut, answered.value.keysets);
      const { lease, again } = answered.value;
      return keysets.ok ? ok({ file: options.out, lease: lease.id, license: lease.license, until: lease.until, again, keysets: keysets.value, notShown: notShownIn(request.value) }) : keysets;
    };
    const before = ' This request was answered before: it is that answer again, whatever --license and --days say. For another one, make a new request on the machine.';
    outcome(await run(), { human: ({ file, lease, license, until, again, keysets, notShown }) => `Wrote ${file}: lease ${lease} of license ${license}, until ${showTime(until)}.${again ? before : ''}${describeNotShown(notShown)}${describeKeysets(keysets)}` });
  });

program
  .command('time')
  .argument('<request>', 'an activation request file (.lkreq) that asks for the time')
  .requiredOption('--out <file>', 'where to write the time ticket (.lktime)')
  .option('--keyset-out <file>', 'where to write the keyset (.lkkeys) that the machine must import first, if there is one')
  .description('tell a machine the time by file: for one whose clock was once set ahead')
  .action(async (path: string, options: { readonly out: string; readonly keysetOut?: string }) => {
    const run = async (): Promise<Result<{ readonly file: string; readonly machine: string; readonly at: number; readonly keysets: readonly KeysetWritten[] }>> => {
      const request = await readBrought(path, 'request');
      if (!request.ok) return request;
      const writable = outputs.check(options.out, [path, options.keysetOut]);
      if (!writable.ok) return writable;
      const keysetsWritable = outputs.check(options.keysetOut, [path]);
      if (!keysetsWritable.ok) return keysetsWritable;
      const told = await withAuthority((authority) => authority.tellTime(request.value));
      if (!told.ok) return told;
      const written = outputs.write(options.out, told.value.ticket);
      if (!written.ok) return written;
      const keysets = writeKeysets(outputs, options.keysetOut, told.value.keysets);
      return keysets.ok ? ok({ file: options.out, machine: told.value.machine.id, at: told.value.at, keysets: keysets.value }) : keysets;
    };
    outcome(await run(), { human: ({ file, machine, at, keysets }) => `Wrote ${file} for machine ${machine}: it is ${showTime(at)}.${describeKeysets(keysets)}` });
  });

program
  .command('accept')
  .argument('<proof>', 'a release proof file (.lkrel)')
  .option('--out <file>', 'where to write the receipt (.lkrcp)')
  .option('--keyset-out <file>', 'where to write the keyset (.lkkeys) that the machine must import first, if there is one')
  .description('accept a release proof; the seat is free from then on')
  .action(async (path: string, options: { readonly out?: string; readonly keysetOut?: string }) => {
    const { out } = options;
    const run = async (): Promise<Result<{ readonly lease: string; readonly license: string; readonly receipt: string | null; readonly keysets: readonly KeysetWritten[] }>> => {
      const proof = await readBrought(path, 'release');
      if (!proof.ok) return proof;
      const writable = outputs.check(out, [path, options.keysetOut]);
      if (!writable.ok) return writable;
      const keysetsWritable = outputs.check(options.keysetOut, [path]);
      if (!keysetsWritable.ok) return keysetsWritable;
      const accepted = await withAuthority((authority) => authority.accept(proof.value));
      if (!accepted.ok) return accepted;
      const written = out === undefined ? ok(null) : outputs.write(out, accepted.value.receipt);
      if (!written.ok) return written;
      const keysets = writeKeysets(outputs, options.keysetOut, accepted.value.keysets);
      const { lease } = accepted.value;
      return keysets.ok ? ok({ lease: lease.id, license: lease.license, receipt: out ?? null, keysets: keysets.value }) : keysets;
    };
    outcome(await run(), { human: ({ lease, receipt, keysets }) => `Lease ${lease} is given back.${receipt === null ? '' : ` Wrote ${receipt}.${describeKeysets(keysets)}`}` });
  });

program
  .command('inspect')
  .argument('<file>', 'any Latchkey document')
  .description('show what a document is, whether it is genuine, and what can be done with it')
  .action(async (path: string) => {
    const file = readDocumentFile(path);
    outcome(file.ok ? await withAuthority((authority) => authority.inspect(file.value)) : file, {
      json: ({ inspection, lease, answered }) => ({ ...inspection, answered, ledger: lease }),
      human: (inspected) => describeInspection(inspected, path),
    });
  });

addLicenseCommands(program, withAuthority);
addClockCommand(program, withAuthority);
addMachineCommands(program, withAuthority);
addKeyCommands(program, withAuthority, outputs);
addRestoredCommand(program, withAuthority);

const auditColumns = ['seq', 'at', 'organization', 'actor', 'action', 'subject', 'details', 'previous', 'hash'] as const;
const audit = program.command('audit').description('the record of what was done');
audit
  .command('export')
  .option('--out <file>', 'where to write it; otherwise to the terminal')
  .option('--csv', 'as a table for a spreadsheet')
  .description('write every audit row as a line of JSON (with --json: as one array)')
  .action(async (options: { readonly out?: string; readonly csv?: boolean }) => {
    const { out, csv } = options;
    const result = await withAuthority(async (authority): Promise<Result<{ readonly rows: number; readonly file: string | null }>> => {
      let rows = 0;
      const lines: string[] = [];
      const write = async (line: string): Promise<void> => {
        if (out !== undefined) lines.push(line);
        else if (!process.stdout.write(line)) await new Promise((drained) => process.stdout.once('drain', drained));
      };
      // One value where that was asked for: the rows in an array, each on its line.
      const asArray = wantsJson() && out === undefined && !csv;
      if (csv) await write(csvHead(auditColumns));
      for await (const row of authority.auditRows()) {
        if (asArray) await write(rows === 0 ? '[' : ',\n');
        rows += 1;
        if (asArray) await write(JSON.stringify(row));
        else await write(csv ? csvRow(auditColumns.map((column) => (column === 'at' ? new Date(row.at * 1000).toISOString() : row[column]))) : `${JSON.stringify(row)}\n`);
      }
      if (asArray) await write(rows === 0 ? '[]\n' : ']\n');
      if (out === undefined) return ok({ rows, file: null });
      const written = outputs.write(out, lines.join(''), 0o600);
      return written.ok ? ok({ rows, file: out }) : written;
    });
    // Without a file the rows themselves are the result.
    if (!result.ok || result.value.file !== null) outcome(result, { human: ({ rows, file }) => `Wrote ${rows} rows to ${file ?? ''}.` });
  });
audit
  .command('verify')
  .description('check that no row was changed, taken out or put in')
  .action(async () =>
    outcome(
      await withAuthority(async (authority) => {
        const verdict = await authority.verifyAudit();
        return verdict.intact ? ok(verdict) : fail('STORE_UNUSABLE', { why: 'audit', rows: verdict.rows, brokenAt: verdict.brokenAt });
      }),
      { human: ({ rows, hash }) => `All ${rows} rows are as they were written. The last one's hash: ${hash}` },
    ),
  );

program
  .command('backup')
  .requiredOption('--out <file>', 'where to write the copy of the database')
  .description('write a consistent copy of the database, also while serve runs; the keys folder is kept apart and must be copied once')
  .action(async (options: { readonly out: string }) => {
    const run = async (): Promise<Result<{ readonly file: string; readonly keys: string }>> => {
      const writable = outputs.check(options.out);
      if (!writable.ok) return writable;
      return withAuthority(async (authority) => {
        // Whole or not at all: a backup that was broken off must not stand where a good one is looked for.
        const part = `${options.out}.part`;
        try {
          await authority.backup(part);
          renameSync(part, options.out);
        } catch (error) {
          rmSync(part, { force: true });
          const code = String((error as { readonly code?: unknown }).code);
          if (!storeFailure(error) && !/^E[A-Z]+$/.test(code)) throw error;
          // What cannot be read is ours; what cannot be written is the place it goes to.
          if (/^SQLITE_(IOERR_(SHORT_)?READ|CORRUPT)/.test(code)) throw error;
          return notWritable(options.out, code);
        }
        return ok({ file: options.out, keys: join(homeOf(), 'keys') });
      });
    };
    outcome(await run(), { human: ({ file, keys: folder }) => `Wrote ${file}. It does not hold the private keys: keep a copy of ${folder} in a safe place.` });
  });

program
  .command('outbox')
  .option('--all', 'also the letters that were sent')
  .description('show the letters that are not sent: without a mail server (LATCHKEY_SMTP_URL) they stay here')
  .action(async (options: { readonly all?: boolean }) =>
    outcome(await withAuthority(async (authority) => ok({ mails: await authority.outbox(options.all) })), {
      human: ({ mails }) => (mails.length === 0 ? 'No letters wait.' : mails.map(describeMail).join('\n\n')),
    }),
  );

await runProgram(program, { argv: keyNamesLast(process.argv), refusalOf: (error) => storeFailure(error, homeOf()) });
