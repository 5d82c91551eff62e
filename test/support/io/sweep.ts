import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import SQLite from 'better-sqlite3';
import { parseDocument } from '../../../src-shared/documents/index.ts';
import { whyOf } from '../../../src-shared/whys.ts';
import type { Details, ErrorCode } from '../../../src-shared/errors.ts';
import { testData } from '../authority.ts';
import { project } from '../build.ts';
import { checkInvariants } from '../crash/invariants.ts';
import { environment } from '../crash/processes.ts';
import { callsIn, straced, wasInjected } from './strace.ts';
import type { Call, Fault } from './strace.ts';

/**
 * Every command of both programs, on real processes, with one call to the disk that fails: each kind of call on each file,
 * one run each. Judged like a kill: a clear code, nothing acknowledged lost, nothing half written, and the same command
 * again comes to the one right end.
 */
export type Program = 'latchkey' | 'authority';
type Ended = { readonly status: number | null; readonly value: unknown; readonly code: string | null; readonly details: Details; readonly err: string };
type Stage = { readonly folder: string; readonly lease: string | null };
type Scenario = {
  readonly name: string;
  readonly program: Program;
  readonly args: (at: string, lease: string) => readonly string[];
  /** What it writes for somebody to take away. */
  readonly out?: string;
  readonly held?: true;
  readonly returned?: true;
  /** A second time is refused so, when the first has done it although it said no. */
  readonly again?: readonly string[];
  readonly right: (at: string, told: unknown) => string | null;
};
export type Outcome = { readonly scenario: string; readonly step: string; readonly fault: Fault; readonly ended: string };
export type Sweep = { readonly outcomes: readonly Outcome[]; readonly violations: readonly string[]; readonly seconds: number };

