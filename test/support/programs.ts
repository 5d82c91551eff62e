import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** Both command-line programs as a person runs them: real processes, with homes of their own. */

const project = join(import.meta.dirname, '../..');

export type Ran = { readonly status: number | null; readonly out: string; readonly err: string };

const environment = (more: Readonly<Record<string, string>>): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('LATCHKEY_'))), LATCHKEY_AUTHORITY: '', ...more,
});

const start = (program: 'latchkey' | 'authority', args: readonly string[], more: Readonly<Record<string, string>>, cwd: string) =>
  spawn(process.execPath, [join(project, `src-cli/${program}.ts`), ...args], { cwd, env: environment(more), stdio: ['pipe', 'pipe', 'pipe'] });

export const run = (program: 'latchkey' | 'authority', args: readonly string[], env: Readonly<Record<string, string>> = {}, cwd: string = project): Promise<Ran> =>
  new Promise((done, failed) => {
    const child = start(program, args, env, cwd);
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.once('error', failed);
    child.once('close', (status) => done({ status, out, err }));
    child.stdin.end();
  });

export type Answered = { readonly status: number | null; readonly value?: unknown; readonly code?: string; readonly details?: Readonly<Record<string, unknown>> };

/** The same with `--json`, read. */
export const ask = async (program: 'latchkey' | 'authority', args: readonly string[], env: Readonly<Record<string, string>> = {}, cwd?: string): Promise<Answered> => {
  const { status, out, err } = await run(program, ['--json', ...args], env, cwd);
  if (status === 0) return { status, value: JSON.parse(out) as unknown };
  const line = err.trim().split('\n').at(-1) ?? '';
  const { error } = JSON.parse(line) as { error: { code: string; details: Record<string, unknown> } };
  return { status, code: error.code, details: error.details };
};

/** What succeeds, or the test ends with what was said. */
export const good = async (program: 'latchkey' | 'authority', args: readonly string[], env: Readonly<Record<string, string>> = {}, cwd?: string): Promise<unknown> => {
  const answered = await ask(program, args, env, cwd);
  if (answered.status !== 0) throw new Error(`${program} ${args.join(' ')}: ${JSON.stringify(answered)}`);
  return answered.value;
};

export type Serving = {
  readonly url: string;
  readonly pid: number;
  readonly errors: () => string;
  /** How it ended: by itself, or by a signal. */
  readonly ended: Promise<{ readonly status: number | null; readonly signal: NodeJS.Signals | null }>;
  readonly kill: (signal: NodeJS.Signals) => void;
};

/** `authority serve` until it is killed. */
export const serving = async (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Serving> => {
  const child = start('authority', ['serve', '--port', '0', ...args], env, project);
  let [out, err] = ['', ''];
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const ended = new Promise<{ status: number | null; signal: NodeJS.Signals | null }>((done) => child.once('close', (status, signal) => done({ status, signal })));
  await new Promise<void>((ready, failed) => {
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      if (out.includes('\n')) ready();
    });
    child.once('close', (status) => failed(new Error(`serve ended with ${String(status)}: ${err}`)));
  });
  return { url: (JSON.parse(out) as { url: string }).url, pid: child.pid ?? 0, errors: () => err, ended, kill: (signal) => void child.kill(signal) };
};
