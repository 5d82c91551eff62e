import type { Command } from 'commander';
import { errorTable, isErrorCode } from '../../src-shared/errors.ts';
import type { Details } from '../../src-shared/errors.ts';
import { fingerprintParts } from '../../src-shared/fingerprint.ts';
import { ok } from '../../src-shared/result.ts';
import type { Failure, Result } from '../../src-shared/result.ts';
import { databaseOf, surroundingsOf } from '../../src-main/adapter/index.ts';
import type { Diagnosis } from '../../src-main/licensing/index.ts';
import { messageFor, outcome, showTime } from '../command.ts';
import { nextFor } from '../next-steps.ts';
import { partNames } from '../parts.ts';
import { app, GLANCE, homeFolder, withLicensing } from './open.ts';

const subjects: { readonly [S in Diagnosis['subject']]: string } = {
  runtime: 'Runtime', home: 'Home', store: 'Store', recovery: 'After damage', machine: 'Machine', fingerprint: 'Fingerprint', clock: 'Clock', trust: 'Trusted keys',
  authority: 'Authority', account: 'Account', leases: 'Leases', requests: 'Requests', proofs: 'Release proofs', refusals: 'Refused files',
};

const partWords: Readonly<Record<string, string>> = { same: 'matches', changed: 'changed', absent: 'not known', present: 'readable', unread: 'could not be read' };

/** Each part in words, and whether all of it is within tolerance. */
const showFingerprint = (facts: Diagnosis['facts']): string => {
  const parts = fingerprintParts.map((part) => `${partNames[part]} ${partWords[String(facts[part])] ?? String(facts[part])}`).join(', ');
  if (facts['lease'] === undefined) return parts;
  return `${parts}: ${facts['same']} the same, ${facts['needed']} needed${facts['os'] === 'same' ? ' where the operating system is another' : ''}, ${facts['withinTolerance'] ? 'within tolerance' : 'outside tolerance'} (lease ${facts['lease']})`;
};

/** Facts that are moments. */
const moments = new Set(['at', 'now', 'highest', 'signed', 'until', 'newest', 'keyset']);
const isMoment = (subject: Diagnosis['subject'], name: string): boolean => moments.has(name) || (subject === 'clock' && name === 'authority');

/** `releasesPutBack: 1` reads `releases put back: 1`. */
const showFact = (subject: Diagnosis['subject'], name: string, value: unknown): string => {
  const words = subject === 'leases' ? name : name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return `${words}: ${isMoment(subject, name) && typeof value === 'number' ? (value === 0 ? 'none' : showTime(value)) : String(value)}`;
};

/** What the code of a row means and what to do, below the row. */
const showProblem = ({ ok: fine, facts }: Diagnosis): readonly string[] => {
  const { path: _path, problem, problemAt, ...rest } = facts;
  if (fine || typeof problem !== 'string' || !isErrorCode(problem)) return [];
  const details: Details = typeof problemAt === 'string' ? { ...rest, path: problemAt } : rest;
  return [messageFor(problem, details), nextFor(problem, details)].map((line) => `${' '.repeat(19)}${line}`);
};

const show = (row: Diagnosis): string => [showRow(row), ...showProblem(row)].join('\n');

const showRow = ({ subject, ok: fine, facts }: Diagnosis): string => {
  if (subject === 'fingerprint') return `${fine ? 'ok ' : '!! '} ${subjects[subject].padEnd(14)} ${showFingerprint(facts)}`;
  const known = Object.entries(facts).filter(([name, value]) => name !== 'ok' && value !== null && value !== '');
  return `${fine ? 'ok ' : '!! '} ${subjects[subject].padEnd(14)} ${known.map(([name, value]) => showFact(subject, name, value)).join(', ')}`.trimEnd();
};

/** What can be looked at where the home cannot be opened: the computer, the home, and what the store was refused for. */
const rowsWithoutHome = ({ code, details }: Failure): readonly Diagnosis[] => {
  const { runtime, home } = surroundingsOf(homeFolder(), app);
  const facts = Object.entries(details).filter((fact): fact is [string, string | number | boolean | null] => fact[0] !== 'path' && typeof fact[1] !== 'object');
  const { path = null } = details;
  return [
    { subject: 'runtime', ok: true, facts: runtime },
    { subject: 'home', ok: home.ok, facts: home },
    { subject: 'store', ok: false, facts: { path: databaseOf(homeFolder()), ...Object.fromEntries(facts), problem: code, problemAt: typeof path === 'string' ? path : null } },
  ];
};

const mapRows = (looked: Result<readonly Diagnosis[]>): Result<{ readonly ok: boolean; readonly rows: readonly Diagnosis[] }> =>
  looked.ok ? ok({ ok: looked.value.every((row) => row.ok), rows: looked.value }) : looked;

export const addDoctor = (program: Command): void => {
  program
    .command('doctor')
    .description('look at everything a support engineer would ask about')
    .action(async () => {
      const looked = await withLicensing((licensing) => licensing.diagnose(), GLANCE);
      // It is what is run when a home cannot be opened: then it says what it can.
      const result = looked.ok || looked.code !== 'STORE_UNUSABLE' ? mapRows(looked) : mapRows(ok(rowsWithoutHome(looked)));
      outcome(result, { human: ({ rows }) => rows.map(show).join('\n') });
      if (!result.ok || result.value.ok) return;
      // That nobody answers is one thing; that this machine is not as it should be is another, and comes first.
      const onlyAway = result.value.rows.every((row) => row.ok || row.subject === 'authority');
      process.exitCode = onlyAway ? errorTable.AUTHORITY_UNREACHABLE.exit : errorTable.STORE_UNUSABLE.exit;
    });
};