const run = (at: string, program: Program, args: readonly string[], under: readonly string[] = []): Promise<Ended> => new Promise((done) => {
  const [file = '', ...rest] = [...under, process.execPath, join(project, `src-cli/${program}.ts`), '--json', ...args];
  const env = environment({ LATCHKEY_HOME: join(at, 'machine'), LATCHKEY_AUTHORITY: '', LATCHKEY_TRUST: join(at, 'trust.lkkeys'), LATCHKEY_AUTHORITY_HOME: join(at, 'authority') });
  const child = spawn(file, rest, { cwd: at, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  child.once('close', (status) => done({ status, err, value: parsed(out), ...failureOf(err) }));
});
const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
const failureOf = (err: string): Pick<Ended, 'code' | 'details'> => {
  const said = parsed(err.trim().split('\n').at(-1) ?? '') as { readonly error?: { readonly code: string; readonly details: Details } } | null;
  return { code: said?.error?.code ?? null, details: said?.error?.details ?? {} };
};
const good = async (at: string, program: Program, args: readonly string[]): Promise<unknown> => {
  const ended = await run(at, program, args);
  if (ended.status !== 0) throw new Error(`${program} ${args.join(' ')}: ${ended.err}`);
  return ended.value;
};

const isDocument = (name: string) => (at: string): string | null => (parseDocument(readFileSync(join(at, name), 'utf8')).ok ? null : `${name} is no whole document`);
const copyIsWhole = (at: string): string | null => {
  const copy = new SQLite(join(at, 'copy.db'), { readonly: true });
  try {
    return copy.pragma('integrity_check', { simple: true }) === 'ok' && copy.prepare('SELECT count(*) FROM audit').pluck().get() !== 0 ? null : 'the backup is not whole';
  } finally {
    copy.close();
  }
};

/** In the order of an exchange: what one makes the next needs. */
const scenarios: readonly Scenario[] = [
  { name: 'authority init', program: 'authority', args: () => ['init'], right: (at) => (existsSync(join(at, 'authority/authority.db')) ? null : 'there is no authority') , again: ['CONFLICT home-in-use'] },
  { name: 'latchkey status, for the first time', program: 'latchkey', args: () => ['status'], right: () => null },
  { name: 'latchkey request', program: 'latchkey', args: () => ['request', '--product', 'stage', '--out', 'a.lkreq'], out: 'a.lkreq', right: isDocument('a.lkreq') },
  { name: 'authority answer', program: 'authority', args: () => ['answer', 'a.lkreq', '--license', 'lic_stage', '--days', '30', '--out', 'a.lklic'], out: 'a.lklic', right: isDocument('a.lklic') },
  { name: 'latchkey import', program: 'latchkey', args: () => ['import', 'a.lklic'], held: true, right: (_, told) => ((told as { kind?: string }).kind === 'license' ? null : 'nothing was imported') },
  { name: 'latchkey status', program: 'latchkey', args: () => ['status'], held: true, right: (_, told) => ((told as { leases: unknown[] }).leases.length === 1 ? null : 'the lease is gone') },
  { name: 'authority keys rotate', program: 'authority', args: () => ['keys', 'rotate'], held: true, right: () => null },
  { name: 'authority backup', program: 'authority', args: () => ['backup', '--out', 'copy.db'], out: 'copy.db', held: true, right: copyIsWhole },
  { name: 'authority audit export', program: 'authority', args: () => ['audit', 'export', '--out', 'audit.jsonl'], out: 'audit.jsonl', held: true, right: (at) => (readFileSync(join(at, 'audit.jsonl'), 'utf8').trim().split('\n').every((line) => parsed(line) !== null) ? null : 'a line is broken') },
  { name: 'latchkey release-proof', program: 'latchkey', args: (_, lease) => ['release-proof', lease, '--out', 'a.lkrel'], out: 'a.lkrel', returned: true, right: isDocument('a.lkrel') },
  { name: 'authority accept', program: 'authority', args: () => ['accept', 'a.lkrel', '--out', 'a.lkrcp'], out: 'a.lkrcp', returned: true, right: isDocument('a.lkrcp') },
  { name: 'latchkey import of a receipt', program: 'latchkey', args: () => ['import', 'a.lkrcp'], returned: true, right: () => null },
];

/** Between the scenarios, without faults. */
const prepare = async (scenario: Scenario, at: string): Promise<void> => {
  if (scenario.name !== 'authority init') return;
  writeFileSync(join(at, 'data.json'), JSON.stringify(testData));
  await good(at, 'authority', ['load', 'data.json']);
  await good(at, 'authority', ['keys', 'export', '--out', 'trust.lkkeys']);
};
const leaseOf = async (at: string): Promise<string | null> =>
  ((await good(at, 'latchkey', ['status'])) as { readonly leases: readonly { readonly id: string }[] }).leases[0]?.id ?? null;

/** Numbers, ids and key names are of one run only. */
const plain = (path: string): string => path
  .replace(/\.[0-9]{5,}$/, '.tmp').replace(/(lse|fil|key|req|rel)_[\w-]{22,}/g, '$1').replace(/[\w-]{43}\.jwk/, 'key.jwk').replace(/^\.authority-\w+/, '.authority-new');
const isOfOneRun = (path: string): boolean => plain(path) !== path;

export type Step = { readonly name: string; readonly fault: Omit<Fault, 'error'>; readonly writes: boolean };
/** One step for each kind of call on each file: its first, and for what is called often also its last. */
export const stepsOf = (calls: readonly Call[], at: string): readonly Step[] => {
  const groups = Map.groupBy(calls.filter(({ path }) => !path.endsWith('-shm')), ({ call, path }) => `${call} ${plain(relative(at, path))}`);
  return [...groups].flatMap(([name, group]) => {
    const chosen = group.length > 3 ? [group[0], group.at(-1)] : [group[0]];
    return chosen.flatMap((call): readonly Step[] => {
      if (call === undefined) return [];
      const path = relative(at, call.path);
      const isCounted = ['pwrite64', 'fsync', 'rename', 'ftruncate'].includes(call.call);
      if (isOfOneRun(path) && !isCounted) return [];
      const writes = !['read', 'pread64', 'openat', 'fsync', 'rename', 'unlink'].includes(call.call);
      // strace looks at a rename's first name only, which is of one run.
      return [{ name: `${name}#${call.nthHere}`, writes, fault: isOfOneRun(path) || call.call === 'rename' ? { call: call.call, nth: call.nth } : { call: call.call, nth: call.nthHere, path } }];
    });
  });
};

const isUnfinished = (name: string): boolean => /\.[0-9]{6,}$|\.tmp$|\.part(?:ial)?$|^\.authority-/.test(name);
/** Clear to whoever reads it: a code of the table, and why in words. */
const isClear = ({ status, code, details }: Ended): boolean =>
  (status === 7 && code === 'STORE_UNUSABLE' && whyOf(code as ErrorCode, details) !== null)
  || (status === 2 && code === 'INPUT_INVALID' && ['not-writable', 'not-readable'].includes(String(details['why'])));

const short = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 300);
const invariantsOf = async (at: string, { held, returned }: { readonly held: string | null; readonly returned: string | null }): Promise<readonly string[]> => {
  if (!existsSync(join(at, 'authority/authority.db'))) return [];
  const place = { home: join(at, 'machine'), authority: null, keyset: readFileSync(join(at, 'trust.lkkeys'), 'utf8'), name: 'machine', real: true as const };
  const machines = existsSync(join(at, 'machine/latchkey.db')) ? [{ place, held: new Set(held === null ? [] : [held]), returned: new Set(returned === null ? [] : [returned]) }] : [];
  const found = await checkInvariants({ authorityHome: join(at, 'authority'), now: Math.floor(Date.now() / 1000), machines });
  return found.map(({ invariant, what }) => `${invariant}: ${what}`);
};

const tryStep = async (scenario: Scenario, stage: Stage, step: Step, error: Fault['error'], at: string): Promise<{ readonly outcome: Outcome; readonly violations: readonly string[] }> => {
  cpSync(stage.folder, at, { recursive: true });
  const { path } = step.fault;
  const fault: Fault = { ...step.fault, error, ...(path === undefined ? {} : { path: join(at, path) }) };
  const log = `${at}.log`;
  const args = scenario.args(at, stage.lease ?? '');
  const ended = await run(at, scenario.program, args, straced(log, fault));
  const wrong: string[] = [];
  if (!wasInjected(log)) wrong.push('the fault was not met');
  if (ended.status !== 0 && !isClear(ended)) wrong.push(`it ended with ${ended.status}: ${short(ended.err)}`);
  if (scenario.out !== undefined && existsSync(join(at, scenario.out))) {
    const half = scenario.right(at, null);
    if (half !== null) wrong.push(`after the fault ${half}`);
  } else if (ended.status === 0 && scenario.out !== undefined) wrong.push('it said yes, and wrote nothing');
  const lease = stage.lease ?? (scenario.held && ended.status === 0 ? (ended.value as { readonly lease: string }).lease : null);
  const before = scenario.name === 'latchkey import' || scenario.name === 'latchkey release-proof';
  const kept = { held: scenario.held && (!before || ended.status === 0) ? lease : null, returned: scenario.returned && (!before || ended.status === 0) ? lease : null };
  if (scenario.name !== 'authority init') wrong.push(...(await invariantsOf(at, kept)));

  const repeated = await run(at, scenario.program, args);
  const said = `${repeated.code} ${String(repeated.details['why'])}`;
  if (repeated.status === 0) {
    const problem = scenario.right(at, repeated.value);
    if (problem !== null) wrong.push(`again: ${problem}`);
  } else if (!scenario.again?.includes(said)) wrong.push(`again it ended with ${repeated.status}: ${short(repeated.err)}`);
  if (scenario.name !== 'authority init') wrong.push(...(await invariantsOf(at, { held: scenario.held ? lease : null, returned: scenario.returned ? lease : null })).map((each) => `again: ${each}`));
  const halves = (readdirSync(at, { recursive: true }) as string[]).filter((name) => isUnfinished(name.split('/').at(-1) ?? ''));
  if (halves.length > 0) wrong.push(`left behind: ${halves.join(', ')}`);
  rmSync(at, { recursive: true, force: true });
  rmSync(log, { force: true });
  const name = `${scenario.name}: ${error} on ${step.name}`;
  return {
    outcome: { scenario: scenario.name, step: step.name, fault, ended: ended.status === 0 ? 'ok' : `${ended.code} ${whyOf(ended.code as ErrorCode, ended.details)}` },
    violations: wrong.map((each) => `${name}: ${each.replaceAll(at, '')}`),
  };
};

/** `every` n-th step of all, beginning at the `first`; `only`: of scenarios whose name holds it. */
export const sweep = async (options: { readonly every?: number; readonly first?: number; readonly only?: string; readonly tell?: (line: string) => void }): Promise<Sweep> => {
  const started = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-io-'));
  const outcomes: Outcome[] = [];
  const violations: string[] = [];
  const at = join(folder, 'now');
  mkdirSync(at);
  const waiting: (() => Promise<void>)[] = [];
  let [count, lease] = [options.first ?? 0, null as string | null];
  try {
    for (const scenario of scenarios) {
      const stage: Stage = { folder: join(folder, `stage-${scenarios.indexOf(scenario)}`), lease };
      cpSync(at, stage.folder, { recursive: true });
      const log = join(folder, 'log');
      const ended = await run(at, scenario.program, scenario.args(at, lease ?? ''), straced(log, null));
      if (ended.status !== 0) throw new Error(`${scenario.name}: ${ended.err}`);
      for (const step of options.only !== undefined && !scenario.name.includes(options.only) ? [] : stepsOf(callsIn(log, at), at)) {
        count += 1;
        if (count % (options.every ?? 1) !== 0) continue;
        const to = join(folder, `try-${count}`);
        const error = step.writes && count % 2 === 0 ? 'ENOSPC' : 'EIO';
        waiting.push(async () => {
          const tried = await tryStep(scenario, stage, step, error, to);
          outcomes.push(tried.outcome);
          violations.push(...tried.violations);
          options.tell?.(`${scenario.name}: ${error} on ${step.name}: ${tried.outcome.ended}${tried.violations.map((each) => `\n  !! ${each}`).join('')}`);
        });
      }
      await prepare(scenario, at);
      if (scenario.name === 'latchkey import') lease = await leaseOf(at);
    }
    const worker = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await next();
    };
    await Promise.all([worker(), worker()]);
    return { outcomes, violations, seconds: (performance.now() - started) / 1000 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
