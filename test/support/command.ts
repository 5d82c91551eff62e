import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PASSWORD } from './authority.ts';
import type { TestAuthority } from './authority.ts';

/** `latchkey` as a person or a script runs it: real processes on one home, several at once where a test wants them. */
const program = resolve(import.meta.dirname, '../../src-cli/latchkey.ts');

export type Ended = { readonly status: number | null; readonly out: string; readonly err: string };
export type Running = {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  readonly out: () => string;
  readonly err: () => string;
  readonly kill: (signal?: NodeJS.Signals) => void;
};
/** `under`: the program that starts it, `unshare` for example. */
export type Options = { readonly env?: Readonly<Record<string, string>>; readonly input?: string; readonly under?: readonly string[]; readonly node?: readonly string[] };

export type Home = {
  readonly path: string;
  readonly begin: (args: readonly string[], options?: Options) => Running;
  readonly latchkey: (args: readonly string[], options?: Options) => Promise<Ended>;
  readonly json: <T = Record<string, unknown>>(args: readonly string[], options?: Options) => Promise<T>;
  readonly login: (who?: string) => Promise<void>;
};
export type CommandLine = { readonly folder: string; readonly home: (name: string) => Home; readonly close: () => void };

export const createCommandLine = (authority: TestAuthority): CommandLine => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-home-'));
  const trust = join(folder, 'trust.lkkeys');
  writeFileSync(trust, authority.keyset());
  return {
    folder,
    home: (name) => {
      const path = join(folder, name);
      const begin = (args: readonly string[], { env = {}, input = '', under = [], node = [] }: Options = {}): Running => {
        const { LATCHKEY_HOME: _home, LATCHKEY_AUTHORITY: _authority, LATCHKEY_TRUST: _trust, ...rest } = process.env;
        const [file = '', ...more] = [...under, process.execPath, ...node, program, ...args];
        const child = spawn(file, more, { cwd: folder, env: { ...rest, LATCHKEY_HOME: path, LATCHKEY_AUTHORITY: authority.url, LATCHKEY_TRUST: trust, ...env } });
        let out = '';
        let err = '';
        child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
        child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
        child.stdin.on('error', () => undefined);
        child.stdin.end(input);
        const ended = new Promise<Ended>((done) => child.once('close', (status) => done({ status, out, err })));
        return { pid: child.pid ?? 0, ended, out: () => out, err: () => err, kill: (signal) => void child.kill(signal) };
      };
      const latchkey = (args: readonly string[], options?: Options): Promise<Ended> => begin(args, options).ended;
      return {
        path, begin, latchkey,
        json: async <T>(args: readonly string[], options?: Options): Promise<T> => {
          const { status, out, err } = await latchkey([...args, '--json'], options);
          if (status !== 0) throw new Error(`${args.join(' ')}: ${status} ${err}`);
          return JSON.parse(out) as T;
        },
        login: async (who = 'editor') => {
          const { status, err } = await latchkey(['login', '--email', `${who}@northlight.example`, '--password-stdin'], { input: `${PASSWORD}\n` });
          if (status !== 0) throw new Error(`login: ${status} ${err}`);
        },
      };
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
};

/** An authority of this file's own time, for processes that go by the computer's. */
export const realTime = { now: () => Math.floor(Date.now() / 1000), set: () => undefined, advance: () => undefined };
