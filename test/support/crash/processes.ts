import { fork, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { project } from '../build.ts';
import type { Told } from './driver.ts';
import type { TrapOrder } from './trap.ts';
import type { Act, Place } from './visit.ts';

/** The programs that are killed, each with the trap loaded before it. */
export const trap = pathToFileURL(join(import.meta.dirname, 'trap.ts')).href;
export const environment = (more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => {
  const { NODE_OPTIONS: _options, LATCHKEY_HOME: _home, LATCHKEY_AUTHORITY: _authority, LATCHKEY_TRUST: _trust, ...rest } = process.env;
  return { ...rest, NODE_COMPILE_CACHE: join(project, '.latchkey/compiled'), ...more };
};

export const freePort = (): Promise<number> => new Promise((resolve) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const address = server.address();
    server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
  });
});

const exitOf = (child: ChildProcess): Promise<NodeJS.Signals | number | null> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(child.signalCode ?? child.exitCode);
    else child.once('close', (code, signal) => resolve(signal ?? code));
  });

/** A warm process that does one operation at a time, until it is killed. */
export type Driver = {
  /** What it told, or null: it was killed before it could tell. `after`: killed by us so many milliseconds after it began. */
  readonly act: (place: Place, act: Act, trap: TrapOrder | null, after?: number) => Promise<Told | null>;
  readonly stop: () => Promise<void>;
};

export const startDriver = (): Driver => {
  const begin = () => {
    const child = spawn(process.execPath, ['--import', trap, join(import.meta.dirname, 'driver.ts')], { env: environment(), stdio: ['pipe', 'pipe', 'inherit'] });
    child.stdin.on('error', () => undefined);
    return { child, lines: createInterface({ input: child.stdout }), ended: exitOf(child) };
  };
  let now = begin();
  return {
    act: async (place, act, order, after) => {
      const { child, lines, ended } = now;
      const told = new Promise<Told>((resolve) => lines.once('line', (line) => resolve(JSON.parse(line) as Told)));
      child.stdin.write(`${JSON.stringify({ place, act, trap: order })}\n`);
      const timer = after === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), after);
      const first = await Promise.race([told, ended]);
      if (after !== undefined) await ended;
      clearTimeout(timer);
      if (typeof first === 'object' && first !== null) {
        if (after !== undefined) now = begin();
        return first;
      }
      // What it said with its last breath still counts.
      const last = await Promise.race([told, new Promise<null>((resolve) => setTimeout(() => resolve(null), 20))]);
      if (first !== 'SIGKILL') throw new Error(`The driver ended by itself: ${String(first)}`);
      now = begin();
      return last;
    },
    stop: async () => {
      now.child.stdin.end();
      await now.ended;
    },
  };
};

/** The hand on a program's trap, over the channel of its fork. Rejects when the program is dead. */
export type TrapHand = {
  readonly arm: (order: TrapOrder | null) => Promise<void>;
  readonly recorded: () => Promise<readonly string[]>;
};

export const trapOf = (child: ChildProcess, dead: Promise<unknown>): TrapHand => {
  const ask = <T>(message: object, answer: (reply: Record<string, unknown>) => T | undefined): Promise<T> => new Promise((resolve, reject) => {
    const hear = (reply: unknown): void => {
      const value = answer(reply as Record<string, unknown>);
      if (value === undefined) return;
      child.off('message', hear);
      resolve(value);
    };
    child.on('message', hear);
    void dead.then(() => reject(new Error('The program is dead')));
    if (child.connected) child.send(message, () => undefined);
    else reject(new Error('The program is dead'));
  });
  return {
    arm: async (order) => void (await ask({ trap: order }, ({ armed }) => armed)),
    recorded: () => ask({ ask: true }, ({ steps }) => steps as readonly string[] | undefined),
  };
};

export type ServedAuthority = TrapHand & {
  readonly pid: number;
  readonly url: string;
  readonly kill: () => void;
  /** Resolves when it is dead, by whatever. */
  readonly dead: Promise<NodeJS.Signals | number | null>;
  readonly stop: () => Promise<void>;
};

/** `authority serve`, as an operator starts it. Throws when it does not start clean. */
export const serveAuthority = async (home: string, port: number): Promise<ServedAuthority> => {
  const child = fork(join(project, 'src-cli/authority.ts'), ['serve', '--host', '127.0.0.1', '--port', String(port), '--home', home], {
    silent: true, execArgv: ['--import', trap], env: environment({ LATCHKEY_LOG: 'error' }),
  });
  const errors: string[] = [];
  child.stderr?.setEncoding('utf8').on('data', (text: string) => errors.push(text));
  const dead = exitOf(child);
  const url = await new Promise<string>((resolve, reject) => {
    if (child.stdout) createInterface({ input: child.stdout }).once('line', (line) => resolve((JSON.parse(line) as { url: string }).url));
    void dead.then((how) => reject(new Error(`The authority did not start (${String(how)}): ${errors.join('')}`)));
  });
  return {
    pid: child.pid as number,
    url,
    dead,
    ...trapOf(child, dead),
    kill: () => void child.kill('SIGKILL'),
    stop: async () => {
      child.kill('SIGTERM');
      await dead;
    },
  };
};

export type Ended = { readonly status: number | null; readonly signal: NodeJS.Signals | null; readonly out: string; readonly err: string };

type RunOptions = { readonly env: Readonly<Record<string, string>>; readonly input?: string; readonly after?: number; /** What it is started by. */ readonly under?: readonly string[] };

/** `latchkey`, as a person runs it. */
export const runLatchkey = (args: readonly string[], options: RunOptions): Promise<Ended> => runProgram('latchkey', args, options);

export const runProgram = (name: 'latchkey' | 'authority', args: readonly string[], options: RunOptions): Promise<Ended> => new Promise((resolve) => {
  const [program = '', ...rest] = [...(options.under ?? []), process.execPath, '--import', trap, join(project, `src-cli/${name}.ts`), ...args, '--json'];
  const child = spawn(program, rest, { env: environment(options.env) });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  const timer = options.after === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), options.after);
  child.once('close', (status, signal) => {
    clearTimeout(timer);
    resolve({ status, signal, out, err });
  });
});
