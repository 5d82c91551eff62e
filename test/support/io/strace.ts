import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Errors of the disk as the kernel would give them: strace fails the n-th call of a kind, in a real process and below every
 * library, so that Node, libuv and SQLite meet the same one.
 */
export type Fault = {
  readonly call: string;
  /** Which call of the program's main thread fails; with `path`, which of those on that path. */
  readonly nth: number;
  /** And every one after it. */
  readonly on?: true;
  readonly error: 'EIO' | 'ENOSPC';
  readonly path?: string;
};

/** A call that a program made: `nth` counts its kind, `nthHere` its kind on this path. */
export type Call = { readonly call: string; readonly path: string; readonly nth: number; readonly nthHere: number };

const watched = ['openat', 'read', 'pread64', 'write', 'pwrite64', 'fsync', 'fdatasync', 'rename', 'ftruncate', 'unlink', 'mkdir', 'link'];

const injection = ({ call, nth, on, error, path }: Fault): string[] =>
  ['-e', `trace=${call}`, '-e', `inject=${call}:error=${error}:when=${nth}${on ? '+' : ''}`, ...(path === undefined ? [] : ['-P', path])];

/** How a program is started so that its calls are written to `log`, and one of them fails. */
export const straced = (log: string, fault: Fault | null): readonly string[] =>
  ['strace', '-f', '-q', '-y', '-o', log, '--seccomp-bpf', ...(fault === null ? ['-e', `trace=${watched.join(',')}`] : injection(fault))];

export const wasInjected = (log: string): boolean => readFileSync(log, 'utf8').includes('(INJECTED)');

/** What the main thread did below `folder`, in its order. */
export const callsIn = (log: string, folder: string): readonly Call[] => {
  const lines = readFileSync(log, 'utf8').split('\n').flatMap((line) => {
    const [, pid, call = '', rest = ''] = /^(\d+)\s+(\w+)\((.*)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), call, rest }];
  });
  const main = Math.min(...lines.map(({ pid }) => pid));
  const [counts, here] = [new Map<string, number>(), new Map<string, number>()];
  const next = (map: Map<string, number>, key: string): number => {
    map.set(key, (map.get(key) ?? 0) + 1);
    return map.get(key) as number;
  };
  return lines.filter(({ pid }) => pid === main).flatMap(({ call, rest }) => {
    const nth = next(counts, call);
    // A name that is given, or that of the file which is open: `"/a"`, `AT_FDCWD</x>, "/a"`, `22</a>`. What counts in a rename is where it goes.
    const names = [...rest.matchAll(/"(\/[^"]*)"/g)].map(([, name]) => name as string);
    const path = ['openat', 'unlink', 'mkdir', 'rename', 'link'].includes(call) ? names.at(-1) : /^\d+<(\/[^>]*)>/.exec(rest)?.[1];
    return path?.startsWith(`${folder}/`) ? [{ call, path, nth, nthHere: next(here, `${call} ${path}`) }] : [];
  });
};

/** Fails calls of a program that runs already, until `off`. */
export const faultOn = async (pid: number, fault: Fault): Promise<{ /** Says whether it was met. */ readonly off: () => Promise<boolean> }> => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-strace-'));
  const log = join(folder, 'log');
  const child = spawn('strace', ['-f', '-y', '-o', log, ...injection(fault), '-p', String(pid)], { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    let told = '';
    child.stderr.on('data', (chunk: Buffer) => {
      told += chunk.toString();
      if (told.includes('attached')) resolve();
    });
    void ended.then(() => reject(new Error(`strace did not attach: ${told}`)));
  });
  return {
    off: async () => {
      child.kill('SIGINT');
      await ended;
      const met = wasInjected(log);
      rmSync(folder, { recursive: true });
      return met;
    },
  };
};

/** Whether this computer lets one process stand above another: some containers do not. */
export const canInject = (): boolean => {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-strace-'));
  try {
    const log = join(folder, 'log');
    const [program = '', ...args] = straced(log, { call: 'mkdir', nth: 1, error: 'EIO', path: join(folder, 'a') });
    return spawnSync(program, [...args, 'mkdir', join(folder, 'a')], { stdio: 'ignore' }).status === 1 && wasInjected(log);
  } catch {
    return false;
  } finally {
    rmSync(folder, { recursive: true });
  }
};
